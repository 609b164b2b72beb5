// Rows by index and elements by mask. The results are copies, unlike the views of Slicing.swift.

extension Tensor {
  /// The rows of axis 0 at these indices, in that order, copied. Assignment changes the rows in place.
  ///
  /// Negative indices count from the end. An index out of range is an error.
  /// Derivative: each row's gradient is added to its source row. A row that is taken several times gets the
  /// sum.
  public subscript(_ indices: [Int], file file: StaticString = #fileID, line line: UInt = #line) -> Tensor {
    @specialized(where Element == Float) @specialized(where Element == Double)
    get { self[Tensor<Int>(copying: indices, shape: [indices.count]), file: file, line: line] }
    @specialized(where Element == Float) @specialized(where Element == Double)
    set { self[Tensor<Int>(copying: indices, shape: [indices.count]), file: file, line: line] = newValue }
  }

  /// The rows of axis 0 at the indices of a tensor, copied: `[n, …]` by `[i, j]` gives `[i, j, …]`.
  /// Assignment changes the rows in place, in the order of the indices.
  ///
  /// Negative indices count from the end. An index out of range is an error.
  /// Derivative: each row's gradient is added to its source row. A row that is taken several times gets the
  /// sum.
  public subscript(_ indices: Tensor<Int>, file file: StaticString = #fileID, line line: UInt = #line)
    -> Tensor
  {
    @specialized(where Element == Float) @specialized(where Element == Double)
    get {
      if let failure = failure ?? indices.failure { return .failed(by: failure) }
      switch counted(indices, file, line) {
      case .failure(let failure): return Tensor(failure)
      case .success(let picks): return gathered(picks)
      }
    }
    @specialized(where Element == Float) @specialized(where Element == Double)
    set {
      if refuses(failure ?? indices.failure ?? newValue.failure) { return }
      guard case .success(let picks) = counted(indices, file, line) else { return }
      var target = picks.shape
      for axis in 1..<rank { target.append(shape[axis]) }
      guard let spread = newValue.layout.broadcast(to: target) else {
        mistake(
          "subscript", "shape \(newValue.shape) does not broadcast to the rows' shape \(target)", file, line)
        return
      }
      guard mayChange("subscript", with: newValue, "where(_:else:)", file, line) else { return }
      assign(newValue.viewed(spread), at: picks.scalars, axes: 1)
    }
  }

  /// The elements where the mask is true, copied along one axis. A mask with fewer axes selects rows.
  /// Assignment changes the elements in place.
  ///
  /// The mask's extents must equal those of the leading axes, else it is an error.
  /// Derivative: g at the selected elements, else 0.
  public subscript(_ mask: Tensor<Bool>, file file: StaticString = #fileID, line line: UInt = #line) -> Tensor
  {
    @specialized(where Element == Float) @specialized(where Element == Double)
    get {
      if let failure = failure ?? mask.failure { return .failed(by: failure) }
      if let misfit = misfit(mask, file, line) { return Tensor(misfit) }
      var target = TensorShape([mask.count])
      for axis in mask.rank..<Swift.max(rank, mask.rank) { target.append(shape[axis]) }
      let positions = Tensor.positions(mask)
      return reshapedView(target).gathered(Tensor<Int>(copying: positions, shape: [positions.count]))
    }
    @specialized(where Element == Float) @specialized(where Element == Double)
    set {
      if refuses(failure ?? mask.failure ?? newValue.failure) { return }
      if misfit(mask, file, line) != nil { return }
      guard mayChange("subscript", with: newValue, "where(_:else:)", file, line) else { return }
      var spread = mask.shape
      for _ in mask.rank..<rank { spread.append(1) }
      let positions = Tensor.positions(mask)
      var target = TensorShape([positions.count])
      for axis in mask.rank..<rank { target.append(shape[axis]) }
      guard newValue.layout.broadcast(to: target) != nil else {
        mistake(
          "subscript", "shape \(newValue.shape) does not broadcast to the chosen elements' shape \(target)",
          file,
          line)
        return
      }
      if newValue.count == 1 {
        let value = newValue.detached().reshapedView([])
        overwrite(with: Tensor.selected(mask.reshapedView(spread), value, detached(), name: "subscript"))
        named("Assign")
      } else {
        assign(newValue.viewed(newValue.layout.broadcast(to: target)!), at: positions, axes: mask.rank)
      }
    }
  }
}

extension Tensor {
  /// Returns the rows at these indices, which are already checked.
  func gathered(_ picks: Tensor<Int>) -> Tensor {
    if let failure = failure ?? picks.failure { return .failed(by: failure) }
    let shape = layout.shape
    return gatheredRows(picks).recorded(
      "Gather",
      edge(saving: picks) { g, picks in
        g.scattered(picks, into: shape)
      })
  }

  /// Returns copies of the rows at these indices.
  private func gatheredRows(_ picks: Tensor<Int>) -> Tensor {
    var shape = picks.layout.shape
    for axis in 1..<layout.rank { shape.append(layout.shape.extents[axis]) }
    let source = rowsHaveGaps ? copied() : self, picks = picks.contiguous()
    let result = Tensor(uninitialized: shape)
    let failure = launch(after: source.failure ?? picks.failure ?? result.failure) {
      if result.layout.count > 0 {
        MovementKernels.gather(source.operand, picks.operand, into: result.operand)
      }
    }
    return failure.map { .failed(by: $0) } ?? result
  }

  /// True if the elements of a row along axis 0 are not adjacent in memory.
  private var rowsHaveGaps: Bool {
    var row = layout.shape
    row.remove(at: 0)
    var strides = Dimensions()
    for axis in 1..<layout.rank { strides[axis - 1] = layout.strides[axis] }
    return !Layout(row, strides: strides, offset: 0).isContiguous
  }

  /// Adds the rows of this tensor to zeros of `shape`, at the rows that the indices name. Derivative: the
  /// rows of g.
  private func scattered(_ picks: Tensor<Int>, into shape: TensorShape) -> Tensor {
    if let failure { return .failed(by: failure) }
    let result = launch(self, picks, into: Tensor.zeroed(shape)) { x, picks, y in
      MovementKernels.scatterAdd(x, picks, into: y)
    }
    return result.recorded("Scatter", edge(saving: picks) { g, picks in g.gathered(picks) })
  }

  /// Checks the indices and returns them counted from the front, each within axis 0.
  private func counted(
    _ indices: Tensor<Int>, _ file: StaticString, _ line: UInt
  ) -> Result<Tensor<Int>, Failure> {
    guard rank > 0 else {
      return .failure(mistake("subscript", "a scalar has no rows; at least 1 axis is needed", file, line))
    }
    guard indices.rank + rank - 1 <= TensorShape.maximumRank else {
      return .failure(
        mistake(
          "subscript", "rows of \(shape) by indices of \(indices.shape) have too many axes; the limit is 8",
          file, line))
    }
    return indices.counted(below: shape[0]) { wrong in
      mistake(
        "subscript", "index \(wrong) is out of range for the \(shape[0]) rows of shape \(shape)", file, line)
    }
  }

  private func misfit(_ mask: Tensor<Bool>, _ file: StaticString, _ line: UInt) -> Failure? {
    // A scalar mask adds an axis.
    let matches =
      mask.rank <= rank && (mask.rank > 0 || rank < TensorShape.maximumRank)
      && (0..<mask.rank).allSatisfy { mask.shape[$0] == shape[$0] }
    if matches { return nil }
    return mistake(
      "subscript",
      "a mask of shape \(mask.shape) does not fit shape \(shape); the leading axes must be equal", file, line)
  }

  /// Overwrites the rows at these positions with the given rows, in order. Positions count in row-major order
  /// along the leading axes.
  private func assign(_ rows: Tensor, at positions: [Int], axes: Int) {
    var row = TensorShape([positions.count])
    for axis in axes..<rank { row.append(shape[axis]) }
    let copy = rows.copied()
    if copy.isFailed { return }
    let values = copy.viewed(Layout(row))
    for (k, position) in positions.enumerated() {
      var rest = position, target = self
      var index = Dimensions()
      for axis in (0..<axes).reversed() {
        index[axis] = rest % shape[axis]
        rest /= shape[axis]
      }
      for axis in 0..<axes { target = target.view(of: index[axis]) }
      target.overwrite(with: values.view(of: k))
    }
    named("Assign")
  }
}

extension Tensor where Element == Int {
  /// Returns the smallest and the largest index, which are checked before memory is accessed; nil if there
  /// are no indices.
  func bounds() throws(Failure) -> (least: Int, most: Int)? {
    if let failure { throw failure }
    if layout.count == 0 { return nil }
    let all = AxisSet.all(layout.rank)
    let least = reduced(.minimum, all, keepDims: false, to: Int.self)
    let most = reduced(.maximum, all, keepDims: false, to: Int.self)
    if let failure = least.failure ?? most.failure { throw failure }
    return (least.firstScalar, most.firstScalar)
  }

  /// Returns the indices counted from the front. If one is outside of −extent ..< extent, it goes to `mistake`.
  func counted(below extent: Int, orElse mistake: (Int) -> Failure) -> Result<Tensor<Int>, Failure> {
    do throws(Failure) {
      guard let (least, most) = try bounds() else { return .success(self) }
      guard least >= -extent, most < extent else { return .failure(mistake(least < -extent ? least : most)) }
      return .success(least < 0 ? noGrad { (self + extent).where(self < 0, else: self) } : self)
    } catch {
      return .failure(error)
    }
  }
}
