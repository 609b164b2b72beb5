import CKernels

/// The loops over elements of one type, for the instruction set that was chosen at the start of the process.
///
/// The table is opaque: only the library's operations use it.
///
/// ```swift
/// let table: KernelTable = Float.kernels
/// print(instructionSet)
/// ```
public struct KernelTable: @unchecked Sendable {
  let loops: UnsafePointer<MTKernels>
  let element: MTElement

  /// True for `Float` and `Double`, whose elements have derivatives.
  @inline(__always)
  var isFloating: Bool { element == .f32 || element == .f64 }
}

/// The instruction set of the loops over elements: `"v2"`, `"v3"` or `"v4"` on x86-64, `"plain"` elsewhere.
/// Martlet chooses the best that the CPU supports, unless the environment variable `MARTLET_ISA` names
/// another.
public var instructionSet: String { String(cString: martlet_instruction_set()) }

extension Float: DifferentiableScalar {
  /// The loops over elements of this type.
  public static var kernels: KernelTable { KernelTable(loops: martlet_kernels_f32, element: .f32) }
  /// The value that `item` returns for a failed tensor.
  public static var absent: Float { .nan }
}

extension Double: DifferentiableScalar {
  /// The loops over elements of this type.
  public static var kernels: KernelTable { KernelTable(loops: martlet_kernels_f64, element: .f64) }
  /// The value that `item` returns for a failed tensor.
  public static var absent: Double { .nan }
}

extension Int: NumericScalar {
  /// The loops over elements of this type.
  public static var kernels: KernelTable { KernelTable(loops: martlet_kernels_i64, element: .i64) }
  /// The value that `item` returns for a failed tensor.
  public static var absent: Int { 0 }
}

extension Int32: NumericScalar {
  /// The loops over elements of this type.
  public static var kernels: KernelTable { KernelTable(loops: martlet_kernels_i32, element: .i32) }
  /// The value that `item` returns for a failed tensor.
  public static var absent: Int32 { 0 }
}

extension UInt8: NumericScalar {
  /// The loops over elements of this type.
  public static var kernels: KernelTable { KernelTable(loops: martlet_kernels_u8, element: .u8) }
  /// The value that `item` returns for a failed tensor.
  public static var absent: UInt8 { 0 }
}

extension Bool: TensorScalar {
  /// The loops over elements of this type.
  public static var kernels: KernelTable { KernelTable(loops: martlet_kernels_u8, element: .bool) }
  /// The value that `item` returns for a failed tensor.
  public static var absent: Bool { false }
}

// Names of the kernels' constants for the operations.
typealias ReduceKernel = MTReduce
typealias LocateKernel = MTLocate
