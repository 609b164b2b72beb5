public import MartletCore

/// The keys and values of the positions that an attention has seen, for generation: each call of
/// ``MultiHeadAttention`` with it puts those of its input behind, and attends to all.
///
/// Its memory doubles when it is full. It is for inference, in ``noGrad(_:)``: no gradient flows through what it holds.
/// A cache belongs to one attention layer and one batch of sequences: threads that share a layer need a cache each.
public final class KeyValueCache<Element: DifferentiableScalar> {
  /// The number of positions that it holds.
  public private(set) var count = 0

  /// `[n, heads, capacity, d]`, of which the first ``count`` positions are written.
  private var keys: Tensor<Element>?, values: Tensor<Element>?

  fileprivate init(empty: Void) {}

  /// An empty cache, for the element type that is named.
  public convenience init() { self.init(empty: ()) }

  /// Forgets all positions, for the next sequence.
  public func removeAll() {
    (keys, values) = (nil, nil)
    count = 0
  }

  /// Puts `[n, heads, t, d]` behind what is there; returns all. Other extents than before are an error.
  func append(
    _ key: Tensor<Element>, _ value: Tensor<Element>
  ) -> (keys: Tensor<Element>, values: Tensor<Element>) {
    if key.isFailed || value.isFailed { return (key, value) }
    if let keys, Array(keys.shape.prefix(2)) != Array(key.shape.prefix(2)) || keys.shape[3] != key.shape[3] {
      programError(
        "KeyValueCache",
        "keys \(key.shape) behind \(count) of \(keys.shape); [n, heads, t, d] of the same extents but t are expected"
      )
      return (key, value)
    }
    return noGrad {
      let end = count + key.shape[2]
      let all = (room(for: key, in: keys, end), room(for: value, in: values, end))
      all.0[0..., 0..., count..<end] = key.detached()
      all.1[0..., 0..., count..<end] = value.detached()
      (keys, values) = all
      count = end
      return (all.0[0..., 0..., 0..<end], all.1[0..., 0..., 0..<end])
    }
  }

  /// Memory for `end` positions at least, with what was there before.
  private func room(for new: Tensor<Element>, in old: Tensor<Element>?, _ end: Int) -> Tensor<Element> {
    let capacity = old?.shape[2] ?? 0
    if let old, capacity >= end { return old }
    let grown = Tensor<Element>.zeros([new.shape[0], new.shape[1], max(2 * capacity, end, 16), new.shape[3]])
    if let old { grown[0..., 0..., 0..<count] = old[0..., 0..., 0..<count] }
    return grown
  }
}

extension KeyValueCache where Element == Float {
  /// An empty cache, for `Float`.
  public convenience init() { self.init(empty: ()) }
}
