import CRuntime

/// A product within a loop that is split, on the calling thread: BLAS, or plain loops where these are asked for.
struct PieceProduct<Element: DifferentiableScalar> {
  private let isNaive = martlet_thread().pointee.naiveProducts != 0

  /// C = A · B, or added to C; `row` elements lie from one row of C to the next.
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
