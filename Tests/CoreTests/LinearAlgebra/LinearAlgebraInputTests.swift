import Foundation
import TestSupport
import Testing

@testable import MartletCore

/// Data without a result makes the operation throw, in both precisions. Unusual data with a result gets it.
@Suite struct LinearAlgebraInputTests {
  private typealias Operation<Element: DifferentiableScalar> = (String, (Tensor<Element>) throws -> Void)

  /// The operations on one matrix, by name.
  private func operations<Element: DifferentiableScalar>(_: Element.Type) -> [Operation<Element>] {
    [
      ("solve", { _ = try $0.solve(.ones([$0.shape[-1], 1])) }), ("inverse", { _ = try $0.inverse() }),
      ("pinv", { _ = try $0.pinv() }), ("lstsq", { _ = try $0.lstsq(.ones([$0.shape[-2], 1])) }),
      ("lu", { _ = try $0.lu() }), ("cholesky", { _ = try $0.cholesky() }), ("qr", { _ = try $0.qr() }),
      ("svd", { _ = try $0.svd() }), ("svdvals", { _ = try $0.svdvals() }), ("eigh", { _ = try $0.eigh() }),
      ("eigvalsh", { _ = try $0.eigvalsh() }), ("eig", { _ = try $0.eig() }),
      ("determinant", { _ = try $0.determinant() }), ("logDeterminant", { _ = try $0.logDeterminant() }),
      ("matrixExp", { _ = try $0.matrixExp() }), ("matrixLog", { _ = try $0.matrixLog() }),
      ("matrixSquareRoot", { _ = try $0.matrixSquareRoot() }),
      ("sylvester", { _ = try $0.sylvester($0, $0) }), ("norm", { _ = try $0.norm(.nuclear) }),
      ("cond", { _ = try $0.cond() }), ("cond", { _ = try $0.cond(.one) }),
      ("matrixRank", { _ = try $0.matrixRank() }), ("matrixPower", { _ = try $0.matrixPower(-1) }),
    ]
  }

  private func refusal(_ body: () throws -> Void) -> LinearAlgebraError? {
    do {
      try body()
      return nil
    } catch {
      return error as? LinearAlgebraError
    }
  }

