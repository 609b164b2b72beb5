/// An element type of tensors: `Float`, `Double`, `Bool`, `Int`, `Int32`, `Int16`, `Int8`, `UInt64`, `UInt32`,
/// `UInt16`, `UInt8`, or ``Complex`` numbers of `Float` or `Double`.
///
/// The kernels are compiled for these types. No other type can conform: it would need a ``KernelTable``, which
/// only the library can make.
///
/// ```swift
/// func describe<Element: TensorScalar>(_ x: Tensor<Element>) -> String { "\(x.shape): \(x)" }
/// print(describe(Tensor<Int>([1, 2, 3])))
/// print(describe(Tensor<Bool>([true, false])))
/// ```
public protocol TensorScalar: Sendable, Hashable, CustomStringConvertible, PrintableScalar {
  /// The kernels for elements of this type.
  static var kernels: KernelTable<Self> { get }
  /// The value that `item` returns for a failed tensor: NaN for a floating-point type, otherwise zero.
  static var absent: Self { get }
}

/// An element type with arithmetic: all but `Bool`.
///
/// The arithmetic of integers wraps on overflow, as NumPy's does. Their sums and products over axes are of the
/// type `Int`, and wrap too. Both operands of an operation have the same type: no integer is converted unless
/// it is asked for, as in `Tensor<Int>(bytes)`.
///
/// ```swift
/// func double<Element: ArithmeticScalar>(_ x: Tensor<Element>) -> Tensor<Element> { x + x }
/// let doubled = double(Tensor<Int>([1, 2]))
/// ```
public protocol ArithmeticScalar: TensorScalar, Numeric {
  /// Creates the nearest scalar.
  init(_ value: Double)
  /// Creates the scalar of that value, which an integer type must be able to represent.
  init(_ value: Int)
}

/// An element type with an order: all but ``Complex`` numbers. False comes before true.
///
/// ```swift
/// func least<Element: OrderedScalar>(_ x: Tensor<Element>) -> Tensor<Element> { x.sorted().values[0] }
/// let first = least(Tensor<Int>([3, 1, 4]))
/// ```
public protocol OrderedScalar: TensorScalar {}

/// An element type with arithmetic and an order: integers and real numbers.
///
/// ```swift
/// func range<Element: NumericScalar>(_ x: Tensor<Element>) -> Tensor<Element> { x.max() - x.min() }
/// let spread = range(Tensor<Int>([3, 1, 4]))
/// ```
public protocol NumericScalar: ArithmeticScalar, OrderedScalar, Comparable {
  /// The nearest `Double`.
  var doubleValue: Double { get }
}

/// A real or complex element type: `Float`, `Double`, `Complex<Float>` or `Complex<Double>`.
///
/// Its tensors have means, matrix products and gradients. The gradient of a real loss with respect to a complex
/// `z = x + yi` is `∂loss/∂x + i ∂loss/∂y`, the direction of steepest ascent, as in PyTorch.
///
/// ```swift
/// func deviation<Element: FieldScalar>(_ x: Tensor<Element>) -> Tensor<Element> { x - x.mean() }
/// let centred = deviation(Tensor([Complex<Double>(1, 2), Complex(3, 4)]))
/// ```
public protocol FieldScalar: ArithmeticScalar where Magnitude: DifferentiableScalar {}

/// A real element type with derivatives: `Float` or `Double`.
///
/// ```swift
/// func slope<Element: DifferentiableScalar>(at x: Tensor<Element>) -> Tensor<Element> {
///   let x = x.detached()
///   x.requiresGrad = true
///   return (x * x).sum().gradient(of: x)
/// }
/// let two = slope(at: Tensor<Double>([1]))
/// ```
public protocol DifferentiableScalar: NumericScalar, FieldScalar, BinaryFloatingPoint {}

/// A tensor whose elements have derivatives, such as the output of a layer and the input of a loss.
///
/// ```swift
/// func isTensor(_ output: any DifferentiableTensor<Float>) -> Bool { output is Tensor<Float> }
/// print(isTensor(Tensor<Float>([1, 2])))
/// ```
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
  /// The value that `item` returns for a failed tensor.
  public static var absent: Self { 0 }
}

/// The choice of the kernels for one element type. Only the library can make one, so no other type conforms to
/// ``TensorScalar``.
///
/// ```swift
/// let table: KernelTable<Float> = Float.kernels
/// print(instructionSet)
/// ```
public struct KernelTable<Element>: Sendable {
  let element: ElementType
}

extension TensorScalar {
  /// The type of the elements as the kernels name it.
  @inline(__always)
  static var element: ElementType { kernels.element }
}

extension Float: DifferentiableScalar {
  /// The kernels for elements of this type.
  public static var kernels: KernelTable<Self> { KernelTable(element: .f32) }
  /// The value that `item` returns for a failed tensor.
  public static var absent: Float { .nan }
}

extension Double: DifferentiableScalar {
  /// The kernels for elements of this type.
  public static var kernels: KernelTable<Self> { KernelTable(element: .f64) }
  /// The value that `item` returns for a failed tensor.
  public static var absent: Double { .nan }
}

extension Complex: TensorScalar, ArithmeticScalar, FieldScalar, CustomStringConvertible
where Real: DifferentiableScalar {
  /// The kernels for elements of this type.
  public static var kernels: KernelTable<Self> { KernelTable(element: Real.element == .f32 ? .c64 : .c128) }
  /// The value that `item` returns for a failed tensor.
  public static var absent: Complex { Complex(.nan, .nan) }

  /// Creates the nearest real number.
  public init(_ value: Double) { self.init(Real(value), 0) }
  /// Creates the real number nearest to an integer.
  public init(_ value: Int) { self.init(Real(value), 0) }
}

extension Int: NumericScalar {
  /// The kernels for elements of this type.
  public static var kernels: KernelTable<Self> { KernelTable(element: .i64) }
}

extension Int32: NumericScalar {
  /// The kernels for elements of this type.
  public static var kernels: KernelTable<Self> { KernelTable(element: .i32) }
}

extension Int16: NumericScalar {
  /// The kernels for elements of this type.
  public static var kernels: KernelTable<Self> { KernelTable(element: .i16) }
}

extension Int8: NumericScalar {
  /// The kernels for elements of this type.
  public static var kernels: KernelTable<Self> { KernelTable(element: .i8) }
}

extension UInt64: NumericScalar {
  /// The kernels for elements of this type.
  public static var kernels: KernelTable<Self> { KernelTable(element: .u64) }
}

extension UInt32: NumericScalar {
  /// The kernels for elements of this type.
  public static var kernels: KernelTable<Self> { KernelTable(element: .u32) }
}

extension UInt16: NumericScalar {
  /// The kernels for elements of this type.
  public static var kernels: KernelTable<Self> { KernelTable(element: .u16) }
}

extension UInt8: NumericScalar {
  /// The kernels for elements of this type.
  public static var kernels: KernelTable<Self> { KernelTable(element: .u8) }
}

extension Bool: OrderedScalar {
  /// The kernels for elements of this type.
  public static var kernels: KernelTable<Self> { KernelTable(element: .bool) }
  /// The value that `item` returns for a failed tensor.
  public static var absent: Bool { false }
}
