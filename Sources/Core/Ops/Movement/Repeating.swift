// Repeats elements, and combines the elements of vectors with one another.

extension Tensor {
  /// The tensor repeated along its axes, as NumPy's `tile` does: `[a, b]` repeated `[m, n]` times is
  /// `[m · a, n · b]`.
  ///
  /// The last number belongs to the last axis. Axes without a number are repeated once, and further numbers
  /// make new axes in front. A negative number is an error, and so are more than eight. Derivative: `dx = Σ g`
  /// over the repetitions.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func repeated(_ times: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard times.allSatisfy({ $0 >= 0 }), times.count <= TensorShape.maximumRank else {
      return .failed(
        "repeated", "the numbers of times must be at most 8 numbers of at least 0, not \(times)", file, line)
    }
    var target = shape
    while target.rank < times.count { target.insert(1, at: 0) }
    let first = target.rank - times.count, source = target
    for (i, number) in times.enumerated() {
      target.extents[first + i] = target.extents[first + i].times(number)
    }
    guard target.isValid else {
      return .failed("repeated", "\(times) times shape \(shape) is too many elements", file, line)
    }
    // An axis that is repeated 0 times comes first, so that no memory is needed for the others.
    let axes = times.indices.filter { times[$0] != 1 }.sorted {
      (Swift.min(times[$0], 1), $1) < (Swift.min(times[$1], 1), $0)
    }
    if axes.isEmpty { return reshapedView(source).cloned() }
    return axes.reduce(reshapedView(source)) { $0.copies(times[$1], along: first + $1, ofElements: false) }
  }

  /// Each element repeated along an axis, as PyTorch's `repeat_interleave` does: `[1, 2]` repeated 2 times is
  /// `[1, 1, 2, 2]`.
  ///
  /// Without an axis the result is the vector of all elements, each repeated. An axis out of range is an error,
  /// and so is a negative number. Derivative: `dx = Σ g` over the repetitions.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func repeatInterleaved(
    _ times: Int, axis: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard times >= 0 else {
      return .failed(
        "repeatInterleaved", "the number of times must be at least 0, not \(times)", file, line)
    }
    let source = axis == nil ? flattened() : self
    if let failure = source.failure { return .failed(by: failure) }
    guard let counted = source.shape.axis(axis ?? 0) else {
      return .failed(
        "repeatInterleaved", shape.fault(ofAxis: axis ?? 0), file,
        line)
    }
    var target = source.shape
    target.extents[counted] = target.extents[counted].times(times)
    guard target.isValid else {
      return .failed("repeatInterleaved", "\(times) times shape \(shape) is too many elements", file, line)
    }
    return source.copies(times, along: counted, ofElements: true)
  }

  /// Each position along an axis repeated as often as its count: `[1, 2, 3]` with the counts `[2, 0, 1]` is
  /// `[1, 1, 3]`.
  ///
  /// Without an axis the result is the vector of all elements, each repeated. The counts are a vector with a
  /// number of at least 0 for each position, else it is an error. An axis out of range is an error, too.
  /// Derivative: `dx = Σ g` over the repetitions.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func repeatInterleaved(
    _ counts: Tensor<Int>, axis: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? counts.failure { return .failed(by: failure) }
    let source = axis == nil ? flattened() : self
    if let failure = source.failure { return .failed(by: failure) }
    guard let counted = source.shape.axis(axis ?? 0) else {
      return .failed(
        "repeatInterleaved", shape.fault(ofAxis: axis ?? 0), file,
        line)
    }
    let extent = source.shape[counted], numbers = counts.readScalars
    guard counts.rank == 1, numbers.count == extent, numbers.allSatisfy({ $0 >= 0 }) else {
      return .failed(
        "repeatInterleaved",
        "counts of shape \(counts.shape) from \(numbers.min() ?? 0) to \(numbers.max() ?? 0) do not fit; they must be \(extent) numbers of at least 0",
        file, line)
    }
    var target = source.shape
    target.extents[counted] = numbers.reduce(0) { $0.plus($1) }
    guard target.isValid else {
      return .failed("repeatInterleaved", "the counts of shape \(shape) make too many elements", file, line)
    }
    let picks = Tensor<Int>.filled([target.extents[counted]]) { elements, _ in
      var end = 0
      for (position, number) in numbers.enumerated() {
        for k in end..<end + number { elements[k] = position }
        end += number
      }
    }
    return source.gathered(picks, along: counted, to: target)
  }

  /// Repeats the tensor along an axis, or with `ofElements` each of its positions. The extents must be valid.
  private func copies(_ times: Int, along axis: Int, ofElements: Bool) -> Tensor {
    if let failure { return .failed(by: failure) }
    var rows = 1, row = 1, target = layout.shape
    for i in 0..<layout.rank {
      if i < axis || i == axis && ofElements { rows *= target.extents[i] } else { row *= target.extents[i] }
    }
    target.extents[axis] *= times
    return reshapedView([rows, 1, row]).broadcastView(to: [rows, times, row]).cloned().reshapedView(target)
  }
}

/// The order of the axes of a grid's coordinates.
///
/// ```swift
/// let x = Tensor<Float>([0, 1, 2]), y = Tensor<Float>([5, 6])
/// let byRows = Tensor.meshgrid([y, x])                       // each [2, 3]
/// let byColumns = Tensor.meshgrid([x, y], indexing: .xy)     // each [2, 3]
/// ```
public enum MeshIndexing: Sendable {
  /// Matrix indexing, PyTorch's default: vector i varies along axis i.
  case ij
  /// Cartesian indexing, NumPy's default: the first vector varies along axis 1, and the second along axis 0.
  case xy
}

