import TestSupport
import Testing

@testable import MartletCore
@testable import MartletKernels

/// A packed matrix has the products of the matrix. Products of whole numbers are exact.
struct PackedMatrixTests {
  @Test(arguments: [1, 3, 4], [1, 2, 7, 16, 17, 40, 67])
  func multipliesAsTheMatrixDoes(groups: Int, units: Int) throws {
    for depth in [1, 5, 300] {
      for rows in [1, 2, 3, 4, 5, 8, 13, 37] {
        try check(Float.self, groups, units, depth, rows)
        try check(Double.self, groups, units, depth, rows)
      }
    }
  }

  private func check<Element: DifferentiableScalar>(
    _: Element.Type, _ groups: Int, _ units: Int, _ depth: Int, _ rows: Int
  ) throws {
    func numbers(_ shape: TensorShape, _ step: Int) -> Tensor<Element> {
      Tensor((0..<shape.reduce(1, *)).map { Element($0 * step % 11 - 5) }, shape: shape)
    }
    let x = numbers([rows, depth], 7), columns = groups * units
    for transposed in [false, true] {
      let matrix = numbers(transposed ? [columns, depth] : [depth, columns], 3)
      let packed = try PackedMatrix(matrix.operand, transposed: transposed, groups: groups)
      let expected = x.matmul(transposed ? matrix.transposed() : matrix)
      for adds in [false, true] {
        let y = Tensor<Element>.full([rows, columns], 3)
        // Multiplies panel by panel, with the rows in two parts.
        for panel in 0..<packed.count {
          for part in [0..<rows / 2, rows / 2..<rows] {
            packed.multiply(x.address, rows: part, panels: panel..<panel + 1, into: y.address, adds: adds)
          }
        }
        let wanted = adds ? expected + 3 : expected
        #expect(y.scalars == wanted.scalars, "\(columns) columns, depth \(depth), rows \(rows), adds \(adds)")
      }
    }
  }
}
