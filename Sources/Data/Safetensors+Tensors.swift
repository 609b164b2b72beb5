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
    self.init(name: name, dtype: dtype, shape: Array(tensor.shape)) { lend in scalars.withUnsafeBytes(lend) }
  }

  /// A tensor to write under a name, whose elements are read when they are written: nothing is copied.
  package init<Element: DifferentiableScalar>(name: String, lending tensor: Tensor<Element>) {
    self.init(name: name, dtype: Element.self == Float.self ? .f32 : .f64, shape: Array(tensor.shape)) {
      lend in
      tensor.withElementBytes(lend)
    }
  }
}

extension SafetensorsFile {
  /// The tensor of a name, whose elements must be stored as `Element`.
  ///
  /// - Throws: ``DataError`` if there is none of that type, or reading fails.
  public func tensor<Element: DifferentiableScalar>(
    _ name: String, as: Element.Type = Element.self
  ) throws(DataError) -> Tensor<Element> {
    try tensor(name, Element.self == Float.self ? .f32 : .f64)
  }

  /// The tensor of integers of a name, which must be stored as such, in 64 bits.
  ///
  /// - Throws: ``DataError`` if there is none of that type, or reading fails.
  public func integers(_ name: String) throws(DataError) -> Tensor<Int> { try tensor(name, .i64) }

  private func tensor<Element: TensorScalar>(
    _ name: String, _ dtype: DType
  ) throws(DataError) -> Tensor<Element> {
    guard let entry = entries[name] else {
      throw DataError(path: path, entry: name, message: "not in the file")
    }
    guard entry.dtype == dtype else {
      throw DataError(
        path: path, entry: name,
        message: "elements are \(excerpt(entry.dtypeName)); the model's are \(Element.self)")
    }
    guard entry.shape.count <= TensorShape.maximumRank else {
      throw DataError(
        path: path, entry: name, message: "\(entry.shape.count) axes; at most \(TensorShape.maximumRank)")
    }
    // A shape of no elements may have extents whose product is beyond any count.
    guard TensorShape(entry.shape).isValid else {
      throw DataError(
        path: path, entry: name,
        message: "shape \(excerpt(entry.shape)); extents whose product fits 60 bits expected, 0 counted as 1")
    }
    let tensor = try Tensor<Element>.reading(TensorShape(entry.shape)) { buffer throws(DataError) in
      try read(name, into: buffer)
    }
    guard let tensor else {
      throw DataError(path: path, entry: name, message: "no memory for its \(entry.range.count) bytes")
    }
    return tensor
  }
}
