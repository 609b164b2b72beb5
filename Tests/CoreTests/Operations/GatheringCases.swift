import MartletCore
import TestSupport
import Testing

/// Indices of rows: one twice, one from the end; some rows are missing.
private let picks = [1, 0, -1, 1, 2]

/// The rows of a grid at these indices.
private func rows(_ x: Grid) -> Grid {
  Grid([picks.count] + x.shape[1...]) { index in
    let pick = picks[index[0]]
    return x[[pick < 0 ? pick + x.shape[0] : pick] + index[1...]]
  }
}

/// Five rows of zeros, to which each row of g is added at its index.
private func scattered(_ g: Grid) -> Grid {
  Grid([5] + g.shape[1...]) { index in
    picks.indices.filter { (picks[$0] + 5) % 5 == index[0] }.reduce(0) { $0 + g[[$1] + index[1...]] }
  }
}

private let sources: [[[Int]]] = [[[3, 4]], [[5, 67]], [[130, 3]], [[3]], [[4, 2, 3]], [[3, 0]]]

struct GatheringCases {
  static let gathers: [OpCase] = [
    OpCase(
      "Gather", "rows", inputs: sources, f32: { $0[0][picks] }, f64: { $0[0][Tensor<Int>(picks)] },
      reference: { rows($0[0]) },
      misuse: [
        Misuse("index", "subscript: index 2 is out of range for axis 0 of shape [2, 3]") {
          _ = Tensor<Float>.ones([2, 3])[[0, 2]]
        },
        Misuse("below", "subscript: index -3 is out of range for axis 0 of shape [2, 3]") {
          _ = Tensor<Float>.ones([2, 3])[[-3]]
        },
        Misuse("scalar", "subscript: 1 indices and 0 ellipses do not fit shape []") {
          _ = Tensor<Float>(1)[[0]]
        },
        Misuse("no rows", "subscript: index 0 is out of range for axis 0 of shape [0, 3]") {
          _ = Tensor<Float>.zeros([0, 3])[[0]]
        },
      ]),
    OpCase(
      "Gather", "by a matrix of indices", inputs: [[[3, 4]], [[7]]],
      f32: { $0[0][Tensor<Int>([[0, 1], [2, 0]])] }, f64: { $0[0][Tensor<Int>([[0, 1], [2, 0]])] },
      reference: { x in
        Grid([2, 2] + x[0].shape[1...]) { x[0][[[0, 1, 2, 0][2 * $0[0] + $0[1]]] + $0[2...]] }
      }),
    OpCase(
      "Gather", "by a mask", inputs: [[[4]], [[4, 3]], [[4, 67]]],
      f32: { $0[0][Tensor<Bool>([true, false, true, true])] },
      f64: { $0[0][Tensor<Bool>([true, false, true, true])] },
      reference: { x in Grid([3] + x[0].shape[1...]) { x[0][[[0, 2, 3][$0[0]]] + $0[1...]] } },
      misuse: [
        Misuse("shape", "subscript: a mask of shape [3] does not fit shape [2, 3]") {
          _ = Tensor<Float>.ones([2, 3])[Tensor<Bool>([true, false, true])]
        }
      ]),
    OpCase(
      "Gather", "no rows", inputs: sources, f32: { $0[0][[Int]()] }, f64: { $0[0][[Int]()] },
      reference: { Grid([0] + $0[0].shape[1...], values: []) }),
  ]

  static let scatters: [OpCase] = [
    OpCase(
      "ScatterAdd", "of gathered rows", inputs: [[[5, 4]], [[5]], [[5, 67]], [[5, 2, 3]]],
      bound: .ulpsOfMagnitudes(1),
      f32: { g in
        let x = Tensor<Float>.zeros(TensorShape([5] + Array(g[0].shape.dropFirst())), requiresGrad: true)
        return x[picks].gradient(of: x, seed: g[0], createGraph: true)
      },
      f64: { g in
        let x = Tensor<Double>.zeros(TensorShape([5] + Array(g[0].shape.dropFirst())), requiresGrad: true)
        return x[picks].gradient(of: x, seed: g[0], createGraph: true)
      },
      reference: { scattered($0[0]) })
  ]

  @Test(arguments: gathers + scatters)
  func behaves(_ op: OpCase) { verify(op) }

  @Test func aRowTakenTwiceGetsBothGradients() {
    let x = Tensor<Double>([[1, 2], [3, 4], [5, 6]], requiresGrad: true)
    let gradient = x[[1, 0, 1]].gradient(of: x, seed: Tensor([[1, 2], [4, 8], [16, 32]]))
    #expect(gradient.scalars == [4, 8, 17, 34, 0, 0])
  }

  @Test func integersAndMasksAreGatheredToo() {
    #expect(Tensor<Int>([[1, 2], [3, 4]])[[1, 1, -2]].scalars == [3, 4, 3, 4, 1, 2])
    #expect(Tensor<UInt8>([7, 8, 9])[[2, 0]].scalars == [9, 7])
    #expect(Tensor<Bool>([true, false])[[1, 1, 0]].scalars == [false, false, true])
    #expect(Tensor<Int32>([1, 2, 3])[Tensor<Bool>([false, true, true])].scalars == [2, 3])
  }

  @Test func anIndexOutOfRangeStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.ones([2, 3])[[0, 5]]
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      text.contains(
        "subscript: index 5 is out of range for axis 0 of shape [2, 3] (GatheringCases.swift:"))
  }
}
