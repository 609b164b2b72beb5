// Products over all or some axes. Negative axes count from the end. Axis 0 of a scalar stands for its
// element.

extension Tensor where Element: DifferentiableScalar {
  /// The product of all elements, a scalar; 1 for an empty tensor. PyTorch and NumPy name it `prod`.
  ///
  /// Derivative: `dxᵢ = g Π xⱼ` over j ≠ i. It is computed without a division, so elements of 0 are exact.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func product() -> Tensor { multiplied(.all(Swift.max(rank, 0)), keepDims: false) }

  /// The product along one axis. The axis is removed, or kept with extent 1 if `keepDims` is true.
  ///
  /// An axis out of range is an error. Derivative: `dxᵢ = g Π xⱼ` over j ≠ i, exact for elements of 0.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[1, 2, 3], [4, 5, 0]])
  /// print(x.product(axis: 1))  // [6. 0.]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func product(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    product(axes: [axis], keepDims: keepDims, file: file, line: line)
  }

  /// The product along some axes. They are removed, or kept with extent 1 if `keepDims` is true. `[]`
  /// multiplies along no axis. The product of no elements is 1.
  ///
  /// An axis out of range or named twice is an error. Derivative: `dxᵢ = g Π xⱼ` over j ≠ i, exact for
  /// elements of 0.
  ///
  /// ```swift
  /// let x = Tensor<Float>.full([2, 3, 4], 2)
  /// print(x.product(axes: [0, 2]))  // [256. 256. 256.]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func product(
    axes: [Int], keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    let (set, fault) = shape.reducedSet(axes)
    if let fault { return .failed("product", fault, file, line) }
    return multiplied(set, keepDims: keepDims)
  }

  private func multiplied(_ axes: AxisSet, keepDims: Bool) -> Tensor {
    product(axes, keepDims: keepDims, to: Element.self).recorded(
      "Product", edge(saving: self) { g, x in x.productSlope(g, axes) })
  }

  /// Returns the gradient of the product along `axes`. The product of a line is the last of its running
  /// products, and has their derivative.
  private func productSlope(_ g: Tensor, _ axes: AxisSet) -> Tensor {
    if layout.count == 0 { return .zeroed(layout.shape) }
    let rank = layout.rank, length = layout.shape.count(along: axes)
    let order = layout.shape.order(last: axes)
    var inverse = Dimensions()
    for slot in 0..<rank { inverse[order[slot]] = slot }
    let sorted = permutedView(order), lines = sorted.reshapedView([layout.count / length, length])
    let slope =
      isRecording
      ? lines.slopeOfProducts(g)
      : launch(lines, g, into: Tensor(uninitialized: lines.layout.shape)) { x, g, dx in
        ScanKernels.productSlopes(x, g, into: dx)
      }
    return slope.reshapedView(sorted.layout.shape).permutedView(inverse)
  }

  /// Returns the gradient of the products of these lines, the rows of a matrix, in operations that are recorded.
  private func slopeOfProducts(_ g: Tensor) -> Tensor {
    let length = layout.shape.extents[1]
    let last = g.reshapedView([layout.shape.extents[0], 1]).padded([(length - 1, 0)])
    return productOfEarlier(along: 1) * last.linearRecurrence(self, along: 1, isReversed: true)
  }
}

extension Tensor where Element == Bool {
  /// The product of all elements, as `Int`: 1 if all are true, else 0.
  public func product() -> Tensor<Int> {
    product(.all(Swift.max(rank, 0)), keepDims: false, to: Int.self).named("Product")
  }

  /// The product along an axis, as `Int`. An axis out of range is an error.
  public func product(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    integerProduct([axis], keepDims: keepDims, file, line)
  }

  /// The product along some axes, as `Int`. An axis out of range or named twice is an error.
  public func product(
    axes: [Int], keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    integerProduct(axes, keepDims: keepDims, file, line)
  }
}

extension Tensor where Element: NumericScalar & BinaryInteger {
  /// The product of all elements, as `Int`. It wraps on overflow.
  public func product() -> Tensor<Int> {
    product(.all(Swift.max(rank, 0)), keepDims: false, to: Int.self).named("Product")
  }

  /// The product along an axis, as `Int`. It wraps on overflow. An axis out of range is an error.
  public func product(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    integerProduct([axis], keepDims: keepDims, file, line)
  }

  /// The product along some axes, as `Int`. It wraps on overflow. An axis out of range or named twice is an
  /// error.
  public func product(
    axes: [Int], keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    integerProduct(axes, keepDims: keepDims, file, line)
  }
}

extension Tensor {
  private func integerProduct(
    _ axes: [Int], keepDims: Bool, _ file: StaticString, _ line: UInt
  ) -> Tensor<Int> {
    if let failure { return .failed(by: failure) }
    let (set, fault) = shape.reducedSet(axes)
    if let fault { return .failed("product", fault, file, line) }
    return product(set, keepDims: keepDims, to: Int.self).named("Product")
  }

  /// Returns the unrecorded product over a set of axes. The product of no elements is 1.
  private func product<Result: NumericScalar>(
    _ axes: AxisSet, keepDims: Bool, to: Result.Type
  ) -> Tensor<Result> {
    if let failure { return .failed(by: failure) }
    if layout.count > 0 { return reduced(.product, axes, keepDims: keepDims, to: Result.self) }
    return .full(layout.shape.reduced(axes, keepDims: keepDims), 1)
  }
}
