/// A matrix product inside a split loop, on the calling thread: by BLAS, or by plain loops if the user chose
/// them.
struct PieceProduct {
  let element: ElementType
  private let isNaive = NaiveBLAS.isChosen

  init(of element: ElementType) { self.element = element }

  /// Computes C = A · B, or adds the product to C. The rows of C are `row` elements apart.
  func callAsFunction(
    _ a: BLASOperand, _ b: BLASOperand, into c: UnsafeMutableRawPointer, row: Int, m: Int, n: Int, k: Int,
    adds: Bool
  ) {
    if isNaive {
      let (ra, ca) = a.isTransposed ? (1, a.leading) : (a.leading, 1)
      let (rb, cb) = b.isTransposed ? (1, b.leading) : (b.leading, 1)
      for i in 0..<m {
        NaiveBLAS.multiply(
          a.moved(by: i * ra * element.size).pointer, ra, ca, b.pointer, rb, cb,
          into: c + i * row * element.size, m: 1, n: n, k: k, adds: adds, of: element)
      }
    } else {
      Counters.countBLASCalls(1)
      BLAS.multiplyAlone(a, b, into: c, row: row, m: m, n: n, k: k, adds: adds, of: element)
    }
  }
}
