import CRuntime

/// A matrix product inside a split loop, on the calling thread: by BLAS, or by plain loops if the user chose
/// them.
struct PieceProduct<Element: DifferentiableScalar> {
  private let isNaive = martlet_thread().pointee.naiveProducts != 0

  /// Computes C = A · B, or adds the product to C. The rows of C are `row` elements apart.
  func callAsFunction(
    _ a: BLASOperand, _ b: BLASOperand, into c: UnsafeMutableRawPointer, row: Int, m: Int, n: Int, k: Int,
    adds: Bool
  ) {
    if isNaive {
      let (ra, ca) = a.isTransposed ? (1, a.leading) : (a.leading, 1)
      let (rb, cb) = b.isTransposed ? (1, b.leading) : (b.leading, 1)
      let y = c.assumingMemoryBound(to: Element.self)
      for i in 0..<m {
        NaiveBLAS.multiply(
          UnsafePointer(a.pointer.assumingMemoryBound(to: Element.self) + i * ra), ra, ca,
          UnsafePointer(b.pointer.assumingMemoryBound(to: Element.self)), rb, cb, into: y + i * row, m: 1,
          n: n, k: k, keepsC: adds)
      }
    } else {
      Counters.countBLASCalls(1)
      BLAS.multiplyAlone(a, b, into: c, row: row, m: m, n: n, k: k, beta: (adds ? 1 : 0) as Element)
    }
  }
}
