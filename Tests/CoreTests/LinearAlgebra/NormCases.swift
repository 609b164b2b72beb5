import Foundation
import MartletCore
import TestSupport
import Testing

// Norms of vectors through the shared checker, and at the points where PyTorch chooses a subgradient.

/// The norm by its definition.
private func norm(_ x: [Extended], _ p: Double) -> Extended {
  let sizes = x.map { abs($0) }
  switch p {
  case .infinity: return sizes.max()!
  case -.infinity: return sizes.min()!
  case 0: return Extended(sizes.filter { $0 != 0 }.count)
  default: return pow(sizes.reduce(0) { $0 + pow($1, Extended(p)) }, 1 / Extended(p))
  }
}

private let some: [[[Int]]] = (SampleShapes.unary + SampleShapes.lengths).filter { !$0.contains(0) }.map {
  [$0]
}
private let blocks: [[[Int]]] = [[[2, 3, 5]], [[4, 1, 6]], [[3, 17, 2]], [[5, 4]]]

@Suite struct NormCases {
  private static func whole(_ p: Double, _ bound: Bound, kinks: [Double] = []) -> OpCase {
    OpCase(
      "Norm", "all elements, p = \(p)", inputs: some, large: [[300_001]], kinks: kinks, bound: bound,
      f32: { $0[0].norm(p: Float(p)) }, f64: { $0[0].norm(p: p) },
      reference: { Grid([], values: [norm($0[0].values, p)]) })
  }

  private static func middle(_ p: Double, _ bound: Bound, kinks: [Double] = []) -> OpCase {
    OpCase(
      "Norm", "one axis, p = \(p)", inputs: blocks, large: [[30, 40, 200]], kinks: kinks, bound: bound,
      f32: { $0[0].norm(p: Float(p), axis: 1) }, f64: { $0[0].norm(p: p, axis: 1) },
      reference: { $0[0].folded(along: 1) { norm($0, p) } })
  }

  static let cases: [OpCase] =
    [
      whole(2, .ulps(8)), whole(1, .ulps(8), kinks: [0]), whole(3, .ulps(16), kinks: [0]),
      whole(0.5, .ulps(64), kinks: [0]), whole(-2, .ulps(16), kinks: [0]), whole(.infinity, .exact),
      whole(-.infinity, .exact), whole(0, .exact, kinks: [0]),
      middle(2, .ulps(8)), middle(1.5, .ulps(16), kinks: [0]), middle(.infinity, .exact),
      middle(-1, .ulps(16), kinks: [0]), middle(4, .ulps(16)),
    ] + [
      OpCase(
        "Norm", "several axes, kept", inputs: blocks.filter { $0[0].count == 3 }, bound: .ulps(8),
        f32: { $0[0].norm(axes: [0, -1], keepDims: true) },
        f64: { $0[0].norm(axes: [-1, 0], keepDims: true) },
        reference: { x in
          let line = x[0].map { $0 * $0 }.folded(along: 2) { $0.reduce(0, +) }.folded(along: 0) {
            $0.reduce(0, +)
          }
          return Grid([1, x[0].shape[1], 1], values: line.values.map { $0.squareRoot() })
        }),
      OpCase(
        "Norm", "of matrices",
        inputs: [[[1, 1]], [[3, 2]], [[2, 3, 4]], [[12, 12]], [[2, 0, 3]], [[0, 2]]],
        bound: .ulps(8), f32: { $0[0].norm() }, f64: { try! $0[0].norm(.frobenius) },
        reference: { x in
          let axis = x[0].shape.count - 2, squares = x[0].map { $0 * $0 }
          return squares.folded(along: axis + 1) { $0.reduce(0, +) }.folded(along: axis) {
            $0.reduce(0, +).squareRoot()
          }
        }),
      OpCase(
        "Norm", "of a vector", inputs: [[[0]], [[1]], [[7]]], bound: .ulps(8), f32: { $0[0].norm() },
        f64: { $0[0].norm() },
        reference: { Grid([], values: [$0[0].values.reduce(0) { $0 + $1 * $1 }.squareRoot()]) }),
    ]

  @Test(arguments: cases) func behaves(_ op: OpCase) { verify(op) }

  /// The values of numpy.linalg.norm([3, −4, 12, 0], ord), NumPy 2.
  @Test func valuesOfNumPy() {
    let x = Tensor<Double>([3, -4, 12, 0]), y = Tensor<Double>([3, -4, 12])
    #expect(x.norm().item == 13 && x.norm(p: 1).item == 19 && x.norm(p: 0).item == 3)
    #expect(x.norm(p: .infinity).item == 12 && x.norm(p: -.infinity).item == 0 && x.norm(p: -1).item == 0)
    #expect(abs(x.norm(p: 3).item - 12.207_054_953_820_636) < 1e-13)
    #expect(abs(x.norm(p: 0.5).item - 51.784_609_690_826_53) < 1e-12)
    #expect(abs(y.norm(p: -1).item - 1.5) < 1e-15 && y.norm(p: -.infinity).item == 3)
    #expect(x.reshaped([2, 2]).norm(axis: 0).scalars == [(153.0).squareRoot(), 4])
    #expect(x.reshaped([2, 2]).norm(p: 1, axis: -1, keepDims: true).shape == [2, 1])
  }

