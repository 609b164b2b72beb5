extension Tensor where Element: NumericScalar {
  /// The products of all pairs of elements of two vectors: `[n]` and `[m]` give `[n, m]`.
  ///
  /// Tensors that are no vectors are an error. Derivatives: `da = g b`, `db = gᵀ a`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func outer(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure = failure ?? other.failure { return .failed(by: failure) }
    guard rank == 1, other.rank == 1 else {
      return .failed(
        "outer", "shapes \(shape) and \(other.shape) do not fit; both must be vectors", file, line)
    }
    return reshapedView([count, 1]) * other
  }
}
