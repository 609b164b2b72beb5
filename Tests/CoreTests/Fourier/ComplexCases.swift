import Foundation
import MartletCore
import TestSupport
import Testing

/// Complex tensors as functions of their parts, so that the checker sees real tensors.
private func complex<Real: DifferentiableScalar>(_ x: Tensor<Real>) -> Tensor<Complex<Real>> {
  x.viewAsComplex()
}

private let one: [[[Int]]] = [[[2]], [[0, 2]], [[1, 2]], [[37, 2]], [[3, 4, 2]], [[2, 0, 2]]]
private let two: [[[Int]]] = [
  [[5, 2], [5, 2]], [[3, 4, 2], [4, 2]], [[3, 1, 2], [1, 5, 2]], [[2], [7, 2]],
]
private let large = [[40_003, 2]]

/// Applies a function to two grids of complex numbers, broadcast.
private func combined(_ x: [Grid], _ f: (Pair, Pair) -> Pair) -> Grid {
  let shape = Grid.broadcastShape(x.map(\.shape)), a = x[0].broadcast(to: shape),
    b = x[1].broadcast(to: shape)
  return Grid(Array(shape.dropLast()), pairs: zip(a.pairs, b.pairs).map(f))
}

/// The product of matrices of complex numbers.
private func product(_ x: [Grid]) -> Grid {
  let (m, k, n) = (x[0].shape[0], x[0].shape[1], x[1].shape[1]), a = x[0].pairs, b = x[1].pairs
  return Grid(
    [m, n],
    pairs: (0..<m * n).map { place in
      (0..<k).reduce(Pair(re: 0)) { $0 + a[place / n * k + $1] * b[$1 * n + place % n] }
    })
}

struct ComplexCases {
  static let cases: [OpCase] = [
    OpCase(
      "ViewAsComplex", inputs: one, f32: { complex($0[0]).viewAsReal() },
      f64: { complex($0[0]).viewAsReal() },
      reference: { $0[0] }),
    OpCase(
      "ViewAsReal", inputs: one, f32: { complex($0[0]).viewAsReal() * 2 },
      f64: { complex($0[0]).viewAsReal() * 2 },
      reference: { $0[0].map { $0 * 2 } }),
    OpCase(
      "ViewAsComplex", "of parts that are not adjacent", inputs: [[[2, 5]], [[2, 3, 4]]],
      f32: { complex($0[0].movedAxis(from: 0, to: -1)).real() },
      f64: { complex($0[0].movedAxis(from: 0, to: -1)).real() },
      reference: { x in Grid(Array(x[0].shape.dropFirst())) { x[0][[0] + $0] } }),
    OpCase(
      "Real", inputs: one, f32: { complex($0[0]).real() }, f64: { complex($0[0]).real() },
      reference: { x in Grid(Array(x[0].shape.dropLast()), values: x[0].pairs.map(\.re)) }),
    OpCase(
      "Imaginary", inputs: one, f32: { complex($0[0]).imaginary() }, f64: { complex($0[0]).imaginary() },
      reference: { x in Grid(Array(x[0].shape.dropLast()), values: x[0].pairs.map(\.im)) }),
    OpCase(
      "Conjugate", inputs: one, large: large, f32: { complex($0[0]).conjugate().viewAsReal() },
      f64: { complex($0[0]).conjugate().viewAsReal() }, reference: { $0[0].mapPairs(\.conjugate) }),
    OpCase(
      "ComplexAbs", inputs: one, large: large, domain: 0.25...3, bound: .ulps(2),
      f32: { complex($0[0]).abs() },
      f64: { complex($0[0]).abs() },
      reference: { x in Grid(Array(x[0].shape.dropLast()), values: x[0].pairs.map(\.length)) }),
    OpCase(
      "Angle", inputs: one, large: large, domain: 0.25...3, bound: .ulps(2),
      f32: { complex($0[0] * -1).angle() },
      f64: { complex($0[0] * -1).angle() },
      reference: { x in
        Grid(Array(x[0].shape.dropLast()), values: x[0].pairs.map { atan2(-$0.im, -$0.re) })
      }),
    OpCase(
      "Div", "the sign of complex numbers", inputs: one, domain: 0.25...3, bound: .ulps(4),
      f32: { complex($0[0]).sign().viewAsReal() }, f64: { complex($0[0]).sign().viewAsReal() },
      reference: { $0[0].mapPairs { $0 / Pair(re: $0.length) } }),
    OpCase(
      "Cast", "to complex elements", inputs: [[[5]], [[2, 3]]],
      f32: { Tensor<Complex<Float>>($0[0]).viewAsReal() },
      f64: { Tensor<Complex<Double>>($0[0]).viewAsReal() },
      reference: { x in Grid(x[0].shape, pairs: x[0].values.map { Pair(re: $0) }) }),
    OpCase(
      "Cast", "between complex elements", inputs: one,
      f32: { Tensor<Complex<Float>>(Tensor<Complex<Double>>(complex($0[0]))).viewAsReal() },
      f64: { Tensor<Complex<Double>>(complex($0[0])).viewAsReal() }, reference: { $0[0] }),
    OpCase(
      "ViewAsComplex", "of two tensors", inputs: [[[5], [5]], [[2, 3], [3]], [[], [4]]],
      f32: { Tensor.complex($0[0], $0[1]).viewAsReal() }, f64: { Tensor.complex($0[0], $0[1]).viewAsReal() },
      reference: { x in
        let shape = Grid.broadcastShape(x.map(\.shape)), parts = x.map { $0.broadcast(to: shape).values }
        return Grid(shape, pairs: zip(parts[0], parts[1]).map { Pair(re: $0, im: $1) })
      }),
    OpCase(
      "ViewAsComplex", "by length and angle", inputs: [[[5], [5]]], bound: .ulps(3, floor: 0.5),
      f32: { Tensor.polar($0[0], $0[1]).viewAsReal() }, f64: { Tensor.polar($0[0], $0[1]).viewAsReal() },
      reference: { x in
        Grid(
          x[0].shape,
          pairs: zip(x[0].values, x[1].values).map { Pair(re: $0 * cos($1), im: $0 * sin($1)) })
      }),
  ]

