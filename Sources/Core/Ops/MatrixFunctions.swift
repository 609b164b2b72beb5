// Norms, powers, exponentials, logarithms and roots of matrices, and the equations of Sylvester and Lyapunov.

/// A norm of matrices.
public enum MatrixNorm: Sendable {
  /// The root of the sum of squares.
  case frobenius
  /// The sum of the singular values.
  case nuclear
  /// The largest sum of magnitudes of a column.
  case one
  /// The largest singular value.
  case two
  /// The largest sum of magnitudes of a row.
  case infinity
}

extension Tensor where Element: DifferentiableScalar {
  /// Norms of matrices on the last two axes, `[…]`; 0 for one without elements.
  ///
  /// Derivatives: of the Frobenius norm `g A / ‖A‖`, 0 where that is 0; of the others those of the sums, the largest
  /// elements and the singular values that they are made of.
  ///
  /// - Throws: ``LinearAlgebraError`` where singular values do not converge, and for NaN or infinity in their matrix.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func norm(
    _ norm: MatrixNorm = .frobenius, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    if let fault = matrixFault("norm", file, line) { return fault }
    if shape[-1] == 0 || shape[-2] == 0 { return .zeros(batched()) }
    switch norm {
    case .frobenius: return frobeniusNorm()
    case .nuclear: return try svdvals(file: file, line: line).sum(axis: -1)
    case .one: return abs().sum(axis: -2).max(axis: -1)
    case .two: return try svdvals(file: file, line: line).max(axis: -1)
    case .infinity: return abs().sum(axis: -1).max(axis: -1)
    }
  }

  /// Scaled by the largest magnitude first: squares neither overflow nor vanish.
  private func frobeniusNorm() -> Tensor {
    let value = noGrad {
      let largest = self.abs().max(axes: [-2, -1], keepDims: true)
      let scale = largest.where((largest .> 0) .& (largest .< .infinity), else: 1), x = self / scale
      return (x * x).sum(axes: [-2, -1]).sqrt() * scale.squeezed(axis: -1).squeezed(axis: -1)
    }
    return value.recorded("FrobeniusNorm", [self], saving: [self]) { given in
      let y = given.outputs[0], isZero = y .== 0
      let share = (given.gradients[0]! / y.where(.!isZero, else: 1)).where(.!isZero, else: 0)
      return [share.expandedDims(axis: -1).expandedDims(axis: -1) * given.saved[0]]
    }
  }

  /// Condition numbers `‖A‖ ‖A⁻¹‖`, `[…]`; by singular values for the norm `.two`, for any shape then, and infinite for
  /// a singular matrix.
  ///
  /// - Throws: ``LinearAlgebraError`` for a singular matrix (other norms), and for NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func cond(
    _ norm: MatrixNorm = .two, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    if case .two = norm {
      if let fault = matrixFault("cond", file, line) { return fault }
      if shape[-1] == 0 || shape[-2] == 0 { return .zeros(batched()) }
      let s = try svdvals(file: file, line: line)
      return s.max(axis: -1) / s.min(axis: -1)
    }
    if let fault = matrixFault("cond", square: true, file, line) { return fault }
    return try self.norm(norm, file: file, line: line) * inverse(file: file, line: line).norm(norm)
  }

  /// How many singular values are above `tolerance` times the largest, `[…]`; unless given, max(m, n) times the distance
  /// from 1 to the next number.
  ///
  /// - Throws: ``LinearAlgebraError`` where singular values do not converge, and for NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func matrixRank(
    tolerance: Element? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor<Int> {
    if let fault = matrixFault("matrixRank", file, line) { return Tensor<Int>(fault.failure!) }
    if shape[-1] == 0 || shape[-2] == 0 { return .zeros(batched()) }
    let s = try detached().svdvals(file: file, line: line)
    return (s .> s.max(axis: -1, keepDims: true) * (tolerance ?? standardTolerance)).sum(axis: -1)
  }

  /// Whole powers of square matrices: the unit matrix for 0, powers of the inverse below.
  ///
  /// - Throws: ``LinearAlgebraError`` for a negative power of a singular matrix.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func matrixPower(
    _ exponent: Int, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    if let fault = matrixFault("matrixPower", square: true, file, line) { return fault }
    var base = exponent < 0 ? try inverse(file: file, line: line) : self
    var rest = exponent.magnitude, result: Tensor?
    while rest > 0 {
      if rest & 1 == 1 { result = result.map { $0.matmul(base) } ?? base }
      rest >>= 1
      if rest > 0 { base = base.matmul(base) }
    }
    return result ?? Tensor.identity(shape[-1]).broadcast(to: shape).cloned()
  }

  /// The exponential `Σ Aᵏ / k!` of square matrices, by scaling, a Padé approximant of degree 13 and squaring (Higham
  /// 2005, DOI 10.1137/04061101X).
  ///
  /// Derivative: the upper right block of the exponential of `[[Aᵀ, g], [0, Aᵀ]]` (Najfeld & Havel 1995,
  /// DOI 10.1006/aama.1995.1017).
  ///
  /// - Throws: ``LinearAlgebraError`` for NaN or infinity, and where the result overflows.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func matrixExp(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    if let fault = matrixFault("matrixExp", square: true, file, line) { return fault }
    try requireFinite("matrixExp")
    let value = noGrad { exponential() }
    try value.requireFinite("matrixExp of a large matrix")
    return value.recorded("MatrixExp", self, saving: self) { g, a in
      a.differentiated(g, "matrixExp") { (block) throws(LinearAlgebraError) in try block.matrixExp() }
    }
  }

  private func exponential() -> Tensor {
    if count == 0 { return cloned() }
    let b: [Element] = [
      64_764_752_532_480_000, 32_382_376_266_240_000, 7_771_770_303_897_600, 1_187_353_796_428_800,
      129_060_195_264_000, 10_559_470_521_600, 670_442_572_800, 33_522_128_640, 1_323_241_920, 40_840_800,
      960_960,
      16_380, 182, 1,
    ]
    // How often each is halved, so that its norm is below 5.37.
    let norms = abs().sum(axis: -2).max(axis: -1)
    let halvings = norms.scalars.map { norm in
      Swift.max(
        0, norm.isFinite && norm > 0 ? Int((norm.doubleValue / 5.371920351148152).binade.exponent) + 1 : 0)
    }
    let scales = Tensor(
      halvings.map { Element(sign: .plus, exponent: Element.Exponent(-$0), significand: 1) },
      shape: batched(1, 1))
    let unit = Tensor.identity(shape[-1]), x = self * scales, x2 = x.matmul(x), x4 = x2.matmul(x2),
      x6 = x2.matmul(x4)
    let odd = x6.matmul(x6 * b[13] + x4 * b[11] + x2 * b[9]) + x6 * b[7] + x4 * b[5] + x2 * b[3] + unit * b[1]
    let even =
      x6.matmul(x6 * b[12] + x4 * b[10] + x2 * b[8]) + x6 * b[6] + x4 * b[4] + x2 * b[2] + unit * b[0]
    let u = x.matmul(odd)
    // The denominator of an approximant so scaled is far from singular.
    var result = (even - u).factoredLU().factors.solve(even + u)
    for step in 0..<(halvings.max() ?? 0) {
      let goesOn = Tensor<Bool>(halvings.map { step < $0 }, shape: batched(1, 1))
      result = result.matmul(result).where(goesOn, else: result)
    }
    return result
  }

  /// The gradient of a function of matrices: the upper right block of the function of `[[Aᵀ, g], [0, Aᵀ]]`.
  private func differentiated(
    _ g: Tensor, _ name: String, _ function: (Tensor) throws(LinearAlgebraError) -> Tensor
  ) -> Tensor {
    let n = shape[-1], t = transposed()
    let block = Tensor.concatenated(
      [
        .concatenated([t, g], axis: -1), .concatenated([.zeros(shape), t], axis: -1),
      ], axis: -2)
    do {
      return try function(block).part(-2, 0, n).part(-1, n, n)
    } catch {
      return .failed("backward", "\(name): \(error)")
    }
  }

  /// The principal logarithm of square matrices: by square roots until the matrix is near 1, then a Padé approximant
  /// in partial fractions (Higham 2008, "Functions of Matrices", §11.4).
  ///
  /// Derivative: the upper right block of the logarithm of `[[Aᵀ, g], [0, Aᵀ]]`.
  ///
  /// - Throws: ``LinearAlgebraError`` for an eigenvalue on the real axis that is not positive, and for NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func matrixLog(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    if let fault = matrixFault("matrixLog", square: true, file, line) { return fault }
    try requireFinite("matrixLog")
    try checkPrincipal("matrixLog")
    return noGrad { logarithm() }.recorded("MatrixLog", self, saving: self) { g, a in
      a.differentiated(g, "matrixLog") { (block) throws(LinearAlgebraError) in try block.matrixLog() }
    }
  }

  private func logarithm() -> Tensor {
    if count == 0 { return cloned() }
    let unit = Tensor.identity(shape[-1])
    var root = self, doublings = 0
    while doublings < 64, (root - unit).abs().sum(axis: -2).max().item > 0.25 {
      root = root.squareRoots()
      doublings += 1
    }
    // Gauss and Legendre's nodes on [0, 1] and their weights, of degree 7.
    let nodes: [(at: Double, weight: Double)] = [
      (0.02544604382862074, 0.06474248308443485), (0.12923440720030278, 0.13985269574463834),
      (0.29707742431130141, 0.19091502525255947), (0.5, 0.20897959183673469),
      (0.70292257568869859, 0.19091502525255947), (0.87076559279969722, 0.13985269574463834),
      (0.97455395617137926, 0.06474248308443485),
    ]
    let x = root - unit
    let terms = nodes.map { node in
      (x * Element(node.at) + unit).factoredLU().factors.solve(x * Element(node.weight))
    }
    return terms.dropFirst().reduce(terms[0], +)
      * Element(sign: .plus, exponent: Element.Exponent(doublings), significand: 1)
  }

  /// Refuses matrices with an eigenvalue on the real axis that is not positive.
  private func checkPrincipal(_ operation: String) throws(LinearAlgebraError) {
    let (real, imaginary, _, _, refusal) = factoredGeneral()
    if let refusal { throw unconverged(operation, refusal) }
    let n = shape[-1]
    for (i, (value, other)) in zip(real.scalars, imaginary.scalars).enumerated()
    where other == 0 && value <= 0 {
      throw LinearAlgebraError(
        operation: operation, reason: .noRealValue(eigenvalue: value.doubleValue),
        matrix: indices(ofMatrix: i / n),
        condition: nil)
    }
  }

  /// The principal square roots of square matrices, by the iteration of Denman and Beavers in its product form (Higham
  /// 2008, §6.3).
  ///
  /// Derivative: the solution X of `Sᵀ X + X Sᵀ = g`, S the root.
  ///
  /// - Throws: ``LinearAlgebraError`` for an eigenvalue on the real axis that is not positive, and for NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func matrixSquareRoot(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    if let fault = matrixFault("matrixSquareRoot", square: true, file, line) { return fault }
    try requireFinite("matrixSquareRoot")
    try checkPrincipal("matrixSquareRoot")
    return noGrad { squareRoots() }.recorded(
      "MatrixSquareRoot", self,
      output: { g, y in
        let t = y.transposed()
        do {
          return try t.sylvester(t, g)
        } catch {
          return .failed("backward", "matrixSquareRoot: \(error)")
        }
      })
  }

  private func squareRoots() -> Tensor {
    if count == 0 { return cloned() }
    let unit = Tensor.identity(shape[-1])
    var m = self, x = self
    for _ in 0..<60 {
      let inverse = m.factoredLU().factors.inverse
      x = x.matmul(inverse + unit) * 0.5
      m = (m + inverse) * 0.25 + unit * 0.5
      let distance = (m - unit).abs().sum(axis: -2).max().item
      if !(distance > 4 * Element.ulpOfOne * Element(shape[-1])) { break }
    }
    return x
  }

  /// X of Sylvester's equation `A X + X B = C`, by Schur forms (Bartels & Stewart 1972, DOI 10.1145/361573.361582). A
  /// `[…, m, m]`, B `[…, n, n]` and C `[…, m, n]` have equal leading axes.
  ///
  /// Derivatives, with Y of `Aᵀ Y + Y Bᵀ = g`: `dC = Y`, `dA = −Y Xᵀ`, `dB = −Xᵀ Y`.
  ///
  /// - Throws: ``LinearAlgebraError`` where A and −B have a common eigenvalue, and for NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func sylvester(
    _ b: Tensor, _ c: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    if let failure = failure ?? b.failure ?? c.failure { return .failed(by: failure) }
    for matrix in [self, b] {
      if let fault = matrix.matrixFault("sylvester", square: true, file, line) { return fault }
    }
    guard c.rank == rank, b.rank == rank, b.batched() == batched(),
      c.shape == batched(shape[-1], b.shape[-1])
    else {
      return .failed(
        "sylvester",
        "A \(shape), B \(b.shape) and C \(c.shape); […, m, m], […, n, n] and […, m, n] are expected",
        file, line)
    }
    try requireFinite("sylvester")
    try b.requireFinite("sylvester")
    try c.requireFinite("sylvester")
    let left = factoredSchur(), right = b.factoredSchur()
    if let refusal = left.refusal { throw unconverged("sylvester", refusal) }
    if let refusal = right.refusal { throw b.unconverged("sylvester", refusal) }
    let forms = SchurForms(s: left.t, y: left.z, t: right.t, z: right.z)
    let (x, refusal) = forms.solve(c)
    if let refusal {
      throw LinearAlgebraError(
        operation: "sylvester", reason: .singular(pivot: 0), matrix: indices(ofMatrix: refusal.matrix),
        condition: .infinity)
    }
    return sylvester(x, b, c, forms, transposed: false)
  }

  private func sylvester(
    _ x: Tensor, _ b: Tensor, _ c: Tensor, _ forms: SchurForms<Element>, transposed: Bool
  ) -> Tensor {
    x.recorded("Sylvester", [self, b, c], saving: [self, b]) { given in
      let a = given.saved[0], b = given.saved[1], g = given.gradients[0]!, x = given.outputs[0]
      let y = a.sylvester(
        noGrad { forms.solve(g.detached(), transposed: !transposed).x }, b, g, forms, transposed: !transposed)
      let xt = x.transposed(), yt = y.transposed()
      return [
        given.isNeeded[0] ? -(transposed ? x.matmul(yt) : y.matmul(xt)) : nil,
        given.isNeeded[1] ? -(transposed ? yt.matmul(x) : xt.matmul(y)) : nil, y,
      ]
    }
  }

  /// X of Lyapunov's equation `A X + X Aᵀ = Q`; see ``sylvester(_:_:file:line:)``.
  ///
  /// - Throws: ``LinearAlgebraError`` where A and −A have a common eigenvalue, and for NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func lyapunov(
    _ q: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    if let fault = matrixFault("lyapunov", square: true, file, line) { return fault }
    return try sylvester(transposed(), q, file: file, line: line)
  }
}

/// `A = Y S Yᵀ` and `B = Z T Zᵀ` of Sylvester's equation.
struct SchurForms<Element: DifferentiableScalar> {
  let s: Tensor<Element>, y: Tensor<Element>, t: Tensor<Element>, z: Tensor<Element>

  /// X of `A X + X B = C`, or of `Aᵀ X + X Bᵀ = C`; without history.
  func solve(_ c: Tensor<Element>, transposed: Bool = false) -> (x: Tensor<Element>, refusal: Refusal?) {
    let (inner, refusal) = Tensor.solvedSylvester(
      s, t, y.transposed().matmul(c.detached()).matmul(z), transposed: transposed)
    return (y.matmul(inner).matmul(z.transposed()), refusal)
  }
}
