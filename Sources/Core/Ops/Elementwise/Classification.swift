// The kinds of floating-point numbers, replacing NaN and infinities, and comparison within a tolerance. Masks and
// comparisons are not recorded.

extension Tensor where Element: DifferentiableScalar {
  /// The mask of the elements that are NaN.
  public var isNaN: Tensor<Bool> {
    @specialized(where Element == Float) @specialized(where Element == Double)
    get { .ofComparison(.notEqual, self, self, "isNaN") }
  }

  /// The mask of the elements that are ∞ or −∞.
  public var isInfinite: Tensor<Bool> {
    @specialized(where Element == Float) @specialized(where Element == Double)
    get { .ofComparison(.equal, mapped(.absolute), Tensor(single: .infinity), "isInfinite") }
  }

  /// The mask of the elements that are neither infinite nor NaN.
  public var isFinite: Tensor<Bool> {
    @specialized(where Element == Float) @specialized(where Element == Double)
    get { .ofComparison(.less, mapped(.absolute), Tensor(single: .infinity), "isFinite") }
  }

  /// Replaces NaN and infinities by numbers.
  ///
  /// NaN becomes `nan`, ∞ becomes `positiveInfinity` and −∞ becomes `negativeInfinity`, by default 0, the
  /// largest and the least finite number of the element type, as in PyTorch and NumPy.
  ///
  /// Derivative: `dx = g` where x is finite, else 0.
  ///
  /// ```swift
  /// let x = Tensor<Float>([1, .nan, .infinity])
  /// let y = x.nanToNum(nan: -1, positiveInfinity: 100)  // [1, -1, 100]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func nanToNum(
    nan: Element = 0, positiveInfinity: Element = Element.greatestFiniteMagnitude,
    negativeInfinity: Element = -Element.greatestFiniteMagnitude
  ) -> Tensor {
    let value = noGrad {
      Tensor(single: nan).where(
        isNaN, else: mapped(.replaceInfinities, positiveInfinity.doubleValue, negativeInfinity.doubleValue))
    }
    return value.recorded("NanToNum", edge(saving: self) { g, x in g.where(x.isFinite, else: 0) })
  }

  /// Returns true where a pair of elements, broadcast, is nearly equal: `|a − b| ≤ atol + rtol |b|`.
  ///
  /// `other` is the reference that scales the tolerance, as in PyTorch and NumPy. Infinities are close only to
  /// themselves, and NaN is close to NaN only with `equalNaN`. A tolerance that is below 0 or NaN is an error,
  /// and so are shapes that do not broadcast.
  ///
  /// ```swift
  /// let a = Tensor<Float>([1, 2]), b = Tensor<Float>([1.000001, 2.1])
  /// let isNear = a.isClose(b, rtol: 1e-4)  // [true, false]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func isClose(
    _ other: Tensor, rtol: Element = 1e-5, atol: Element = 1e-8, equalNaN: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Bool> {
    close(other, rtol, atol, equalNaN, "isClose", file, line)
  }

  /// Returns true if every pair of elements, broadcast, is nearly equal: `|a − b| ≤ atol + rtol |b|`.
  ///
  /// The rules and errors are those of ``isClose(_:rtol:atol:equalNaN:file:line:)``. The result is true for
  /// tensors without elements.
  ///
  /// ```swift
  /// let a = Tensor<Double>([0.1, 0.2]), b = Tensor<Double>([1, 2]) / 10
  /// assert(a.allClose(b, rtol: 1e-12))
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func allClose(
    _ other: Tensor, rtol: Element = 1e-5, atol: Element = 1e-8, equalNaN: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Bool {
    close(other, rtol, atol, equalNaN, "allClose", file, line).all()
  }

  private func close(
    _ other: Tensor, _ rtol: Element, _ atol: Element, _ equalNaN: Bool, _ name: StaticString,
    _ file: StaticString, _ line: UInt
  ) -> Tensor<Bool> {
    if let failure = failure ?? other.failure { return .failed(by: failure) }
    guard rtol >= 0, atol >= 0 else {
      return .failed(
        "\(name)", "rtol and atol must be at least 0, not \(rtol) and \(atol)", file, line)
    }
    guard TensorShape.broadcast(layout.shape, other.layout.shape) != nil else {
      return .failed("\(name)", "shapes \(shape) and \(other.shape) do not broadcast", file, line)
    }
    return noGrad {
      let isNear = ((self - other).abs() <= other.abs() * rtol + atol) .& other.isFinite
      let isClose = isNear .| (self .== other)
      return equalNaN ? isClose .| (isNaN .& other.isNaN) : isClose
    }
  }
}

extension Tensor where Element: NumericScalar {
  /// The mask of the elements whose sign is minus: those below 0, and also −0 and NaN with that sign.
  public var signBit: Tensor<Bool> {
    @specialized(where Element == Float) @specialized(where Element == Double)
    get { .ofComparison(.signBit, self, self, "signBit") }
  }
}

extension Tensor where Element == Bool {
  /// Returns the comparison of two tensors, named for profiles.
  fileprivate static func ofComparison<Operand>(
    _ operation: CompareKernel, _ a: Tensor<Operand>, _ b: Tensor<Operand>, _ name: StaticString
  ) -> Tensor {
    Tensor<Operand>.compared(operation, a, b, name: name)
  }
}