  /// Arithmetic and functions, whose derivatives have conjugates of complex elements.
  static let arithmetic: [OpCase] = [
    OpCase(
      "Add", "complex", inputs: two, f32: { (complex($0[0]) + complex($0[1])).viewAsReal() },
      f64: { (complex($0[0]) + complex($0[1])).viewAsReal() }, reference: { combined($0, +) }),
    OpCase(
      "Sub", "complex", inputs: two, f32: { (complex($0[0]) - complex($0[1])).viewAsReal() },
      f64: { (complex($0[0]) - complex($0[1])).viewAsReal() }, reference: { combined($0, -) }),
    OpCase(
      "Mul", "complex", inputs: two, large: [[40_003, 2], [2]], bound: .ulps(2, floor: 16),
      f32: { (complex($0[0]) * complex($0[1])).viewAsReal() },
      f64: { (complex($0[0]) * complex($0[1])).viewAsReal() }, reference: { combined($0, *) }),
    OpCase(
      "Div", "complex", inputs: two, domains: [-3...3, 0.25...3], bound: .ulps(8, floor: 16),
      f32: { (complex($0[0]) / complex($0[1])).viewAsReal() },
      f64: { (complex($0[0]) / complex($0[1])).viewAsReal() }, reference: { combined($0, /) }),
    OpCase(
      "Neg", "complex", inputs: one, f32: { (-complex($0[0])).viewAsReal() },
      f64: { (-complex($0[0])).viewAsReal() }, reference: { $0[0].map { -$0 } }),
    OpCase(
      "Mul", "complex by a scalar", inputs: one, bound: .ulps(2, floor: 8),
      f32: { (complex($0[0]) * Complex(0.5, -2)).viewAsReal() },
      f64: { (complex($0[0]) * Complex(0.5, -2)).viewAsReal() },
      reference: { $0[0].mapPairs { $0 * Pair(re: 0.5, im: -2) } }),
    OpCase(
      "Exp", "complex", inputs: one, bound: .ulps(2, floor: 4), f32: { complex($0[0]).exp().viewAsReal() },
      f64: { complex($0[0]).exp().viewAsReal() },
      reference: { $0[0].mapPairs { Pair(re: exp($0.re) * cos($0.im), im: exp($0.re) * sin($0.im)) } }),
    OpCase(
      "Log", "complex", inputs: one, domain: 0.25...3, bound: .ulps(2, floor: 1),
      f32: { complex($0[0]).log().viewAsReal() }, f64: { complex($0[0]).log().viewAsReal() },
      reference: { $0[0].mapPairs { Pair(re: log($0.length), im: atan2($0.im, $0.re)) } }),
    OpCase(
      "Sqrt", "complex", inputs: one, domain: 0.25...3, bound: .ulps(2, floor: 1),
      f32: { complex($0[0]).sqrt().viewAsReal() }, f64: { complex($0[0]).sqrt().viewAsReal() },
      reference: {
        $0[0].mapPairs {
          let length = $0.length.squareRoot(), angle = atan2($0.im, $0.re) / 2
          return Pair(re: length * cos(angle), im: length * sin(angle))
        }
      }),
    OpCase(
      "Sum", "complex", inputs: [[[3, 4, 2]], [[1, 40, 2]], [[0, 3, 2]]], bound: .ulpsOfMagnitudes(4),
      f32: { complex($0[0]).sum(axis: 0).viewAsReal() }, f64: { complex($0[0]).sum(axis: 0).viewAsReal() },
      reference: { $0[0].folded(along: 0) { $0.reduce(0, +) } }),
    OpCase(
      "Sum", "all complex elements", inputs: [[[3, 4, 2]], [[40, 2]]], large: [[70_001, 2]],
      bound: .ulpsOfMagnitudes(4), f32: { complex($0[0]).sum().viewAsReal() },
      f64: { complex($0[0]).sum().viewAsReal() },
      reference: { x in Grid([], pairs: [x[0].pairs.reduce(Pair(re: 0), +)]) }),
    OpCase(
      "Mean", "complex", inputs: [[[3, 4, 2]], [[40, 1, 2]]], bound: .ulpsOfMagnitudes(4),
      f32: { complex($0[0]).mean(axis: 0).viewAsReal() }, f64: { complex($0[0]).mean(axis: 0).viewAsReal() },
      reference: { $0[0].folded(along: 0) { $0.reduce(0, +) / Extended($0.count) } }),
    OpCase(
      "Matmul", "complex",
      inputs: [[[3, 4, 2], [4, 5, 2]], [[1, 7, 2], [7, 1, 2]], [[2, 0, 2], [0, 3, 2]]],
      bound: .ulps(8, floor: 64), dependsOnThreads: true,
      f32: { complex($0[0]).matmul(complex($0[1])).viewAsReal() },
      f64: { complex($0[0]).matmul(complex($0[1])).viewAsReal() }, reference: { product($0) }),
    OpCase(
      "Matmul", "complex, transposed", inputs: [[[4, 3, 2], [4, 5, 2]]], bound: .ulps(8, floor: 64),
      dependsOnThreads: true, f32: { complex($0[0]).transposed().matmul(complex($0[1])).viewAsReal() },
      f64: { complex($0[0]).transposed().matmul(complex($0[1])).viewAsReal() },
      reference: { x in
        let a = x[0], turned = Grid([a.shape[1], a.shape[0], 2]) { a[$0[1], $0[0], $0[2]] }
        return product([turned, x[1]])
      }),
    OpCase(
      "Slice", "complex", inputs: [[[4, 5, 2]]], f32: { complex($0[0])[1..., .stride(by: 2)].viewAsReal() },
      f64: { complex($0[0])[1..., .stride(by: 2)].viewAsReal() },
      reference: { x in Grid([3, 3, 2]) { x[0][$0[0] + 1, 2 * $0[1], $0[2]] } }),
  ]

  @Test(arguments: cases) func behaves(_ op: OpCase) { verify(op) }
  @Test(arguments: arithmetic) func computes(_ op: OpCase) { verify(op) }
}
