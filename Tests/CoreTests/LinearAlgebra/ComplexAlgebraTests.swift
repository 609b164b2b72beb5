import MartletCore
import TestSupport
import Testing

/// Complex matrices without a result, without elements, with special values, and in batches. GoldTests
/// compares results and derivatives with PyTorch's.
@Suite struct ComplexAlgebraTests {
  private typealias Z = Tensor<Complex<Double>>
  private let i = Complex<Double>.i

  private func distance(_ a: Z, _ b: Z) -> Double { (a - b).abs().max().item }

  private func reason(_ body: () throws -> Void) -> LinearAlgebraError? {
    do {
      try body()
    } catch {
      return error as? LinearAlgebraError
    }
    return nil
  }

  @Test func singularMatricesThrow() throws {
    let singular = Z([1, i, i, -1], shape: [2, 2]),
      batch = Z.stacked([Z([2, 0, 0, 1], shape: [2, 2]), singular])
    for error in [reason { _ = try batch.inverse() }, reason { _ = try batch.solve(.ones([2, 2, 1])) }] {
      let error = try #require(error)
      #expect(error.reason == .singular(pivot: 1) && error.matrix == [1] && error.condition == .infinity)
    }
    #expect(try batch.determinant().scalars == [2, 0])
    let (sign, log) = try batch.logDeterminant()
    #expect(sign.scalars == [1, 0] && log.scalars[1] == -.infinity)
  }

  @Test func refusedElementsHaveAPlace() throws {
    let z = Z.ones([2, 3, 3])
    z[1, 2, 1] = Z(Complex(0, Double.nan))
    let error = try #require(reason { _ = try z.svd() })
    #expect(error.reason == .notFinite(row: 2, column: 1) && error.matrix == [1] && error.operation == "svd")
    // The lower triangle alone is read.
    let hermitian = Z([2, Complex(.infinity, 0), i, 3], shape: [2, 2])
    #expect(try hermitian.eigvalsh().shape == [2] && hermitian.cholesky().shape == [2, 2])
  }

  @Test func indefiniteMatricesThrow() throws {
    let error = try #require(reason { _ = try Z([1, -2 * i, 2 * i, 1], shape: [2, 2]).cholesky() })
    #expect(error.reason == .notPositiveDefinite(pivot: 1))
  }

  /// [[2, −i], [i, 2]] has the eigenvalues 1 and 3, and [[0, 1], [i, 0]] the square roots of i.
  @Test func eigenvaluesByHand() throws {
    let (values, vectors) = try Z([2, -i, i, 2], shape: [2, 2]).eigh()
    #expect(abs(values.scalars[0] - 1) < 1e-15 && abs(values.scalars[1] - 3) < 1e-15)
    let rebuilt = (vectors * Z(values)).matmul(vectors.adjoint())
    #expect(distance(rebuilt, Z([2, -i, i, 2], shape: [2, 2])) < 1e-14)
    let roots = try Z([0, 1, i, 0], shape: [2, 2]).eigvals()
    #expect(distance(roots * roots, Z([i, i])) < 1e-14)
  }

