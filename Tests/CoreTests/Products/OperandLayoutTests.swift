import Testing

@testable import MartletCore
@testable import MartletKernels

/// Counts which operands are passed to BLAS without a copy, and checks the products.
@Suite struct OperandLayoutTests {
  static let extents = [
    (3, 4, 5), (1, 4, 5), (3, 1, 5), (3, 4, 1), (1, 1, 4), (1, 4, 1), (4, 1, 1), (1, 1, 1), (17, 9, 12),
  ]

  @Test(arguments: OperandLayout.allCases, OperandLayout.allCases)
  func everyPairOfLayouts(_ left: OperandLayout, _ right: OperandLayout) {
    for extents in Self.extents {
      multiply(left, right, extents, Double.self)
      multiply(left, right, extents, Float.self)
    }
  }

  private func multiply<Element: DifferentiableScalar>(
    _ left: OperandLayout, _ right: OperandLayout, _ extents: (m: Int, k: Int, n: Int), _ type: Element.Type
  ) {
    let (m, k, n) = extents
    let a = left.matrix(m, k, from: 0, type), b = right.matrix(k, n, from: 4, type)
    let expected = plainProduct(a.rows, b.rows, n)
    let before = Counters.now
    let product = a.tensor.matmul(b.tensor)
    let after = Counters.now
    let copies = [left.goesAsItLies(m, k), right.goesAsItLies(k, n)].count { !$0 }
    // The matrices hold small integers, so every sum is exact in any order.
    #expect(product.scalars == expected && product.shape == [m, n], "\(extents) of \(type)")
    #expect(after.blasCalls - before.blasCalls == 1, "\(extents)")
    #expect(after.copies - before.copies == copies, "\(extents)")
    let naive = withMatrixProducts(.naive) { a.tensor.matmul(b.tensor) }
    #expect(naive.scalars == expected, "\(extents) of \(type)")
    #expect(
      Counters.now.blasCalls == after.blasCalls && Counters.now.copies == after.copies,
      "the naive path copies nothing")
  }

  /// Row and column vectors as operands of the products that layers compute.
  @Test func vectorsGoAsTheyLie() {
    let matrix = Tensor<Float>.arange(0, 12).reshaped([3, 4]),
      wide = Tensor<Float>.arange(0, 24).reshaped([6, 4])
    let row = Tensor<Float>([1, 0, -1]), column = wide[0..<4, 2],
      backwards = Tensor<Float>([1, 2, 3, 4])[.stride(by: -1)]
    let before = Counters.now
    #expect(row.matmul(matrix).scalars == [-8, -8, -8, -8])
    #expect(matrix.matmul(column).scalars == [68, 196, 324])
    #expect(matrix.transposed().matmul(row).scalars == [-8, -8, -8, -8])
    #expect(row.matmul(row).item == 2)
    #expect(Counters.now.copies == before.copies && Counters.now.blasCalls == before.blasCalls + 4)
    #expect(matrix.matmul(backwards).scalars == [10, 50, 90])
    #expect(Counters.now.copies == before.copies + 1)
  }

  /// The conditions themselves, on layouts that no view has.
  @Test(
    arguments: [
      (3, 4, 4, 1, true), (3, 4, 3, 1, false), (3, 4, 9, 1, true), (3, 4, 1, 3, true), (3, 4, 1, 2, false),
      (3, 4, 1, 8, true),
      (3, 4, 1, 1, false), (3, 4, 2, 2, false), (3, 4, 0, 1, false), (3, 4, 1, 0, false),
      (3, 4, -4, 1, false),
      (3, 4, 4, -1, false), (1, 4, 0, 1, true), (1, 4, -7, 1, true), (1, 4, 1, 1, true), (1, 4, 5, 3, true),
      (1, 4, 5, 0, false),
      (1, 4, 5, -1, false), (3, 1, 1, 0, true), (3, 1, 2, -5, true), (3, 1, 0, 1, false),
      (3, 1, -1, 1, false), (1, 1, 0, 0, true),
      (1, 1, -3, -2, true), (3, 4, 1 << 31, 1, false), (3, 4, 1, 1 << 31, false),
      (3, 4, 1 << 31 - 1, 1, true),
    ] as [(Int, Int, Int, Int, Bool)])
  func theConditions(_ rows: Int, _ columns: Int, _ rowStride: Int, _ columnStride: Int, _ goes: Bool) throws
  {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 8, alignment: 8)
    defer { memory.deallocate() }
    let operand = BLASOperand(
      memory, MatrixAxes(rows: rows, columns: columns, rowStride: rowStride, columnStride: columnStride))
    #expect((operand != nil) == goes)
    guard let operand else { return }
    #expect(
      operand.leading >= (operand.isTransposed ? rows : columns), "BLAS refuses a smaller leading dimension")
  }

  @Test func aProductIsNeverWrittenIntoItsOperands() {
    for layout in OperandLayout.allCases {
      let a = layout.matrix(4, 4, from: 2, Double.self)
      _ = a.tensor.matmul(a.tensor)
      #expect(a.tensor.scalars == a.rows.flatMap { $0 }, "\(layout)")
    }
  }
}
