import MartletCore
import TestSupport
import Testing

/// Concatenates grids along an axis.
private func joined(_ grids: [Grid], _ axis: Int) -> Grid {
  var shape = grids[0].shape
  shape[axis] = grids.reduce(0) { $0 + $1.shape[axis] }
  return Grid(shape) { index in
    var place = index
    for grid in grids {
      if place[axis] < grid.shape[axis] { return grid[place] }
      place[axis] -= grid.shape[axis]
    }
    return .nan
  }
}

struct JoiningCases {
  static let cases: [OpCase] = [
    OpCase(
      "Concatenate", "axis 0",
      inputs: [[[2, 3], [1, 3], [4, 3]], [[2], [0], [67]], [[1, 2, 2], [3, 2, 2], [1, 2, 2]]],
      f32: { .concatenated($0) }, f64: { .concatenated($0, axis: 0) }, reference: { joined($0, 0) },
      misuse: [
        Misuse("none", "concatenated: there are no tensors") { _ = Tensor<Float>.concatenated([]) },
        Misuse("extents", "concatenated: shapes [2, 3] and [2, 4] do not fit along axis 0") {
          _ = Tensor<Float>.concatenated([.ones([2, 3]), .ones([2, 4])])
        },
        Misuse("axis", "concatenated: axis 2 is out of range for shape [2, 3]") {
          _ = Tensor<Float>.concatenated([.ones([2, 3])], axis: 2)
        },
      ]),
    OpCase(
      "Concatenate", "axis -1",
      inputs: [[[2, 3], [2, 1]], [[1, 130], [1, 3]], [[2, 2, 1], [2, 2, 5]]],
      f32: { .concatenated($0, axis: -1) }, f64: { .concatenated($0, axis: -1) },
      reference: { joined($0, $0[0].shape.count - 1) }),
    OpCase(
      "Concatenate", "stacked", inputs: [[[2, 3], [2, 3]], [[], []], [[5], [5]]], f32: { .stacked($0) },
      f64: { .stacked($0) },
      reference: { x in Grid([2] + x[0].shape, values: x[0].values + x[1].values) },
      misuse: [
        Misuse("shapes", "stacked: shapes [2] and [3] differ; all shapes must be equal") {
          _ = Tensor<Float>.stacked([.ones([2]), .ones([3])])
        }
      ]),
    OpCase(
      "Concatenate", "stacked along axis 1", inputs: [[[2, 3], [2, 3]], [[5], [5]]],
      f32: { .stacked($0, axis: 1) }, f64: { .stacked($0, axis: 1) },
      reference: { x in
        Grid([x[0].shape[0], 2] + x[0].shape[1...]) { x[$0[1]][[$0[0]] + $0[2...]] }
      }),
    OpCase(
      "Concatenate", "a tensor with itself", inputs: [[[3, 2]]], f32: { .concatenated([$0[0], $0[0]]) },
      f64: { .concatenated([$0[0], $0[0]]) }, reference: { joined([$0[0], $0[0]], 0) }),
    OpCase(
      "Slice", "split and joined in another order", inputs: [[[2, 6]], [[67, 6]]],
      f32: {
        let parts = $0[0].split(sizes: [1, 3, 2], axis: 1)
        return .concatenated([parts[2], parts[0], parts[1]], axis: 1)
      },
      f64: {
        let parts = $0[0].split(sizes: [1, 3, 2], axis: -1)
        return .concatenated([parts[2], parts[0], parts[1]], axis: 1)
      },
      reference: { x in Grid(x[0].shape) { x[0][$0[0], ($0[1] + 4) % 6] } },
      misuse: [
        Misuse("sizes", "split: sizes [1, 3] do not fit axis 1 of shape [2, 6]") {
          _ = Tensor<Float>.ones([2, 6]).split(sizes: [1, 3], axis: 1)
        },
        Misuse("negative", "split: sizes [3, -1] do not fit axis 0") {
          _ = Tensor<Float>.ones([2]).split(sizes: [3, -1])
        },
      ]),
    OpCase(
      "Concatenate", "behind one another", inputs: [[[2, 3], [2, 3]], [[67, 1], [67, 1]]],
      f32: { .dstacked($0) }, f64: { .dstacked($0) },
      reference: { x in Grid(x[0].shape + [2]) { x[$0[2]][$0[0], $0[1]] } },
      misuse: [
        Misuse("none", "concatenated: there are no tensors") { _ = Tensor<Float>.dstacked([]) }
      ]),
    OpCase(
      "Slice", "split at positions and joined in another order", inputs: [[[6, 2]], [[6, 67]]],
      f32: {
        let parts = $0[0].split(at: [1, -2])
        return .concatenated([parts[2], parts[0], parts[1]])
      },
      f64: {
        let parts = $0[0].split(at: [1, 4], axis: -2)
        return .concatenated([parts[2], parts[0], parts[1]])
      },
      reference: { x in Grid(x[0].shape) { x[0][($0[0] + 4) % 6, $0[1]] } }),
    OpCase(
      "Slice", "split evenly and joined in another order", inputs: [[[5, 2]], [[5, 67]]],
      f32: {
        let parts = $0[0].split(evenlyInto: 2)
        return .concatenated([parts[1], parts[0]])
      },
      f64: {
        let parts = $0[0].split(evenlyInto: 2, axis: -2)
        return .concatenated([parts[1], parts[0]])
      },
      reference: { x in Grid(x[0].shape) { x[0][($0[0] + 3) % 5, $0[1]] } }),
  ]

  @Test(arguments: cases)
  func behaves(_ op: OpCase) { verify(op) }

  /// The parts are those of NumPy's `array_split` and `split`.
  @Test func partsOfOtherSizes() {
    let x = Tensor<Int>.arange(0, 7)
    #expect(x.split(evenlyInto: 3).map(\.scalars) == [[0, 1, 2], [3, 4], [5, 6]])
    #expect(x.split(evenlyInto: 9).map(\.count) == [1, 1, 1, 1, 1, 1, 1, 0, 0])
    #expect(x.split(at: [2, -1, 3, 9]).map(\.scalars) == [[0, 1], [2, 3, 4, 5], [], [3, 4, 5, 6], []])
    #expect(x.split(at: []).map(\.scalars) == [x.scalars])
    #expect(x.split(at: [.min, .max]).map(\.count) == [0, 7, 0])
    #expect(Tensor<Int>.dstacked([Tensor([1, 2]), Tensor([3, 4])]).scalars == [1, 3, 2, 4])
    #expect(Tensor<Int>.dstacked([Tensor(1), Tensor(3)]).shape == [1, 1, 2])
  }

  @Test func otherElementTypesAreJoinedToo() {
    #expect(Tensor.concatenated([Tensor<Int>([1, 2]), Tensor([3])]).scalars == [1, 2, 3])
    #expect(Tensor.stacked([Tensor<Bool>([true]), Tensor<Bool>([false])]).shape == [2, 1])
  }

  @Test func splitGivesViews() {
    let x = Tensor<Float>([1, 2, 3])
    let parts = x.split(sizes: [1, 2])
    x[2] = 9
    #expect(parts[1].scalars == [2, 9])
  }
}
