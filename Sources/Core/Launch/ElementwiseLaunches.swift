// Launches of the elementwise kernels. Unless stated otherwise, results are new, contiguous and not recorded.
// Operations on few elements call their loop at once: here the way through an operand would cost more than the loop.

extension Tensor {
  /// All elements as one row, if they are adjacent in memory.
  @inline(__always)
  private var row: Plane { Plane(base: address, outer: 0, inner: 1) }

  /// True if one call of a loop suffices: the elements have no gaps and are too few to be split over threads.
  @inline(__always)
  private var isOneRow: Bool { layout.isContiguous && layout.count < Tuning.leastElements }

  /// Returns f(x) of each element.
  @inline(__always)
  func mapped(_ operation: UnaryKernel, _ p: Double = 0, _ q: Double = 0) -> Tensor {
    if let failure { return .failed(by: failure) }
    let result = Tensor(uninitializedLike: self)
    if result.isFailed { return result }
    if layout.isContiguous, layout.count < Parallel.leastElements(operation) {
      Element.element.loops.pointee.unary[Int(operation.rawValue)]!(row, result.row, 1, layout.count, p, q)
    } else {
      ElementwiseKernels.map(operation, operand, into: result.operand, p, q)
    }
    return result
  }

  /// Returns a real number f(z) of each complex element.
  func measured<Real>(_ operation: UnaryKernel) -> Tensor<Real> {
    if let failure { return .failed(by: failure) }
    let result = Tensor<Real>(uninitializedLike: self)
    if !result.isFailed { ElementwiseKernels.map(operation, operand, into: result.operand, 0, 0) }
    return result
  }

  /// Returns f(a, b) of each pair of elements, broadcast. Error messages contain `name`.
  @inline(__always)
  static func combined(
    _ operation: BinaryKernel, _ a: Tensor, _ b: Tensor, name: StaticString, p: Double = 0
  ) -> Tensor {
    if a.isOneRow, b.isOneRow, a.failure == nil, a.layout.shape == b.layout.shape {
      let result = Tensor(uninitializedLike: a)
      if result.isFailed { return result }
      let loop = Element.element.loops.pointee.binary[Int(operation.rawValue)]!
      loop(a.row, b.row, result.row, 1, a.layout.count, p)
      return result
    }
    let result: Tensor = resultOfPair(a, b, name)
    if !result.isFailed {
      ElementwiseKernels.combine(operation, a.operand, b.operand, into: result.operand, p)
    }
    return result
  }

  /// Returns the comparison of a with b, element by element, broadcast. `isTurned` is true if the user's code
  /// names b first.
  @inline(__always)
  static func compared(
    _ operation: CompareKernel, _ a: Tensor, _ b: Tensor, name: StaticString, isTurned: Bool = false
  ) -> Tensor<Bool> {
    let result: Tensor<Bool> = isTurned ? resultOfPair(b, a, name) : resultOfPair(a, b, name)
    if result.isFailed { return result }
    ElementwiseKernels.compare(operation, a.operand, b.operand, into: result.operand)
    return result.named(name)
  }

  /// Returns an uninitialised result of two operands, or a failed tensor if one has failed or the shapes do
  /// not broadcast.
  @inline(__always)
  private static func resultOfPair<Result>(_ a: Tensor, _ b: Tensor, _ name: StaticString) -> Tensor<Result> {
    if let failure = a.failure ?? b.failure { return .failed(by: failure) }
    guard let shape = TensorShape.broadcast(a.layout.shape, b.layout.shape) else {
      return .failed("\(name)", "shapes \(a.layout.shape) and \(b.layout.shape) do not broadcast")
    }
    // The result takes the memory order of an operand that has its shape. If both have it, a decides, unless
    // b is in row-major order.
    let isDecidedByA = a.layout.shape == shape, isDecidedByB = b.layout.shape == shape
    if isDecidedByA, !(isDecidedByB && b.layout.isContiguous) { return Tensor<Result>(uninitializedLike: a) }
    if isDecidedByB, !isDecidedByA { return Tensor<Result>(uninitializedLike: b) }
    return Tensor<Result>(uninitialized: shape)
  }

