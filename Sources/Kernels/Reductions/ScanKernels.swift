import CKernels

/// Scans along an axis: each element of the result depends on the elements up to its place.
package enum ScanKernels {
  /// Scans the lines of `x` along `axis`, from their last element to their first if `isReversed`. No operand
  /// has gaps, and each has the shape of `x`. A recurrence reads `factors`; scans of extremes write
  /// `indices`, an operand of the type `Int`.
  package static func scan(
    _ operation: ScanKernel, _ x: Operand, along axis: Int, isReversed: Bool = false, factors: Operand? = nil,
    into y: Operand, indices: Operand? = nil
  ) {
    let length = x.extent(axis), loop = x.loops.pointee.scan[Int(operation.rawValue)]!
    var inner = 1
    for axis in axis + 1..<x.layout.rank { inner *= x.extent(axis) }
    let factors = factors.map { UnsafeRawPointer($0.address) }
    let lines = MTLines(length: length, inner: inner, isReversed: isReversed ? 1 : 0)
    Parallel.split(rows: x.count / length, of: length) { range in
      loop(
        x.address, factors, y.address, indices?.indices, lines, range.lowerBound, range.upperBound)
    }
  }

  /// Computes the gradient of the products of the lines of `x`, which are its last axis, from an element of `g`
  /// for each line. No operand has gaps.
  package static func productSlopes(_ x: Operand, _ g: Operand, into dx: Operand) {
    let length = x.extent(x.layout.rank - 1), loop = x.loops.pointee.productSlopes!
    Parallel.split(rows: g.count, of: length) { lines in
      let start = lines.lowerBound * length
      loop(x.at(start), g.at(lines.lowerBound), dx.at(start), lines.count, length)
    }
  }
}
