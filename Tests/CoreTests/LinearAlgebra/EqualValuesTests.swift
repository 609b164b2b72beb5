import Foundation
import TestSupport
import Testing

@testable import MartletCore

/// The derivatives of matrices with equal eigenvalues or singular values, compared with the formulas of
/// Daleckii and Krein.
@Suite struct EqualValuesTests {
  private func near<Element: DifferentiableScalar>(
    _ a: Tensor<Element>, _ b: Tensor<Element>, within roundings: Element = 2000
  ) -> Bool {
    let scale = b.scalars.reduce(1) { max($0, abs($1)) }
    return a.shape == b.shape
      && zip(a.scalars, b.scalars).allSatisfy { abs($0 - $1) <= roundings * Element.ulpOfOne * scale }
  }

  private func message(_ body: () throws -> [Double]) -> String {
    do {
      _ = try catchingTensorErrors(body)
      return "none"
    } catch {
      return "\(error)"
    }
  }

  /// The orthogonal matrix 1 − 2 w wᵀ / wᵀ w. None of its columns is a unit vector.
  private func mirror<Element: DifferentiableScalar>(_ n: Int) -> Tensor<Element> {
    let w = Tensor<Element>((0..<n).map { Element($0 + 1) }, shape: [n, 1])
    return Tensor.identity(n) - w.matmul(w.transposed()) * (2 / (w * w).sum())
  }

  private func exponential<Element: DifferentiableScalar>(_ a: Tensor<Element>) throws -> Tensor<Element> {
    let (values, v) = try a.eigh()
    return (v * values.exp().expandedDims(axis: -2)).matmul(v.transposed())
  }

  /// The gradient of Σ exp(A) ∘ W at diag(2, 2, 5).
  @Test func exponentialOfADiagonalMatrix() throws {
    let a = Tensor<Double>([2, 2, 5]).diagonalMatrix(),
      w = Tensor<Double>([[1, 2, 0], [2, 3, 1], [0, 1, 4]])
    a.requiresGrad = true
    let e2 = exp(2.0), slope = (exp(5.0) - e2) / 3
    let expected = Tensor<Double>([[e2, 2 * e2, 0], [2 * e2, 3 * e2, slope], [0, slope, 4 * exp(5.0)]])
    #expect(near(try (exponential(a) * w).sum().gradient(of: a), expected))
  }

  /// The derivative Q (QᵀWQ ∘ F) Qᵀ with the divided differences F of exp.
  private func turned<Element: DifferentiableScalar>(_ values: [Double], _: Element.Type) throws {
    let n = values.count, q: Tensor<Element> = mirror(n)
    let lambda = Tensor<Element>(values.map { Element($0) })
    let a = (q * lambda).matmul(q.transposed())
    a.requiresGrad = true
    let b = Tensor<Element>((0..<n * n).map { Element(($0 * $0 + $0 + 1) % 17) }, shape: [n, n])
    let w = b + b.transposed()
    let differences = Tensor<Element>(
      (0..<n * n).map {
        let x = values[$0 / n], y = values[$0 % n]
        return Element(x == y ? exp(x) : (exp(x) - exp(y)) / (x - y))
      }, shape: [n, n])
    let inner = q.transposed().matmul(w).matmul(q) * differences
    let expected = q.matmul(inner).matmul(q.transposed())
    #expect(near(try (exponential(a) * w).sum().gradient(of: a), expected), "\(values) \(Element.self)")
    // Any other triangle of W has the same symmetric part.
    #expect(near(try (exponential(a) * b * Tensor(single: 2)).sum().gradient(of: a), expected))
  }

  @Test(arguments: [[2.0, 2, 5], [1, 1, 1], [-1, 0.5, 0.5, 0.5, 2], [1, 1, 2, 2]])
  func exponentialsOfTurnedMatrices(_ values: [Double]) throws {
    try turned(values, Double.self)
    try turned(values, Float.self)
  }

  /// The projection onto the space of equal eigenvalues depends only on that space.
  @Test func projections() throws {
    let q: Tensor<Double> = mirror(4), a = (q * Tensor([1, 1, 3, 4])).matmul(q.transposed())
    a.requiresGrad = true
    let b = Tensor<Double>.arange(0, 16).reshaped([4, 4]), w = b * b + (b * b).transposed()
    let space = try a.eigh().vectors[0..., 0..<2]
    let gradient = (space.matmul(space.transposed()) * w).sum().gradient(of: a)
    // The factors 1 / (λ_i − λ_j) between that space and the other eigenvalues.
    let half = -0.5, third = -1.0 / 3
    let shares = Tensor<Double>(
      [0, 0, half, third, 0, 0, half, third, half, half, 0, 0, third, third, 0, 0], shape: [4, 4])
    let inner = q.transposed().matmul(w).matmul(q) * shares
    #expect(near(gradient, q.matmul(inner).matmul(q.transposed())))
  }

