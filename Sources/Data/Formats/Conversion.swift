import MartletCore

/// A loop that turns stored elements into a tensor's.
struct Conversion {
  /// Converts all elements of a buffer. Returns false if one does not fit the tensor's type.
  let loop: (_ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer) -> Bool

  /// Makes a conversion, or nil if there is none, or none is needed. Only a wide one changes more than half
  /// precision, which no tensor has, and the bytes of booleans.
  init?<Element: TensorScalar>(from dtype: StoredType, to type: Element.Type, isWide: Bool) {
    let loop: Conversion? =
      switch type {
      case is Bool.Type: dtype == .bool ? Conversion(UInt8.self, Bool.self) { $0 != 0 } : nil
      case is Float.Type: Self.real(from: dtype, Float.self, isWide: isWide)
      case is Double.Type: Self.real(from: dtype, Double.self, isWide: isWide)
      // Labels are often narrower than `Int`, whose loops are worth code of their own.
      case is Int.Type: isWide && dtype != .i64 ? Self.integer(from: dtype, Int.self) : nil
      case let type as any (FixedWidthInteger & TensorScalar).Type:
        isWide && dtype != StoredType(of: type) ? Self.integer(from: dtype, type) : nil
      default: nil
      }
    guard let loop else { return nil }
    self = loop
  }

  @inline(__always)
  private init<Source, Target>(_: Source.Type, _: Target.Type, _ convert: @escaping (Source) -> Target) {
    loop = { source, target in
      let source = source.assumingMemoryBound(to: Source.self)
      let target = target.assumingMemoryBound(to: Target.self)
      for index in 0..<source.count { target[index] = convert(source[index]) }
      return true
    }
  }

  @inline(__always)
  private init<Source: FixedWidthInteger, Target: FixedWidthInteger>(exactly _: Source.Type, _: Target.Type) {
    loop = { source, target in
      let source = source.assumingMemoryBound(to: Source.self)
      let target = target.assumingMemoryBound(to: Target.self)
      var fits = true
      for index in 0..<source.count {
        let value = Target(truncatingIfNeeded: source[index])
        fits = fits && value == source[index]
        target[index] = value
      }
      return fits
    }
  }

  @inline(__always)
  private static func real<Target: DifferentiableScalar>(
    from dtype: StoredType, _: Target.Type, isWide: Bool
  ) -> Conversion? {
    switch dtype {
    case .f16: return Conversion(UInt16.self, Target.self) { Target(Float(halfBits: $0)) }
    case .bf16:
      return Conversion(UInt16.self, Target.self) { Target(Float(bitPattern: UInt32($0) << 16)) }
    case _ where !isWide: return nil
    case .f32: return Target.self == Float.self ? nil : Conversion(Float.self, Target.self) { Target($0) }
    case .f64: return Target.self == Double.self ? nil : Conversion(Double.self, Target.self) { Target($0) }
    case .bool: return Conversion(UInt8.self, Target.self) { $0 == 0 ? 0 : 1 }
    case .u8: return Conversion(UInt8.self, Target.self) { Target($0) }
    case .i8: return Conversion(Int8.self, Target.self) { Target($0) }
    case .u16: return Conversion(UInt16.self, Target.self) { Target($0) }
    case .i16: return Conversion(Int16.self, Target.self) { Target($0) }
    case .u32: return Conversion(UInt32.self, Target.self) { Target($0) }
    case .i32: return Conversion(Int32.self, Target.self) { Target($0) }
    case .u64: return Conversion(UInt64.self, Target.self) { Target($0) }
    case .i64: return Conversion(Int64.self, Target.self) { Target($0) }
    case .c64, .c128: return nil
    }
  }

  @inline(__always)
  private static func integer<Target: FixedWidthInteger>(
    from dtype: StoredType, _: Target.Type
  ) -> Conversion? {
    switch dtype {
    case .bool: Conversion(UInt8.self, Target.self) { $0 == 0 ? 0 : 1 }
    case .u8: Conversion(exactly: UInt8.self, Target.self)
    case .i8: Conversion(exactly: Int8.self, Target.self)
    case .u16: Conversion(exactly: UInt16.self, Target.self)
    case .i16: Conversion(exactly: Int16.self, Target.self)
    case .u32: Conversion(exactly: UInt32.self, Target.self)
    case .i32: Conversion(exactly: Int32.self, Target.self)
    case .u64: Conversion(exactly: UInt64.self, Target.self)
    case .i64: Conversion(exactly: Int64.self, Target.self)
    case .f16, .bf16, .f32, .f64, .c64, .c128: nil
    }
  }
}

// MARK: - Half precision

extension Float {
  /// The value of IEEE 754 half precision, which every `Float` can hold.
  init(halfBits bits: UInt16) {
    let magnitude = UInt32(bits & 0x7FFF) << 13
    // The exponents differ by 112, also for subnormal numbers; infinity and NaN have the largest of both.
    let value =
      magnitude < 0x7C00 << 13
      ? Float(bitPattern: magnitude) * 0x1p112 : Float(bitPattern: magnitude | 0x7F80_0000)
    self = Float(bitPattern: value.bitPattern | UInt32(bits & 0x8000) << 16)
  }

  /// The bits of the nearest number in half precision; ties go to the even one.
  var halfBits: UInt16 {
    let sign = UInt16(bitPattern >> 16) & 0x8000
    let bits = magnitude.bitPattern
    if isNaN { return sign | 0x7E00 | UInt16(bits >> 13 & 0x3FF) }
    if magnitude >= 65520 { return sign | 0x7C00 }
    // The sum rounds to a multiple of 2⁻²⁴, the unit of subnormal numbers.
    if magnitude < 0x1p-14 { return sign | UInt16((magnitude + 0.5).bitPattern - Float(0.5).bitPattern) }
    return sign | UInt16((bits + 0xFFF + (bits >> 13 & 1)) >> 13 - 112 << 10)
  }

  /// The bits of the nearest number whose upper half is all; ties go to the even one.
  var brainBits: UInt16 {
    if isNaN { return UInt16(bitPattern >> 16) | 0x40 }
    return UInt16((bitPattern + 0x7FFF + (bitPattern >> 16 & 1)) >> 16)
  }

  /// Rounds towards zero, and then sets the last bit of an inexact result. A second rounding, to fewer bits,
  /// then rounds as if it were the only one.
  init(roundingToOdd value: Double) {
    self.init(value)
    guard isFinite, Double(self) != value else { return }
    let bits = Double(magnitude) > value.magnitude ? bitPattern - 1 : bitPattern
    self = Float(bitPattern: bits | 1)
  }
}