  @Test("factors rebuild their matrices", arguments: [[1, 1], [3, 5], [40, 33], [2, 33, 40]])
  func factorsRebuild(_ shape: [Int]) throws {
    var generator = RandomGenerator(seed: 7)
    let drawn: Tensor<Double> = generator.normal(TensorShape(shape + [2]))
    let z = drawn.viewAsComplex(), bound = 1e-12
    let (q, r) = try z.qr(), (u, s, vt) = try z.svd(full: true), thin = try z.svd()
    let (p, l, upper) = try z.lu()
    #expect(distance(q.matmul(r), z) < bound && distance(p.matmul(l).matmul(upper), z) < bound)
    #expect(distance((thin.u * Z(thin.s).expandedDims(axis: -2)).matmul(thin.vt), z) < bound)
    #expect(distance(u.adjoint().matmul(u), Z.identity(u.shape[-1])) < bound)
    #expect(distance(vt.matmul(vt.adjoint()), Z.identity(vt.shape[-1])) < bound)
    #expect((s - thin.s).abs().max().item < bound)
    let gram = z.adjoint().matmul(z) + Z.identity(z.shape[-1])
    let lower = try gram.cholesky(), (values, vectors) = try gram.eigh()
    #expect(distance(lower.matmul(lower.adjoint()), gram) < bound)
    #expect(distance((vectors * Z(values).expandedDims(axis: -2)).matmul(vectors.adjoint()), gram) < bound)
    let general = try gram.eig()
    #expect(
      distance(gram.matmul(general.vectors), general.vectors * general.values.expandedDims(axis: -2)) < bound)
    #expect(distance(try gram.solve(z.adjoint()), try gram.inverse().matmul(z.adjoint())) < bound)
  }

  @Test func leastSquares() throws {
    // x = 1 + 2i fits the line i k, k = 0, 1, 2, up to the residual 3.
    let a = Z([i, i, i], shape: [3, 1]), b = Z([Complex(-2, 1), Complex(-2, 2), Complex(-2, 0)])
    let fit = try a.lstsq(b)
    #expect(distance(fit.solution, Z([Complex(1, 2)])) < 1e-14 && fit.rank.item == 1)
    #expect(
      abs(fit.residuals.item - 2) < 1e-14 && abs(fit.singularValues.scalars[0] - 3.0.squareRoot()) < 1e-14)
    // The solution is the shortest of many.
    let wide = try Z([1, i, 2, 2 * i], shape: [2, 2]).lstsq(Z([2, 4]))
    #expect(wide.rank.item == 1 && distance(wide.solution, Z([1, -i])) < 1e-14)
  }

  @Test func matricesWithoutElements() throws {
    let none = Z.zeros([0, 0])
    #expect(
      try none.determinant().item == 1 && none.inverse().shape == [0, 0] && none.eig().values.shape == [0])
    #expect(try none.eigh().values.shape == [0] && Z.zeros([3, 0]).svd(full: true).u.shape == [3, 3])
    #expect(try Z.zeros([2, 0]).qr().q.shape == [2, 0] && none.cholesky().shape == [0, 0])
  }

  /// |A| = 4⁶⁰⁰ overflows where its factors do not.
  @Test func determinantsOfLargeMagnitude() throws {
    let z = Z.identity(600) * Complex(0, 4), (sign, log) = try z.logDeterminant()
    #expect(distance(sign, Z(1)) < 1e-12 && abs(log.item / (600 * 1.3862943611198906) - 1) < 1e-14)
    #expect(try !z.determinant().item.isFinite && (z * 0.25).determinant().item == 1)
  }

  /// The function A² of a matrix with two equal eigenvalues has a derivative, the vectors have none.
  @Test func equalEigenvalues() throws {
    let z = Z([2, 0, 0, 0, 2, 0, 0, 0, 5], shape: [3, 3])
    z.requiresGrad = true
    let (values, vectors) = try z.eigh(), weights = Z.arange3
    let squared = (vectors * Z(values * values)).matmul(vectors.adjoint())
    let gradient = (squared * weights).sum().real().gradient(of: z)
    // d Re Σ W ∘ A² is the Hermitian part of conj(W Aᵀ + Aᵀ W).
    let turned = z.detached().transposed(),
      expected = (weights.matmul(turned) + turned.matmul(weights)).conjugate()
    #expect(distance(gradient, (expected + expected.adjoint()) / 2) < 1e-12)
    let weighted = Tensor<Double>.arange(0, 9).reshaped([3, 3])
    let error = refusal { try (z.eigh().vectors.real() * weighted).sum().backward() }
    #expect("\(try #require(error))".contains("equal singular values or eigenvalues"))
  }
}

extension Tensor where Element == Complex<Double> {
  /// A matrix without symmetry.
  fileprivate static var arange3: Tensor {
    Tensor<Double>.complex(
      Tensor<Double>.arange(0, 9).reshaped([3, 3]), Tensor<Double>.arange(1, 10).reshaped([3, 3]) / 4)
  }
}
