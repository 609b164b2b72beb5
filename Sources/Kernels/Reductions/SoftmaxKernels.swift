import CKernels

/// Softmax and log-softmax of rows, and their gradients.
package enum SoftmaxKernels {
  /// Runs a loop over rows along the last axis of `x`, and of `other` if the loop reads two operands. No
  /// operand has gaps, and there is at least one element.
  package static func map(_ operation: RowsKernel, _ x: Operand, _ other: Operand? = nil, into y: Operand) {
    let count = x.extent(x.layout.rank - 1), rows = x.count / count
    let loop = x.loops.pointee.rows[Int(operation.rawValue)]!
    Parallel.split(rows: rows, of: 4 * count) { range in
      let start = range.lowerBound * count
      loop(x.at(start), other.map { UnsafeRawPointer($0.at(start)) }, y.at(start), range.count, count)
    }
  }
}
