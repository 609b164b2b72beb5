public import MartletCore

extension SafetensorsFile.Source {
  /// Makes a source from a tensor. Its elements are copied now.
  public init<Element: DifferentiableScalar>(name: String, tensor: Tensor<Element>) {
    self.init(name, tensor, Element.self == Float.self ? .f32 : .f64)
  }

  /// Makes a source from a tensor of integers. Its elements are copied now.
  public init(name: String, tensor: Tensor<Int>) { self.init(name, tensor, .i64) }

  private init<Element>(_ name: String, _ tensor: Tensor<Element>, _ dtype: SafetensorsFile.DType) {
    let scalars = tensor.scalars
    self.init(name: name, dtype: dtype, shape: Array(tensor.shape)) { lend in scalars.withUnsafeBytes(lend) }
  }

  /// Makes a source from a tensor without a copy. Its elements are read at the time of writing.
  package init<Element: DifferentiableScalar>(name: String, lending tensor: Tensor<Element>) {
    self.init(name: name, dtype: Element.self == Float.self ? .f32 : .f64, shape: Array(tensor.shape)) {
      lend in
      tensor.withElementBytes(lend)
    }
  }
}

extension SafetensorsFile {
  /// Returns the tensor of a name. Its elements must be stored as `Element`.
  ///
  /// - Throws: ``DataError`` if there is no such tensor of that type, or reading fails.
  public func tensor<Element: DifferentiableScalar>(
    _ name: String, as: Element.Type = Element.self
  ) throws(DataError) -> Tensor<Element> {
    try tensor(name, Element.self == Float.self ? .f32 : .f64)
  }

  /// Returns the tensor of integers of a name. Its elements must be stored as integers of 64 bits.
  ///
  /// - Throws: ``DataError`` if there is no such tensor of that type, or reading fails.
  public func integers(_ name: String) throws(DataError) -> Tensor<Int> { try tensor(name, .i64) }

  private func tensor<Element: TensorScalar>(
    _ name: String, _ dtype: DType
  ) throws(DataError) -> Tensor<Element> {
    guard let entry = entries[name] else {
      throw DataError(path: path, entry: name, message: "is not in the file")
    }
    guard entry.dtype == dtype else {
      throw DataError(
        path: path, entry: name,
        message: "elements are \(excerpt(entry.dtypeName)); the model's are \(Element.self)")
    }
    guard entry.shape.count <= TensorShape.maximumRank else {
      throw DataError(
        path: path, entry: name,
        message: "has \(entry.shape.count) axes; a tensor can have at most \(TensorShape.maximumRank)")
    }
    // A shape without elements may have extents whose product overflows.
    guard TensorShape(entry.shape).isValid else {
      throw DataError(
        path: path, entry: name,
        message:
          "the shape \(excerpt(entry.shape)) is too large; the product of its extents, 0 counted as 1, must fit 60 bits"
      )
    }
    let tensor = try Tensor<Element>.reading(TensorShape(entry.shape)) { buffer throws(DataError) in
      try read(name, into: buffer)
    }
    guard let tensor else {
      throw DataError(
        path: path, entry: name, message: "there is no memory for its \(entry.range.count) bytes")
    }
    return tensor
  }
}
