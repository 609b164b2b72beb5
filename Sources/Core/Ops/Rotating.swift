// Pairs of elements turned by angles, as rotary positions do.

extension Tensor where Element: DifferentiableScalar {
  /// Rows of 2m elements whose pairs (a, b) become (a cos − b sin, b cos + a sin): `[…, t, …, 2m]` by cosines and sines
  /// of `[t, m]`, t the extent of an axis before the last.
  ///
  /// Pairs are two elements that follow one another, or one of each half. Shapes are checked by the caller.
  /// Derivative: g, turned back.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package func rotatedPairs(
    _ cosines: Tensor, _ sines: Tensor, axis: Int, isInterleaved: Bool
  ) -> Tensor {
    if let failure = failure ?? cosines.failure ?? sines.failure { return .failed(by: failure) }
    return pairs(turnedBy: cosines, sines, axis, isInterleaved).recorded(
      "RotatedPairs", self, saving: cosines, sines,
      { g, cosines, sines in
        g.rotatedPairs(cosines, -sines, axis: axis, isInterleaved: isInterleaved)
      })
  }
}
