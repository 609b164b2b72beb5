// Arithmetic of complex tensors with real ones, which are converted. The operators apply to complex tensors
// alone, so that they do not take part in expressions of real tensors.

extension Tensor {
  /// The sum of each complex element and its real partner, broadcast. Derivatives: `da = g`, `db = Re g`.
  @_disfavoredOverload
  public static func + <Real: DifferentiableScalar>(a: Tensor, b: Tensor<Real>) -> Tensor
  where Element == Complex<Real> { a + Tensor(b) }
  /// The sum of each real element and its complex partner, broadcast. Derivatives: `da = Re g`, `db = g`.
  @_disfavoredOverload
  public static func + <Real: DifferentiableScalar>(a: Tensor<Real>, b: Tensor) -> Tensor
  where Element == Complex<Real> { Tensor(a) + b }
  /// The difference of each complex element and its real partner, broadcast. Derivatives: `da = g`,
  /// `db = −Re g`.
  @_disfavoredOverload
  public static func - <Real: DifferentiableScalar>(a: Tensor, b: Tensor<Real>) -> Tensor
  where Element == Complex<Real> { a - Tensor(b) }
  /// The difference of each real element and its complex partner, broadcast. Derivatives: `da = Re g`,
  /// `db = −g`.
  @_disfavoredOverload
  public static func - <Real: DifferentiableScalar>(a: Tensor<Real>, b: Tensor) -> Tensor
  where Element == Complex<Real> { Tensor(a) - b }
  /// The product of each complex element and its real partner, broadcast. Derivatives: `da = g b`,
  /// `db = Re (g conj(a))`.
  @_disfavoredOverload
  public static func * <Real: DifferentiableScalar>(a: Tensor, b: Tensor<Real>) -> Tensor
  where Element == Complex<Real> { a * Tensor(b) }
  /// The product of each real element and its complex partner, broadcast. Derivatives:
  /// `da = Re (g conj(b))`, `db = g a`.
  @_disfavoredOverload
  public static func * <Real: DifferentiableScalar>(a: Tensor<Real>, b: Tensor) -> Tensor
  where Element == Complex<Real> { Tensor(a) * b }
  /// The quotient of each complex element and its real partner, broadcast. Derivatives: `da = g / b`,
  /// `db = −Re (g conj(y)) / b`.
  @_disfavoredOverload
  public static func / <Real: DifferentiableScalar>(a: Tensor, b: Tensor<Real>) -> Tensor
  where Element == Complex<Real> { a / Tensor(b) }
  /// The quotient of each real element and its complex partner, broadcast. Derivatives:
  /// `da = Re (g / conj(b))`, `db = −g conj(y / b)`.
  @_disfavoredOverload
  public static func / <Real: DifferentiableScalar>(a: Tensor<Real>, b: Tensor) -> Tensor
  where Element == Complex<Real> { Tensor(a) / b }
}
