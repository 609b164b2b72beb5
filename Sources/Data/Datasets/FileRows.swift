public import MartletCore

/// A dataset of numbers in a file, one row a sample. A batch reads only its own rows, so that the file may be larger
/// than the memory.
///
/// The numbers are little-endian and follow each other in row-major order, as `array.tofile(path)` writes them in
/// NumPy.
///
/// ```swift
/// let images = try FileRows<UInt8>(path: "images.bin", shape: [3, 32, 32])
/// let labels = try FileRows<Int>(path: "labels.bin", shape: [])
/// let data = images.paired(with: labels).map { Batch(inputs: Tensor<Float>($0) / 255, targets: $1) }
/// for try await batch in DataLoader(data, batchSize: 64, shuffle: true, workers: 2) {
///   print(batch.inputs.shape, batch.labels.shape)
/// }
/// ```
public struct FileRows<Element: NumericScalar>: Dataset {
  /// The number of samples.
  public let count: Int
  /// The shape of one sample.
  public let shape: TensorShape
  private let file: InputFile
  private let offset: Int

  /// Opens a file of rows of one shape, which begin at a byte offset and reach to the end of the file.
  ///
  /// - Throws: ``DataError`` if the file cannot be read, or does not end with a whole row.
  public init(path: String, shape: TensorShape, offset: Int = 0) throws(DataError) {
    file = try InputFile(path: path, allowsStreams: false)
    let width = shape.elementCount * MemoryLayout<Element>.stride
    guard shape.isValid, width > 0 else {
      throw DataError(path: path, message: "cannot be read as rows of shape \(shape), which have no bytes")
    }
    guard 0...file.byteCount ~= offset, (file.byteCount - offset).isMultiple(of: width) else {
      throw DataError(
        path: path,
        message: "has \(file.byteCount) bytes; from byte \(offset) on they must be rows of \(width) bytes")
    }
    count = (file.byteCount - offset) / width
    self.shape = shape
    self.offset = offset
  }

  /// Returns the samples at these positions, in this order, `[n, …]`. A position out of range is an error.
  public func batch(_ positions: [Int]) throws(DataError) -> Tensor<Element> {
    let positions = checked(positions, "batch", #fileID, #line)
    let width = shape.elementCount * MemoryLayout<Element>.stride
    let shape = TensorShape([positions.count] + shape)
    let batch = try Tensor<Element>.reading(shape) { bytes throws(DataError) in
      // Neighbours in the file are read together.
      var place = 0
      while place < positions.count {
        var end = place + 1
        while end < positions.count && positions[end] == positions[end - 1] + 1 { end += 1 }
        let rows = UnsafeMutableRawBufferPointer(rebasing: bytes[place * width..<end * width])
        try file.fill(rows, at: offset + positions[place] * width)
        place = end
      }
    }
    return batch ?? .full(shape, .absent)  // There is no room: this reports it.
  }
}
