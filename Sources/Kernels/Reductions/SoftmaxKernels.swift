import CKernels

/// Softmax and log-softmax of rows, and their gradients.
package enum SoftmaxKernels {
  /// Runs a loop over the rows of `row` elements of `x`, and of `other` if the loop reads two operands, which
  /// have no gaps. A softmax of few elements takes less time than operands with layouts, so this takes
  /// addresses.
  package static func map(
    _ operation: RowsKernel, _ x: UnsafeMutableRawPointer, _ other: UnsafeMutableRawPointer?,
    into y: UnsafeMutableRawPointer, count: Int, row: Int, of element: ElementType
  ) {
    let loop = element.loops.pointee.rows[Int(operation.rawValue)]!, size = element.size
    Parallel.split(rows: count / row, of: 4 * row) { range in
      let start = range.lowerBound * row * size
      loop(x + start, other.map { UnsafeRawPointer($0 + start) }, y + start, range.count, row)
    }
  }

  /// Computes the logarithm of the sum of exponentials of each row of `row` elements, which have no gaps.
  package static func logSumExp(_ x: Operand, row: Int, into y: Operand) {
    let loop = x.loops.pointee.logSumExp!
    Parallel.split(rows: y.count, of: 4 * row) { range in
      loop(x.at(range.lowerBound * row), y.at(range.lowerBound), range.count, row)
    }
  }
}
