import Testing

@testable import MartletCore

/// Operands that are strided across the result, and results that bypass the caches, against plain indexing.
@Suite struct TraversalTests {
  /// Extents below, at and above the blocks and tiles of a transposition.
  @Test(arguments: [1, 2, 7, 8, 15, 16, 17, 63, 64, 65, 130], [1, 3, 16, 31, 64, 100, 256])
  func copiesATransposedMatrix(_ rows: Int, _ columns: Int) {
    func check<Element: TensorScalar>(_ element: (Int) -> Element) {
      let numbers = (0..<rows * columns).map(element)
      let copy = Tensor(numbers, shape: [rows, columns]).transposed().cloned()
      let expected = (0..<columns).flatMap { c in (0..<rows).map { numbers[$0 * columns + c] } }
      #expect(copy.scalars == expected, "\(Element.self)")
    }
    check { Float($0) }
    check { Double($0) }
    check { $0 }
    check { Int32($0) }
    check { $0 % 3 == 0 }
  }

  /// Every order of three axes, as copies and as operands of one, two and three inputs.
  @Test(arguments: [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
  func anyOrderOfAxes(_ order: [Int]) {
    let shape = [5, 67, 18]
    let inverse = (0..<3).map { order.firstIndex(of: $0)! }
    var random = RandomGenerator(seed: 11)
    let x: Tensor<Double> = random.normal(TensorShape(order.map { shape[$0] }))
    let y: Tensor<Double> = random.normal(TensorShape(shape))
    // x permuted to the shape of y, and the same elements in row-major order, read one by one.
    let turned = x.permuted(inverse)
    let plain = Tensor(Self.elements(turned), shape: TensorShape(shape))
    #expect(turned.cloned().scalars == plain.scalars)
    #expect((-turned).scalars == plain.scalars.map { -$0 })
    #expect((turned + y).scalars == zip(plain.scalars, y.scalars).map(+))
    #expect((y - turned).scalars == zip(y.scalars, plain.scalars).map(-))
    #expect((turned * turned).scalars == plain.scalars.map { $0 * $0 })
    #expect((turned + y[0]).scalars == (plain + y[0]).scalars)
    #expect((turned < y).scalars == zip(plain.scalars, y.scalars).map(<))
    #expect(turned.where(turned < y, else: y).scalars == zip(plain.scalars, y.scalars).map(min))
  }

  /// The elements read by subscripts, in row-major order.
  private static func elements(_ x: Tensor<Double>) -> [Double] {
    let shape = Array(x.shape)
    return (0..<shape[0]).flatMap { i in
      (0..<shape[1]).flatMap { j in (0..<shape[2]).map { x[i, j, $0].item } }
    }
  }

  /// The result of an operation on a transposed tensor has the operand's layout, so that the next loop is
  /// contiguous.
  @Test func resultsLieAsTheirOperands() {
    let x = Tensor<Float>.ones([40, 30]).transposed()
    for result in [x.exp(), x + 1, 1 - x, x * x, x + Tensor<Float>.ones([40])] {
      #expect(result.layout.strides == x.layout.strides && result.shape == [30, 40])
    }
    #expect((x + Tensor<Float>.ones([30, 40])).layout.isContiguous)
    #expect(Tensor<Float>.ones([30, 1]).broadcast(to: [30, 40]).exp().layout.isContiguous)
    #expect(x[.ellipsis, .stride(by: 2)].exp().layout.isContiguous)
  }

  /// Results of more than 16 MB bypass the caches. They start and end at any place in a cache line.
  @Test(arguments: [0, 1, 3]) func largeResults(_ offset: Int) {
    let count = 4_194_304 + 4099
    let x = Tensor<Float>.arange(0, Float(count)).viewedFrom(offset)
    let expected = { (i: Int) in Float(i + offset) }
    check(x.cloned(), expected)
    check(x * 2) { 2 * expected($0) }
    check(x + x) { 2 * expected($0) }
    check((-x).where(x < 1000, else: x)) { expected($0) < 1000 ? -expected($0) : expected($0) }
    let target = Tensor<Float>.zeros([count]).viewedFrom(offset)
    target.overwrite(with: x)
    check(target, expected)
  }

  @Test func largeConstants() {
    check(Tensor<Float>.full([2500, 2000], 3)) { _ in 3 }
    check(Tensor<Float>.ones([2500, 1]).broadcast(to: [2500, 2000]).cloned()) { _ in 1 }
    check(Tensor<Float>.arange(0, 2000).broadcast(to: [2500, 2000]).cloned()) { Float($0 % 2000) }
  }

  /// Compares every seventh element, so at least one per cache line, and the last ones.
  private func check(_ x: Tensor<Float>, _ expected: (Int) -> Float) {
    let scalars = x.scalars
    let places = Array(stride(from: 0, to: scalars.count, by: 7)) + (scalars.count - 7..<scalars.count)
    #expect(places.allSatisfy { scalars[$0] == expected($0) })
  }

  @Test func largeTransposedResults() {
    let rows = 2100, columns = 2050
    let x = Tensor<Float>.arange(0, Float(rows * columns)).reshaped([rows, columns]).transposed()
    let y = Tensor<Float>.ones([columns, rows])
    let at = { (i: Int) in Float(i % rows * columns + i / rows) }
    check(x.cloned(), at)
    check(x + y) { at($0) + 1 }
  }
}

extension Tensor {
  /// The elements of a vector from `start` on.
  fileprivate func viewedFrom(_ start: Int) -> Tensor { self[start...] }
}
