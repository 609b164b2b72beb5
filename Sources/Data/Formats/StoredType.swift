package import MartletCore

/// An element type of tensors in files, under the name that the safetensors format gives it.
///
/// The order is that of the safetensors format's own writer, which writes tensors of the last type first.
///
/// ```swift
/// let file = try namedTensors(of: "model.safetensors")
/// let halves = file.names.filter { file[$0]?.dtype == .f16 }
/// print(StoredType.f16.byteCount)  // 2
/// ```
public enum StoredType: String, Sendable, CaseIterable {
  /// Booleans of one byte each, 0 or 1.
  case bool = "BOOL"
  /// Unsigned integers of 8 bits.
  case u8 = "U8"
  /// Signed integers of 8 bits.
  case i8 = "I8"
  /// Signed integers of 16 bits.
  case i16 = "I16"
  /// Unsigned integers of 16 bits.
  case u16 = "U16"
  /// IEEE 754 half precision.
  case f16 = "F16"
  /// The upper half of a `Float`: its sign, its exponent and 7 bits of its fraction.
  case bf16 = "BF16"
  /// Signed integers of 32 bits.
  case i32 = "I32"
  /// Unsigned integers of 32 bits.
  case u32 = "U32"
  /// IEEE 754 single precision, `Float`.
  case f32 = "F32"
  /// Complex numbers of two `Float`.
  case c64 = "C64"
  /// IEEE 754 double precision, `Double`.
  case f64 = "F64"
  /// Signed integers of 64 bits.
  case i64 = "I64"
  /// Unsigned integers of 64 bits.
  case u64 = "U64"
  /// Complex numbers of two `Double`, which safetensors files do not have.
  case c128 = "C128"

  /// The number of bytes of one element.
  public var byteCount: Int {
    switch self {
    case .bool, .u8, .i8: 1
    case .i16, .u16, .f16, .bf16: 2
    case .i32, .u32, .f32: 4
    case .f64, .i64, .u64, .c64: 8
    case .c128: 16
    }
  }

  /// The number of bytes that the byte order reverses: those of one of a complex number's parts.
  var wordByteCount: Int {
    switch self {
    case .c64, .c128: byteCount / 2
    default: byteCount
    }
  }

  /// The type in which files store the elements of a tensor as they are.
  package init<Element: TensorScalar>(of type: Element.Type) {
    let letter =
      switch type {
      case is any BinaryFloatingPoint.Type: "F"
      case is any SignedInteger.Type: "I"
      case is any UnsignedInteger.Type: "U"
      default: "C"
      }
    self =
      type is Bool.Type
      ? .bool : StoredType(rawValue: letter + "\(8 * MemoryLayout<Element>.size)")!
  }
}

extension StoredType {
  /// Returns the number of bytes of a tensor of a shape.
  func byteCount(of shape: [Int]) throws(Flaw) -> Int {
    var count = byteCount
    for extent in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflows else {
        throw Flaw(
          message: "the shape \(excerpt(shape)) must have extents of at least 0 and fewer than 2^63 bytes")
      }
      count = product
    }
    return count
  }
}
