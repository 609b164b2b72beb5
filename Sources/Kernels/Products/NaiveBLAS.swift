public import CRuntime

/// Matrix products in plain Swift loops, for comparison with BLAS: any strides, one thread.
///
/// Each product and each sum is rounded separately. Sums run in the order of the index.
@usableFromInline
package enum NaiveBLAS {
  /// True if the calling thread computes products by these loops.
  @inlinable
  package static var isChosen: Bool { martlet_thread().pointee.naiveProducts != 0 }

  /// Computes C = A · B for [m, k] × [k, n], or adds the product to C, with C in row-major order.
  static func multiply(
    _ a: UnsafeMutableRawPointer, _ aRow: Int, _ aColumn: Int,
    _ b: UnsafeMutableRawPointer, _ bRow: Int, _ bColumn: Int,
    into c: UnsafeMutableRawPointer, m: Int, n: Int, k: Int, adds: Bool, of element: ElementType
  ) {
    func compute<Element: Numeric>(_: Element.Type) {
      multiply(
        UnsafePointer(a.assumingMemoryBound(to: Element.self)), aRow, aColumn,
        UnsafePointer(b.assumingMemoryBound(to: Element.self)), bRow, bColumn,
        into: c.assumingMemoryBound(to: Element.self), m: m, n: n, k: k, keepsC: adds)
    }
    switch element {
    case .f32: compute(Float.self)
    case .c64: compute(Complex<Float>.self)
    case .c128: compute(Complex<Double>.self)
    default: compute(Double.self)
    }
  }

  /// Computes the product for one type. B is read in the order of memory: row by row, or column by column if
  /// it is column-major.
  @inline(__always)
  private static func multiply<Element: Numeric>(
    _ a: UnsafePointer<Element>, _ aRow: Int, _ aColumn: Int,
    _ b: UnsafePointer<Element>, _ bRow: Int, _ bColumn: Int,
    into c: UnsafeMutablePointer<Element>, m: Int, n: Int, k: Int, keepsC: Bool
  ) {
    if bRow == 1 {
      return multiplyColumns(a, aRow, aColumn, b, bColumn, into: c, m: m, n: n, k: k, keepsC: keepsC)
    }
    for i in 0..<m {
      let row = c + i * n
      if !keepsC { for j in 0..<n { row[j] = 0 } }
      for p in 0..<k {
        let x = a[i * aRow + p * aColumn]
        let other = b + p * bRow
        if bColumn == 1 {
          for j in 0..<n { row[j] = row[j] + x * other[j] }
        } else {
          for j in 0..<n { row[j] = row[j] + x * other[j * bColumn] }
        }
      }
    }
  }

  /// Computes the same if B is column-major. Four sums run at a time, so that none waits for the previous
  /// addition of another.
  @inline(__always)
  private static func multiplyColumns<Element: Numeric>(
    _ a: UnsafePointer<Element>, _ aRow: Int, _ aColumn: Int, _ b: UnsafePointer<Element>, _ bColumn: Int,
    into c: UnsafeMutablePointer<Element>, m: Int, n: Int, k: Int, keepsC: Bool
  ) {
    for i in 0..<m {
      let left = a + i * aRow, row = c + i * n
      if !keepsC { for j in 0..<n { row[j] = 0 } }
      var j = 0
      while j + 4 <= n {
        let b0 = b + j * bColumn, b1 = b0 + bColumn, b2 = b1 + bColumn, b3 = b2 + bColumn
        var (c0, c1, c2, c3) = (row[j], row[j + 1], row[j + 2], row[j + 3])
        for p in 0..<k {
          let x = left[p * aColumn]
          c0 = c0 + x * b0[p]
          c1 = c1 + x * b1[p]
          c2 = c2 + x * b2[p]
          c3 = c3 + x * b3[p]
        }
        (row[j], row[j + 1], row[j + 2], row[j + 3]) = (c0, c1, c2, c3)
        j += 4
      }
      while j < n {
        let column = b + j * bColumn
        var sum = row[j]
        for p in 0..<k { sum = sum + left[p * aColumn] * column[p] }
        row[j] = sum
        j += 1
      }
    }
  }
}
