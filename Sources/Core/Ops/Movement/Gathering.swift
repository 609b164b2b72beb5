// Elements by indices and masks. The results are copies, unlike the views of Slicing.swift.

extension AxisSelection {
  /// True for indices and masks.
  var gathers: Bool {
    switch kind {
    case .indices, .mask: true
    default: false
    }
  }

  /// The selection itself; whole axes in place of indices and of a mask.
  fileprivate var asView: [AxisSelection] {
    switch kind {
    case .indices: [.all]
    case .mask(let mask): mask.rank > 0 ? Array(repeating: .all, count: mask.rank) : [.newAxis]
    default: [self]
    }
  }

  /// The failure of the indices or of the mask, or nil.
  fileprivate var failure: Failure? {
    switch kind {
    case .indices(let indices): indices.failure
    case .mask(let mask): mask.failure
    default: nil
    }
  }

  /// The number of the tensor's axes for which the selection stands.
  fileprivate var axes: Int {
    switch kind {
    case .at, .range, .indices: 1
    case .mask(let mask): mask.rank
    case .newAxis, .ellipsis: 0
    }
  }
}

/// The elements of a tensor at some indices. The other selections make a view of the tensor, and the indices
/// name positions in this view.
private struct Picks {
  let view: [AxisSelection]
  /// The axes of the view, in an order in which the indexed ones are adjacent. They begin at `place`.
  let order: [Int], place: Int
  /// The positions along the indexed axes, which are merged into one.
  let positions: Tensor<Int>
  /// The shape of the view with merged axes, and the shape of the elements.
  let merged: TensorShape, target: TensorShape
}

/// A walk along the selections of a subscript, which collects the indices.
private struct PicksWalk<Element: TensorScalar> {
  private let x: Tensor<Element>, file: StaticString, line: UInt
  /// The tensor's axis and the view's axis at which the walk is.
  private var source = 0, axis = 0
  /// The view's axis at which indices and integers begin. They are split if others are among them.
  private var place: Int?, isSplit = false, hasLeft = false
  /// The indices so far. Their axes have `extent` positions in all.
  private var positions: Tensor<Int>?, extent = 1, axes: [Int] = []

  init(_ x: Tensor<Element>, _ file: StaticString, _ line: UInt) {
    (self.x, self.file, self.line) = (x, file, line)
  }

  func wrong(_ text: String) -> Failure { mistake("subscript", text, file, line) }

  mutating func picks(_ selections: [AxisSelection]) throws(Failure) -> Picks {
    if let failure = selections.lazy.compactMap(\.failure).first { throw failure }
    let view = selections.flatMap(\.asView)
    let (layout, fault) = x.layout.selecting(view)
    guard let shape = layout?.shape else { throw wrong(fault) }
    let missing = x.rank - selections.reduce(0) { $0 + $1.axes }
    for selection in selections {
      switch selection.kind {
      case .at: enter()
      case .indices(let indices): try visit(indices)
      case .mask(let mask): try visit(mask)
      case .range: leave(1)
      case .newAxis: leave(1)
      case .ellipsis:
        leave(missing)
        source += missing
      }
      source += selection.axes
    }
    let kept = (0..<shape.rank).filter { !axes.contains($0) }, place = isSplit ? 0 : place!
    func joined(_ extents: some Collection<Int>) throws(Failure) -> TensorShape {
      let before = kept[..<place].map { shape[$0] }, after = kept[place...].map { shape[$0] }
      let rank = kept.count + extents.count
      guard rank <= TensorShape.maximumRank else {
        throw wrong("a view of \(rank) axes has too many; the limit is 8")
      }
      return TensorShape(before + extents + after)
    }
    let target = try joined(positions!.shape)
    guard target.isValid else { throw wrong("shape \(target) has too many elements") }
    return Picks(
      view: view, order: kept[..<place] + axes + kept[place...], place: place, positions: positions!,
      merged: try joined([extent]), target: target)
  }

  private mutating func enter() {
    if place == nil { place = axis }
    if hasLeft { isSplit = true }
  }

  private mutating func leave(_ count: Int) {
    hasLeft = place != nil
    axis += count
  }

  private mutating func visit(_ indices: Tensor<Int>) throws(Failure) {
    try add(x.counted(indices, along: source, "subscript", file, line).get(), axes: 1, x.shape[source])
  }

  private mutating func visit(_ mask: Tensor<Bool>) throws(Failure) {
    guard (0..<mask.rank).allSatisfy({ mask.shape[$0] == x.shape[source + $0] }) else {
      throw wrong(
        "a mask of shape \(mask.shape) does not fit shape \(x.shape) from axis \(source) on; the extents must be equal"
      )
    }
    let positions = mask.truePositions
    try add(
      Tensor<Int>(copying: positions, shape: [positions.count]), axes: Swift.max(mask.rank, 1), mask.count)
  }

