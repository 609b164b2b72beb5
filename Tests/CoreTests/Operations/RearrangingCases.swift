import MartletCore
import TestSupport
import Testing

private let matrices: [[[Int]]] = [[[3, 4]], [[5, 67]], [[1, 5]], [[4, 1]], [[0, 3]]]
private let blocks: [[[Int]]] = [[[2, 3, 4]], [[3, 1, 5]]]

/// A grid whose element at an index is an element of x.
private func moved(_ x: Grid, _ shape: [Int], _ place: ([Int]) -> [Int]) -> Grid {
  Grid(shape) { x[place($0)] }
}

/// The remainder of a division that rounds down.
private func wrapped(_ i: Int, _ extent: Int) -> Int { ((i % extent) + extent) % extent }

struct RearrangingCases {
  static let rolls: [OpCase] = [
    OpCase(
      "Roll", "one axis", inputs: matrices + blocks, f32: { $0[0].rolled(by: 2, axis: 1) },
      f64: { $0[0].rolled(by: 2, axis: 1) },
      reference: { x in
        moved(x[0], x[0].shape) { [$0[0], wrapped($0[1] - 2, x[0].shape[1])] + $0[2...] }
      }),
    OpCase(
      "Roll", "two axes", inputs: matrices + blocks, f32: { $0[0].rolled(by: [-1, 7], axes: [0, -1]) },
      f64: { $0[0].rolled(by: [6, -1, 1], axes: [-1, 0, -1]) },
      reference: { x in
        let last = x[0].shape.count - 1
        return moved(x[0], x[0].shape) { index in
          var place = index
          place[0] = wrapped(index[0] + 1, x[0].shape[0])
          place[last] = wrapped(index[last] - 7, x[0].shape[last])
          return place
        }
      }),
    OpCase(
      "Roll", "all elements", inputs: matrices + blocks + [[[]], [[1]], [[130]]],
      f32: { $0[0].rolled(by: -3) }, f64: { $0[0].rolled(by: -3) },
      reference: { x in
        let count = x[0].values.count
        return Grid(x[0].shape, values: (0..<count).map { x[0].values[wrapped($0 + 3, count)] })
      }),
  ]

  static let flips: [OpCase] = [
    OpCase(
      "Flip", "one axis", inputs: matrices + blocks, f32: { $0[0].flipped(axis: 1) },
      f64: { $0[0].flipped(axis: 1) },
      reference: { x in
        moved(x[0], x[0].shape) { [$0[0], x[0].shape[1] - 1 - $0[1]] + $0[2...] }
      }),
    OpCase(
      "Flip", "two axes", inputs: matrices + blocks, f32: { $0[0].flipped(axes: [-1, 0]) },
      f64: { $0[0].flipped(axes: [0, -1]) },
      reference: { x in
        let shape = x[0].shape, last = shape.count - 1
        return moved(x[0], shape) { index in
          var place = index
          place[0] = shape[0] - 1 - index[0]
          place[last] = shape[last] - 1 - index[last]
          return place
        }
      }),
    OpCase(
      "Flip", "a quarter turn", inputs: matrices + blocks, f32: { $0[0].rotated90() },
      f64: { $0[0].rotated90(-3) },
      reference: { x in
        let shape = x[0].shape
        return moved(x[0], [shape[1], shape[0]] + shape[2...]) { [$0[1], shape[1] - 1 - $0[0]] + $0[2...] }
      }),
    OpCase(
      "Flip", "a quarter turn back", inputs: matrices + blocks, f32: { $0[0].rotated90(axes: (1, 0)) },
      f64: { $0[0].rotated90(3) },
      reference: { x in
        let shape = x[0].shape
        return moved(x[0], [shape[1], shape[0]] + shape[2...]) { [shape[0] - 1 - $0[1], $0[0]] + $0[2...] }
      }),
  ]

