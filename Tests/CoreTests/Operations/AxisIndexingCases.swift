import MartletCore
import TestSupport
import Testing

/// Indices of a shape, some of them twice and half of them counted from the end.
private func numbers(_ shape: [Int], below extent: Int) -> [Int] {
  (0..<shape.reduce(1, *)).map { ($0 * 7 + 3) % (2 * extent) - extent }
}

/// The shape with another extent along an axis.
private func resized(_ shape: [Int], _ axis: Int, _ extent: Int) -> [Int] {
  var shape = shape
  shape[axis] = extent
  return shape
}

/// Indices along an axis of x, with `count` positions.
private func indices(_ x: TensorShape, _ axis: Int, _ count: Int) -> Tensor<Int> {
  let shape = resized(Array(x), axis, count)
  return Tensor<Int>(numbers(shape, below: x[axis]), shape: TensorShape(shape))
}

/// The elements of x at such indices.
private func gathered(_ x: Grid, _ axis: Int, _ count: Int) -> Grid {
  let extent = x.shape[axis], shape = resized(x.shape, axis, count)
  let places = Grid(shape, values: numbers(shape, below: extent).map { Extended(($0 + extent) % extent) })
  return Grid(shape) { x[resized($0, axis, Int(places[$0]))] }
}

/// The elements of x, to which the values at such indices are added.
private func scattered(_ x: Grid, _ values: Grid, _ axis: Int) -> Grid {
  let extent = x.shape[axis], given = numbers(values.shape, below: extent)
  var sums = x.values
  for (k, index) in Grid.indices(values.shape).enumerated() {
    sums[x.position(resized(index, axis, (given[k] + extent) % extent))] += values.values[k]
  }
  return Grid(x.shape, values: sums)
}

/// The elements of x, to which positions of the values along an axis are added.
private func added(_ x: Grid, _ values: Grid, _ picks: [Int], _ axis: Int) -> Grid {
  var sums = x.values
  for index in Grid.indices(values.shape) {
    sums[x.position(resized(index, axis, picks[index[axis]]))] += values[index]
  }
  return Grid(x.shape, values: sums)
}

struct AxisIndexingCases {
  static let gathers: [OpCase] = [
    OpCase(
      "Gather", "along axis 1", inputs: [[[3, 4]], [[5, 67]], [[2, 3, 4]], [[3, 1]]],
      f32: { $0[0].gathered(indices($0[0].shape, 1, 5), axis: 1) },
      f64: { $0[0].gathered(indices($0[0].shape, 1, 5), axis: 1) },
      reference: { gathered($0[0], 1, 5) }),
    OpCase(
      "Gather", "along axis 0", inputs: [[[3, 4]], [[130, 3]], [[2, 3, 4]], [[7]]],
      f32: { $0[0].gathered(indices($0[0].shape, 0, 2), axis: 0) },
      f64: { $0[0].gathered(indices($0[0].shape, 0, 2), axis: -$0[0].rank) },
      reference: { gathered($0[0], 0, 2) }),
    OpCase(
      "Gather", "along many rows", inputs: [[[3, 4]]], large: [[600, 300]],
      f32: { $0[0].gathered(indices($0[0].shape, 1, 300), axis: 1) },
      f64: { $0[0].gathered(indices($0[0].shape, 1, 300), axis: 1) },
      reference: { gathered($0[0], 1, 300) }),
  ]

  static let sums: [OpCase] = [
    OpCase(
      "ScatterAdd", "along axis 1",
      inputs: [[[3, 4], [3, 5]], [[2, 3, 4], [2, 6, 4]], [[2, 3], [2, 0]]],
      large: [[200, 200], [200, 300]],
      bound: .ulpsOfMagnitudes(4),
      f32: { $0[0].scatterAdded(indices($0[0].shape, 1, $0[1].shape[1]), $0[1], axis: 1) },
      f64: { $0[0].scatterAdded(indices($0[0].shape, 1, $0[1].shape[1]), $0[1], axis: 1) },
      reference: { scattered($0[0], $0[1], 1) }),
    OpCase(
      // Of two columns a thread has one, whose elements are not adjacent.
      "ScatterAdd", "along axis 0", inputs: [[[3, 4], [5, 4]], [[7], [67]]],
      large: [[3000, 2], [20000, 2]], bound: .ulpsOfMagnitudes(16),
      f32: { $0[0].scatterAdded(indices($0[0].shape, 0, $0[1].shape[0]), $0[1], axis: 0) },
      f64: { $0[0].scatterAdded(indices($0[0].shape, 0, $0[1].shape[0]), $0[1], axis: 0) },
      reference: { scattered($0[0], $0[1], 0) }),
    OpCase(
      "ScatterAdd", "along one value", inputs: [[[3, 4], []]], bound: .ulpsOfMagnitudes(4),
      f32: { $0[0].scatterAdded(indices($0[0].shape, 1, 5), $0[1], axis: 1) },
      f64: { $0[0].scatterAdded(indices($0[0].shape, 1, 5), $0[1], axis: 1) },
      reference: { scattered($0[0], $0[1].broadcast(to: [3, 5]), 1) }),
    OpCase(
      "ScatterAdd", "of rows, axis 0", inputs: [[[5, 4], [3, 4]], [[5], [3]], [[5, 2, 3], [3, 2, 3]]],
      bound: .ulpsOfMagnitudes(2), f32: { $0[0].indexAdded(Tensor<Int>([1, -1, 1]), $0[1]) },
      f64: { $0[0].indexAdded(Tensor<Int>([1, -1, 1]), $0[1]) },
      reference: { added($0[0], $0[1], [1, 4, 1], 0) }),
    OpCase(
      "ScatterAdd", "of rows, axis 1", inputs: [[[4, 5], [4, 3]], [[2, 5, 67], [2, 3, 67]]],
      bound: .ulpsOfMagnitudes(2), f32: { $0[0].indexAdded(Tensor<Int>([4, 0, 4]), $0[1], axis: 1) },
      f64: { $0[0].indexAdded(Tensor<Int>([4, 0, 4]), $0[1], axis: 1) },
      reference: { added($0[0], $0[1], [4, 0, 4], 1) }),
  ]

