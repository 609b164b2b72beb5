/// What a tensor may hold: `Float`, `Double`, `Int`, `Int32`, `UInt8` and `Bool`.
///
/// The six conformances are all there are: the loops over elements are compiled for them.
public protocol TensorScalar: Sendable, Hashable, CustomStringConvertible, PrintableScalar {
  /// The loops over elements of this type.
  static var kernels: KernelTable { get }
  /// What a failed tensor gives as `item`: NaN where the type has it, else zero.
  static var absent: Self { get }
}

/// A scalar that can be computed with: all but `Bool`.
public protocol NumericScalar: TensorScalar, Numeric, Comparable {
  /// The nearest scalar.
  init(_ value: Double)
  /// The scalar of that value, which an integer type must be able to hold.
  init(_ value: Int)
  /// The nearest `Double`.
  var doubleValue: Double { get }
}

/// A scalar with derivatives: `Float` and `Double`.
public protocol DifferentiableScalar: NumericScalar, BinaryFloatingPoint {}

/// A tensor whose elements have derivatives: what a layer gives and a loss takes.
public protocol DifferentiableTensor<Element>: AnyObject {
  /// The element type, `Float` or `Double`.
  associatedtype Element: DifferentiableScalar
}

extension NumericScalar where Self: BinaryFloatingPoint {
  /// The nearest `Double`.
  public var doubleValue: Double { Double(self) }
}

extension NumericScalar where Self: BinaryInteger {
  /// The nearest `Double`.
  public var doubleValue: Double { Double(self) }
}