  /// Replaces the elements by f(this, b), with b broadcast to this tensor's shape.
  func combine(_ operation: BinaryKernel, with b: Tensor, p: Double = 0) {
    guard let b = b.separated(from: self) else { return }
    // An operand holds only an address, so the copy must outlive the loop.
    withExtendedLifetime(b) {
      ElementwiseKernels.combine(operation, operand, b.operand, into: operand, p)
    }
    storage.version += 1
  }

  /// Copies the elements of `source`, broadcast to this tensor's shape, over this tensor's elements.
  func overwrite(with source: Tensor) {
    guard let source = source.separated(from: self) else { return }
    withExtendedLifetime(source) {
      ElementwiseKernels.copy(source.operand.broadcast(to: layout.shape), into: operand)
    }
    storage.version += 1
  }

  /// Sets every element to a value.
  func overwrite(withAll value: Element) {
    withUnsafePointer(to: value) { value in
      let source = Operand(
        address: UnsafeMutableRawPointer(mutating: value),
        layout: Layout(layout.shape, strides: Dimensions(), offset: 0), element: Element.element)
      ElementwiseKernels.copy(source, into: operand)
    }
    storage.version += 1
  }

  /// Copies a vector of adjacent elements into every row of a matrix without gaps.
  func fillRows(with source: Tensor) {
    ElementwiseKernels.fillRows(
      source.address, width: source.layout.count, into: address, count: layout.count, of: Element.element)
  }

  /// Returns this tensor, or a copy if it shares memory with `target` in another layout: a loop must not read
  /// elements that it has already overwritten. Returns nil if there is no memory for the copy.
  func separated(from target: Tensor) -> Tensor? {
    let isSame =
      layout.offset == target.layout.offset && layout.strides == target.layout.strides
      && layout.shape == target.layout.shape
    if isSame || !sharesMemory(with: target) { return self }
    let copy = copied()
    return copy.isFailed ? nil : copy
  }

  /// True if both are views of the same memory.
  func sharesMemory(with other: Tensor) -> Bool { storage.pointer == other.storage.pointer }

  /// Returns a where the mask is true, otherwise b, all broadcast.
  static func selected(_ mask: Tensor<Bool>, _ a: Tensor, _ b: Tensor, name: StaticString) -> Tensor {
    if let failure = mask.failure ?? a.failure ?? b.failure { return .failed(by: failure) }
    guard let pair = TensorShape.broadcast(a.layout.shape, b.layout.shape),
      let shape = TensorShape.broadcast(pair, mask.layout.shape)
    else {
      return .failed(
        "\(name)",
        "the mask \(mask.layout.shape) and shapes \(a.layout.shape) and \(b.layout.shape) do not broadcast")
    }
    let result = Tensor(uninitialized: shape)
    if result.isFailed { return result }
    ElementwiseKernels.select(mask.operand, a.operand, b.operand, into: result.operand)
    return result
  }

  /// Returns a copy in row-major order, in its own storage.
  func copied() -> Tensor {
    if let failure { return .failed(by: failure) }
    let result = Tensor(uninitialized: layout.shape)
    if result.isFailed { return result }
    Counters.countCopy()
    ElementwiseKernels.copy(operand, into: result.operand)
    return result
  }

  /// Returns this tensor if its elements lie in row-major order, otherwise a copy.
  func contiguous() -> Tensor { layout.isContiguous ? self : copied().named("Copy") }

  /// Returns the elements as another type, and the number of elements that an integer type cannot represent
  /// (NaN or out of range).
  func converted<Target>(to target: Target.Type) -> (tensor: Tensor<Target>, misfits: Int) {
    let result = Tensor<Target>(uninitialized: layout.shape)
    if result.isFailed { return (result, 0) }
    return (result, ElementwiseKernels.cast(operand, into: result.operand))
  }
}
