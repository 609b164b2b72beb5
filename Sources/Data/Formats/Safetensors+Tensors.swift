public import MartletCore

extension SafetensorsFile.DType {
  /// The format's type of the elements of a tensor: a letter and the number of bits.
  init<Element: NumericScalar>(of type: Element.Type) {
    let letter = type is any BinaryFloatingPoint.Type ? "F" : type is any SignedInteger.Type ? "I" : "U"
    self.init(rawValue: letter + "\(8 * MemoryLayout<Element>.size)")!
  }
}

extension SafetensorsFile.Source {
  /// Makes a source from a tensor of numbers. Its elements are copied now.
  public init<Element: NumericScalar>(name: String, tensor: Tensor<Element>) {
    let scalars = tensor.scalars
    self.init(name: name, dtype: .init(of: Element.self), shape: Array(tensor.shape)) { lend in
      scalars.withUnsafeBytes(lend)
    }
  }

  /// Makes a source from a tensor without a copy. Its elements are read at the time of writing.
  package init<Element: NumericScalar>(name: String, lending tensor: Tensor<Element>) {
    self.init(name: name, dtype: .init(of: Element.self), shape: Array(tensor.shape)) { lend in
      tensor.withElementBytes(lend)
    }
  }
}

extension SafetensorsFile {
  /// Returns the tensor of a name. Its elements must be stored as `Element`.
  ///
  /// - Throws: ``DataError`` if there is no such tensor of that type, or reading fails.
  public func tensor<Element: NumericScalar>(
    _ name: String, as type: Element.Type = Element.self
  ) throws(DataError) -> Tensor<Element> {
    guard let entry = entries[name] else {
      throw DataError(path: path, entry: name, message: "is not in the file")
    }
    guard entry.dtype == DType(of: type) else {
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

  /// Returns the tensor of integers of a name. Its elements must be stored as integers of 64 bits.
  ///
  /// - Throws: ``DataError`` if there is no such tensor of that type, or reading fails.
  public func integers(_ name: String) throws(DataError) -> Tensor<Int> { try tensor(name) }
}
