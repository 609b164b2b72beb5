// Literals in expressions of tensors: `a + 1`, `a[0] = 0.5`.

extension Tensor: ExpressibleByIntegerLiteral where Element: NumericScalar {
  /// A tensor of rank 0 of that value.
  public convenience init(integerLiteral value: Int) {
    self.init(single: Element(value))
  }
}

extension Tensor: ExpressibleByFloatLiteral where Element: DifferentiableScalar {
  /// A tensor of rank 0 of that value.
  public convenience init(floatLiteral value: Double) {
    self.init(single: Element(value))
  }
}

extension Tensor: ExpressibleByBooleanLiteral where Element == Bool {
  /// A tensor of rank 0 of that value.
  public convenience init(booleanLiteral value: Bool) {
    self.init(single: value)
  }
}
