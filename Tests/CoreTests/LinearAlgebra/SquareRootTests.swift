import Testing

@testable import MartletCore

/// Square roots of matrices that are singular, or symmetric only up to rounding.
@Suite struct SquareRootTests {
  private func near<Element: DifferentiableScalar>(
    _ a: Tensor<Element>, _ b: Tensor<Element>, within bound: Element
  ) -> Bool {
    let scale = b.scalars.reduce(1) { max($0, abs($1)) }
    return a.shape == b.shape && zip(a.scalars, b.scalars).allSatisfy { abs($0 - $1) <= bound * scale }
  }

  private func roots<Element: DifferentiableScalar>(_: Element.Type) throws {
    let bound = 100 * Element.ulpOfOne
    func root(_ rows: [[Element]]) throws -> Tensor<Element> { try Tensor(rows).matrixSquareRoot() }
    #expect(try near(root([[0, 0], [0, 4]]), Tensor([[0, 0], [0, 2]]), within: bound))
    #expect(try near(root([[0, 0], [0, 0]]), Tensor([[0, 0], [0, 0]]), within: bound))
    #expect(try near(root([[0]]), Tensor([[0]]), within: bound))
    // (v vᵀ)^½ = v vᵀ / |v|, and the root of a projection is the projection.
    #expect(
      try near(
        root([[9, 12], [12, 16]]), Tensor([[9, 12], [12, 16]]) / 5, within: Element.ulpOfOne.squareRoot()))
    #expect(
      try near(
        root([[0.5, 0.5], [0.5, 0.5]]), Tensor([[0.5, 0.5], [0.5, 0.5]]),
        within: Element.ulpOfOne.squareRoot()))
    // −4e−17 is a typical rounding error of 0.
    let rounded: Element = Element.self == Double.self ? -4e-17 : -2e-8
    #expect(try near(root([[rounded, 0], [0, 4]]), Tensor([[0, 0], [0, 2]]), within: bound))
    // Small eigenvalues that are larger than rounding errors keep their roots.
    let tiny: Element = 0x1p-40
    #expect(try root([[tiny, 0], [0, 1]])[0, 0].item == 0x1p-20)
    // A batch of a singular, a general and a definite matrix.
    let batch = Tensor<Element>([[[0, 0], [0, 4]], [[1, 1], [0, 4]], [[4, 0], [0, 9]]])
    let expected = Tensor<Element>([
      [[0, 0], [0, 2]], [[1, Element(1) / 3], [0, 2]], [[2, 0], [0, 3]],
    ])
    #expect(try near(batch.matrixSquareRoot(), expected, within: bound))
  }

  @Test func singularMatrices() throws {
    try roots(Float.self)
    try roots(Double.self)
  }

  /// B Bᵀ with fewer columns than rows, as rounded by BLAS, has eigenvalues on both sides of 0.
  @Test(arguments: [3, 12, 50]) func productsOfLowRank(_ n: Int) throws {
    var random = RandomGenerator(seed: 5)
    let b: Tensor<Double> = random.normal([n, n / 2 + 1]), a = b.matmul(b.transposed())
    let root = try a.matrixSquareRoot()
    #expect(near(root.matmul(root), a, within: 1e-13 * Double(n)))
    #expect(near(root, root.transposed(), within: 1e-13))
  }

  @Test func indefiniteMatrices() {
    func reason(_ a: Tensor<Double>) -> (LinearAlgebraError.Reason?, [Int]?) {
      do {
        _ = try a.matrixSquareRoot()
        return (nil, nil)
      } catch {
        return (error.reason, error.matrix)
      }
    }
    #expect(
      reason(Tensor([[[1, 0], [0, 1]], [[-1e-12, 0], [0, 4]]])) == (.noRealValue(eigenvalue: -1e-12), [1]))
    #expect(reason(Tensor([[-2, 0], [0, -2]])).0 == .noRealValue(eigenvalue: -2))
    // A matrix that is not symmetric, has the eigenvalue 0 and has no root.
    #expect(reason(Tensor([[0, 1], [0, 0]])).0 == .noRealValue(eigenvalue: 0))
  }
}
