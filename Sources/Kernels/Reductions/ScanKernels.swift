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
}
