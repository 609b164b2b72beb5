import CKernels

/// The rotation of rotary position embeddings.
package enum RotationKernels {
  /// Rotates the pairs of elements of each row by the angles of its position along an axis, which lies before
  /// the last one. The cosines and sines of the angles have the shape `[positions, pairs]`. All operands are
  /// contiguous, and x has elements.
  package static func rotate(
    _ x: Operand, cosines: Operand, sines: Operand, axis: Int, isInterleaved: Bool, into y: Operand
  ) {
    let loop = x.loops.pointee.attention.rotate!
    let last = x.layout.rank - 1, width = x.extent(last), positions = x.extent(axis)
    var span = 1
    for inner in axis + 1..<last { span *= x.extent(inner) }
    // A block contains all positions and starts at the first.
    let block = positions * span
    Parallel.split(rows: x.count / width / block, of: block * width) { range in
      let start = range.lowerBound * block * width
      loop(
        x.at(start), cosines.address, sines.address, y.at(start), range.count * block, positions, span,
        width / 2, isInterleaved ? 1 : 0)
    }
  }
}
