import MartletCore
import TestSupport
import Testing

private let matrices: [[[Int]]] = [[[3, 4]], [[2, 67]], [[1, 5]], [[4, 1]], [[0, 3]], [[2, 3, 4]]]

/// The grid repeated along its axes; there is a number for each axis.
private func tiled(_ x: Grid, _ times: [Int]) -> Grid {
  Grid(zip(x.shape, times).map { $0 * $1 }) { x[zip($0, x.shape).map { $0 % $1 }] }
}

/// The grid with the given positions along an axis.
private func picked(_ x: Grid, _ positions: [Int], _ axis: Int) -> Grid {
  var shape = x.shape
  shape[axis] = positions.count
  return Grid(shape) { index in
    var place = index
    place[axis] = positions[index[axis]]
    return x[place]
  }
}

struct RepeatingCases {
  static let repeats: [OpCase] = [
    OpCase(
      "Broadcast", "tiled along two axes", inputs: matrices, f32: { $0[0].repeated([2, 3]) },
      f64: { $0[0].repeated([2, 3]) },
      reference: { x in tiled(x[0], x[0].shape.dropLast(2).map { _ in 1 } + [2, 3]) }),
    OpCase(
      "Broadcast", "tiled along a new axis", inputs: [[[4]], [[67]], [[1]], [[]]],
      f32: { $0[0].repeated([3, 1]) }, f64: { $0[0].repeated([3, 1]) },
      reference: { x in
        Grid([3, x[0].values.count], values: x[0].values + x[0].values + x[0].values)
      }),
    OpCase(
      "Broadcast", "elements", inputs: matrices, f32: { $0[0].repeatInterleaved(2, axis: 1) },
      f64: { $0[0].repeatInterleaved(2, axis: 1) },
      reference: { x in
        let positions = (0..<x[0].shape[1]).flatMap { [$0, $0] }
        return picked(x[0], positions, 1)
      }),
    OpCase(
      "Broadcast", "all elements", inputs: matrices + [[[]], [[5]]], f32: { $0[0].repeatInterleaved(3) },
      f64: { $0[0].repeatInterleaved(3) },
      reference: { x in
        let values = x[0].values.flatMap { [$0, $0, $0] }
        return Grid([values.count], values: values)
      }),
    OpCase(
      "Gather", "repeated by counts", inputs: [[[4, 3]], [[2, 3]], [[2, 3, 5]]],
      f32: { $0[0].repeatInterleaved(Tensor<Int>([2, 0, 1]), axis: 1) },
      f64: { $0[0].repeatInterleaved(Tensor<Int>([2, 0, 1]), axis: 1) },
      reference: { picked($0[0], [0, 0, 2], 1) }),
  ]

  static let combinations: [OpCase] = [
    OpCase(
      "Broadcast", "a grid", inputs: [[[3], [4]], [[1], [67]], [[], [2]]],
      f32: { x in
        let grid = Tensor.meshgrid(x)
        return grid[0] * grid[1]
      },
      f64: { x in
        let grid = Tensor.meshgrid([x[1], x[0]], indexing: .xy)
        return grid[0] * grid[1]
      },
      reference: { x in
        Grid([x[0].values.count, x[1].values.count]) { x[0].values[$0[0]] * x[1].values[$0[1]] }
      }),
    OpCase(
      "Concatenate", "all pairs", inputs: [[[3], [4]], [[1], [67]], [[2], []]],
      f32: { .cartesianProduct($0) }, f64: { .cartesianProduct($0) },
      reference: { x in
        let inner = x[1].values.count
        return Grid([x[0].values.count * inner, 2]) {
          $0[1] == 0 ? x[0].values[$0[0] / inner] : x[1].values[$0[0] % inner]
        }
      }),
    OpCase(
      "Gather", "combinations", inputs: [[[5]], [[2]], [[9]], [[1]]], f32: { $0[0].combinations() },
      f64: { $0[0].combinations(of: 2) },
      reference: { x in
        let n = x[0].shape[0]
        let pairs = (0..<n).flatMap { i in (i + 1..<n).map { [x[0][i], x[0][$0]] } }
        return Grid([pairs.count, 2], values: pairs.flatMap { $0 })
      }),
    OpCase(
      "Mul", "outer", inputs: [[[3], [4]], [[1], [67]], [[130], [3]], [[0], [3]]],
      f32: { $0[0].outer($0[1]) }, f64: { $0[0].outer($0[1]) },
      reference: { x in Grid([x[0].shape[0], x[1].shape[0]]) { x[0][$0[0]] * x[1][$0[1]] } }),
  ]

  static let parts: [OpCase] = [
    OpCase(
      "Slice", "chunks in another order", inputs: [[[2, 7]], [[3, 6]], [[2, 5, 3]]],
      f32: { .concatenated($0[0].split(into: 3, axis: 1).reversed(), axis: 1) },
      f64: { .concatenated($0[0].split(into: 3, axis: 1).reversed(), axis: 1) },
      reference: { x in
        let extent = x[0].shape[1], size = (extent + 2) / 3
        let starts = [2 * size, size, 0]
        let positions = starts.flatMap { start in (start..<extent).prefix(size) }
        return picked(x[0], positions, 1)
      }),
    OpCase(
      "Slice", "unstacked", inputs: [[[2, 3]], [[67, 3]], [[2, 3, 4]]],
      f32: { x in
        let parts = x[0].unstacked(axis: 1)
        return parts[2] - parts[0]
      },
      f64: { x in
        let parts = x[0].unstacked(axis: 1)
        return parts[2] - parts[0]
      },
      reference: { x in x[0].folded(along: 1) { $0[2] - $0[0] } }),
    OpCase(
      "Concatenate", "side by side", inputs: [[[2, 3], [2, 1]], [[2, 1, 4], [2, 2, 4]]],
      f32: { .hstacked($0) }, f64: { .hstacked($0) },
      reference: { x in
        let first = x[0].shape[1]
        return Grid([x[0].shape[0], first + x[1].shape[1]] + x[0].shape[2...]) { index in
          index[1] < first ? x[0][index] : x[1][[index[0], index[1] - first] + index[2...]]
        }
      }),
    OpCase(
      "Concatenate", "one below the other", inputs: [[[4], [4]], [[3], [2, 3]]], f32: { .vstacked($0) },
      f64: { .vstacked($0) },
      reference: { x in
        let values = x[0].values + x[1].values, columns = x[0].shape[0]
        return Grid([values.count / columns, columns], values: values)
      }),
  ]

