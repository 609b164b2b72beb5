// Rotates pairs of elements by angles, for rotary position embeddings.

extension Tensor where Element: DifferentiableScalar {
  /// Rotates the pairs (a, b) of rows of 2m elements to (a cos − b sin, b cos + a sin).
  ///
  /// The tensor has the shape `[…, t, …, 2m]`, and the cosines and sines have `[t, m]`. Here t is the extent
  /// of `axis`, which lies before the last axis. If `isInterleaved` is true, a pair is two adjacent elements.
  /// Otherwise it is one element from each half of the row. The caller checks the shapes. Derivative: `dx` is
  /// g, rotated back.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package func rotatedPairs(
    _ cosines: Tensor, _ sines: Tensor, axis: Int, isInterleaved: Bool
  ) -> Tensor {
    if let failure = failure ?? cosines.failure ?? sines.failure { return .failed(by: failure) }
    let rotated = launch(self, cosines, sines, into: Tensor(uninitialized: layout.shape)) { x, c, s, y in
      RotationKernels.rotate(x, cosines: c, sines: s, axis: axis, isInterleaved: isInterleaved, into: y)
    }
    return rotated.recorded(
      "RotatedPairs",
      edge(saving: cosines, sines) { g, cosines, sines in
        g.rotatedPairs(cosines, -sines, axis: axis, isInterleaved: isInterleaved)
      })
  }
}
