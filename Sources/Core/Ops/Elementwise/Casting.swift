// Conversion of tensors between element types.

extension Tensor {
  /// Converts the elements of `other` to this element type, in new storage.
  ///
  /// Between real and complex element types the derivative is `dx = g`, converted back; of a real x it is the real part.
  /// From a number to `Bool`, the result is true if the number is not 0. To an integer, fractions are cut off; NaN and
  /// numbers out of range are an error. From complex to real elements there is no conversion.
  public convenience init<Other>(
    _ other: Tensor<Other>, file: StaticString = #fileID, line: UInt = #line
  ) {
    if let failure = other.failure {
      self.init(settle(failure))
      return
    }
    guard !Other.element.isComplex || Element.element.isComplex || Element.self == Bool.self else {
      self.init(
        mistake(
          "Tensor", "complex elements do not convert to \(Element.self); use real(), imaginary() or abs()",
          file,
          line))
      return
    }
    let (result, misfits) = other.converted(to: Element.self)
    if misfits > 0 {
      self.init(
        mistake(
          "Tensor", "\(misfits) of \(other.count) elements are NaN or out of range for \(Element.self)", file,
          line))
      return
    }
    self.init(adopting: result.asCast(of: other))
  }

  /// Records this result of a cast. The gradient of a real tensor is the real part of a complex one.
  private func asCast<Other>(of other: Tensor<Other>) -> Tensor {
    guard Element.element.hasDerivatives else { return named("Cast") }
    return recorded("Cast", from: other) { g in g.converted(to: Other.self).tensor.asCast(of: g) }
  }
}