  @Test(arguments: repeats + combinations + parts)
  func behaves(_ op: OpCase) { verify(op) }

  @Test func repeatsOfOtherTypesAndRanks() {
    #expect(Tensor<Int>([1, 2]).repeated([2]).scalars == [1, 2, 1, 2])
    #expect(Tensor<Bool>([true, false]).repeatInterleaved(2).scalars == [true, true, false, false])
    #expect(Tensor<UInt8>([1, 2, 3]).repeatInterleaved(Tensor<Int>([2, 0, 1])).scalars == [1, 1, 3])
    #expect(Tensor<Int>([1, 2]).repeated([0, 2]).shape == [0, 4])
    #expect(Tensor<Int>([1, 2]).repeated([0, 1 << 40]).shape == [0, 1 << 41])
    #expect(Tensor<Int>([1, 2]).repeatInterleaved(0).shape == [0])
    let wide = Tensor<Int>.arange(0, 2).reshaped([1, 1, 1, 1, 1, 1, 1, 2])
    #expect(wide.repeated([2, 1, 1, 1, 1, 1, 1, 2]).scalars == [0, 1, 0, 1, 0, 1, 0, 1])
    #expect(wide.repeated([2]).shape == [1, 1, 1, 1, 1, 1, 1, 4])
  }

  @Test func aRepeatedTensorIsACopy() {
    let x = Tensor<Float>([1])
    let once = x.repeated([1]), several = x.repeated([3])
    several[0] = 5
    #expect(several.scalars == [5, 1, 1])
    once[0] = 7
    #expect(x.item == 1)
  }

  @Test func chunksFollowPyTorchsRule() {
    let x = Tensor<Int>.arange(0, 7)
    #expect(x.split(into: 3).map(\.scalars) == [[0, 1, 2], [3, 4, 5], [6]])
    #expect(x.split(into: 5).map(\.count) == [2, 2, 2, 1])
    #expect(x.split(into: 9).count == 7)
    #expect(x.split(into: Int.max).count == 7)
    #expect(Tensor<Int>([Int]()).split(into: 3).map(\.count) == [0, 0, 0])
    x[6] = 9
    #expect(x.split(into: 3)[2].scalars == [9])
  }

  @Test func partsAndStacksOfSmallRanks() {
    #expect(Tensor<Int>([4, 5]).unstacked().map(\.item) == [4, 5])
    #expect(Tensor<Int>.zeros([0, 2]).unstacked().isEmpty)
    #expect(Tensor.hstacked([Tensor<Int>(1), Tensor([2, 3])]).scalars == [1, 2, 3])
    #expect(Tensor.vstacked([Tensor<Int>(1), Tensor<Int>(2)]).shape == [2, 1])
  }

  @Test func gridsOfBothKinds() {
    let x = Tensor<Int>([1, 2, 3]), y = Tensor<Int>([4, 5]), z = Tensor<Int>([6])
    #expect(Tensor.meshgrid([x, y, z]).map(\.shape) == [[3, 2, 1], [3, 2, 1], [3, 2, 1]])
    #expect(Tensor.meshgrid([x, y, z], indexing: .xy).map(\.shape) == [[2, 3, 1], [2, 3, 1], [2, 3, 1]])
    #expect(Tensor.meshgrid([x, y], indexing: .xy)[0].scalars == [1, 2, 3, 1, 2, 3])
    #expect(Tensor.meshgrid([x, y])[0].scalars == [1, 1, 2, 2, 3, 3])
    #expect(Tensor.meshgrid([x], indexing: .xy)[0].scalars == [1, 2, 3])
  }

  @Test func combinationsAreInLexicographicOrder() {
    let x = Tensor<Int>([0, 1, 2, 3])
    #expect(x.combinations(of: 3).scalars == [0, 1, 2, 0, 1, 3, 0, 2, 3, 1, 2, 3])
    #expect(
      Tensor<Int>([0, 1]).combinations(of: 3, withReplacement: true).scalars
        == [0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 1])
    #expect(x.combinations(of: 4).shape == [1, 4])
    #expect(x.combinations(of: 5).shape == [0, 5])
    #expect(x.combinations(of: 1).scalars == [0, 1, 2, 3])
    #expect(Tensor<Int>([Int]()).combinations(of: 2, withReplacement: true).shape == [0, 2])
    let triples = Tensor.cartesianProduct([Tensor<Int>([0, 1]), Tensor([5]), Tensor([2, 3])])
    #expect(triples.scalars == [0, 5, 2, 0, 5, 3, 1, 5, 2, 1, 5, 3])
    #expect(Tensor.cartesianProduct([x, Tensor<Int>([Int]())]).shape == [0, 2])
  }
}
