public import MartletCore

/// An array in NumPy's `.npy` format: one tensor without a name.
///
/// Opening a file reads and checks only its header. Elements, or some rows, are read on request. Both orders
/// and both byte orders are read.
///
/// ```swift
/// try NpyFile.write(Tensor<Float>.ones([100, 3]), to: "points.npy")
/// let points = try NpyFile(path: "points.npy").array
/// let all: Tensor<Float> = try points.tensor()
/// let some = try points.rows([99, 0], as: Float.self)
/// ```
public struct NpyFile: ArrayFile {
  /// The array of the file.
  public let array: StoredTensor

  /// Opens a file, and checks its header against its size.
  ///
  /// - Throws: ``DataError`` if the file is not in the format, or has more or fewer bytes than its header
  ///   declares.
  public init(path: String) throws(DataError) {
    try self.init(InputFile(path: path, allowsStreams: false))
  }

  init(_ file: InputFile) throws(DataError) {
    let bytes = StoredBytes(
      file: file, coding: .plain, start: 0, storedCount: file.byteCount, count: file.byteCount)
    array = try bytes.array("")
  }

  /// Writes a tensor, whole or not at all. After a failure the old file is unchanged.
  ///
  /// - Throws: ``DataError`` if writing fails.
  public static func write<Element: TensorScalar>(
    _ tensor: Tensor<Element>, to path: String
  ) throws(DataError) {
    let source = TensorSource(name: "", lending: tensor)
    let (header, count) = try source.npyHeader(path: path)
    try writeAtomically(to: path) { output throws(DataError) in
      try output.append(header)
      try source.append(to: output.path, expecting: count) { bytes throws(DataError) in
        try output.append(bytes)
      }
    }
  }
}

extension StoredBytes {
  /// Returns the array in NumPy's format that the bytes hold.
  func array(_ name: String) throws(DataError) -> StoredTensor {
    let entry = name.isEmpty ? nil : name
    let header = try NpyHeader(ByteReader(self, entry: entry), path: file.path, entry: entry)
    guard header.dataCount.map({ $0.plus(header.byteCount) == count }) != false else {
      throw DataError(
        path: file.path, entry: entry,
        message: "has \(count) bytes; its header of \(header.byteCount), \(excerpt(header.descr)) of shape "
          + "\(excerpt(header.shape)), declares \(header.dataCount!.plus(header.byteCount))")
    }
    return header.tensor(name, in: self)
  }
}

extension TensorSource {
  /// Returns the start of an array in NumPy's format, and the number of bytes of the elements.
  func npyHeader(path: String) throws(DataError) -> (header: [UInt8], count: Int) {
    guard let header = NpyHeader.bytes(dtype, shape) else {
      throw DataError(path: path, entry: name, message: "NumPy has no type \(dtype.rawValue)")
    }
    do throws(Flaw) {
      return (header, try dtype.byteCount(of: shape))
    } catch {
      throw DataError(path: path, entry: name, message: error.message)
    }
  }
}