extension Tensor {
  /// The coordinates of a grid: for vectors of n, m, … elements one view for each, all of shape `[n, m, …]`.
  ///
  /// Scalars count as vectors of one element. The views share the vectors' memory: change only copies of them.
  /// It is an error if there are no vectors or more than eight, or if one has several axes. Derivative:
  /// `dx = Σ g` over the other axes.
  ///
  /// ```swift
  /// let grid = Tensor<Float>.meshgrid([.linspace(-1, 1, count: 3), .linspace(0, 1, count: 5)])
  /// let distances = (grid[0] * grid[0] + grid[1] * grid[1]).sqrt()  // [3, 5]
  /// ```
  ///
  /// - Complexity: O(1) for each view.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func meshgrid(
    _ vectors: [Tensor], indexing: MeshIndexing = .ij, file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    if let fault = fault(of: vectors, most: TensorShape.maximumRank, "meshgrid", file, line) {
      return vectors.isEmpty ? [fault] : vectors.map { _ in fault }
    }
    let places = vectors.indices.map { i in
      indexing == .xy && vectors.count > 1 && i < 2 ? 1 - i : i
    }
    var target = TensorShape(rank: vectors.count)
    for (vector, place) in zip(vectors, places) { target.extents[place] = vector.count }
    guard target.isValid else {
      let failed = Tensor.failed("meshgrid", "a grid of shape \(target) is too large", file, line)
      return vectors.map { _ in failed }
    }
    return zip(vectors, places).map { vector, place in
      var spread = TensorShape(Array(repeating: 1, count: vectors.count))
      spread.extents[place] = vector.count
      return vector.reshapedView(spread).broadcastView(to: target)
    }
  }

  /// All combinations of one element of each vector, `[Π n, vectors]`. The last vector varies fastest.
  ///
  /// Scalars count as vectors of one element. It is an error if there are no vectors, or if one has several
  /// axes. Derivative: `dx = Σ g` over the rows with the element.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func cartesianProduct(
    _ vectors: [Tensor], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let fault = fault(of: vectors, most: .max, "cartesianProduct", file, line) { return fault }
    let rows = vectors.reduce(1) { $0.times($1.count) }
    guard ([rows, vectors.count] as TensorShape).isValid else {
      return .failed("cartesianProduct", "the vectors have too many combinations", file, line)
    }
    var outer = 1, columns: [Tensor] = []
    for (i, vector) in vectors.enumerated() {
      let inner = vectors[(i + 1)...].reduce(1) { $0.times($1.count) }
      columns.append(
        vector.reshapedView([1, vector.count, 1]).broadcastView(to: [outer, vector.count, inner])
          .reshapedView([rows, 1]))
      outer = outer.times(vector.count)
    }
    return concatenated(columns, axis: 1)
  }

  /// All combinations of `size` elements of a vector, a row for each: `[n] → [count, size]`. The rows and the
  /// elements in them are in the order of the vector.
  ///
  /// With replacement an element may be taken several times. It is an error if the tensor is no vector, if the
  /// size is below 1 and if there are too many combinations. Derivative: `dx = Σ g` over the places of the
  /// element.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func combinations(
    of size: Int = 2, withReplacement: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard rank == 1, size >= 1 else {
      return .failed(
        "combinations", "combinations of \(size) of shape \(shape); it must be at least 1 of a vector", file,
        line)
    }
    let n = count, rows = binomial(withReplacement ? (n == 0 ? 0 : n.plus(size - 1)) : n, size)
    let target: TensorShape = [rows, size]
    guard target.isValid else {
      return .failed(
        "combinations", "there are too many combinations of \(size) of \(n) elements", file, line)
    }
    let picks = Tensor<Int>.filled(target) { elements, count in
      if count == 0 { return }
      var pick = (0..<size).map { withReplacement ? 0 : $0 }
      for row in 0..<rows {
        for (i, element) in pick.enumerated() { elements[row * size + i] = element }
        guard let i = pick.indices.last(where: { pick[$0] < (withReplacement ? n - 1 : n - size + $0) })
        else { return }
        pick[i] += 1
        for k in i + 1..<Swift.max(size, i + 1) { pick[k] = withReplacement ? pick[i] : pick[k - 1] + 1 }
      }
    }
    return gathered(picks, along: 0, to: target)
  }

  /// Returns a failed tensor if these are not some vectors or scalars, else nil.
  private static func fault(
    of vectors: [Tensor], most: Int, _ operation: String, _ file: StaticString, _ line: UInt
  ) -> Tensor? {
    for vector in vectors {
      if let failure = vector.failure { return .failed(by: failure) }
    }
    let shapes = vectors.map(\.shape)
    if !vectors.isEmpty, vectors.count <= most, shapes.allSatisfy({ $0.rank <= 1 }) { return nil }
    let limit = most == .max ? "at least 1" : "1 to \(most)"
    return .failed(operation, "shapes \(shapes) do not fit; there must be \(limit) vectors", file, line)
  }
}

/// Returns the number of ways to choose k of n, or `Int.max` if it is too large.
private func binomial(_ n: Int, _ k: Int) -> Int {
  if k > n { return 0 }
  var result = 1
  for i in 0..<Swift.min(k, n - k) {
    result = result.times(n - i)
    if result == .max { return .max }
    result /= i + 1
  }
  return result
}
