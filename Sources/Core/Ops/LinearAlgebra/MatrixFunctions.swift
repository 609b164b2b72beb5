// Powers, exponentials, logarithms and roots of matrices, and the equations of Sylvester and Lyapunov.

extension Tensor where Element: DifferentiableScalar {
  /// The integer powers of square matrices. The power 0 is the unit matrix, and negative powers are powers of
  /// the inverse.
  ///
  /// - Throws: ``LinearAlgebraError`` for a negative power of a singular matrix.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func matrixPower(
    _ exponent: Int, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    if let fault = matrixFault("matrixPower", square: true, file, line) { return fault }
    var base = exponent < 0 ? try inverted("matrixPower") : self
    var rest = exponent.magnitude, result: Tensor?
    while rest > 0 {
      if rest & 1 == 1 { result = result.map { $0.matmul(base) } ?? base }
      rest >>= 1
      if rest > 0 { base = base.matmul(base) }
    }
    return result ?? Tensor.identity(shape[-1]).broadcast(to: shape).cloned()
  }

  /// The exponential `Σ Aᵏ / k!` of square matrices, computed by scaling, a Padé approximant of degree 13 and
  /// squaring (Higham 2005, DOI 10.1137/04061101X).
  ///
  /// Derivative: the upper right block of the exponential of `[[Aᵀ, g], [0, Aᵀ]]` (Najfeld & Havel 1995,
  /// DOI 10.1006/aama.1995.1017).
  ///
  /// - Throws: ``LinearAlgebraError`` for NaN or infinity, and if the result overflows.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func matrixExp(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    if let fault = matrixFault("matrixExp", square: true, file, line) { return fault }
    try requireFinite("matrixExp")
    let value = noGrad { exponential() }
    try value.requireFinite("matrixExp of a large matrix")
    return value.recorded(
      "MatrixExp",
      edge(saving: self) { g, a in
        a.differentiated(g, "matrixExp") { (block) throws(LinearAlgebraError) in try block.matrixExp() }
      })
  }

  private func exponential() -> Tensor {
    if count == 0 { return cloned() }
    let b: [Element] = [
      64_764_752_532_480_000, 32_382_376_266_240_000, 7_771_770_303_897_600, 1_187_353_796_428_800,
      129_060_195_264_000, 10_559_470_521_600, 670_442_572_800, 33_522_128_640, 1_323_241_920, 40_840_800,
      960_960,
      16_380, 182, 1,
    ]
    // The numbers of halvings that bring the 1-norm of each matrix below 5.37.
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
    // The scaling keeps the denominator of the approximant far from singular, so it is not checked.
    var result = (even - u).factoredLU().factors.solve(even + u)
    for step in 0..<(halvings.max() ?? 0) {
      let goesOn = Tensor<Bool>(halvings.map { step < $0 }, shape: batched(1, 1))
      result = result.matmul(result).where(goesOn, else: result)
    }
    return result
  }

  /// Returns the gradient of a matrix function: the upper right block of its value at `[[Aᵀ, g], [0, Aᵀ]]`.
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

  /// The principal logarithm of square matrices. Square roots bring the matrix near the unit matrix; then the
  /// logarithm is a Padé approximant in partial fractions (Higham 2008, "Functions of Matrices", §11.4).
  ///
  /// Derivative: the upper right block of the logarithm of `[[Aᵀ, g], [0, Aᵀ]]`.
  ///
  /// - Throws: ``LinearAlgebraError`` for a real eigenvalue that is not positive, and for NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func matrixLog(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    if let fault = matrixFault("matrixLog", square: true, file, line) { return fault }
    try requireFinite("matrixLog")
    try checkPrincipal("matrixLog")
    return noGrad { logarithm() }.recorded(
      "MatrixLog",
      edge(saving: self) { g, a in
        a.differentiated(g, "matrixLog") { (block) throws(LinearAlgebraError) in try block.matrixLog() }
      })
  }

  private func logarithm() -> Tensor {
    if count == 0 { return cloned() }
    let unit = Tensor.identity(shape[-1])
    var root = self, doublings = 0
    while doublings < 64, (root - unit).abs().sum(axis: -2).max().item > 0.25 {
      root = root.squareRoots()
      doublings += 1
    }
    // The nodes and weights of the Gauss–Legendre quadrature with 7 points on [0, 1].
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

  /// Throws if a matrix has a real eigenvalue that is not positive.
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

  /// The principal square roots of square matrices. The roots of symmetric matrices are computed from the
  /// eigenvalues, other roots by the product form of the Denman–Beavers iteration (Higham 2008, §6.3).
  ///
  /// A symmetric matrix may be singular: an eigenvalue of 0 has the root 0, and an eigenvalue that rounding
  /// has put below 0 counts as 0. A matrix counts as symmetric if it is symmetric up to the rounding of a
  /// product `B Bᵀ`.
  ///
  /// Derivative: the solution X of `Sᵀ X + X Sᵀ = g`, where S is the root. For a singular S the backward pass
  /// fails.
  ///
  /// - Throws: ``LinearAlgebraError`` for a real eigenvalue below 0, for an eigenvalue of 0 unless the matrix
  ///   is symmetric, and for NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func matrixSquareRoot(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    if let fault = matrixFault("matrixSquareRoot", square: true, file, line) { return fault }
    try requireFinite("matrixSquareRoot")
    let value = try noGrad { () throws(LinearAlgebraError) -> Tensor in try detached().principalRoots() }
    return value.recorded(
      "MatrixSquareRoot",
      edge(output: { g, y in
        let t = y.transposed()
        do throws(LinearAlgebraError) {
          return try t.solvedSylvester("matrixSquareRoot", t, g, #fileID, #line)
        } catch {
          if case .singular = error.reason {
            return .failed("backward", "the square root of a singular matrix has no derivative")
          }
          return .failed("backward", "\(error)")
        }
      }))
  }

  /// Computes the roots of symmetric matrices and of the other matrices separately. For each of the two
  /// methods the unit matrix replaces the matrices of the other kind.
  private func principalRoots() throws(LinearAlgebraError) -> Tensor {
    if count == 0 { return cloned() }
    // The rounding of a sum of n products is at most n roundings of its largest element.
    let least = abs().max(axes: [-2, -1], keepDims: true) * (Element(shape[-1]) * Element.ulpOfOne)
    let isOff = ((self - transposed()).abs() .> least)
    let asymmetries = Tensor(single: 1).where(isOff, else: 0).sum(axes: [-2, -1], keepDims: true)
    let isSymmetric = asymmetries .== 0, unit = Tensor.identity(shape[-1])
    let roots = isSymmetric.any() ? try self.where(isSymmetric, else: unit).symmetricRoots() : self
    if !(.!isSymmetric).any() { return roots }
    let others = self.where(.!isSymmetric, else: unit)
    try others.checkPrincipal("matrixSquareRoot")
    return roots.where(isSymmetric, else: others.squareRoots())
  }

  private func symmetricRoots() throws(LinearAlgebraError) -> Tensor {
    let n = shape[-1],
      (values, vectors, refusal) = ((self + transposed()) * 0.5).factoredSymmetric(vectors: true)
    if let refusal { throw unconverged("matrixSquareRoot", refusal) }
    let rounding = Tensor.eigenvalueError + Element(n) * Element.ulpOfOne
    let isBelow = values .< values.abs().max(axis: -1, keepDims: true) * -rounding
    if let place = isBelow.scalars.firstIndex(of: true) {
      throw LinearAlgebraError(
        operation: "matrixSquareRoot", reason: .noRealValue(eigenvalue: values.scalars[place].doubleValue),
        matrix: indices(ofMatrix: place / n))
    }
    let roots = Tensor.maximum(values, Tensor(single: 0)).sqrt()
    return (vectors * roots.expandedDims(axis: -2)).matmul(vectors.transposed())
  }

  private func squareRoots() -> Tensor {
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

  /// The solution X of Sylvester's equation `A X + X B = C`, computed by Schur forms (Bartels & Stewart 1972,
  /// DOI 10.1145/361573.361582). A `[…, m, m]`, B `[…, n, n]` and C `[…, m, n]` must have equal leading axes.
  ///
  /// Derivatives, with the solution Y of `Aᵀ Y + Y Bᵀ = g`: `dC = Y`, `dA = −Y Xᵀ`, `dB = −Xᵀ Y`.
  ///
  /// - Throws: ``LinearAlgebraError`` if A and −B have a common eigenvalue, and for NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func sylvester(
    _ b: Tensor, _ c: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    try solvedSylvester("sylvester", b, c, file, line)
  }

  private func solvedSylvester(
    _ operation: String, _ b: Tensor, _ c: Tensor, _ file: StaticString, _ line: UInt
  ) throws(LinearAlgebraError) -> Tensor {
    if let failure = failure ?? b.failure ?? c.failure { return .failed(by: failure) }
    for matrix in [self, b] {
      if let fault = matrix.matrixFault(operation, square: true, file, line) { return fault }
    }
    guard c.rank == rank, b.rank == rank, b.batched() == batched(),
      c.shape == batched(shape[-1], b.shape[-1])
    else {
      return .failed(
        operation,
        "A \(shape), B \(b.shape) and C \(c.shape) do not match; they must be […, m, m], […, n, n] and […, m, n]",
        file, line)
    }
    try requireFinite(operation, "matrix A")
    try b.requireFinite(operation, "matrix B")
    try c.requireFinite(operation, "right-hand side")
    let left = factoredSchur(), right = b.factoredSchur()
    if let refusal = left.refusal { throw unconverged(operation, refusal, "matrix A") }
    if let refusal = right.refusal { throw b.unconverged(operation, refusal, "matrix B") }
    let forms = SchurForms(s: left.t, y: left.z, t: right.t, z: right.z)
    let (x, refusal) = forms.solve(c)
    if let refusal {
      throw LinearAlgebraError(
        operation: operation, reason: .singular(pivot: 0), operand: "equation",
        matrix: indices(ofMatrix: refusal.matrix), condition: .infinity)
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

  /// The solution X of Lyapunov's equation `A X + X Aᵀ = Q`; see ``sylvester(_:_:file:line:)``.
  ///
  /// - Throws: ``LinearAlgebraError`` if A and −A have a common eigenvalue, and for NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func lyapunov(
    _ q: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    if let fault = matrixFault("lyapunov", square: true, file, line) { return fault }
    return try solvedSylvester("lyapunov", transposed(), q, file, line)
  }
}

/// The Schur forms `A = Y S Yᵀ` and `B = Z T Zᵀ` of the matrices of Sylvester's equation.
struct SchurForms<Element: DifferentiableScalar> {
  let s: Tensor<Element>, y: Tensor<Element>, t: Tensor<Element>, z: Tensor<Element>

  /// Solves `A X + X B = C`, or `Aᵀ X + X Bᵀ = C` if `transposed` is true. Nothing is recorded.
  func solve(_ c: Tensor<Element>, transposed: Bool = false) -> (x: Tensor<Element>, refusal: Refusal?) {
    let (inner, refusal) = Tensor.solvedSylvester(
      s, t, y.transposed().matmul(c.detached()).matmul(z), transposed: transposed)
    return (y.matmul(inner).matmul(z.transposed()), refusal)
  }
}