  private func findsWhatIsNotFinite<Element: DifferentiableScalar>(_: Element.Type) {
    for (name, body) in operations(Element.self) {
      for strange in [Element.nan, .infinity, -.infinity] {
        let matrix = Tensor<Element>.identity(3)
        matrix[2, 1] = Tensor(strange)
        let error = refusal { try body(matrix) }
        #expect(
          error?.operation == name && error?.reason == .notFinite(row: 2, column: 1),
          "\(name): \(error.map { "\($0)" } ?? "none")")
      }
    }
    let right = Tensor<Element>([1, .nan, 3])
    #expect(
      refusal { _ = try Tensor<Element>.identity(3).solve(right) }?.reason == .notFinite(row: 1, column: 0))
    let batch = Tensor<Element>.identity(2).broadcast(to: [2, 3, 2, 2]).cloned()
    batch[1, 2, 0, 1] = Tensor(Element.nan)
    let error = refusal { _ = try batch.inverse() }
    #expect(error?.matrix == [1, 2] && error?.reason == .notFinite(row: 0, column: 1))
    #expect(
      error?.description == "inverse: the matrix at [1, 2] has an element that is NaN or infinite, at [0, 1]")
  }

  @Test func whatIsNotFinite() {
    findsWhatIsNotFinite(Float.self)
    findsWhatIsNotFinite(Double.self)
  }

  private func findsWhatIsSingular<Element: DifferentiableScalar>(_: Element.Type) {
    let batch = Tensor<Element>.identity(3).broadcast(to: [4, 3, 3]).cloned()
    batch[2, 1, 1] = 0
    for error in [
      refusal { _ = try batch.solve(.ones([3, 1])) }, refusal { _ = try batch.inverse() },
      refusal { _ = try batch.matrixPower(-1) },
    ] {
      #expect(error?.matrix == [2] && error?.reason == .singular(pivot: 1) && error?.condition == .infinity)
    }
    #expect(
      refusal { _ = try batch.inverse() }?.description
        == "inverse: the matrix at [2] is singular: pivot 1 is zero, condition number about inf")
    for form in [MatrixForm.lowerTriangular(), .upperTriangular()] {
      let error = refusal { _ = try batch.solve(.ones([3, 1]), assuming: form) }
      #expect(error?.matrix == [2] && error?.reason == .singular(pivot: 1))
    }
    // The error names the first of two singular matrices.
    batch[1, 0, 0] = 0
    #expect(refusal { _ = try batch.inverse() }?.matrix == [1])
    let indefinite = Tensor<Element>([[4, 2], [2, -3]])
    for error in [
      refusal { _ = try indefinite.cholesky() },
      refusal { _ = try indefinite.solve(.ones([2, 1]), assuming: .positiveDefinite) },
    ] {
      #expect(error?.reason == .notPositiveDefinite(pivot: 1) && error?.matrix == [])
      #expect(abs((error?.condition ?? 0) - 6 * 6 / 16.0) < 1e-3)
    }
    let rotation = Tensor<Element>([[0, -1], [1, 0]]), mirror = Tensor<Element>([[1, 0], [0, -2]])
    #expect(refusal { _ = try mirror.matrixLog() }?.reason == .noRealValue(eigenvalue: -2))
    #expect(refusal { _ = try mirror.matrixSquareRoot() }?.reason == .noRealValue(eigenvalue: -2))
    #expect(refusal { _ = try rotation.matrixLog() } == nil)
    #expect(refusal { _ = try rotation.sylvester(-rotation, rotation) }?.condition == .infinity)
    #expect(refusal { _ = try (rotation * 1e30).matrixExp() } != nil)
  }

  @Test func whatHasNoResult() {
    findsWhatIsSingular(Float.self)
    findsWhatIsSingular(Double.self)
  }

  private func emptyMatrices<Element: DifferentiableScalar>(_: Element.Type) throws {
    let none = Tensor<Element>.zeros([0, 0]), flat = Tensor<Element>.zeros([0, 3]),
      thin = Tensor<Element>.zeros([3, 0])
    #expect(try none.inverse().shape == [0, 0] && none.solve(.zeros([0, 2])).shape == [0, 2])
    #expect(try Tensor<Element>.zeros([5, 0, 0]).solve(.zeros([5, 0, 1])).shape == [5, 0, 1])
    #expect(try Tensor<Element>.zeros([0, 3, 3]).inverse().shape == [0, 3, 3])
    #expect(try none.determinant().item == 1 && none.logDeterminant().logMagnitude.item == 0)
    #expect(try none.logDeterminant().sign.item == 1)
    #expect(try none.cholesky().shape == [0, 0] && none.eigh().values.shape == [0])
    #expect(try none.eig().vectors.real.shape == [0, 0] && none.matrixExp().shape == [0, 0])
    #expect(try none.matrixLog().shape == [0, 0] && none.matrixSquareRoot().shape == [0, 0])
    for (m, full) in [(flat, false), (flat, true), (thin, false), (thin, true)] {
      let (u, s, vt) = try m.svd(full: full), rows = m.shape[0], columns = m.shape[1]
      #expect(
        u.shape == [rows, full ? rows : 0] && s.shape == [0] && vt.shape == [full ? columns : 0, columns])
      #expect(!full || (u.scalars + vt.scalars) == Tensor<Element>.identity(3).scalars)
      let (q, r) = try m.qr(full: full)
      #expect(q.shape == [rows, full ? rows : 0] && r.shape == [full ? rows : 0, columns])
      #expect(!full || rows == 0 || q.scalars == Tensor<Element>.identity(3).scalars)
      #expect(try m.pinv().shape == [columns, rows] && m.matrixRank().item == 0)
      let (p, l, u2) = try m.lu()
      #expect(p.shape == [rows, rows] && l.shape == [rows, 0] && u2.shape == [0, columns])
      #expect(p.scalars == Tensor<Element>.identity(rows).scalars)
      for norm in [MatrixNorm.frobenius, .nuclear, .one, .two, .infinity] {
        #expect(try m.norm(norm).item == 0)
      }
      let found = try m.lstsq(.zeros([rows, 2]))
      #expect(
        found.solution.shape == [columns, 2] && found.rank.item == 0
          && found.solution.scalars.allSatisfy { $0 == 0 })
    }
    let one = Tensor<Element>([[4]])
    #expect(try one.inverse().item == 0.25 && one.determinant().item == 4 && one.cholesky().item == 2)
    #expect(
      try near(one.matrixSquareRoot(), Tensor([[2]])) && one.eigh().values.item == 4 && one.svd().s.item == 4)
    #expect(try abs(one.matrixLog().item - 1.3862943611198906) < 4 * Element.ulpOfOne)
  }

  /// Empty and one-element matrices have the results of NumPy.
  @Test func emptyAndSingleElements() throws {
    try emptyMatrices(Float.self)
    try emptyMatrices(Double.self)
  }

  private func noRightHandSides<Element: DifferentiableScalar>(_: Element.Type) throws {
    let full = Tensor<Element>([[3, 0], [0, -4], [0, 0]])
    let deficient = Tensor<Element>([[1, 2], [2, 4], [0, 0]])
    let batch = Tensor<Element>([3, 0, 0, -4, 0, 0, 1, 2, 2, 4, 0, 0], shape: [2, 3, 2])
    let zero = Tensor<Element>.zeros([3, 2])
    for (a, values, ranks) in [
      (full, [4, 3], [2]), (full.transposed(), [4, 3], [2]), (deficient, [5, 0], [1]),
      (batch, [4, 3, 5, 0], [2, 1]), (batch.transposed(), [4, 3, 5, 0], [2, 1]), (zero, [0, 0], [0]),
    ] as [(Tensor<Element>, [Element], [Int])] {
      let leading = Array(a.shape.dropLast(2)), m = a.shape[-2], n = a.shape[-1]
      let matrix = a.cloned()
      matrix.requiresGrad = true
      let found = try matrix.lstsq(.zeros(TensorShape(leading + [m, 0])))
      #expect(found.solution.shape == TensorShape(leading + [n, 0]))
      #expect(found.residuals.shape == TensorShape(leading + [0]))
      #expect(found.singularValues.shape == TensorShape(leading + [2]))
      #expect(near(found.singularValues, Tensor(values, shape: TensorShape(leading + [2]))))
      #expect(found.rank.shape == TensorShape(leading) && found.rank.scalars == ranks)
      let gradient = found.solution.sum().gradient(of: matrix)
      #expect(gradient.shape == a.shape && gradient.scalars.allSatisfy { $0 == 0 })
      // A right-hand side changes neither the singular values nor the rank.
      let other = try a.lstsq(.ones(TensorShape(leading + [m, 1])))
      #expect(near(found.singularValues, other.singularValues) && found.rank.scalars == other.rank.scalars)
    }
    #expect(try Tensor<Element>.zeros([3, 0]).lstsq(.zeros([3, 0])).singularValues.shape == [0])
    #expect(try Tensor<Element>.zeros([0, 3, 2]).lstsq(.zeros([0, 3, 0])).rank.shape == [0])
  }

  /// The singular values and the rank do not depend on the number of right-hand sides.
  @Test func leastSquaresWithoutRightHandSides() throws {
    try noRightHandSides(Float.self)
    try noRightHandSides(Double.self)
  }

  private func views<Element: DifferentiableScalar>(_: Element.Type) throws {
    var random = RandomGenerator(seed: 3)
    let whole: Tensor<Element> = random.uniform([8, 9, 8], in: -1...1)
    let plain = whole[.stride(by: 2), 1..<9, .stride(by: -1)] + Tensor.identity(8) * 4
    for view in [
      plain.transposed().cloned().transposed(), plain[.stride(by: -1)], plain[1].broadcast(to: [2, 8, 8]),
    ] {
      let copy = view.cloned()
      #expect(try near(view.inverse(), copy.inverse()) && near(view.determinant(), copy.determinant()))
      #expect(try near(view.svd().s, copy.svd().s) && near(view.qr().r, copy.qr().r))
      #expect(
        try near(view.eig().values.real, copy.eig().values.real) && near(view.matrixExp(), copy.matrixExp()))
      #expect(try near(view.solve(view), copy.solve(copy)) && near(view.pinv(), copy.pinv()))
      #expect(
        try near(view.lu().u, copy.lu().u)
          && near(view.matmul(view.transposed()).cholesky(), copy.matmul(copy.transposed()).cholesky()))
    }
  }

  private func near<Element: DifferentiableScalar>(_ a: Tensor<Element>, _ b: Tensor<Element>) -> Bool {
    let scale = b.scalars.reduce(1) { max($0, abs($1)) }
    return a.shape == b.shape
      && zip(a.scalars, b.scalars).allSatisfy { abs($0 - $1) <= 200 * Element.ulpOfOne * scale }
  }

  @Test func viewsAndBroadcastOperands() throws {
    try views(Float.self)
    try views(Double.self)
  }

  /// The squares and products of these elements overflow or underflow.
  @Test func hugeAndTinyElements() throws {
    for scale in [1e200, 1e-200] {
      let a = Tensor<Double>([[2, 1], [1, 3]]) * scale
      let x = try a.solve(Tensor<Double>([[3], [4]]) * scale)
      #expect(near(x, Tensor<Double>([[1], [1]])))
      #expect(near(try a.inverse() * scale, try Tensor<Double>([[2, 1], [1, 3]]).inverse()))
      #expect(near(a.norm() / scale, Tensor<Double>([[2, 1], [1, 3]]).norm()))
      #expect(near(try a.svd().s / scale, try Tensor<Double>([[2, 1], [1, 3]]).svd().s))
      #expect(near(try a.cholesky() / scale.squareRoot(), try Tensor<Double>([[2, 1], [1, 3]]).cholesky()))
      let (sign, logarithm) = try a.logDeterminant()
      #expect(sign.item == 1 && abs(logarithm.item - (log(5.0) + 2 * log(scale))) < 1e-10)
    }
    // The product of the pivots overflows in between, but the determinant does not.
    let mixed = Tensor<Double>([1e200, 1e200, 1e-250, 1e-150]).diagonalMatrix()
    #expect(abs(try mixed.determinant().item - 1) < 1e-10)
    let most = Tensor<Double>([1.7e308, 1.7e308, 1e-308, -1e-308]).diagonalMatrix()
    #expect(abs(try most.determinant().item + 2.89) < 1e-10)
    #expect(try (Tensor<Double>.identity(2) * 1e200).determinant().item == .infinity)
    for scale in [Float(1e30), 1e-30] {
      let a = Tensor<Float>([[2, 1], [1, 3]]) * scale
      #expect(near(try a.solve(Tensor<Float>([[3], [4]]) * scale), Tensor<Float>([[1], [1]])))
      #expect(near(a.norm() / scale, Tensor<Float>([[2, 1], [1, 3]]).norm()))
      #expect(try a.logDeterminant().sign.item == 1)
    }
  }

  /// Extents beyond LAPACK's 32-bit integers are refused before any memory is allocated.
  @Test func whatLAPACKCannotCount() {
    let wide = Tensor<Float>.zeros([1, 1]).broadcast(to: [1, 3_000_000_000])
    #expect(refusal { _ = try wide.svd() }?.reason == .tooLarge)
    #expect(refusal { _ = try wide.qr() }?.reason == .tooLarge)
    #expect(refusal { _ = try wide.pinv() }?.reason == .tooLarge)
    #expect(refusal { _ = try wide.transposed().lu() }?.reason == .tooLarge)
  }

  /// Equal eigenvalues are distinguished from close ones. After a random rotation, equal ones differ by a few
  /// roundings. The eigenvalues of a large random matrix can differ by less than 1 in 10,000.
  @Test(arguments: [2, 5, 40, 200]) func equalEigenvaluesAndNearOnes(_ n: Int) throws {
    var random = RandomGenerator(seed: 11)
    let normal: Tensor<Float> = random.normal([n, n]), q = try normal.qr().q
    let pairs = Tensor<Float>((0..<n).map { Float(1 + $0 / 2) })
    let equal = (q * pairs).matmul(q.transposed()), near = normal + normal.transposed()
    equal.requiresGrad = true
    near.requiresGrad = true
    #expect(refusesGradient { try (equal.eigh().vectors * normal).sum().gradient(of: equal) })
    #expect(!refusesGradient { try (near.eigh().vectors * normal).sum().gradient(of: near) })
    #expect(refusesGradient { try (equal.svd().u * normal).sum().gradient(of: equal) })
    #expect(!refusesGradient { try (near.svd().u * normal).sum().gradient(of: near) })
  }

  private func refusesGradient(_ body: () throws -> Tensor<Float>) -> Bool {
    (try? catchingTensorErrors { try body().scalars }) == nil
  }

  /// No matrix is known for which the iteration fails, so this tests the handling of LAPACK's report.
  @Test func whatDoesNotConverge() {
    let batch = Tensor<Float>.ones([2, 3, 4, 4])
    let error = batch.unconverged("svd", Refusal(matrix: 4, info: 2))
    #expect(error.reason == .noConvergence(unconverged: 2) && error.matrix == [1, 1])
    #expect(error.description == "svd: the matrix at [1, 1] did not converge: 2 values are left")
    #expect(batch.unconverged("svd", Refusal(matrix: 0, info: LAPACK.tooLarge)).reason == .tooLarge)
  }

  /// Some operations have results and derivatives for singular matrices.
  @Test func singularMatricesThatHaveResults() throws {
    let a = Tensor<Double>([[1, 2], [2, 4]])
    #expect(try a.determinant().item == 0 && a.logDeterminant().sign.item == 0)
    #expect(try a.logDeterminant().logMagnitude.item == -.infinity && a.matrixRank().item == 1)
    #expect(try near(a.pinv(), a / 25) && a.cond().item > 1e15)
    #expect(try Tensor<Double>.zeros([2, 2, 3]).cond().scalars == [.infinity, .infinity])
    let found = try a.lstsq(Tensor([1, 2]))
    #expect(
      found.rank.item == 1 && near(found.solution, Tensor([0.2, 0.4])) && near(found.residuals, Tensor(0)))
    a.requiresGrad = true
    #expect(near(try a.determinant().gradient(of: a), Tensor([[4, -2], [-2, 1]])))
    let zero = Tensor<Double>.zeros([3, 3])
    zero.requiresGrad = true
    #expect(zero.norm().gradient(of: zero).scalars.allSatisfy { $0 == 0 })
    #expect(try zero.determinant().gradient(of: zero).scalars.allSatisfy { $0 == 0 })
  }

  /// If a derivative does not exist, the backward pass reports it and leaves no NaN.
  @Test func derivativesThatDoNotExist() throws {
    let unit = Tensor<Double>.identity(3)
    unit.requiresGrad = true
    func message(_ body: () throws -> Tensor<Double>) -> String {
      do {
        _ = try catchingTensorErrors { try body().gradient(of: unit).scalars }
        return "none"
      } catch {
        return "\(error)"
      }
    }
    let undetermined = "the gradient depends on the vectors of equal singular values or eigenvalues"
    let weights = Tensor<Double>.arange(0, 9).reshaped([3, 3])
    #expect(message { try (unit.eigh().vectors * weights).sum() }.contains(undetermined))
    #expect(message { try (unit.svd().u * weights).sum() }.contains(undetermined))
    #expect(
      message { try (unit.eig().vectors.real * weights).sum() }.contains("vectors of equal eigenvalues"))
    #expect(message { try (unit.svd(full: true).u * weights).sum() }.contains(undetermined))
    // A loss that does not use the vectors has a derivative.
    #expect(near((try unit.eigh().values * weights[0]).sum().gradient(of: unit), weights[0].diagonalMatrix()))
    #expect(near(try unit.svd().s.sum().gradient(of: unit), .identity(3)))
    let turn = Tensor<Double>([[0, -1], [1, 0]])
    turn.requiresGrad = true
    let phase = try? catchingTensorErrors {
      let vectors = try turn.eig().vectors
      return (vectors.real * Tensor([[1, 2], [3, 4]])).sum().gradient(of: turn).scalars
    }
    #expect(phase == nil)
  }
}