  /// Adds indices along the next axes of the view, which have `extent` positions in all.
  private mutating func add(_ indices: Tensor<Int>, axes count: Int, _ extent: Int) throws(Failure) {
    enter()
    if let failure = indices.failure { throw failure }
    if let earlier = positions {
      guard TensorShape.broadcast(earlier.shape, indices.shape) != nil else {
        throw wrong("indices of shapes \(earlier.shape) and \(indices.shape) do not broadcast")
      }
      positions = earlier * Tensor<Int>(single: extent) + indices
    } else {
      positions = indices
    }
    if let failure = positions?.failure { throw failure }
    self.extent *= extent
    axes += axis..<axis + count
    axis += count
  }
}

extension Tensor {
  /// Returns copies of the elements at the selections, some of which are indices or masks.
  func picked(_ selections: [AxisSelection], _ file: StaticString, _ line: UInt) -> Tensor {
    if let failure { return .failed(by: failure) }
    var walk = PicksWalk(self, file, line)
    do throws(Failure) {
      let picks = try walk.picks(selections)
      return arranged(picks, file, line).reshapedView(picks.merged)
        .gathered(picks.positions, along: picks.place, to: picks.target)
    } catch {
      return .failed(by: error)
    }
  }

  /// Assigns to the elements at the selections, some of which are indices or masks.
  func put(_ value: Tensor, at selections: [AxisSelection], _ file: StaticString, _ line: UInt) {
    if refuses(failure ?? value.failure) { return }
    if fillMask(value, selections, file, line) { return }
    var walk = PicksWalk(self, file, line)
    guard let picks = try? walk.picks(selections) else { return }
    guard let spread = value.layout.broadcast(to: picks.target) else {
      _ = walk.wrong("shape \(value.shape) does not broadcast to the chosen elements' shape \(picks.target)")
      return
    }
    guard mayChange("subscript", with: value, "where(_:else:)", file, line) else { return }
    let place = arranged(picks, file, line)
    if records(value) {
      let changed = place.reshapedView(picks.merged)
        .replaced(picks.positions, value.broadcastView(to: picks.target), along: picks.place)
      return place.assignRecorded(changed.reshapedView(place.layout.shape))
    }
    place.overwrite(picks, with: value.viewed(spread))
    named("Assign")
  }

  /// Assigns one value where a mask of the leading axes is true, without a list of the positions. Returns false if
  /// that is not what is asked for.
  private func fillMask(
    _ value: Tensor, _ selections: [AxisSelection], _ file: StaticString, _ line: UInt
  ) -> Bool {
    guard selections.count == 1, case .mask(let mask) = selections[0].kind, mask.rank > 0, mask.rank <= rank,
      (0..<mask.rank).allSatisfy({ mask.shape[$0] == shape[$0] }), value.count == 1,
      value.rank <= 1 + rank - mask.rank, !records(value)
    else { return false }
    if !mayChange("subscript", with: value, "where(_:else:)", file, line) { return true }
    var wide = mask.shape
    for _ in mask.rank..<rank { wide.append(1) }
    overwrite(
      with: Tensor.selected(
        mask.reshapedView(wide), value.detached().reshapedView([]), detached(), name: "subscript"))
    named("Assign")
    return true
  }

  /// Returns the view of the picks, with its axes in their order.
  private func arranged(_ picks: Picks, _ file: StaticString, _ line: UInt) -> Tensor {
    let isWhole = picks.view.allSatisfy { if case .range(nil, nil, 1) = $0.kind { true } else { false } }
    let view = isWhole ? self : sliced(picks.view, file, line)
    var order = Dimensions()
    for (i, axis) in picks.order.enumerated() { order[i] = axis }
    return picks.order.indices.allSatisfy { order[$0] == $0 } ? view : view.permutedView(order)
  }

  /// Overwrites elements of a view, which has the axes in the order of the picks.
  private func overwrite(_ picks: Picks, with values: Tensor) {
    if let merged = layout.reshaped(picks.merged), merged.folded(along: picks.place) != nil {
      viewed(merged).scatter(.put, values, at: picks.positions, along: picks.place)
    } else {
      let copy = copied()
      copy.viewed(Layout(picks.merged)).scatter(.put, values, at: picks.positions, along: picks.place)
      if !copy.isFailed { overwrite(with: copy) }
    }
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
      // Without signs negative numbers are the largest, so that one pass finds indices at either end.
      let unsigned = Tensor<UInt64>(storage: storage.shared(), layout: layout, failure: failure)
      let last = unsigned.reduced(.maximum, .all(layout.rank), keepDims: false, to: UInt64.self)
      if let failure = last.failure { throw failure }
      if last.firstScalar < UInt64(extent) { return .success(self) }
      guard let (least, most) = try bounds() else { return .success(self) }
      guard least >= -extent, most < extent else { return .failure(mistake(least < -extent ? least : most)) }
      return .success(least < 0 ? noGrad { (self + extent).where(self < 0, else: self) } : self)
    } catch {
      return .failure(error)
    }
  }
}
