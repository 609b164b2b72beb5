// Views by strides, and their derivatives. A layout `part` names positions in the memory of a tensor whose layout is
// `whole`. A gradient is laid out like that tensor before it is read or changed at these positions.

extension Tensor {
  /// A view of the elements at `offset + i · strides[0] + j · strides[1] + …` of the row-major order, for the
  /// indices i, j, … of `shape`.
  ///
  /// Elements may be taken several times. A tensor that is not in row-major order is copied first. It is an
  /// error if a position lies outside of the tensor, and if there is not one stride for each axis. Derivative:
  /// each gradient is added to the element from which it was taken.
  ///
  /// ```swift
  /// let x = Tensor<Float>([0, 1, 2, 3, 4])
  /// let windows = x.asStrided([3, 3], strides: [1, 1])  // [[0, 1, 2], [1, 2, 3], [2, 3, 4]]
  /// let even = x.asStrided([3], strides: [-2], offset: 4)  // [4, 2, 0]
  /// ```
  ///
  /// - Complexity: O(1) for a view.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func asStrided(
    _ shape: TensorShape, strides: [Int], offset: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard shape.isValid, strides.count == shape.rank else {
      return .failed(
        "asStrided",
        "shape \(shape) is invalid or does not fit strides \(strides); there must be a stride for each axis",
        file, line)
    }
    if shape.elementCount == 0 { return strided(Layout(shape), of: Layout(self.shape)) }
    var steps = Dimensions(), least = offset, most = offset
    for (axis, stride) in strides.enumerated() {
      steps[axis] = stride
      let (reach, overflows) = (shape.extents[axis] - 1).multipliedReportingOverflow(by: stride)
      // A reach beyond all elements is wrong in any case, and would overflow the sums.
      let bounded = overflows || reach.magnitude >= count ? -count : reach
      if bounded < 0 { least += bounded } else { most += bounded }
    }
    guard offset >= 0, offset < count, least >= 0, most < count else {
      return .failed(
        "asStrided",
        "shape \(shape) by strides \(strides) from \(offset) reaches beyond the \(count) elements of shape \(self.shape)",
        file, line)
    }
    return strided(Layout(shape, strides: steps, offset: offset), of: Layout(self.shape))
  }

  /// A view of windows along an axis: `[…, n, …] → […, (n − size) / step + 1, …, size]`. Each window begins
  /// `step` positions after the one before; windows overlap if `step` is below `size`.
  ///
  /// PyTorch calls it `unfold`, and NumPy `sliding_window_view`. An axis out of range is an error, and so are
  /// a size that is not in `0...n`, a step below 1 and a ninth axis. Derivative: each gradient is added to the
  /// element from which it was taken.
  ///
  /// ```swift
  /// let signal = Tensor<Float>([1, 2, 4, 8, 16])
  /// let pairs = signal.windows(of: 2)  // [[1, 2], [2, 4], [4, 8], [8, 16]]
  /// let means = signal.windows(of: 3, step: 2).mean(axis: -1)  // means of [1, 2, 4] and [4, 8, 16]
  /// ```
  ///
  /// - Complexity: O(1).
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func windows(
    of size: Int, step: Int = 1, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard let counted = shape.axis(axis) else {
      return .failed("windows", shape.fault(ofAxis: axis), file, line)
    }
    let extent = shape[counted]
    let fits = size >= 0 && size <= extent && step >= 1 && rank < TensorShape.maximumRank
    guard fits, (count / Swift.max(extent, 1)).times((extent - size) / step + 1).times(size) < .max / 16
    else {
      return .failed(
        "windows",
        "size \(size) and step \(step) do not fit axis \(axis) of shape \(shape); the size must be in 0...\(extent), the step at least 1, and the limits are 8 axes and the memory",
        file, line)
    }
    func windowed(_ layout: Layout) -> Layout {
      var shape = layout.shape, strides = layout.strides
      shape.extents[counted] = (extent - size) / step + 1
      // A single window needs no stride, and a huge step would overflow it.
      strides[counted] = extent - size < step ? 0 : strides[counted] * step
      strides[shape.rank] = layout.strides[counted]
      shape.append(size)
      return Layout(shape, strides: strides, offset: layout.offset)
    }
    let whole = Layout(layout.shape), part = windowed(whole)
    return viewed(windowed(layout)).recorded("AsStrided", edge { g in g.summed(part, into: whole) })
  }
}

extension Tensor {
  /// Returns the elements at the positions of `part`.
  func strided(_ part: Layout, of whole: Layout) -> Tensor {
    let laid = laid(as: whole)
    if laid.isFailed { return laid }
    let layout = part.inside(whole, at: laid.layout.offset)
    let result = laid === self ? viewed(layout) : Tensor(storage: laid.storage.shared(), layout: layout)
    return result.recorded("AsStrided", edge { g in g.summed(part, into: whole) })
  }

  /// Returns zeros, to which the elements are added at the positions of `part`.
  private func summed(_ part: Layout, into whole: Layout) -> Tensor {
    if let failure { return .failed(by: failure) }
    let (span, start) = whole.span
    let memory = Tensor.zeroed([span]), place = part.inside(whole, at: start)
    if memory.isFailed { return memory }
    if place.mayOverlap {
      let positions = Tensor<Int>.ramp(span, start: 0, step: 1).viewed(place)
      if let failure = memory.scatter(.add, self, at: positions, along: 0) {
        return .failed(by: failure)
      }
    } else {
      memory.viewed(place).overwrite(with: self)
    }
    return Tensor(storage: memory.storage.shared(), layout: whole.inside(whole, at: start)).recorded(
      "StridedSum", edge { g in g.strided(part, of: whole) })
  }

  /// Returns a copy with zeros at the positions of `part`.
  func cleared(_ part: Layout, of whole: Layout) -> Tensor {
    let copy = laid(as: whole, copies: true)
    if copy.isFailed { return copy }
    copy.viewed(part.inside(whole, at: copy.layout.offset)).overwrite(with: .zeroed([]))
    return Tensor(storage: copy.storage.shared(), layout: copy.layout).recorded(
      "Clear", edge { g in g.cleared(part, of: whole) })
  }

  /// Returns the elements with the strides of a layout of the same shape: a copy, or this tensor itself if it
  /// has these strides.
  private func laid(as whole: Layout, copies: Bool = false) -> Tensor {
    if let failure { return .failed(by: failure) }
    let isLaid = layout.strides == whole.strides || layout.isContiguous && whole.isContiguous
    if isLaid, !copies { return self }
    if whole.isContiguous { return copied() }
    let (span, start) = whole.span, memory = Tensor.zeroed([span])
    if memory.isFailed { return memory }
    let result = Tensor(storage: memory.storage.shared(), layout: whole.inside(whole, at: start))
    result.overwrite(with: self)
    return result
  }
}

extension Layout {
  /// The number of positions from the first to the last element in memory, and the number of positions before
  /// the element at index 0.
  fileprivate var span: (count: Int, start: Int) {
    if count == 0 { return (0, 0) }
    var before = 0, after = 0
    for axis in 0..<rank {
      let reach = (shape.extents[axis] - 1) * strides[axis]
      if reach < 0 { before -= reach } else { after += reach }
    }
    return (before + after + 1, before)
  }

  /// Returns this layout for memory in which index 0 of `whole` is at another position.
  fileprivate func inside(_ whole: Layout, at start: Int) -> Layout {
    Layout(shape, strides: strides, offset: offset - whole.offset + start)
  }
}
