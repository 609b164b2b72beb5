// Rounding to integers, and the remainders and quotients of a division that rounds.

extension Tensor where Element: DifferentiableScalar {
  /// The largest integer that is at most each element. NaN and infinities stay. Its derivative is 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func floor() -> Tensor {
    mapped(.floor).recorded("Floor", edge { g in .zeroed(g.layout.shape) })
  }

  /// The smallest integer that is at least each element. NaN and infinities stay. Its derivative is 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func ceil() -> Tensor {
    mapped(.ceil).recorded("Ceil", edge { g in .zeroed(g.layout.shape) })
  }

  /// The integer nearest to each element. As in PyTorch and NumPy, a tie goes to the even integer: 0.5 and
  /// −0.5 become 0, 1.5 becomes 2. Its derivative is 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func rounded() -> Tensor {
    mapped(.round).recorded("Round", edge { g in .zeroed(g.layout.shape) })
  }

  /// The nearest number with so many decimals: with 2 a number of hundredths, with −3 a number of thousands.
  ///
  /// The scaled element is rounded, a tie to the even integer, and scaled back, as in PyTorch and NumPy. An element
  /// that overflows when it is scaled has no fraction and stays. Its derivative is 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func rounded(decimals: Int) -> Tensor {
    if decimals == 0 { return rounded() }
    // Beyond 400 decimals each scale is infinite.
    let scale = Element((0..<Swift.min(decimals.magnitude, 400)).reduce(1.0) { power, _ in power * 10 })
    let value = noGrad {
      let finite = Swift.min(scale, Element.greatestFiniteMagnitude)
      let scaled = decimals > 0 ? self * scale : self / scale, whole = scaled.rounded()
      return (decimals > 0 ? whole / finite : whole * finite).where(scaled.isFinite, else: self)
    }
    return value.recorded("Round", edge { g in .zeroed(g.layout.shape) })
  }

  /// The integer part of each element: it is rounded towards 0. NaN and infinities stay. Its derivative is 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func trunc() -> Tensor {
    mapped(.trunc).recorded("Trunc", edge { g in .zeroed(g.layout.shape) })
  }

  /// The fractional part of each element, `x − trunc(x)`, with the sign of x; NaN for an infinity.
  ///
  /// Derivative: `dx = g`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func frac() -> Tensor { mapped(.frac).recorded("Frac", edge { g in g }) }
}