  /// The values of numpy.linalg.norm and numpy.linalg.cond, NumPy 2, and a scalar along its axis.
  @Test func normsOfMatrices() throws {
    let a = Tensor<Double>([[3, -4], [0, 2], [1, 1]])
    #expect(try a.norm(.one).item == 7 && a.norm(.negativeOne).item == 4)
    #expect(try a.norm(.infinity).item == 7 && a.norm(.negativeInfinity).item == 2)
    expectClose(
      try [.two, .negativeTwo, .nuclear, .frobenius].map { try a.norm($0).item },
      [5.272_416_322_356_274, 1.789_308_839_678_370_5, 7.061_725_162_034_644, 5.567_764_362_830_021_5],
      within: 8)
    expectClose(
      try [a.cond(.negativeTwo).item, a[0..<2].cond(.negativeOne).item], [0.339_371_690_374_920_54, 1],
      within: 8)
    let batch = Tensor<Double>.stacked([a, 2 * a], axis: 1)
    #expect(try batch.norm(.negativeOne, axes: (0, 2)).scalars == [4, 8])
    #expect(try batch.norm(.one, axes: (-1, 0), keepDims: true).shape == [1, 2, 1])
    #expect(try batch.norm(.one, axes: (-1, 0)).scalars == [7, 14])
    #expect(Tensor<Double>(-3).norm(axis: 0).item == 3)
    let columns = Tensor<Double>.zeros([0, 3]), rows = Tensor<Double>.zeros([3, 0])
    #expect(try columns.norm(.negativeOne).item == 0 && rows.norm(.negativeInfinity).item == 0)
  }

  /// The subgradients of torch.linalg.vector_norm.
  @Test func gradientsAtZeroAndAtTies() {
    func gradient(_ x: [Double], _ p: Double) -> [Double] {
      let x = Tensor<Double>(x, requiresGrad: true)
      return x.norm(p: p).gradient(of: x).scalars
    }
    for p in [-Double.infinity, -2, -1, 0, 0.5, 1, 1.5, 2, 3, .infinity] {
      #expect(gradient([0, 0], p) == [0, 0], "p = \(p)")
    }
    for p in [-Double.infinity, -2, -1, 0] { #expect(gradient([0, 3], p) == [0, 0], "p = \(p)") }
    for p in [1, 1.5, 2, 3, Double.infinity] { #expect(gradient([0, -3], p) == [0, -1], "p = \(p)") }
    #expect(gradient([0, 4], 0.5) == [0, 1])
    #expect(gradient([3, -3, 1], .infinity) == [0.5, -0.5, 0])
    #expect(gradient([3, -1, 1], -.infinity) == [0, -0.5, 0.5])
    #expect(gradient([2, .nan], .infinity).map(\.isNaN) == [false, true])
    #expect(gradient([2, .nan], 2).allSatisfy { $0.isNaN })
    let zero = Tensor<Double>.zeros([2, 2])
    zero.requiresGrad = true
    let first = zero.norm(axis: 1).sum().gradient(of: zero, createGraph: true)
    #expect((first * first).sum().gradient(of: zero).scalars == [0, 0, 0, 0])
  }

  /// The powers of these elements overflow or underflow.
  @Test func hugeAndTinyElements() {
    for (scale, p) in [(1e200, 2.0), (1e-200, 2), (1e150, 3), (1e-150, -3), (1e300, 0.5), (1e-300, 8)] {
      let plain = Tensor<Double>([3, -4]), x = plain * scale
      x.requiresGrad = true
      let expected = pow(pow(3, p) + pow(4, p), 1 / p)
      #expect(abs(x.norm(p: p).item / scale - expected) < 1e-13 * expected, "\(scale), p = \(p)")
      let slope = x.norm(p: p).gradient(of: x).scalars
      #expect(abs(slope[0] - pow(3 / expected, p - 1)) < 1e-13, "\(scale), p = \(p)")
      #expect(abs(slope[1] + pow(4 / expected, p - 1)) < 1e-13, "\(scale), p = \(p)")
    }
    #expect(Tensor<Float>([1e30, 1e30]).norm().item == Float(1e30) * Float(2).squareRoot())
    #expect(Tensor<Float>([1, -.infinity]).norm().item == .infinity)
    #expect(Tensor<Float>([1, -.infinity]).norm(p: -1).item == 1)
  }

  /// The norms of no elements are 0 and have a history.
  @Test func noElements() {
    let none = Tensor<Float>.zeros([0, 3])
    none.requiresGrad = true
    for norm in [none.norm(), none.norm(p: 0), none.norm(p: 1.5), none.norm(p: 2, axis: 0).sum()] {
      #expect(norm.item == 0 && norm.gradient(of: none).shape == [0, 3])
    }
    #expect(none.norm(p: .infinity, axis: 1).shape == [0])
  }
}
