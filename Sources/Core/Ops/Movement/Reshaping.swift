// Changes the shape or the order of axes of the same elements. The results are views wherever the layout
// allows.

extension Tensor {
  /// Returns the same elements in row-major order under another shape of the same count; a copy if the layout
  /// needs one.
  func reshapedView(_ target: TensorShape) -> Tensor {
    if let failure { return .failed(by: failure) }
    let shape = layout.shape
    if target == shape { return self }
    let result =
      layout.reshaped(target).map(viewed)
      ?? {
        let copy = copied();
        return copy.isFailed ? copy : Tensor(storage: copy.storage.shared(), layout: Layout(target))
      }()
    return result.recorded("Reshape", edge { g in g.reshapedView(shape) })
  }

  /// Returns a view of the elements, repeated over a shape that they broadcast to. The tape sums the gradient
  /// back.
  func broadcastView(to target: TensorShape) -> Tensor {
    if let failure { return .failed(by: failure) }
    if target == layout.shape { return self }
    return viewed(layout.broadcast(to: target)!).recorded("Broadcast", edge { g in g })
  }

  /// The same elements in row-major order under another shape. One extent may be −1; it then follows from the
  /// others.
  ///
  /// The result is a view where the layout allows it, else a copy. Another number of elements is an error.
  /// Derivative: `dx = g`, reshaped back.
  ///
  /// - Complexity: O(1) for a view.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func reshaped(_ shape: TensorShape, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure { return .failed(by: failure) }
    if shape.rank < 0 { return .failed("reshaped", "the shape is invalid", file, line) }
    var target = shape
    var open: Int?
    var known = 1
    for axis in 0..<shape.rank {
      if shape.extents[axis] == -1, open == nil { open = axis } else { known &*= shape.extents[axis] }
    }
    if let open { target.extents[open] = known == 0 ? -1 : count / known }
    guard target.isValid, target.elementCount == count else {
      return .failed(
        "reshaped",
        "shape \(self.shape) cannot become \(shape); the shape must hold the same \(count) elements", file,
        line)
    }
    return reshapedView(target)
  }

  /// All elements along one axis, `[…] → [count]`. The result is a view where the layout allows it, else a
  /// copy.
  ///
  /// Derivative: `dx = g`, reshaped back.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func flattened() -> Tensor { reshapedView([count]) }

  /// A view with the two innermost axes exchanged, `[…, m, n] → […, n, m]`.
  ///
  /// Fewer than two axes are an error. Derivative: `dx = g`, transposed.
  ///
  /// - Complexity: O(1).
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func transposed(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    guard rank >= 2 || isFailed else {
      return .failed("transposed", "shape \(shape) has too few axes; at least 2 are needed", file, line)
    }
    return transposed(-2, -1, file: file, line: line)
  }

  /// A view with two axes exchanged. An axis out of range is an error. Derivative: `dx = g`, transposed.
  ///
  /// - Complexity: O(1).
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func transposed(_ a: Int, _ b: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard let a = shape.axis(a), let b = shape.axis(b) else {
      return .failed(
        "transposed", "axis \(a) or \(b) is out of range for shape \(shape); \(shape.axisRange)", file, line)
    }
    var order = Dimensions()
    for axis in 0..<rank { order[axis] = axis == a ? b : axis == b ? a : axis }
    return permutedView(order)
  }

  /// A view with the axes in another order: axis `i` of the result is axis `order[i]` of this tensor.
  ///
  /// An order that does not name each axis once is an error. Derivative: `dx = g`, permuted back.
  ///
  /// - Complexity: O(1).
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func permuted(_ order: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard order.count == rank, let axes = Optional(shape.axisSet(order)), axes.fault == nil else {
      return .failed("permuted", "order \(order) does not name each axis of shape \(shape) once", file, line)
    }
    var counted = Dimensions()
    for (i, axis) in order.enumerated() { counted[i] = axis < 0 ? axis + rank : axis }
    return permutedView(counted)
  }

  func permutedView(_ order: Dimensions) -> Tensor {
    let rank = layout.rank
    return viewed(layout.permuted(order)).recorded(
      "Permute",
      edge { g in
        var inverse = Dimensions()
        for axis in 0..<rank { inverse[order[axis]] = axis }
        return g.permutedView(inverse)
      })
  }

  /// A view with a new axis of extent 1 at index `axis`; −1 puts it after the last axis.
  ///
  /// An index out of range is an error, and so is a ninth axis. Derivative: `dx = g`, reshaped back.
  ///
  /// - Complexity: O(1).
  public func expandedDims(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure { return .failed(by: failure) }
    let place = axis < 0 ? axis + rank + 1 : axis
    guard place >= 0, place <= rank, rank < TensorShape.maximumRank else {
      return .failed(
        "expandedDims",
        "axis \(axis) cannot be inserted in shape \(shape); it must be in -\(rank + 1)...\(rank), and the limit is 8 axes",
        file, line)
    }
    var target = shape
    target.insert(1, at: place)
    return reshapedView(target)
  }

  /// A view without an axis of extent 1. An axis of another extent is an error.
  ///
  /// Derivative: `dx = g`, reshaped back.
  ///
  /// - Complexity: O(1).
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func squeezed(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard let counted = shape.axis(axis), shape[counted] == 1 else {
      return .failed(
        "squeezed", "shape \(shape) has no axis \(axis) of extent 1", file, line)
    }
    var target = shape
    target.remove(at: counted)
    return reshapedView(target)
  }

  /// A view without some axes of extent 1. An axis of another extent is an error, and so is one named twice.
  ///
  /// Derivative: `dx = g`, reshaped back.
  ///
  /// - Complexity: O(1).
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func squeezed(axes: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure { return .failed(by: failure) }
    if let fault = shape.axisSet(axes).fault { return .failed("squeezed", fault, file, line) }
    let dropped = axes.map { shape.axis($0)! }
    guard dropped.allSatisfy({ shape[$0] == 1 }) else {
      return .failed(
        "squeezed", "axes \(axes) of shape \(shape) must each have extent 1", file, line)
    }
    return reshapedView(TensorShape((0..<rank).filter { !dropped.contains($0) }.map { shape[$0] }))
  }

  /// A view without the axes of extent 1. Derivative: `dx = g`, reshaped back.
  ///
  /// - Complexity: O(1).
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func squeezed() -> Tensor {
    reshapedView(TensorShape(shape.filter { $0 != 1 }))
  }

  /// A view of the elements, repeated over a shape by NumPy's rule. Memory holds each element once.
  ///
  /// A shape that this tensor does not broadcast to is an error. Derivative: `dx = Σ g` over the repetitions.
  ///
  /// - Complexity: O(1).
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func broadcast(to shape: TensorShape, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard shape.isValid, layout.broadcast(to: shape) != nil else {
      return .failed(
        "broadcast",
        "shape \(self.shape) does not broadcast to \(shape); trailing extents must be equal or 1", file, line)
    }
    return broadcastView(to: shape)
  }

  /// Views of the tensors, repeated over the shape to which all of them broadcast.
  ///
  /// Shapes that do not broadcast are an error. Derivatives: `dx = Σ g` over the repetitions.
  ///
  /// - Complexity: O(1) for each view.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func broadcast(
    _ tensors: [Tensor], file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    if let failure = tensors.lazy.compactMap(\.failure).first {
      return tensors.map { _ in .failed(by: failure) }
    }
    let shape = TensorShape.broadcast(tensors.map(\.shape), file: file, line: line)
    return tensors.map { shape.rank < 0 ? Tensor(Failure.current) : $0.broadcastView(to: shape) }
  }

  /// A tensor of `times` copies along a new axis. Derivative: `dx = Σ g` over that axis.
  ///
  /// An axis out of range or a negative number is an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func repeated(
    _ times: Int, insertingAxisAt axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard times >= 0 || isFailed else {
      return .failed("repeated", "the number of times must be at least 0, not \(times)", file, line)
    }
    let expanded = expandedDims(axis: axis, file: file, line: line)
    if expanded.isFailed { return expanded }
    var target = expanded.layout.shape
    target.extents[axis < 0 ? axis + target.rank : axis] = times
    guard target.isValid else {
      return .failed("repeated", "\(times) times shape \(shape) is too many elements", file, line)
    }
    return expanded.broadcastView(to: target).cloned()
  }

  /// A copy in row-major order with storage of its own. Derivative: `dx = g`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func cloned() -> Tensor {
    copied().recorded("Clone", edge { g in g })
  }
}