extension Tensor where Element: NumericScalar {
  /// The remainder of each element divided by its partner, broadcast, with the divisor's sign:
  /// `a − b ⌊a / b⌋`, Python's `%`.
  ///
  /// The remainder of a division by 0 is NaN, as in PyTorch, and that of an infinity too. Shapes that do
  /// not broadcast are an error, and so is a zero among integer divisors. Derivatives: `da = g`,
  /// `db = −g ⌊a / b⌋`.
  ///
  /// ```swift
  /// let hours = Tensor<Int>([-1, 25]).remainder(Tensor<Int>([24, 24]))  // [23, 1]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func remainder(
    _ divisor: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if divisor.hasIntegerZero { return .failed("remainder", Tensor.divisionByZero, file, line) }
    return Tensor.remainder(self, divisor, name: "remainder")
  }

  /// Returns the remainders. Integer divisors must not be 0.
  private static func remainder(_ a: Tensor, _ b: Tensor, name: StaticString) -> Tensor {
    combined(.remainder, a, b, name: name).recorded(
      "Remainder", a.edge { g in g },
      b.edge(saving: a, b) { g, a, b in -(g * a.floorDivided(by: b)) })
  }

  /// The remainder of each element divided by its partner, broadcast, with the divisor's sign, as in Python:
  /// `-1 % 24` is 23. Swift's `%` of numbers has the dividend's sign, as `fmod` has.
  ///
  /// The errors and derivatives are those of `remainder`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func % (a: Tensor, b: Tensor) -> Tensor {
    if b.hasIntegerZero { return .failed("%", divisionByZero) }
    return remainder(a, b, name: "%")
  }
  /// The remainder of each element divided by a scalar, with the scalar's sign. An integer divisor of 0 is an
  /// error. Derivative: `da = g`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func % (a: Tensor, b: Element) -> Tensor { a % Tensor(single: b) }
  /// The remainder of a scalar divided by each element, with the element's sign. An integer divisor of 0 is an
  /// error. Derivative: `db = −g ⌊a / b⌋`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func % (a: Element, b: Tensor) -> Tensor { Tensor(single: a) % b }
  /// Sets the variable `a` to the remainder, a new tensor.
  public static func %= (a: inout Tensor, b: Tensor) { a = a % b }
  /// Sets the variable `a` to the remainder of each element divided by a scalar, a new tensor.
  public static func %= (a: inout Tensor, b: Element) { a = a % b }

  /// The remainder of each element divided by a number, with the divisor's sign. An integer divisor of 0 is
  /// an error. Derivative: `da = g`.
  ///
  /// ```swift
  /// let angle = Tensor<Float>([-90, 450]).remainder(360)  // [270, 90]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func remainder(
    _ divisor: Element, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    remainder(Tensor(single: divisor), file: file, line: line)
  }

  /// The remainder of each element divided by its partner, broadcast, with the dividend's sign:
  /// `a − b trunc(a / b)`, C's `fmod` and Swift's `%`.
  ///
  /// The remainder of a division by 0 is NaN, as in PyTorch, and that of an infinity too. Shapes that do
  /// not broadcast are an error, and so is a zero among integer divisors. Derivatives: `da = g`,
  /// `db = −g trunc(a / b)`.
  ///
  /// ```swift
  /// let rest = Tensor<Int>([-7, 7]).fmod(Tensor<Int>([3, -3]))  // [-1, 1]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func fmod(
    _ divisor: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if divisor.hasIntegerZero { return .failed("fmod", Tensor.divisionByZero, file, line) }
    return Tensor.combined(.fmod, self, divisor, name: "fmod").recorded(
      "Fmod", edge { g in g },
      divisor.edge(saving: self, divisor) { g, a, b in
        // Rounding removes the error of the quotient, which is an integer. Its derivative is 0.
        -(g * noGrad { ((a - a.fmod(b)) / b).mapped(.round) })
      })
  }

  /// The remainder of each element divided by a number, with the dividend's sign. An integer divisor of 0 is
  /// an error. Derivative: `da = g`.
  ///
  /// ```swift
  /// let rest = Tensor<Float>([-7.5, 7.5]).fmod(2)  // [-1.5, 1.5]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func fmod(
    _ divisor: Element, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    fmod(Tensor(single: divisor), file: file, line: line)
  }

  /// The quotient of each element and its partner, broadcast, rounded down: `⌊a / b⌋`, Python's `//`.
  ///
  /// The quotient is exact before it is rounded: 1 by 0.1 is 9, because the number nearest to 0.1 is above
  /// it. As in PyTorch, a quotient of floating-point elements by 0 is `a / b`, and the quotient of an
  /// infinity is NaN. Shapes that do not broadcast are an error, and so is a zero among integer divisors. Its
  /// derivatives are 0.
  ///
  /// ```swift
  /// let rows = Tensor<Int>([-1, 7]).floorDivided(by: Tensor<Int>([4, 4]))  // [-1, 1]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func floorDivided(
    by divisor: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if divisor.hasIntegerZero { return .failed("floorDivided", Tensor.divisionByZero, file, line) }
    return Tensor.combined(.floorDivide, self, divisor, name: "floorDivided").recorded(
      "FloorDivide", edge { g in .zeroed(g.layout.shape) }, divisor.edge { g in .zeroed(g.layout.shape) })
  }

  /// The quotient of each element and a number, rounded down. An integer divisor of 0 is an error. Its
  /// derivative is 0.
  ///
  /// ```swift
  /// let pages = Tensor<Int>([0, 24, 25]).floorDivided(by: 25)  // [0, 0, 1]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func floorDivided(
    by divisor: Element, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    floorDivided(by: Tensor(single: divisor), file: file, line: line)
  }
}
