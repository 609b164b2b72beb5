// Elements by index along one axis: gathered, added, and overwritten. Indices are checked before memory is
// accessed, and negative ones count from the end.

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
    case .success(let picks): return gathered(picks, along: counted)
    }
  }

  /// Returns the elements at these indices, which are already checked.
  func gathered(_ picks: Tensor<Int>, along axis: Int) -> Tensor {
    if let failure { return .failed(by: failure) }
    let shape = layout.shape
    return launch(self, picks, into: Tensor(uninitialized: picks.layout.shape)) { x, picks, y in
      MovementKernels.gather(x, picks, along: axis, into: y)
    }.recorded(
      "GatherAlong",
      edge(saving: picks) { g, picks in Tensor.zeroed(shape).scatterAdded(picks, g, along: axis, isNew: true)
      })
  }

  /// Returns a copy with values added at these indices, which are already checked and have the values' shape. A
  /// tensor that nobody else has is changed itself.
  func scatterAdded(
    _ picks: Tensor<Int>, _ values: Tensor, along axis: Int, isNew: Bool = false
  ) -> Tensor {
    if let failure = failure ?? values.failure { return .failed(by: failure) }
    return launch(values, picks, into: isNew ? self : copied()) { x, picks, y in
      MovementKernels.scatterAdd(x, picks, along: axis, into: y)
    }.recorded(
      "ScatterAlong", edge { g in g },
      values.edge(saving: picks) { g, picks in g.gathered(picks, along: axis) })
  }

  /// Returns a copy with values added to the rows at these indices, which are already checked.
  fileprivate func rowsAdded(_ picks: Tensor<Int>, _ values: Tensor) -> Tensor {
    if let failure = failure ?? values.failure { return .failed(by: failure) }
    return launch(values, picks, into: copied()) { x, picks, y in
      MovementKernels.scatterAdd(x, picks, into: y)
    }.recorded(
      "IndexAdd", edge { g in g }, values.edge(saving: picks) { g, picks in g.gathered(picks) })
  }

  /// Checks indices along an axis and returns them counted from the front.
  fileprivate func counted(
    _ indices: Tensor<Int>, along axis: Int, _ operation: String, _ file: StaticString, _ line: UInt
  ) -> Result<Tensor<Int>, Failure> {
    indices.counted(below: layout.shape.extents[axis]) { wrong in
      mistake(operation, "index \(wrong) is out of range for axis \(axis) of shape \(shape)", file, line)
    }
  }
}

extension Tensor where Element: NumericScalar {
  /// A copy with values added at indices along an axis, as PyTorch's `scatter_add` does: for axis 1 each
  /// `values[i, j]` is added to `y[i, indices[i, j]]`.
  ///
  /// The extents of the indices equal this tensor's along all other axes, and the values are broadcast to the
  /// indices' shape; else it is an error. Negative indices count from the end, and an index out of range is an
  /// error. An index that appears several times gets the sum. Derivatives: `dx = g`, and for the values g at
  /// the indices.
  ///
  /// ```swift
  /// let bins = Tensor<Int>([0, 2, 2, 1])
  /// let histogram = Tensor<Float>.zeros([3]).scatterAdded(bins, Tensor(1), axis: 0)  // [1, 1, 2]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func scatterAdded(
    _ indices: Tensor<Int>, _ values: Tensor, axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? indices.failure ?? values.failure { return .failed(by: failure) }
    guard let counted = shape.axis(axis) else {
      return .failed(
        "scatterAdded", shape.fault(ofAxis: axis), file, line)
    }
    guard shape.equals(indices.shape, except: counted), values.layout.broadcast(to: indices.shape) != nil
    else {
      return .failed(
        "scatterAdded",
        "indices of shape \(indices.shape) and values of shape \(values.shape) do not fit shape \(shape) along axis \(axis); the other extents must be equal, and the values broadcast to the indices",
        file, line)
    }
    switch self.counted(indices, along: counted, "scatterAdded", file, line) {
    case .failure(let failure): return Tensor(failure)
    case .success(let picks):
      return scatterAdded(picks, values.broadcastView(to: picks.layout.shape), along: counted)
    }
  }

  /// A copy with values added to the positions at some indices along an axis, as PyTorch's `index_add` does:
  /// for axis 0 each row `values[i]` is added to row `indices[i]`.
  ///
  /// The indices are a vector `[n]`. The values are broadcast to this tensor's shape with n positions along the
  /// axis; else it is an error. Negative indices count from the end, and an index out of range is an error. An
  /// index that appears several times gets the sum. Derivatives: `dx = g`, and for the values g at the indices.
  ///
  /// ```swift
  /// let x = Tensor<Float>.zeros([4, 3])
  /// let y = x.indexAdded(Tensor<Int>([0, 2]), Tensor<Float>([[1, 2, 3], [4, 5, 6]]))
  /// let z = x.indexAdded(Tensor<Int>([-1]), Tensor<Float>.ones([4, 1]), axis: 1)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func indexAdded(
    _ indices: Tensor<Int>, _ values: Tensor, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? indices.failure ?? values.failure { return .failed(by: failure) }
    guard let counted = shape.axis(axis) else {
      return .failed(
        "indexAdded", shape.fault(ofAxis: axis), file, line)
    }
    var target = shape
    target.extents[counted] = indices.count
    guard indices.rank == 1, target.isValid, values.layout.broadcast(to: target) != nil else {
      return .failed(
        "indexAdded",
        "indices of shape \(indices.shape) and values of shape \(values.shape) do not fit axis \(axis) of shape \(shape); they must be [n] and broadcast to \(target)",
        file, line)
    }
    switch self.counted(indices, along: counted, "indexAdded", file, line) {
    case .failure(let failure): return Tensor(failure)
    case .success(let picks):
      let rows = values.broadcastView(to: target).moving(counted, to: 0)
      return moving(counted, to: 0).rowsAdded(picks, rows).moving(0, to: counted)
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
  fileprivate func equals(_ other: TensorShape, except axis: Int) -> Bool {
    guard other.rank == rank else { return false }
    var same = other
    same.extents[axis] = extents[axis]
    return same == self
  }
}