  static let axes: [OpCase] = [
    OpCase(
      "Permute", "an axis to the end", inputs: blocks, f32: { $0[0].movedAxis(from: 0, to: -1) },
      f64: { $0[0].movedAxes(from: [0], to: [2]) },
      reference: { x in
        let shape = x[0].shape
        return moved(x[0], [shape[1], shape[2], shape[0]]) { [$0[2], $0[0], $0[1]] }
      }),
    OpCase(
      "Permute", "an axis to the front", inputs: blocks, f32: { $0[0].movedAxis(from: -1, to: 0) },
      f64: { $0[0].movedAxes(from: [2, 0], to: [0, 1]) },
      reference: { x in
        let shape = x[0].shape
        return moved(x[0], [shape[2], shape[0], shape[1]]) { [$0[1], $0[2], $0[0]] }
      }),
    OpCase(
      "Diagonal", "above the main one", inputs: [[[3, 4]], [[4, 3]], [[2, 3, 5]]],
      f32: { $0[0].diagonal(offset: 1) }, f64: { $0[0].diagonal(offset: 1) },
      reference: { x in
        let m = x[0].shape[x[0].shape.count - 2], n = x[0].shape.last!
        return Grid(x[0].shape.dropLast(2) + [min(m, n - 1)]) { x[0][$0 + [$0.last! + 1]] }
      }),
    OpCase(
      "Diagonal", "of other axes, below the main one", inputs: [[[3, 2, 4]], [[4, 5, 2]]],
      f32: { $0[0].diagonal(offset: -1, axes: (0, 2)) }, f64: { $0[0].diagonal(offset: -1, axes: (-3, 2)) },
      reference: { x in
        let shape = x[0].shape
        return moved(x[0], [shape[1], min(shape[0] - 1, shape[2])]) { [$0[1] + 1, $0[0], $0[1]] }
      }),
    OpCase(
      "DiagonalMatrix", "below the main diagonal", inputs: [[[1]], [[3]], [[2, 4]]],
      f32: { $0[0].diagonalMatrix(offset: -2) }, f64: { $0[0].diagonalMatrix(offset: -2) },
      reference: { x in
        let size = x[0].shape.last! + 2, rows = Array(x[0].shape.dropLast())
        return Grid(rows + [size, size]) { index in
          let row = index[rows.count], column = index[rows.count + 1]
          return row - column == 2 ? x[0][index[..<rows.count] + [column]] : 0
        }
      }),
  ]

  @Test(arguments: rolls + flips + axes)
  func behaves(_ op: OpCase) { verify(op) }

  @Test func otherElementTypesAreMovedToo() {
    #expect(Tensor<Int>([1, 2, 3]).rolled(by: 1).scalars == [3, 1, 2])
    #expect(Tensor<Bool>([true, false, false]).rolled(by: -1, axis: 0).scalars == [false, false, true])
    #expect(Tensor<UInt8>([1, 2, 3]).flipped(axis: 0).scalars == [3, 2, 1])
    #expect(Tensor<Int32>([[1, 2], [3, 4]]).rotated90().scalars == [2, 4, 1, 3])
    #expect(Tensor<Int>([[1, 2], [3, 4]]).diagonal(offset: 1).scalars == [2])
    #expect(Tensor<Bool>([true, true]).diagonalMatrix().scalars == [true, false, false, true])
  }

  @Test func shiftsOfAnySize() {
    let x = Tensor<Int>([0, 1, 2, 3, 4])
    for shift in [Int.min, -11, -5, 0, 3, 5, 12, Int.max] {
      let expected = (0..<5).map { i in (0..<5).first { wrapped($0 + wrapped(shift, 5), 5) == i }! }
      #expect(x.rolled(by: shift).scalars == expected, "\(shift)")
    }
    #expect(Tensor<Int>(7).rolled(by: 3).scalars == [7])
    #expect(Tensor<Int>.zeros([2, 0]).rolled(by: 3, axis: 1).shape == [2, 0])
  }

  @Test func aRollIsACopyAndAFlipAView() {
    let x = Tensor<Float>([1, 2, 3])
    let rolled = x.rolled(by: 0), flipped = x.flipped(axis: 0)
    x[0] = 9
    #expect(rolled.scalars == [1, 2, 3])
    #expect(flipped.scalars == [3, 2, 9])
    #expect(flipped.flipped(axis: 0).scalars == [9, 2, 3])
  }

  @Test func highRanks() {
    let x = Tensor<Int>.arange(0, 256).reshaped([2, 2, 2, 2, 2, 2, 2, 2])
    let all = Array(0..<8), backwards = Array((0..<256).reversed())
    #expect(x.flipped(axes: all).scalars == backwards)
    #expect(x.rolled(by: all.map { _ in 1 }, axes: all).scalars == backwards)
    #expect(x.movedAxis(from: 0, to: 7).shape.rank == 8)
    #expect(x.movedAxes(from: all, to: all.reversed()).scalars[1] == 128)
  }

  @Test func diagonalsOutsideOfTheMatrixAreEmpty() {
    let x = Tensor<Float>.ones([2, 3])
    for offset in [3, -2, Int.max, Int.min] { #expect(x.diagonal(offset: offset).shape == [0]) }
    #expect(x.diagonal(offset: 2).count == 1)
    #expect(x.diagonal(offset: -1).count == 1)
  }
}
