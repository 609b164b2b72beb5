public import MartletCore

extension SafetensorsFile.Source {
  /// A tensor to write under a name, its elements copied now.
  public init<Element: DifferentiableScalar>(name: String, tensor: Tensor<Element>) {
    self.init(name, tensor, Element.self == Float.self ? .f32 : .f64)
  }

  /// A tensor of integers to write under a name, its elements copied now.
  public init(name: String, tensor: Tensor<Int>) { self.init(name, tensor, .i64) }

  private init<Element>(_ name: String, _ tensor: Tensor<Element>, _ dtype: SafetensorsFile.DType) {
    let scalars = tensor.scalars
    self.init(
      name: name, dtype: dtype, shape: Array(tensor.shape), bytes: scalars.withUnsafeBytes { Array($0) })
  }
}

extension SafetensorsFile {
  /// The tensor of a name, whose elements must be stored as `Element`.
  ///
  /// - Throws: ``DataError`` if there is none of that type, or reading fails.
  public func tensor<Element: DifferentiableScalar>(
    _ name: String, as: Element.Type = Element.self
  ) throws(DataError) -> Tensor<Element> {
    try tensor(name, Element.self == Float.self ? .f32 : .f64, zero: 0)
  }

  /// The tensor of integers of a name, which must be stored as such, in 64 bits.
  ///
  /// - Throws: ``DataError`` if there is none of that type, or reading fails.
  public func integers(_ name: String) throws(DataError) -> Tensor<Int> { try tensor(name, .i64, zero: 0) }

  private func tensor<Element: TensorScalar>(
    _ name: String, _ dtype: DType, zero: Element
  ) throws(DataError) -> Tensor<Element> {
    guard let entry = entries[name] else {
      throw DataError(path: path, entry: name, message: "not in the file")
    }
    guard entry.dtype == dtype else {
      throw DataError(
        path: path, entry: name, message: "elements are \(entry.dtypeName); the model's are \(Element.self)")
    }
    guard entry.shape.count <= TensorShape.maximumRank else {
      throw DataError(
        path: path, entry: name, message: "\(entry.shape.count) axes; at most \(TensorShape.maximumRank)")
    }
    var scalars = [Element](repeating: zero, count: entry.range.count / MemoryLayout<Element>.stride)
    var failure: DataError?
    scalars.withUnsafeMutableBytes { buffer in
      do throws(DataError) { try read(name, into: buffer) } catch { failure = error }
    }
    if let failure { throw failure }
    return Tensor(scalars, shape: TensorShape(entry.shape))
  }
}
