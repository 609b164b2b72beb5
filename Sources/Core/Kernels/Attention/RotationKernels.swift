import CKernels

extension Tensor where Element: DifferentiableScalar {
  /// Returns rows whose pairs of elements are rotated by the angles of their position along an axis. The
  /// operation is not recorded; the caller has checked the shapes.
  func pairs(
    turnedBy cosines: Tensor, _ sines: Tensor, _ axis: Int, _ isInterleaved: Bool
  ) -> Tensor {
    let x = contiguous(), c = cosines.contiguous(), s = sines.contiguous()
    let result = Tensor(uninitialized: layout.shape)
    if let failure = x.failure ?? c.failure ?? s.failure ?? result.failure { return .failed(by: failure) }
    if layout.count == 0 { return result }
    let loop = Element.kernels.loops.pointee.attention.rotate!, stride = MemoryLayout<Element>.stride
    let width = layout.shape[-1], span = layout.shape.dropFirst(axis + 1).dropLast().reduce(1, *)
    let positions = layout.shape[axis], from = x.address, to = result.address
    let (cosine, sine) = (c.address, s.address)
    // A block contains all positions and starts at the first.
    let block = positions * span
    Parallel.split(rows: layout.count / width / block, of: block * width) { range in
      let start = range.lowerBound * block * width * stride
      loop(
        from + start, cosine, sine, to + start, range.count * block, positions, span, width / 2,
        isInterleaved ? 1 : 0)
    }
    return result
  }
}
