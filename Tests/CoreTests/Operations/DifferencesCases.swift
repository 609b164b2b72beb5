import MartletCore
import TestSupport
import Testing

private let inputs: [[[Int]]] = [[[2, 5]], [[3, 67]], [[6]], [[2, 4, 3]], [[3, 3]]]

struct DifferencesCases {
  static let cases: [OpCase] = [
    OpCase(
      "Slice", "differences", inputs: inputs + [[[1]], [[2, 0]]], f32: { $0[0].diff() },
      f64: { $0[0].diff() },
      reference: { x in
        var shape = x[0].shape
        let last = shape.count - 1
        shape[last] = max(shape[last] - 1, 0)
        return Grid(shape) { index in
          var next = index
          next[last] += 1
          return x[0][next] - x[0][index]
        }
      }),
    OpCase(
      "Slice", "second differences", inputs: [[[4, 2]], [[67, 3]], [[5]]], bound: .ulps(2, floor: 16),
      f32: { $0[0].diff(order: 2, axis: 0) }, f64: { $0[0].diff(order: 2, axis: 0) },
      reference: { x in
        x[0].mapped(along: 0) { line in (2..<line.count).map { line[$0] - 2 * line[$0 - 1] + line[$0 - 2] } }
      }),
    OpCase(
      "Slice", "an integral", inputs: inputs, bound: .ulps(16, floor: 128),
      f32: { $0[0].trapezoid(spacing: 0.5) }, f64: { $0[0].trapezoid(spacing: 0.5) },
      reference: { x in
        x[0].folded(along: x[0].shape.count - 1) { line in
          (1..<line.count).reduce(0) { $0 + 0.25 * (line[$1] + line[$1 - 1]) }
        }
      }),
    OpCase(
      "Slice", "an integral at points", inputs: [[[4, 3], [4]], [[4, 1, 2], [4]]],
      bound: .ulps(16, floor: 64), f32: { $0[0].trapezoid(at: $0[1], axis: 0) },
      f64: { $0[0].trapezoid(at: $0[1], axis: 0) },
      reference: { x in
        x[0].folded(along: 0) { line in
          (1..<line.count).reduce(0) { $0 + (x[1][$1] - x[1][$1 - 1]) * (line[$1] + line[$1 - 1]) / 2 }
        }
      }),
    OpCase(
      "Slice", "an integral at points of its own shape", inputs: [[[2, 3], [2, 3]]],
      bound: .ulps(16, floor: 64), f32: { $0[0].trapezoid(at: $0[1]) }, f64: { $0[0].trapezoid(at: $0[1]) },
      reference: { x in
        Grid([2]) { row in
          (1..<3).reduce(0) {
            $0 + (x[1][row[0], $1] - x[1][row[0], $1 - 1]) * (x[0][row[0], $1] + x[0][row[0], $1 - 1]) / 2
          }
        }
      }),
  ]

  @Test(arguments: cases)
  func behaves(_ op: OpCase) { verify(op) }

  @Test func differencesOfIntegersAndOfAnyOrder() {
    #expect(Tensor<Int>([1, 4, 9, 16]).diff().scalars == [3, 5, 7])
    #expect(Tensor<Int>([1, 4, 9, 16]).diff(order: 3).scalars == [0])
    #expect(Tensor<UInt8>([3, 1]).diff().scalars == [254])
    #expect(Tensor<Int>([1, 4]).diff(order: 0).scalars == [1, 4])
    #expect(Tensor<Int>([1, 4]).diff(order: Int.max).shape == [0])
    #expect(Tensor<Int>([Int]()).diff().shape == [0])
  }

  @Test func integralsOfFewPoints() {
    #expect(Tensor<Float>([3]).trapezoid().item == 0)
    #expect(Tensor<Float>.zeros([2, 0]).trapezoid().scalars == [0, 0])
    #expect(Tensor<Float>([3]).trapezoid(at: Tensor([1])).item == 0)
    #expect(Tensor<Float>([.infinity, 1]).trapezoid().item == .infinity)
  }
}
