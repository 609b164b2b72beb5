import MartletCore
import Testing

/// Positions as indices, one-hot vectors and the indices of triangles.
struct PositionsTests {
  @Test func positionsOfElementsThatAreNotZero() {
    let x = Tensor<Float>([[0, 1, -0.0], [.nan, 0, -.infinity]])
    #expect(x.nonzero().shape == [3, 2])
    #expect(x.nonzero().scalars == [0, 1, 1, 0, 1, 2])
    #expect(x.transposed().nonzero().scalars == [0, 1, 1, 0, 2, 1])
    #expect(Tensor<UInt8>([0, 3]).nonzero().scalars == [1])
    #expect(Tensor<Bool>([true, false, true]).nonzero().scalars == [0, 2])
    #expect(Tensor<Int>(5).nonzero().shape == [1, 0])
    #expect(Tensor<Int>(0).nonzero().shape == [0, 0])
    #expect(Tensor<Int>.zeros([2, 0]).nonzero().shape == [0, 2])
  }

  @Test func oneHotVectors() {
    let labels = Tensor<Int>([[2, 0], [1, 2]])
    let x = labels.oneHot(classes: 3)
    #expect(x.shape == [2, 2, 3])
    #expect(x.scalars == [0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1])
    #expect(labels.transposed().oneHot(classes: 3, as: Float.self)[0].scalars == [0, 0, 1, 0, 1, 0])
    #expect(Tensor<Int>(1).oneHot(classes: 2, as: UInt8.self).scalars == [0, 1])
    #expect(Tensor<Int>([Int]()).oneHot(classes: 0).shape == [0, 0])
  }

  /// The positions are those of PyTorch's and NumPy's `unravel_index`.
  @Test func positionsOfNumbers() {
    let positions = Tensor<Int>([[5, 7], [0, 11]]).unraveled(in: [3, 4])
    #expect(positions.map(\.shape) == [[2, 2], [2, 2]])
    #expect(positions.map(\.scalars) == [[1, 1, 0, 2], [1, 3, 0, 3]])
    #expect(Tensor<Int>(5).unraveled(in: [2, 1, .max]).map(\.item) == [0, 0, 5])
    #expect(Tensor<Int>(0).unraveled(in: []).isEmpty)
    #expect(Tensor<Int>([Int]()).unraveled(in: [0, 3]).map(\.count) == [0, 0])
  }

  @Test func indicesOfTriangles() {
    for rows in 0...4 {
      for columns in 0...4 {
        for diagonal in [Int.min, -5, -1, 0, 2, 5, Int.max] {
          var lower: [[Int]] = [[], []], upper: [[Int]] = [[], []]
          for row in 0..<rows {
            for column in 0..<columns {
              if column - row <= diagonal {
                lower[0].append(row)
                lower[1].append(column)
              }
              if column - row >= diagonal {
                upper[0].append(row)
                upper[1].append(column)
              }
            }
          }
          let below = Tensor<Int>.trilIndices(rows, columns, diagonal: diagonal)
          let above = Tensor<Int>.triuIndices(rows, columns, diagonal: diagonal)
          #expect(below.shape == [2, lower[0].count] && above.shape == [2, upper[0].count])
          #expect(below.scalars == lower[0] + lower[1], "\(rows) \(columns) \(diagonal)")
          #expect(above.scalars == upper[0] + upper[1], "\(rows) \(columns) \(diagonal)")
        }
      }
    }
  }
}
