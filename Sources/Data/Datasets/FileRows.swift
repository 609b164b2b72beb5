public import MartletCore

/// A dataset of the rows of an array in a file: the parts of the array along its first axis. A batch reads only its own
/// rows, so that the file may be larger than the memory.
///
/// ```swift
/// let images = try FileRows<UInt8>(path: "images.bin", shape: [3, 32, 32])
/// let labels = try FileRows<Int>(NpyFile(path: "labels.npy").array)
/// let data = images.paired(with: labels).map { Batch(inputs: Tensor<Float>($0) / 255, targets: $1) }
/// for try await batch in DataLoader(data, batchSize: 64, shuffle: true, workers: 2) {
///   print(batch.inputs.shape, batch.labels.shape)
/// }
/// ```
public struct FileRows<Element: TensorScalar>: Dataset {
  /// The number of samples.
  public let count: Int
  /// The shape of one sample.
  public let shape: TensorShape
  private let array: StoredTensor
  private let converting: Bool

  /// Makes a dataset of the rows of an array, such as that of an ``NpyFile`` or of an ``IDXFile``. With `converting` the
  /// elements may be stored as another type, as for ``StoredTensor/tensor(as:converting:)``.
  ///
  /// - Throws: ``DataError`` if the array has no axis, is compressed or is not in row-major order, or if its elements
  ///   are of another type.
  public init(_ array: StoredTensor, converting: Bool = false) throws(DataError) {
    // No rows are read, but everything is checked that reading some of them checks.
    let none = try array.rows([], as: Element.self, converting: converting)
    self.array = array
    self.converting = converting
    count = array.shape[0]
    shape = TensorShape(none.shape.dropFirst())
  }

  /// Returns the samples at these positions, in this order, `[n, …]`. A position out of range is an error.
  public func batch(_ positions: [Int]) throws(DataError) -> Tensor<Element> {
    try array.rows(checked(positions, "batch", #fileID, #line), converting: converting)
  }
}

extension FileRows where Element: ArithmeticScalar {
  /// Opens a file of numbers, which begin at a byte offset and reach to the end of the file, one row a sample.
  ///
  /// The numbers are little-endian and follow each other in row-major order, as `array.tofile(path)` writes them in
  /// NumPy.
  ///
  /// - Throws: ``DataError`` if the file cannot be read, or does not end with a whole row.
  public init(path: String, shape: TensorShape, offset: Int = 0) throws(DataError) {
    let file = try InputFile(path: path, allowsStreams: false)
    let width = shape.elementCount.times(MemoryLayout<Element>.stride)
    guard shape.isValid, shape.rank < TensorShape.maximumRank, width > 0 else {
      throw DataError(path: path, message: "cannot be read as rows of shape \(shape), which have no bytes")
    }
    guard 0...file.byteCount ~= offset, (file.byteCount - offset).isMultiple(of: width) else {
      throw DataError(
        path: path,
        message: "has \(file.byteCount) bytes; from byte \(offset) on they must be rows of \(width) bytes")
    }
    let bytes = StoredBytes(
      file: file, coding: .plain, start: 0, storedCount: file.byteCount, count: file.byteCount)
    let type = StoredType(of: Element.self)
    try self.init(
      StoredTensor(
        name: "", dtypeName: type.rawValue, dtype: type, shape: [(file.byteCount - offset) / width] + shape,
        bytes: bytes, start: offset))
  }
}