  static let fills: [OpCase] = [
    OpCase(
      "Where", "filled by indices", inputs: [[[3, 4]], [[2, 67]], [[2, 3, 4]]],
      f32: { $0[0].indexFilled(Tensor<Int>([1, -1]), with: 0.5, axis: 1) },
      f64: { $0[0].indexFilled(Tensor<Int>([1, -1]), with: 0.5, axis: 1) },
      reference: { x in
        Grid(x[0].shape) { $0[1] == 1 || $0[1] == x[0].shape[1] - 1 ? 0.5 : x[0][$0] }
      }),
    OpCase(
      "Where", "filled by a mask", inputs: [[[2, 3]], [[4, 2, 3]], [[1, 3]]],
      f32: { $0[0].maskedFilled(Tensor<Bool>([true, false, true]), with: -2) },
      f64: { $0[0].maskedFilled(Tensor<Bool>([true, false, true]), with: -2) },
      reference: { x in Grid(x[0].shape) { $0.last! == 1 ? x[0][$0] : -2 } }),
  ]

  @Test(arguments: gathers + sums + fills)
  func behaves(_ op: OpCase) { verify(op) }

  @Test func otherElementTypesAreGatheredAndAddedToo() {
    let picks = Tensor<Int>([[0, -1], [1, 1]])
    #expect(Tensor<Int>([[1, 2], [3, 4]]).gathered(picks, axis: 1).scalars == [1, 2, 4, 4])
    #expect(
      Tensor<Bool>([[true, false], [false, true]]).gathered(picks, axis: 1).scalars == [
        true, false, true, true,
      ])
    #expect(Tensor<UInt8>([9, 8, 7]).gathered(Tensor<Int>([2, 2, 0, 1]), axis: 0).scalars == [7, 7, 9, 8])
    let bins = Tensor<Int>([0, 2, 2, 1])
    #expect(Tensor<Int32>.zeros([3]).scatterAdded(bins, Tensor(1), axis: 0).scalars == [1, 1, 2])
    #expect(
      Tensor<UInt8>.full([2], 255).indexAdded(Tensor<Int>([0, 0]), Tensor<UInt8>([1, 1])).scalars == [1, 255])
    #expect(
      Tensor<Bool>([false, false]).indexFilled(Tensor<Int>([-1]), with: true).scalars == [false, true])
    #expect(Tensor<Int>([1, 2]).maskedFilled(Tensor<Bool>(true), with: 7).scalars == [7, 7])
  }

  @Test func noIndicesAndNoElements() {
    let none = Tensor<Int>([Int]())
    #expect(Tensor<Float>.ones([3]).gathered(none, axis: 0).shape == [0])
    #expect(Tensor<Float>.zeros([0, 2]).gathered(Tensor<Int>.zeros([0, 2]), axis: 0).shape == [0, 2])
    #expect(Tensor<Float>.zeros([0, 2]).gathered(Tensor<Int>.zeros([0, 5]), axis: 1).shape == [0, 5])
    #expect(Tensor<Float>.ones([2]).scatterAdded(none, Tensor(1), axis: 0).scalars == [1, 1])
    #expect(Tensor<Float>.ones([2]).indexAdded(none, Tensor(1)).scalars == [1, 1])
    #expect(Tensor<Float>.ones([2]).indexFilled(none, with: 3).scalars == [1, 1])
  }

  @Test func aFillReplacesNaN() {
    let x = Tensor<Float>([.nan, 1, .infinity], requiresGrad: true)
    let y = x.maskedFilled(x.detached() .!= x.detached(), with: 0)
    #expect(y.scalars == [0, 1, .infinity])
    #expect(y.gradient(of: x, seed: Tensor([1, 2, 3])).scalars == [0, 2, 3])
  }

  @Test func theGivenTensorIsUnchanged() {
    let x = Tensor<Float>([1, 2, 3])
    _ = x.scatterAdded(Tensor<Int>([0, 0]), Tensor([5, 6]), axis: 0)
    _ = x.indexAdded(Tensor<Int>([1]), Tensor([5]))
    #expect(x.scalars == [1, 2, 3])
  }
}