  /// U diag(s) Vᵀ is the matrix itself, so its gradient is W.
  @Test func matrixFromItsSingularParts() throws {
    func gradient(_ a: Tensor<Double>, _ w: Tensor<Double>) throws -> Tensor<Double> {
      a.requiresGrad = true
      let (u, s, vt) = try a.svd()
      return ((u * s).matmul(vt) * w).sum().gradient(of: a)
    }
    let w = Tensor<Double>((0..<16).map { Double($0 * $0 % 13) }, shape: [4, 4])
    #expect(near(try gradient(Tensor([1, 1, 2, 3]).diagonalMatrix(), w), w))
    #expect(near(try gradient(Tensor([2, 3, 2, 2]).diagonalMatrix(), w), w))
    let q: Tensor<Double> = mirror(4)
    #expect(near(try gradient((q * Tensor([1, 1, 2, 3])).matmul(mirror(4)[.stride(by: -1)]), w), w))
    let tall = q[0..., 0..<3] * Tensor([2, 2, 1])
    #expect(near(try gradient(tall.cloned(), w[0..., 0..<3]), w[0..., 0..<3]))
    #expect(near(try gradient(tall.transposed().cloned(), w[0..<3]), w[0..<3]))
  }

  /// The derivative with P = u₀ u₀ᵀ is `dΣ P ∘ W = 2 u₀ᵀ W (1 − P) dA v₀ / s₀`; the other singular value is
  /// 0.
  @Test func oneVectorBesideASingularValueOfZero() throws {
    let a = Tensor<Double>([[3, 0], [0, 0], [0, 0]], requiresGrad: true)
    let w = Tensor<Double>([[1, 6, 9], [6, 2, 5], [9, 5, 3]])
    let (u, s, vt) = try a.svd()
    let first = u[0..., 0..<1]
    let gradient = (first.matmul(first.transposed()) * w).sum().gradient(of: a, retainGraph: true)
    #expect(near(gradient, Tensor([[0, 0], [4, 0], [6, 0]])))
    // The matrix of rank 1: s₀ u₀ v₀ᵀ has the derivative 1 − (1 − P) dA (1 − v₀ v₀ᵀ).
    let rank1 = (first * s[0]).matmul(vt[0..<1])
    let other = (rank1 * Tensor([[1, 2], [3, 4], [5, 6]])).sum().gradient(of: a, retainGraph: true)
    #expect(near(other, Tensor([[1, 2], [3, 0], [5, 0]])))
    let wide = Tensor<Double>([[3, 0, 0], [0, 0, 0]], requiresGrad: true)
    let row = try wide.svd().vt[0..<1]
    #expect(near((row.transposed().matmul(row) * w).sum().gradient(of: wide), gradient.transposed()))
    let unknown = "the vectors of a singular value of zero have no derivative"
    #expect(message { u[0..., 1].sum().gradient(of: a, retainGraph: true).scalars }.contains(unknown))
    #expect(message { (u * s).matmul(vt).norm().gradient(of: a).scalars } != "")
  }

  /// A gradient that no first derivative determines is refused.
  @Test func refusals() throws {
    let undetermined = "the gradient depends on the vectors of equal"
    let both = "the gradient comes through equal singular values or eigenvalues and through their vectors"
    let a = Tensor<Double>.identity(2) * 2
    a.requiresGrad = true
    func parts() throws -> (values: Tensor<Double>, vectors: Tensor<Double>) { try a.eigh() }
    #expect(
      message { try (parts().vectors * Tensor([[1, 2], [3, 4]])).sum().gradient(of: a).scalars }
        .contains(undetermined))
    // log |A| + yᵀ A⁻¹ y, whose gradient comes through the values and the vectors.
    for y in [[1.0, 1], [1, 2]] {
      let text = message {
        let (values, v) = try parts(), turned = Tensor<Double>(y).matmul(v)
        return (values.log() + turned * turned / values).sum().gradient(of: a).scalars
      }
      #expect(text.contains(both))
    }
    // A small antisymmetric part beside large terms is also found.
    let wide = Tensor<Double>([1, 1, 50]).diagonalMatrix()
    wide.requiresGrad = true
    let small = message {
      let v = try wide.eigh().vectors
      return (v[2, 2] * v[2, 2] * 1e3 + v[0, 1] * 1e-3).gradient(of: wide).scalars
    }
    #expect(small.contains(undetermined))
    let zero = Tensor<Double>.zeros([2, 2])
    zero.requiresGrad = true
    #expect(
      message {
        let (u, s, vt) = try zero.svd()
        return ((u * s).matmul(vt) * Tensor([[1, 2], [3, 4]])).sum().gradient(of: zero).scalars
      }.contains(undetermined))
    let second = message {
      try (exponential(a) * Tensor([[1, 2], [2, 3]])).sum().gradient(of: a, createGraph: true).scalars
    }
    #expect(second.contains("the second derivative of the vectors of equal"))
  }

  /// General matrices: V f(λ) V⁻¹ of equal eigenvalues has a derivative that is not 0 between them.
  @Test func generalEigenvectors() throws {
    let a = Tensor<Double>([2, 2, 5]).diagonalMatrix()
    a.requiresGrad = true
    let text = message {
      let (values, vectors) = try a.eig(), v = vectors.real
      let whole = try v.transposed().solve((v * values.real.exp()).transposed()).transposed()
      return (whole * Tensor([[1, 2, 0], [2, 3, 1], [0, 1, 4]])).sum().gradient(of: a).scalars
    }
    #expect(text.contains("the gradient depends on the vectors of equal eigenvalues"))
    // The sum of all eigenvalues and the vector of the simple one have derivatives.
    let (values, vectors) = try a.eig()
    let gradient = (values.real.sum() + vectors.real[0, 2] * 0).gradient(of: a)
    #expect(near(gradient, .identity(3)))
  }
}
