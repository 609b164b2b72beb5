// Products of tensors over axes that are named by their numbers: dot, inner, outer, Kronecker and cross products.

extension Tensor where Element: DifferentiableScalar {
  /// The dot product of two vectors, `[n] · [n] → []`: `Σ x y`.
  ///
  /// Tensors that are no vectors of the same length are an error. Derivatives: `da = g b`, `db = g a`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func dot(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure = failure ?? other.failure { return .failed(by: failure) }
    guard rank == 1, shape == other.shape else {
      return .failed(
        "dot", "shapes \(shape) and \(other.shape) do not fit; both must be vectors of one length", file, line
      )
    }
    return matmul(other, file: file, line: line)
  }

  /// The sums of the products along the last axes, `[…, k]` and `[⋯, k]` give `[…, ⋯]`.
  ///
  /// A scalar multiplies the other tensor. Last axes that differ are an error. Derivatives: those of
  /// `tensordot`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func inner(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure = failure ?? other.failure { return .failed(by: failure) }
    if rank == 0 || other.rank == 0 { return self * other }
    return tensordot("inner", other, [-1], [-1], file, line)
  }

  /// The sums of the products over the last `axes` axes of this tensor and the first `axes` of the other:
  /// `[…, k] × [k, ⋯] → […, ⋯]` for 1, the outer product for 0.
  ///
  /// Extents that differ are an error, and so is a number of axes that a tensor does not have. Derivatives: the
  /// gradient is contracted with the other tensor over the axes that the other tensor alone has.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func tensordot(
    _ other: Tensor, axes: Int = 2, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? other.failure { return .failed(by: failure) }
    guard axes >= 0, axes <= rank, axes <= other.rank else {
      return .failed(
        "tensordot",
        "\(axes) axes cannot be taken from shapes \(shape) and \(other.shape); the number must be in 0...\(Swift.min(rank, other.rank))",
        file, line)
    }
    return tensordot("tensordot", other, Array(rank - axes..<rank), Array(0..<axes), file, line)
  }

  /// The sums of the products over pairs of axes, one of this tensor and one of the other. The result has the
  /// remaining axes of this tensor, then those of the other.
  ///
  /// It is a single product of matrices. Extents of a pair that differ are an error, and so are axes that are
  /// out of range or named twice, different numbers of axes and a result of more than 8 axes. Derivatives: the
  /// gradient is contracted with the other tensor over the axes that the other tensor alone has.
  ///
  /// ```swift
  /// let a = Tensor<Float>.ones([3, 4, 5]), b = Tensor<Float>.ones([4, 3, 2])
  /// let c = a.tensordot(b, axes: ([1, 0], [0, 1]))  // [5, 2]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func tensordot(
    _ other: Tensor, axes: ([Int], [Int]), file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    tensordot("tensordot", other, axes.0, axes.1, file, line)
  }

  private func tensordot(
    _ name: StaticString, _ other: Tensor, _ own: [Int], _ others: [Int], _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if let failure = failure ?? other.failure { return .failed(by: failure) }
    if let fault = shape.axisSet(own).fault ?? other.shape.axisSet(others).fault {
      return .failed("\(name)", fault, file, line)
    }
    guard own.count == others.count, zip(own, others).allSatisfy({ shape[$0] == other.shape[$1] }) else {
      return .failed(
        "\(name)",
        "axes \(own) of shape \(shape) and \(others) of \(other.shape) differ; each pair must have one extent",
        file, line)
    }
    // The labels of the other tensor follow those of this one, except along the pairs.
    var labels = Array(rank..<rank + other.rank)
    for (axis, partner) in zip(own, others) { labels[other.shape.axis(partner)!] = shape.axis(axis)! }
    let summed = LabelSet(own.map { shape.axis($0)! })
    let output = (Array(0..<rank) + labels.filter { $0 >= rank }).filter { !summed.contains($0) }
    guard output.count <= TensorShape.maximumRank else {
      return .failed("\(name)", "the result would have \(output.count) axes; the limit is 8", file, line)
    }
    var extents = Array(shape) + Array(other.shape)
    extents += [Int](repeating: 1, count: 64 - extents.count)
    do throws(EquationFault) {
      let terms = [LabelledTensor(self, Array(0..<rank)), LabelledTensor(other, labels)]
      return try LabelledTensor.sumOfProducts(terms, output, extents)
    } catch {
      return .failed("\(name)", error.text, file, line)
    }
  }
}

