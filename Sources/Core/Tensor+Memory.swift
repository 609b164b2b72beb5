#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// A tensor's memory: its address, and copies of scalars into it and out of it.

extension Tensor {
  /// The address of the first element.
  @inline(__always)
  var address: UnsafeMutableRawPointer {
    storage.pointer + layout.offset * MemoryLayout<Element>.stride
  }

  /// A number that tensors have in common if they are views of the same memory.
  var memoryNumber: Int { Int(bitPattern: storage.pointer) }

  /// The tensor's memory as a kernel reads or writes it. It must not outlive the tensor.
  @inline(__always)
  var operand: Operand { Operand(address: address, layout: layout, element: Element.element) }

  /// Creates a contiguous tensor with these elements; their number must match the shape.
  convenience init(copying scalars: [Element], shape: TensorShape) {
    self.init(uninitialized: shape)
    if isFailed { return }
    scalars.withUnsafeBytes { source in
      if let from = source.baseAddress { storage.pointer.copyMemory(from: from, byteCount: source.count) }
    }
  }

  /// Returns a contiguous tensor whose bytes are all zero: 0 or false.
  static func zeroed(_ shape: TensorShape) -> Tensor {
    let result = Tensor(uninitialized: shape)
    result.storage.pointer.initializeMemory(
      as: UInt8.self, repeating: 0, count: result.layout.count * MemoryLayout<Element>.stride)
    return result
  }

  /// Creates a tensor of rank 0.
  convenience init(single value: Element) {
    self.init(uninitialized: TensorShape(rank: 0))
    storage.pointer.storeBytes(of: value, as: Element.self)
  }

  /// The elements in row-major order.
  var readScalars: [Element] {
    let source = contiguous()
    if source.isFailed || layout.count == 0 { return [] }
    return Array(unsafeUninitializedCapacity: layout.count) { buffer, count in
      UnsafeMutableRawPointer(buffer.baseAddress!).copyMemory(
        from: source.address, byteCount: layout.count * MemoryLayout<Element>.stride)
      count = layout.count
    }
  }

  /// Calls `body` with the bytes of the elements in row-major order: the tensor's own memory if it is
  /// contiguous, otherwise a copy.
  package func withElementBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
    let source = contiguous()
    if source.isFailed || layout.count == 0 { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
    body(UnsafeRawBufferPointer(start: source.address, count: layout.count * MemoryLayout<Element>.stride))
    withExtendedLifetime(source) {}
  }

  /// Returns a contiguous tensor whose bytes `body` writes; nil if memory is short or the shape is invalid.
  package static func reading<Failure: Error>(
    _ shape: TensorShape, _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) -> Tensor? {
    let layout = Layout(shape), stride = MemoryLayout<Element>.stride
    guard let storage = Storage(for: layout, stride: stride) else { return nil }
    let result = Tensor(storage: storage, layout: layout)
    try body(UnsafeMutableRawBufferPointer(start: result.storage.pointer, count: layout.count * stride))
    return result
  }

  /// The first element of a tensor that has elements.
  var firstScalar: Element { address.load(as: Element.self) }

  /// The element at a row-major index.
  func scalar(at index: Int) -> Element {
    var rest = index, offset = 0
    var axis = layout.rank - 1
    while axis >= 0 {
      offset += rest % layout.shape.extents[axis] * layout.strides[axis]
      rest /= layout.shape.extents[axis]
      axis -= 1
    }
    return address.load(fromByteOffset: offset * MemoryLayout<Element>.stride, as: Element.self)
  }

  /// True if an element is NaN.
  var containsNaN: Bool { scalars.contains { $0 != $0 } }

  /// True if another tensor has the same shape and the same bits in each element.
  func hasSameBits(as other: Tensor) -> Bool {
    let x = contiguous(), y = other.contiguous()
    guard shape == other.shape, x.failure == nil, y.failure == nil else { return false }
    return withExtendedLifetime((x, y)) {
      memcmp(x.address, y.address, layout.count * MemoryLayout<Element>.stride) == 0
    }
  }

  /// Returns a new tensor whose elements `body` writes. `body` receives the address of the first element and
  /// the number of elements.
  static func filled(
    _ shape: TensorShape, _ body: (_ elements: UnsafeMutablePointer<Element>, _ count: Int) -> Void
  ) -> Tensor {
    let result = Tensor(uninitialized: shape)
    if !result.isFailed {
      body(result.storage.pointer.assumingMemoryBound(to: Element.self), result.layout.count)
    }
    return result
  }
}

extension Tensor where Element: NumericScalar {
  /// Returns start, start + step, … . Each element is computed from its index, so that rounding errors do not
  /// accumulate.
  static func ramp(_ count: Int, start: Double, step: Double) -> Tensor {
    filled([count]) { elements, count in
      for i in 0..<count { elements[i] = Element(start + Double(i) * step) }
    }
  }
}

extension Tensor where Element == Bool {
  /// The indices of the true elements in row-major order.
  var truePositions: [Int] {
    var positions: [Int] = []
    withElementBytes { flags in
      let total = flags.reduce(0) { $0 &+ Int($1) }
      positions = Array(unsafeUninitializedCapacity: total) { buffer, count in
        // A position is written in any case, and stays if its element is true.
        for (position, flag) in flags.enumerated() where count < total {
          buffer[count] = position
          count &+= Int(flag)
        }
      }
    }
    return positions
  }
}
