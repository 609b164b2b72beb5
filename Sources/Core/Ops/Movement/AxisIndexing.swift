// Elements by index along one axis. Indices are checked before memory is accessed, and negative ones count from the
// end.

extension Tensor {
  /// The elements at indices along an axis, as PyTorch's `gather` and NumPy's `take_along_axis` find them:
  /// for axis 1 `y[i, j] = x[i, indices[i, j]]`.
  ///
  /// The result has the shape of the indices. Their extents equal this tensor's along all other axes, else it
  /// is an error. Negative indices count from the end, and an index out of range is an error. Derivative: each
  /// gradient is added to the element from which it was copied.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func gathered(
    _ indices: Tensor<Int>, axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? indices.failure { return .failed(by: failure) }
    guard let counted = shape.axis(axis) else {
      return .failed(
        "gathered", shape.fault(ofAxis: axis), file, line)
    }
    guard shape.equals(indices.shape, except: counted) else {
      return .failed(
        "gathered",
        "indices of shape \(indices.shape) do not fit shape \(shape) along axis \(axis); the other extents must be equal",
        file, line)
    }
    switch self.counted(indices, along: counted, "gathered", file, line) {
    case .failure(let failure): return Tensor(failure)
    case .success(let picks): return gathered(picks, along: counted, to: picks.layout.shape)
    }
  }

  /// Returns the elements at these indices, which are already checked. There is an index for each element of
  /// the result, or for each of its positions along the axis, in any shape.
  func gathered(_ picks: Tensor<Int>, along axis: Int, to target: TensorShape) -> Tensor {
    if let failure = failure ?? picks.failure { return .failed(by: failure) }
    let shape = layout.shape, picks = picks.contiguous(), result = Tensor(uninitialized: target)
    let source = layout.folded(along: axis) == nil ? copied() : self
    let failure = launch(after: source.failure ?? picks.failure ?? result.failure) {
      if result.layout.count > 0 {
        MovementKernels.gather(source.operand, picks.operand, along: axis, into: result.operand)
      }
    }
    if let failure { return .failed(by: failure) }
    return result.recorded(
      "Gather",
      edge(saving: picks) { g, picks in Tensor.zeroed(shape).scatterAdded(picks, g, along: axis, isNew: true)
      })
  }

  /// Combines elements with values at these indices, which are already checked, in place. There is an index for
  /// each value, or for each of their positions along the axis. Returns a failure if there is no memory.
  @discardableResult
  func scatter(
    _ kernel: ScatterKernel, _ values: Tensor, at picks: Tensor<Int>, along axis: Int
  ) -> Failure? {
    guard let values = values.separated(from: self) else { return Failure.current }
    let picks = picks.memoryNumber == memoryNumber ? picks.copied() : picks
    let result = launch(values, picks, into: self) { x, picks, y in
      MovementKernels.scatter(kernel, x, picks, along: axis, into: y)
    }
    storage.version += 1
    return result.failure
  }

  /// Returns a copy whose elements are combined with values at these indices. A tensor that nobody else has is
  /// changed itself.
  @specialized(where Element == Float) @specialized(where Element == Double)
  func scattered(
    _ kernel: ScatterKernel, _ values: Tensor, at picks: Tensor<Int>, along axis: Int, isNew: Bool = false
  ) -> Tensor {
    if let failure = failure ?? picks.failure ?? values.failure { return .failed(by: failure) }
    if isNew { return scatter(kernel, values, at: picks, along: axis).map { .failed(by: $0) } ?? self }
    return launch(self, values, picks, into: Tensor(uninitialized: layout.shape)) { start, x, picks, y in
      MovementKernels.scatter(kernel, x, picks, along: axis, into: y, from: start)
    }
  }

  /// Returns a copy with values added at these indices. A tensor that nobody else has is changed itself.
  func scatterAdded(
    _ picks: Tensor<Int>, _ values: Tensor, along axis: Int, isNew: Bool = false
  ) -> Tensor {
    let shape = values.layout.shape
    return scattered(.add, values, at: picks, along: axis, isNew: isNew).recorded(
      "ScatterAdd", edge { g in g },
      values.edge(saving: picks) { g, picks in g.gathered(picks, along: axis, to: shape) })
  }

  /// Checks indices along an axis and returns them counted from the front.
  func counted(
    _ indices: Tensor<Int>, along axis: Int, _ operation: String, _ file: StaticString, _ line: UInt
  ) -> Result<Tensor<Int>, Failure> {
    indices.counted(below: layout.shape.extents[axis]) { wrong in
      mistake(operation, "index \(wrong) is out of range for axis \(axis) of shape \(shape)", file, line)
    }
  }
}

extension Tensor {
  /// A copy with a value at all positions at some indices along an axis, as PyTorch's `index_fill` makes it.
  ///
  /// Negative indices count from the end. An index or an axis out of range is an error. Derivative: `dx = g`,
  /// and 0 at the indices.
  ///
  /// ```swift
  /// let x = Tensor<Float>.ones([2, 4])
  /// let y = x.indexFilled(Tensor<Int>([0, -1]), with: 0, axis: 1)  // 0 in the outer columns
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func indexFilled(
    _ indices: Tensor<Int>, with value: Element, axis: Int = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? indices.failure { return .failed(by: failure) }
    guard let counted = shape.axis(axis) else {
      return .failed(
        "indexFilled", shape.fault(ofAxis: axis), file, line)
    }
    let picks: [Int]
    switch self.counted(indices, along: counted, "indexFilled", file, line) {
    case .failure(let failure): return Tensor(failure)
    case .success(let indices): picks = indices.readScalars
    }
    let mask = Tensor<Bool>.filled([shape[counted]]) { elements, count in
      elements.initialize(repeating: false, count: count)
      for pick in picks { elements[pick] = true }
    }
    var column = TensorShape(rank: 0)
    column.append(shape[counted])
    for _ in counted + 1..<rank { column.append(1) }
    return Tensor(single: value).where(mask.reshapedView(column), else: self)
  }

  /// A copy with a value where the mask is true. The mask is broadcast to this tensor's shape.
  ///
  /// A mask that does not broadcast is an error. Derivative: `dx = g`, and 0 where the mask is true.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func maskedFilled(
    _ mask: Tensor<Bool>, with value: Element, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? mask.failure { return .failed(by: failure) }
    guard mask.layout.broadcast(to: layout.shape) != nil else {
      return .failed(
        "maskedFilled", "a mask of shape \(mask.shape) does not broadcast to \(shape)", file, line)
    }
    return Tensor(single: value).where(mask, else: self)
  }
}

extension TensorShape {
  /// True if another shape has the same rank and, along all axes but one, the same extents.
  func equals(_ other: TensorShape, except axis: Int) -> Bool {
    guard other.rank == rank else { return false }
    var same = other
    same.extents[axis] = extents[axis]
    return same == self
  }
}
