public import CKernels

/// The type of an operand's elements, on which every choice between types in the kernels depends.
@usableFromInline
package typealias ElementType = MTElement

// The kernels of a family, by name: `.softplus`.
@usableFromInline
package typealias UnaryKernel = MTUnary
@usableFromInline
package typealias BinaryKernel = MTBinary
@usableFromInline
package typealias CompareKernel = MTCompare
@usableFromInline
package typealias ReduceKernel = MTReduce
@usableFromInline
package typealias LocateKernel = MTLocate
@usableFromInline
package typealias ScanKernel = MTScan
@usableFromInline
package typealias ScatterKernel = MTScatter
@usableFromInline
package typealias RowsKernel = MTRows
/// A place in the order of a row: the one numbered k, or that of the median.
@usableFromInline
package typealias OrderPlace = MTPlace
/// The rows of a plane of elements: their address, and the strides between rows and within them.
@usableFromInline
package typealias Plane = MTPlane

extension ElementType {
  /// The loops over elements of this type, for the instruction set that was chosen at the start of the process.
  @inlinable @inline(__always)
  package var loops: UnsafePointer<MTKernels> {
    switch self {
    case .f32: martlet_kernels_f32
    case .f64: martlet_kernels_f64
    case .i64: martlet_kernels_i64
    case .i32: martlet_kernels_i32
    case .i16: martlet_kernels_i16
    case .i8: martlet_kernels_i8
    case .u64: martlet_kernels_u64
    case .u32: martlet_kernels_u32
    case .u16: martlet_kernels_u16
    case .u8, .bool: martlet_kernels_u8
    case .c64: martlet_kernels_c64
    case .c128: martlet_kernels_c128
    }
  }

  /// The number of bytes of an element.
  @inlinable @inline(__always)
  package var size: Int {
    switch self {
    case .c128: 16
    case .f64, .i64, .u64, .c64: 8
    case .f32, .i32, .u32: 4
    case .i16, .u16: 2
    case .i8, .u8, .bool: 1
    }
  }

  /// True for `Float` and `Double`.
  @inlinable @inline(__always)
  package var isFloating: Bool { self == .f32 || self == .f64 }

  /// True for `Complex<Float>` and `Complex<Double>`.
  @inlinable @inline(__always)
  package var isComplex: Bool { self == .c64 || self == .c128 }

  /// True for real and complex numbers, which have derivatives.
  @inlinable @inline(__always)
  package var hasDerivatives: Bool { isFloating || isComplex }

  /// The type of the two parts of a complex element, or of a real element itself.
  package var part: ElementType { self == .c64 || self == .f32 ? .f32 : .f64 }
}

/// The memory that a kernel reads or writes: the address of its first element, and its layout. An operand does
/// not own the memory.
@usableFromInline
package struct Operand {
  @usableFromInline
  package let address: UnsafeMutableRawPointer
  /// The layout of the elements. Its offset is not used: ``address`` includes it.
  @usableFromInline
  package let layout: Layout
  @usableFromInline
  package let element: ElementType

  @inlinable @inline(__always)
  package init(address: UnsafeMutableRawPointer, layout: Layout, element: ElementType) {
    self.address = address
    self.layout = layout
    self.element = element
  }

  /// The number of elements.
  @inlinable @inline(__always)
  package var count: Int { layout.count }
  /// The number of bytes of an element.
  @inlinable @inline(__always)
  package var size: Int { element.size }
  /// The loops over elements of this type.
  @inlinable @inline(__always)
  package var loops: UnsafePointer<MTKernels> { element.loops }

  /// All elements as one row; a single element is repeated.
  @inline(__always)
  var row: Plane { Plane(base: address, outer: 0, inner: count == 1 ? 0 : 1) }

  /// True if one call of a loop suffices: the elements have no gaps and are too few to be split over threads.
  var isOneRow: Bool { layout.isContiguous && count < Tuning.leastElements }

  /// True if ``row`` fits a row of the result: it has as many elements without gaps, or a single one.
  func isRow(of result: Layout) -> Bool {
    count == 1 || layout.isContiguous && count == result.count
  }

  /// Returns the operand broadcast to a shape that its own fits.
  package func broadcast(to shape: TensorShape) -> Operand {
    Operand(address: address, layout: layout.broadcast(to: shape)!, element: element)
  }

  /// Returns the extent along an axis.
  @inlinable @inline(__always)
  package func extent(_ axis: Int) -> Int { layout.shape.extents[axis] }

  /// Returns the address `elements` elements after the first.
  @inlinable @inline(__always)
  package func at(_ elements: Int) -> UnsafeMutableRawPointer { address + elements * element.size }

  /// The elements as indices, for an operand of the type `Int`.
  @inlinable @inline(__always)
  package var indices: UnsafeMutablePointer<Int64> { address.assumingMemoryBound(to: Int64.self) }
  /// The elements as 32-bit numbers, for an operand of the type `Int32`.
  @inlinable @inline(__always)
  package var numbers: UnsafeMutablePointer<Int32> { address.assumingMemoryBound(to: Int32.self) }
}

/// The error of a kernel that gets no scratch memory.
package struct OutOfMemory: Error {
  /// The number of bytes that were asked for.
  package let bytes: Int
}

/// Memory that a kernel needs while it runs.
struct Scratch: ~Copyable {
  private let storage: Storage

  /// Takes uninitialised memory for `count` elements.
  init(_ count: Int, of element: ElementType) throws(OutOfMemory) {
    try self.init(bytes: count.times(element.size))
  }

  /// Takes uninitialised memory.
  init(bytes: Int) throws(OutOfMemory) {
    guard let storage = Storage(count: bytes, stride: 1) else { throw OutOfMemory(bytes: bytes) }
    self.storage = storage
  }

  var address: UnsafeMutableRawPointer { storage.pointer }
}
