import MartletCore

/// An array in the IDX format, in which MNIST and Fashion-MNIST come, gzipped or not.
///
/// Opening a file reads and checks only its header. Rows of a file that is not gzipped are read on request.
///
/// Source: the format's description beside "The MNIST database of handwritten digits", Y. LeCun, C. Cortes,
/// C. Burges.
///
/// ```swift
/// let images = try IDXFile(path: "train-images-idx3-ubyte.gz")
/// print(images.array.shape)  // [60000, 28, 28]
/// let pixels = try images.array.tensor(as: Float.self, converting: true) / 255
/// ```
public struct IDXFile: ArrayFile {
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
    let isGzipped = try file.bytes(at: 0, count: min(file.byteCount, 2)) == [0x1F, 0x8B]
    var bytes = StoredBytes(
      file: file, coding: isGzipped ? .gzipped : .plain, start: 0, storedCount: file.byteCount,
      count: isGzipped ? .max : file.byteCount)
    let reader = try ByteReader(bytes, entry: nil)
    let magic = try reader.next(4)
    let types: [UInt8: StoredType] = [8: .u8, 9: .i8, 0xB: .i16, 0xC: .i32, 0xD: .f32, 0xE: .f64]
    guard magic.starts(with: [0, 0]), let dtype = types[magic[2]] else {
      throw DataError(
        path: file.path,
        message: "is not an IDX file: it begins with the bytes \(excerpt(magic.map(Int.init))); "
          + "two zeros, an element type (8, 9, 11 to 14) and a number of axes must be first")
    }
    let extents = try reader.next(4 * Int(magic[3]))
    let shape = stride(from: 0, to: extents.count, by: 4).map { place in
      extents[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    let start = 4 + extents.count
    let count = shape.reduce(dtype.byteCount) { $0.times($1) }.plus(start)
    guard isGzipped || count == file.byteCount else {
      throw DataError(
        path: file.path,
        message: "has \(file.byteCount) bytes; its header of shape \(excerpt(shape)) declares \(count)")
    }
    bytes.count = count
    try bytes.checkRatio(entry: nil)
    array = StoredTensor(
      name: "", dtypeName: dtype.rawValue, dtype: dtype, shape: shape, isBigEndian: true, bytes: bytes,
      start: start)
  }
}
