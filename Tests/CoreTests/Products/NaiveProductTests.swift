import Testing

@testable import MartletCore

/// The naive products: their agreement with BLAS, their scope, their rounding and their threads.
@Suite struct NaiveProductTests {
  @Test(arguments: 0..<40) func theTwoAgreeOnRandomShapes(_ seed: UInt64) {
    agree(seed, Double.self, 1e-13)
    agree(seed, Float.self, 1e-5)
  }

  private func agree<Element: DifferentiableScalar>(_ seed: UInt64, _ type: Element.Type, _ tolerance: Double)
  {
    var random = RandomGenerator(seed: seed)
    let extents = random.integers([4], in: 1..<70).scalars
    let (m, k, n, batch) = (extents[0], extents[1], extents[2], extents[3] % 3 + 1)
    let a: Tensor<Element> = random.normal([batch, m, k]), b: Tensor<Element> = random.normal([k, n])
    for (x, y) in [
      (a, b), (a, b.broadcast(to: [batch, k, n])), (a.transposed(1, 2).cloned().transposed(1, 2), b),
    ] {
      let naive = withMatrixProducts(.naive) { x.matmul(y) }
      let error = (x.matmul(y) - naive).abs().max().item
      #expect(Double(error) <= tolerance * Double(k), "[\(batch), \(m), \(k)] × [\(k), \(n)]")
    }
  }

  @Test func scopesNestAndEnd() throws {
    let a = Tensor<Double>.ones([2, 2])
    func isNaive() -> Bool {
      let before = Counters.now.blasCalls
      _ = a.matmul(a)
      return Counters.now.blasCalls == before
    }
    #expect(!isNaive())
    let inside = withMatrixProducts(.naive) {
      #expect(isNaive())
      withMatrixProducts(.blas) { #expect(!isNaive()) }
      #expect(isNaive())
      withMatrixProducts(.naive) { #expect(isNaive()) }
      #expect(isNaive())
      return 7
    }
    #expect(inside == 7 && !isNaive())
    struct Stop: Error {}
    #expect(throws: Stop.self) { try withMatrixProducts(.naive) { throw Stop() } }
    #expect(!isNaive())
    withMatrixProducts(.naive) {
      let row = a[0]
      let before = Counters.now.blasCalls
      _ = (
        row.matmul(a), a.matmul(row), row.matmul(row), a.linear(weight: a, bias: row),
        a.expandedDims(axis: 0).matmul(a)
      )
      #expect(Counters.now.blasCalls == before, "every product takes the naive path")
    }
  }

  /// Products and sums are rounded one by one, in the order of the index, bit for bit.
  @Test func roundsEachProductAndSum() {
    var random = RandomGenerator(seed: 11)
    let a: Tensor<Double> = random.normal([7, 33]), b: Tensor<Double> = random.normal([33, 5])
    let f = Tensor<Float>(a), g = Tensor<Float>(b)
    for x in [a, a.transposed().cloned().transposed()] {
      for y in [b, b.transposed().cloned().transposed()] {
        #expect(withMatrixProducts(.naive) { x.matmul(y) }.scalars == plainProduct(rows(a), rows(b), 5))
      }
    }
    #expect(withMatrixProducts(.naive) { f.matmul(g) }.scalars == plainProduct(rows(f), rows(g), 5))
    // The sum of 1 + ε and −1 − 2ε + ε². A fused multiply-add would keep the ε² that rounding drops.
    let epsilon = 0x1p-30, p = Tensor([[-1, 1 + epsilon]]), q = Tensor([[1 + 2 * epsilon], [1 + epsilon]])
    #expect(withMatrixProducts(.naive) { p.matmul(q) }.item == 0)
  }

  private func rows<Element: DifferentiableScalar>(_ x: Tensor<Element>) -> [[Element]] {
    (0..<x.shape[0]).map { x[$0].scalars }
  }

  @Test func aNaNAndAnInfinityGoThrough() {
    let a = Tensor<Float>([[0, 1], [1, 0]]), b = Tensor<Float>([[.nan, 1], [2, .infinity]])
    for products in [MatrixProducts.blas, .naive] {
      let c = withMatrixProducts(products) { a.matmul(b).scalars }
      #expect(c[0].isNaN && c[1] == .infinity && c[2].isNaN && c[3].isNaN)
    }
  }
}
