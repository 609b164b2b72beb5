// The inverse of max pooling.

extension Tensor where Element: DifferentiableScalar {
  /// Puts each element of pooled images `[n, channels, …]` at its index in an image of `outputSize`, with zeros
  /// elsewhere: the inverse of
  /// ``maxPoolWithIndices(kernelSize:stride:padding:dilation:ceilMode:file:line:)``.
  ///
  /// An index is the row-major number of a position in the image of its channel. If several elements have one
  /// index, the last of them is taken. Indices of another shape are an error, and so are an index out of range
  /// and a size that is not one number of at least 0 for each axis. Derivative: `dx = g` at the index, 0 for
  /// an element that is not taken.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([1, 1, 4, 4])
  /// let (values, indices) = images.maxPoolWithIndices(kernelSize: 2)
  /// let sparse = values.maxUnpool(indices, outputSize: [4, 4])  // the four largest elements, else 0
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func maxUnpool(
    _ indices: Tensor<Int>, outputSize: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    maxUnpool("maxUnpool", indices, outputSize, file, line)
  }

  @specialized(where Element == Float) @specialized(where Element == Double)
  package func maxUnpool(
    _ name: String, _ indices: Tensor<Int>, _ size: [Int], _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if let failure = failure ?? indices.failure { return .failed(by: failure) }
    let target = TensorShape(shape.prefix(2) + size), pixels = size.reduce(1) { $0.times($1) }
    guard rank > 2, indices.shape == shape, size.count == rank - 2, size.allSatisfy({ $0 >= 0 }),
      target.isValid
    else {
      return .failed(
        name,
        "inputs \(shape), indices \(indices.shape) and size \(size) do not fit; the inputs and indices must be [n, channels, …] of one shape, and the size have the further axes",
        file, line)
    }
    let bounds: (least: Int, most: Int)?
    do throws(Failure) { bounds = try indices.bounds() } catch { return .failed(by: error) }
    if let bounds, bounds.least < 0 || bounds.most >= pixels {
      let wrong = bounds.least < 0 ? bounds.least : bounds.most
      return .failed(name, "index \(wrong) is out of range for images of \(size)", file, line)
    }
    if count == 0 { return .zeros(target) }
    let planes = shape[0] * shape[1]
    let starts = Tensor<Int>.arange(0, planes).expandedDims(axis: 1) * pixels
    // The number of the element that each position takes, −1 for none.
    let source = Tensor<Int>.full([planes * pixels], -1)
    source[(indices.reshaped([planes, -1]) + starts).flattened()] = Tensor<Int>.arange(0, count)
    if let failure = source.failure { return .failed(by: failure) }
    let isTaken = source .>= 0
    return flattened()[source.where(isTaken, else: 0)].where(isTaken, else: 0).reshaped(target)
  }
}