extension Tensor where Element: NumericScalar {
  /// The products of all pairs of elements of two vectors: `[n]` and `[m]` give `[n, m]`.
  ///
  /// Tensors that are no vectors are an error. Derivatives: `da = g b`, `db = gᵀ a`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func outer(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure = failure ?? other.failure { return .failed(by: failure) }
    guard rank == 1, other.rank == 1 else {
      return .failed(
        "outer", "shapes \(shape) and \(other.shape) do not fit; both must be vectors", file, line)
    }
    return reshapedView([count, 1]) * other
  }

  /// The Kronecker product: each element of this tensor times the whole other tensor, in its place. `[m, n]`
  /// and `[p, q]` give `[m p, n q]`.
  ///
  /// The tensor with fewer axes gets leading axes of extent 1. Shapes that are longer than 1 along more than 8
  /// axes together are an error. Derivatives: those of the products.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func kron(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure = failure ?? other.failure { return .failed(by: failure) }
    let rank = Swift.max(rank, other.rank)
    func extents(_ x: Tensor) -> [Int] { Array(repeating: 1, count: rank - x.rank) + x.shape }
    let pairs = Array(zip(extents(self), extents(other)))
    let target = pairs.map { $0.times($1) }
    // An axis along which both are longer than 1 takes two axes of the product.
    let left = pairs.flatMap { $0 != 1 && $1 != 1 ? [$0, 1] : [$0] }
    let right = pairs.flatMap { $0 != 1 && $1 != 1 ? [1, $1] : [$1] }
    guard left.count <= TensorShape.maximumRank, TensorShape(target).isValid else {
      return .failed(
        "kron",
        "shapes \(shape) and \(other.shape) are too large; the limit is 8 axes, counting those longer than 1 in both twice",
        file, line)
    }
    return (reshapedView(TensorShape(left)) * other.reshapedView(TensorShape(right)))
      .reshapedView(TensorShape(target))
  }

  /// The cross products of vectors of three elements along an axis, which are perpendicular to both. The other
  /// axes broadcast.
  ///
  /// An axis out of range or of another extent than 3 is an error, and so are shapes that do not broadcast.
  /// Derivatives: `da = b × g`, `db = g × a`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func cross(
    _ other: Tensor, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? other.failure { return .failed(by: failure) }
    guard let target = TensorShape.broadcast(shape, other.shape) else {
      return .failed("cross", "shapes \(shape) and \(other.shape) do not broadcast", file, line)
    }
    guard let counted = target.axis(axis) else {
      return .failed("cross", target.fault(ofAxis: axis), file, line)
    }
    let place = counted - target.rank
    guard [self, other].allSatisfy({ $0.rank >= -place && $0.shape[place] == 3 }) else {
      return .failed(
        "cross", "axis \(axis) of shapes \(shape) and \(other.shape) must have 3 elements in both", file, line
      )
    }
    return crossed(other, axis: place)
  }

  /// Returns the cross products along an axis that counts from the end.
  private func crossed(_ other: Tensor, axis: Int) -> Tensor {
    if let failure = failure ?? other.failure { return .failed(by: failure) }
    let value = noGrad {
      let ((a, b, c), (x, y, z)) = (components(axis), other.components(axis))
      return Tensor.concatenated([b * z - c * y, c * x - a * z, a * y - b * x], axis: axis)
    }
    return value.recorded(
      "Cross", edge(saving: other) { g, b in b.crossed(g, axis: axis) },
      other.edge(saving: self) { g, a in g.crossed(a, axis: axis) })
  }

  private func components(_ axis: Int) -> (Tensor, Tensor, Tensor) {
    (part(axis, 0, 1), part(axis, 1, 1), part(axis, 2, 1))
  }
}

extension Tensor where Element: FieldScalar {
  /// The dot products of the vectors along an axis, `Σ conj(x) y`. The other axes broadcast, and the axis is removed.
  ///
  /// Complex elements of this tensor are conjugated, as PyTorch's and NumPy's `vecdot` do. Shapes that do not broadcast
  /// are an error, and so is an axis out of range. Derivatives: `dx = conj(g) y`, `dy = g x`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func vecdot(
    _ other: Tensor, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? other.failure { return .failed(by: failure) }
    guard let target = TensorShape.broadcast(shape, other.shape) else {
      return .failed("vecdot", "shapes \(shape) and \(other.shape) do not broadcast", file, line)
    }
    guard let counted = target.axis(axis) else {
      return .failed("vecdot", target.fault(ofAxis: axis), file, line)
    }
    return (conjugate() * other).sum(axis: counted)
  }
}
