// Bits, shifts and common divisors of integers. A scalar beside a tensor is of the element type.
//
// The shifts are disfavoured: as equals of Swift's own they made the compiler give up on nested arrays of `1 << 40`.

extension Tensor where Element: NumericScalar & BinaryInteger {
  /// The bits that are set in both elements of each pair, broadcast.
  public static func & (a: Tensor, b: Tensor) -> Tensor {
    combined(.bitAnd, a, b, name: "&").named("BitAnd")
  }
  /// The bits that are set in both an element and the scalar.
  public static func & (a: Tensor, b: Element) -> Tensor { a & Tensor(single: b) }
  /// The bits that are set in both the scalar and an element.
  public static func & (a: Element, b: Tensor) -> Tensor { Tensor(single: a) & b }

  /// The bits that are set in one or both elements of each pair, broadcast.
  public static func | (a: Tensor, b: Tensor) -> Tensor { combined(.bitOr, a, b, name: "|").named("BitOr") }
  /// The bits that are set in an element or the scalar.
  public static func | (a: Tensor, b: Element) -> Tensor { a | Tensor(single: b) }
  /// The bits that are set in the scalar or an element.
  public static func | (a: Element, b: Tensor) -> Tensor { Tensor(single: a) | b }

  /// The bits that are set in exactly one element of each pair, broadcast.
  public static func ^ (a: Tensor, b: Tensor) -> Tensor {
    combined(.bitXor, a, b, name: "^").named("BitXor")
  }
  /// The bits that are set either in an element or in the scalar.
  public static func ^ (a: Tensor, b: Element) -> Tensor { a ^ Tensor(single: b) }
  /// The bits that are set either in the scalar or in an element.
  public static func ^ (a: Element, b: Tensor) -> Tensor { Tensor(single: a) ^ b }

  /// Each element with every bit inverted: −x − 1 for a signed type.
  public static prefix func ~ (x: Tensor) -> Tensor { x ^ ~0 }

  /// Each element shifted to the left by its partner, broadcast: multiplied by a power of two.
  ///
  /// Every amount is allowed, as by Swift's `<<`: an amount of at least the width of the type gives 0, and a
  /// negative amount shifts to the right. PyTorch leaves both undefined.
  @_disfavoredOverload
  public static func << (a: Tensor, b: Tensor) -> Tensor {
    combined(.shiftLeft, a, b, name: "<<").named("ShiftLeft")
  }
  /// Each element shifted to the left by the scalar.
  @_disfavoredOverload
  public static func << (a: Tensor, b: Element) -> Tensor { a << Tensor(single: b) }
  /// The scalar shifted to the left by each element.
  @_disfavoredOverload
  public static func << (a: Element, b: Tensor) -> Tensor { Tensor(single: a) << b }

  /// Each element shifted to the right by its partner, broadcast: divided by a power of two and rounded down.
  ///
  /// Every amount is allowed, as by Swift's `>>`: an amount of at least the width of the type gives 0, or −1
  /// for a negative element, and a negative amount shifts to the left. PyTorch leaves both undefined.
  @_disfavoredOverload
  public static func >> (a: Tensor, b: Tensor) -> Tensor {
    combined(.shiftRight, a, b, name: ">>").named("ShiftRight")
  }
  /// Each element shifted to the right by the scalar.
  @_disfavoredOverload
  public static func >> (a: Tensor, b: Element) -> Tensor { a >> Tensor(single: b) }
  /// The scalar shifted to the right by each element.
  @_disfavoredOverload
  public static func >> (a: Element, b: Tensor) -> Tensor { Tensor(single: a) >> b }

  /// Sets the variable `a` to `a & b`, a new tensor.
  public static func &= (a: inout Tensor, b: Tensor) { a = a & b }
  /// Sets the variable `a` to `a & b`, a new tensor.
  public static func &= (a: inout Tensor, b: Element) { a = a & b }
  /// Sets the variable `a` to `a | b`, a new tensor.
  public static func |= (a: inout Tensor, b: Tensor) { a = a | b }
  /// Sets the variable `a` to `a | b`, a new tensor.
  public static func |= (a: inout Tensor, b: Element) { a = a | b }
  /// Sets the variable `a` to `a ^ b`, a new tensor.
  public static func ^= (a: inout Tensor, b: Tensor) { a = a ^ b }
  /// Sets the variable `a` to `a ^ b`, a new tensor.
  public static func ^= (a: inout Tensor, b: Element) { a = a ^ b }
  /// Sets the variable `a` to `a << b`, a new tensor.
  public static func <<= (a: inout Tensor, b: Tensor) { a = a << b }
  /// Sets the variable `a` to `a << b`, a new tensor.
  public static func <<= (a: inout Tensor, b: Element) { a = a << b }
  /// Sets the variable `a` to `a >> b`, a new tensor.
  public static func >>= (a: inout Tensor, b: Tensor) { a = a >> b }
  /// Sets the variable `a` to `a >> b`, a new tensor.
  public static func >>= (a: inout Tensor, b: Element) { a = a >> b }

  /// The greatest common divisor of each pair of elements, broadcast. It is not negative, and 0 for two zeros.
  ///
  /// The divisor of the least signed integer and itself or 0 wraps to that integer. Shapes that do not
  /// broadcast are an error.
  public func gcd(_ other: Tensor) -> Tensor { Tensor.combined(.gcd, self, other, name: "gcd").named("Gcd") }
  /// The greatest common divisor of each element and a number.
  public func gcd(_ other: Element) -> Tensor { gcd(Tensor(single: other)) }

  /// The least common multiple of each pair of elements, broadcast. It is 0 if either element is 0, and not
  /// negative unless it wraps. Shapes that do not broadcast are an error.
  public func lcm(_ other: Tensor) -> Tensor { Tensor.combined(.lcm, self, other, name: "lcm").named("Lcm") }
  /// The least common multiple of each element and a number.
  public func lcm(_ other: Element) -> Tensor { lcm(Tensor(single: other)) }
}
