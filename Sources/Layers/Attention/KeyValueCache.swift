public import MartletCore

/// The keys and values of the positions that an attention layer has seen, for generation. Each call of
/// ``MultiHeadAttention`` with a cache appends the keys and values of its input, and attends to all
/// positions.
///
/// The memory doubles when it is full. A cache is for inference, in ``noGrad(_:)``: no gradient flows through
/// the cached positions. A cache belongs to one attention layer and one batch of sequences: threads that
/// share a layer need a cache each.
///
/// ```swift
/// let attention = MultiHeadAttention(16, heads: 4), cache = KeyValueCache<Float>()
/// let prompt = Tensor<Float>.normal([1, 5, 16]), next = Tensor<Float>.normal([1, 1, 16])
/// let y = noGrad { attention(prompt, isCausal: true, cache: cache) }  // [1, 5, 16]
/// let z = noGrad { attention(next, isCausal: true, cache: cache) }  // [1, 1, 16]
/// print(cache.count)  // 6
/// ```
public final class KeyValueCache<Element: DifferentiableScalar> {
  /// The number of cached positions.
  public private(set) var count = 0

  /// The cached tensors, `[n, heads, capacity, d]`. Only the first ``count`` positions are written.
  private var keys: Tensor<Element>?, values: Tensor<Element>?

  fileprivate init(empty: Void) {}

  /// Creates an empty cache for elements of the type `Element`.
  public convenience init() { self.init(empty: ()) }

  /// Removes all positions, so that the next sequence can start.
  public func removeAll() {
    (keys, values) = (nil, nil)
    count = 0
  }

  /// Appends keys and values, `[n, heads, t, d]`, and returns all of them. Apart from t, other extents than
  /// before are an error.
  func append(
    _ key: Tensor<Element>, _ value: Tensor<Element>
  ) -> (keys: Tensor<Element>, values: Tensor<Element>) {
    if key.isFailed || value.isFailed { return (key, value) }
    if let keys, Array(keys.shape.prefix(2)) != Array(key.shape.prefix(2)) || keys.shape[3] != key.shape[3] {
      programError(
        "KeyValueCache",
        "keys of shape \(key.shape) cannot follow the \(count) keys in a cache of shape \(keys.shape); only t of [n, heads, t, d] may differ"
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

  /// Returns a tensor for at least `end` positions that contains the cached ones.
  private func room(for new: Tensor<Element>, in old: Tensor<Element>?, _ end: Int) -> Tensor<Element> {
    let capacity = old?.shape[2] ?? 0
    if let old, capacity >= end { return old }
    let grown = Tensor<Element>.zeros([new.shape[0], new.shape[1], max(2 * capacity, end, 16), new.shape[3]])
    if let old { grown[0..., 0..., 0..<count] = old[0..., 0..., 0..<count] }
    return grown
  }
}

extension KeyValueCache where Element == Float {
  /// Creates an empty cache for `Float`.
  public convenience init() { self.init(empty: ()) }
}
