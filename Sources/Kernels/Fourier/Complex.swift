/// A complex number `real + imaginary · i`, with the layout of C's `_Complex`.
///
/// Products and quotients follow the textbook's formulas. Two numbers are equal if their parts are, so a number with
/// a NaN equals nothing, as in NumPy.
///
/// ```swift
/// let z = Complex<Double>(3, 4)
/// print(z.magnitude, z * z.conjugate, z / 2)  // 5.0 (25+0j) (1.5+2j)
/// ```
@frozen
public struct Complex<Real: BinaryFloatingPoint & Sendable>: Sendable, Hashable {
  /// The real part.
  public var real: Real
  /// The imaginary part.
  public var imaginary: Real

  /// Creates the number `real + imaginary · i`.
  @inlinable @inline(__always)
  public init(_ real: Real, _ imaginary: Real = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  /// The imaginary unit.
  @inlinable
  public static var i: Complex { Complex(0, 1) }

  /// The number mirrored at the real axis, `real − imaginary · i`.
  @inlinable
  public var conjugate: Complex { Complex(real, -imaginary) }

  /// True if neither part is infinite or NaN.
  @inlinable
  public var isFinite: Bool { real.isFinite && imaginary.isFinite }
}

extension Complex: SignedNumeric, ExpressibleByFloatLiteral {
  /// Creates a real number from an integer literal.
  @inlinable
  public init(integerLiteral value: Int64) { self.init(Real(value)) }

  /// Creates a real number from a literal with a fraction.
  @inlinable
  public init(floatLiteral value: Double) { self.init(Real(value)) }

  /// Creates a real number, or returns nil if `Real` cannot represent the integer exactly.
  @inlinable
  public init?(exactly source: some BinaryInteger) {
    guard let real = Real(exactly: source) else { return nil }
    self.init(real)
  }

  /// The distance from 0, `√(real² + imaginary²)`. It is infinite only if a part is, or if it is too large for `Real`.
  @inlinable
  public var magnitude: Real {
    let large = max(real.magnitude, imaginary.magnitude), small = min(real.magnitude, imaginary.magnitude)
    if large == 0 || large.isInfinite || small.isInfinite { return max(large, small) }
    let ratio = small / large
    return large * (1 + ratio * ratio).squareRoot()
  }

  /// The sum of two numbers.
  @inlinable @inline(__always)
  public static func + (a: Complex, b: Complex) -> Complex {
    Complex(a.real + b.real, a.imaginary + b.imaginary)
  }

  /// The difference of two numbers.
  @inlinable @inline(__always)
  public static func - (a: Complex, b: Complex) -> Complex {
    Complex(a.real - b.real, a.imaginary - b.imaginary)
  }

  /// The product of two numbers.
  @inlinable @inline(__always)
  public static func * (a: Complex, b: Complex) -> Complex {
    Complex(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }

  /// Multiplies a number by another one.
  @inlinable
  public static func *= (a: inout Complex, b: Complex) { a = a * b }

  /// The quotient of two numbers, by Smith's algorithm, which does not overflow with the square of b.
  @inlinable
  public static func / (a: Complex, b: Complex) -> Complex {
    if b.real.magnitude < b.imaginary.magnitude {
      return Complex(a.imaginary, -a.real) / Complex(b.imaginary, -b.real)
    }
    let ratio = b.real == 0 ? 0 : b.imaginary / b.real, divisor = b.real + b.imaginary * ratio
    return Complex((a.real + a.imaginary * ratio) / divisor, (a.imaginary - a.real * ratio) / divisor)
  }

  /// Divides a number by another one.
  @inlinable
  public static func /= (a: inout Complex, b: Complex) { a = a / b }

  /// The negative of a number.
  @inlinable
  public static prefix func - (z: Complex) -> Complex { Complex(-z.real, -z.imaginary) }
}
