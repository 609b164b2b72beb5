public import MartletCore

/// A tensor to be written to a file. Its bytes are lent at the time of writing.
///
/// ```swift
/// let weight = Tensor<Float>.normal([3, 4])
/// let source = TensorSource(name: "weight", tensor: weight)
/// try SafetensorsFile.write([source], to: "weights.safetensors")
/// try NpzFile.write([source], to: "weights.npz")
/// ```
public struct TensorSource {
  let name: String
  let dtype: StoredType
  let shape: [Int]
  private let lendBytes: (_ lend: (UnsafeRawBufferPointer) -> Void) -> Void

  /// Makes a source whose bytes, little-endian and in row-major order, a closure lends at once or in pieces.
  ///
  /// The closure is called once. For an array `scalars` it is `{ lend in scalars.withUnsafeBytes(lend) }`.
  public init(
    name: String, dtype: StoredType, shape: [Int],
    lendingBytes lendBytes: @escaping (_ lend: (UnsafeRawBufferPointer) -> Void) -> Void
  ) {
    self.name = name
    self.dtype = dtype
    self.shape = shape
    self.lendBytes = lendBytes
  }

  /// Makes a source from bytes, little-endian and in row-major order.
  public init(name: String, dtype: StoredType, shape: [Int], bytes: [UInt8]) {
    self.init(name: name, dtype: dtype, shape: shape) { lend in bytes.withUnsafeBytes(lend) }
  }

  /// Makes a source from a tensor. Its elements are copied now.
  public init<Element: TensorScalar>(name: String, tensor: Tensor<Element>) {
    let scalars = tensor.scalars
    self.init(name: name, dtype: StoredType(of: Element.self), shape: Array(tensor.shape)) { lend in
      scalars.withUnsafeBytes(lend)
    }
  }

  /// Makes a source from a tensor without a copy. Its elements are read at the time of writing.
  package init<Element: TensorScalar>(name: String, lending tensor: Tensor<Element>) {
    self.init(name: name, dtype: StoredType(of: Element.self), shape: Array(tensor.shape)) { lend in
      tensor.withElementBytes(lend)
    }
  }

  /// Makes a source from a tensor, whose elements are rounded to another precision at the time of writing.
  ///
  /// Elements are rounded to nearest, ties to even. Larger ones become infinite.
  ///
  /// ```swift
  /// let weight = Tensor<Float>.normal([3, 4])
  /// let half = try TensorSource(name: "weight", tensor: weight, as: .bf16)
  /// try SafetensorsFile.write([half], to: "half.safetensors")
  /// ```
  ///
  /// - Parameters:
  ///   - name: The name in the file.
  ///   - tensor: The tensor, which must not be changed before it is written.
  ///   - dtype: `f16`, `bf16`, `f32` or `f64`.
  /// - Throws: ``DataError`` for another element type.
  public init<Element: DifferentiableScalar>(
    name: String, tensor: Tensor<Element>, as dtype: StoredType
  ) throws(DataError) {
    guard let convert = Self.rounding(from: Element.self, to: dtype) else {
      throw DataError(
        path: "", entry: name,
        message: "\(Element.self) cannot be stored as \(dtype.rawValue); F16, BF16, F32 or F64 must be given")
    }
    self.init(name: name, dtype: dtype, shape: Array(tensor.shape)) { lend in
      tensor.withElementBytes { bytes in convert(bytes.bindMemory(to: Element.self), lend) }
    }
  }

  /// Returns a closure that lends converted elements in pieces; nil if there is none.
  private static func rounding<Element: DifferentiableScalar>(
    from _: Element.Type, to dtype: StoredType
  ) -> ((UnsafeBufferPointer<Element>, (UnsafeRawBufferPointer) -> Void) -> Void)? {
    func pieces<Target>(
      _ convert: @escaping (Element) -> Target
    ) -> (UnsafeBufferPointer<Element>, (UnsafeRawBufferPointer) -> Void) -> Void {
      { elements, lend in
        for start in stride(from: 0, to: elements.count, by: 1 << 16) {
          elements[start..<min(elements.count, start + 1 << 16)].map(convert).withUnsafeBytes(lend)
        }
      }
    }
    return switch dtype {
    case .f16: pieces { Float(roundingToOdd: Double($0)).halfBits }
    case .bf16: pieces { Float(roundingToOdd: Double($0)).brainBits }
    case .f32: pieces { Float($0) }
    case .f64: pieces { Double($0) }
    default: nil
    }
  }

  /// Appends the bytes to a file, which must be `count`.
  func append(
    to path: String, expecting count: Int, _ append: (UnsafeRawBufferPointer) throws(DataError) -> Void
  ) throws(DataError) {
    var failure: DataError?
    var lent = 0
    lendBytes { bytes in
      lent += bytes.count
      guard failure == nil else { return }
      do throws(DataError) { try append(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
    guard lent == count else {
      throw DataError(path: path, entry: name, message: "\(lent) bytes were lent; there must be \(count)")
    }
  }
}

extension [TensorSource] {
  /// Throws if a name is reserved or occurs twice. Names are equal only if their bytes are.
  func checkNames(reserved: String? = nil, path: String) throws(DataError) {
    var names: Set<ByteName> = reserved.map { [ByteName($0)] } ?? []
    for source in self where !names.insert(ByteName(source.name)).inserted {
      throw DataError(path: path, entry: source.name, message: "the name is taken")
    }
  }
}
