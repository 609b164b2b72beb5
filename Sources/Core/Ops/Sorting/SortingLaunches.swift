// Launches of sorts and selections along the last axis, and the way there and back from another axis.

extension Tensor where Element: OrderedScalar {
  /// Elements that an operation chooses along an axis, and their indices along it.
  typealias Choice = (values: Tensor, indices: Tensor<Int>)

  /// Returns a failed choice.
  static func failedChoice(_ failure: Failure) -> Choice { (.failed(by: failure), .failed(by: failure)) }

  /// Runs an operation along an axis, which it receives as the last one. The results keep the axis, with any
  /// extent.
  func chosen(
    along axis: Int, _ name: StaticString, _ file: StaticString, _ line: UInt, _ body: (Tensor) -> Choice
  ) -> Choice {
    if let failure { return Tensor.failedChoice(failure) }
    if shape.isScalar(axis: axis) {
      let (values, indices) = body(reshapedView([1]))
      return values.count == 1 ? (values.reshapedView([]), indices.reshapedView([])) : (values, indices)
    }
    guard let counted = shape.axis(axis) else {
      return Tensor.failedChoice(mistake("\(name)", shape.fault(ofAxis: axis), file, line))
    }
    guard shape[counted] < 1 << 32 else {
      let fault = "axis \(axis) of shape \(shape) is too long; it must have fewer than 2³² elements"
      return Tensor.failedChoice(mistake("\(name)", fault, file, line))
    }
    let (values, indices) = body(moving(counted, to: rank - 1))
    return (values.moving(rank - 1, to: counted), indices.moving(rank - 1, to: counted))
  }

  /// Runs an operation that chooses one element along an axis. The axis is removed, or kept with extent 1.
  func chosenOne(
    along axis: Int, keepDims: Bool, _ name: StaticString, _ file: StaticString, _ line: UInt,
    _ body: (Tensor) -> Choice
  ) -> Choice {
    if let failure { return Tensor.failedChoice(failure) }
    if !shape.isScalar(axis: axis), let fault = shape.axisWithElements(axis).fault {
      return Tensor.failedChoice(mistake("\(name)", fault, file, line))
    }
    let choice = chosen(along: axis, name, file, line, body)
    if keepDims || rank == 0 || choice.values.isFailed { return choice }
    let target = shape.reduced(AxisSet(shape.axis(axis)!), keepDims: false)
    return (choice.values.reshapedView(target), choice.indices.reshapedView(target))
  }

  /// Returns the sorted rows, and the index that each element had in its row.
  func sortedRows(descending: Bool = false) -> Choice {
    let shape = layout.shape
    let (values, indices) = launch(
      self, into: Tensor(uninitialized: shape), Tensor<Int>(uninitialized: shape)
    ) {
      x, values, indices throws(OutOfMemory) in
      try SortKernels.sort(x, isDescending: descending, into: values, indices: indices)
    }
    return (
      values.recorded("Sort", edge(saving: indices) { g, indices in g.returned(to: indices, in: shape) }),
      indices
    )
  }

  /// Returns the first k elements of the order of each row, and their indices.
  func topOfRows(_ k: Int, largest: Bool) -> Choice {
    let shape = layout.shape
    var target = shape
    target.extents[rank - 1] = k
    let (values, indices) = launch(
      self, into: Tensor(uninitialized: target), Tensor<Int>(uninitialized: target)
    ) { x, values, indices throws(OutOfMemory) in
      try SelectionKernels.top(x, isLargest: largest, into: values, indices: indices)
    }
    return (
      values.recorded("TopK", edge(saving: indices) { g, indices in g.returned(to: indices, in: shape) }),
      indices
    )
  }

  /// Returns the element at a place of the order of each row, with extent 1 along the last axis, and its
  /// index. The values are not recorded.
  func picked(_ place: OrderPlace, _ k: Int = 0) -> Choice {
    let target = layout.shape.reduced(AxisSet(rank - 1), keepDims: true)
    return launch(self, into: Tensor(uninitialized: target), Tensor<Int>(uninitialized: target)) {
      x, values, indices throws(OutOfMemory) in
      try SelectionKernels.pick(place, k, x, into: values, indices: indices)
    }
  }

  /// Returns zeros of `shape`, in which each element of this gradient is added at its index along the last
  /// axis.
  func returned(to indices: Tensor<Int>, in shape: TensorShape) -> Tensor {
    Tensor.zeroed(shape).scatterAdded(indices, self, along: shape.rank - 1, isNew: true)
  }
}
