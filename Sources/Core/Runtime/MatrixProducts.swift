import CRuntime

/// The implementation of matrix products.
///
/// ```swift
/// let a = Tensor<Float>.normal([64, 32]), b = Tensor<Float>.normal([32, 16])
/// let plain = withMatrixProducts(.naive) { a.matmul(b) }
/// print((a.matmul(b) - plain).abs().max())
/// ```
public enum MatrixProducts: Sendable {
  /// OpenBLAS.
  case blas
  /// Plain Swift loops, for comparison and tests.
  case naive
}

/// Runs `body` with matrix products by BLAS (the default) or by plain loops.
public func withMatrixProducts<Result, Failure: Error>(
  _ products: MatrixProducts, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  let before = martlet_thread().pointee.naiveProducts
  martlet_thread().pointee.naiveProducts = products == .naive ? 1 : 0
  defer { martlet_thread().pointee.naiveProducts = before }
  return try body()
}
