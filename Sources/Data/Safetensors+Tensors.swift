public import MartletCore

extension SafetensorsFile.Source {
  /// A tensor to write under a name, its elements copied now.
  public init<Element: DifferentiableScalar>(name: String, tensor: Tensor<Element>) {
    let scalars = tensor.scalars
    self.init(
      name: name, dtype: Element.self == Float.self ? .f32 : .f64, shape: Array(tensor.shape),
      bytes: scalars.withUnsafeBytes { Array($0) })
  }
}

extension SafetensorsFile {
  /// The tensor of a name, whose elements must be stored as `Element`.
  ///
  /// - Throws: ``DataError`` if there is none of that type, or reading fails.
  public func tensor<Element: DifferentiableScalar>(
    _ name: String, as: Element.Type = Element.self
  ) throws(DataError) -> Tensor<Element> {
    guard let entry = entries[name] else {
      throw DataError(path: path, entry: name, message: "not in the file")
    }
    guard entry.dtype == (Element.self == Float.self ? .f32 : .f64) else {
      throw DataError(
        path: path, entry: name, message: "elements are \(entry.dtypeName); the model's are \(Element.self)")
    }
    guard entry.shape.count <= TensorShape.maximumRank else {
      throw DataError(
        path: path, entry: name, message: "\(entry.shape.count) axes; at most \(TensorShape.maximumRank)")
    }
    var scalars = [Element](repeating: 0, count: entry.range.count / MemoryLayout<Element>.stride)
    var failure: DataError?
    scalars.withUnsafeMutableBytes { buffer in
      do throws(DataError) { try read(name, into: buffer) } catch { failure = error }
    }
    if let failure { throw failure }
    return Tensor(scalars, shape: TensorShape(entry.shape))
  }
}
