import CKernels

// Loops over the elements of tensors. Unless stated otherwise, results are new, contiguous and not recorded.
// The generic code here is thin and inlined into the operations; Loops.swift does the work.

extension Tensor {
  /// The address of the first element.
  @inline(__always)
  var address: UnsafeMutableRawPointer {
    storage.pointer + layout.offset * MemoryLayout<Element>.stride
  }

  @inline(__always)
  var operand: Loops.Operand {
    Loops.Operand(address: address, layout: layout, size: MemoryLayout<Element>.stride)
  }

  /// All elements as one row, if they are adjacent in memory.
  @inline(__always)
  private var row: MTPlane { MTPlane(base: address, outer: 0, inner: 1) }

  /// True if one call of a loop suffices: the elements have no gaps and are too few to be split over threads.
  @inline(__always)
  private var isOneRow: Bool { layout.isContiguous && layout.count < Parallel.leastElements }

  /// Returns f(x) of each element.
  @inline(__always)
  func mapped(_ operation: MTUnary, _ p: Double = 0, _ q: Double = 0) -> Tensor {
    if let failure { return .failed(by: failure) }
    let result = Tensor(uninitializedLike: self)
    if result.isFailed { return result }
    let loop = Element.kernels.loops.pointee.unary[Int(operation.rawValue)]!
    let least = Parallel.leastElements(operation)
    if layout.isContiguous, layout.count < least {
      loop(row, result.row, 1, layout.count, p, q)
    } else {
      Loops.run(loop, operand, result.operand, p, q, least: least)
    }
    return result
  }

  /// Returns f(a, b) of each pair of elements, broadcast. Error messages contain `name`.
  @inline(__always)
  static func combined(
    _ operation: MTBinary, _ a: Tensor, _ b: Tensor, name: StaticString, p: Double = 0
  ) -> Tensor {
    let loop = Element.kernels.loops.pointee.binary[Int(operation.rawValue)]!
    if a.isOneRow, b.isOneRow, a.failure == nil, a.layout.shape == b.layout.shape {
      let result = Tensor(uninitializedLike: a)
      if !result.isFailed { loop(a.row, b.row, result.row, 1, a.layout.count, p) }
      return result
    }
    let result: Tensor = resultOfPair(a, b, name)
    if !result.isFailed { Loops.run(loop, a.operand, b.operand, result.operand, p) }
    return result
  }

  /// Returns the comparison of a with b, element by element, broadcast. `isTurned` is true if the user's code
  /// names b first.
  @inline(__always)
  static func compared(
    _ operation: MTCompare, _ a: Tensor, _ b: Tensor, name: StaticString, isTurned: Bool = false
  ) -> Tensor<Bool> {
    let result: Tensor<Bool> = isTurned ? resultOfPair(b, a, name) : resultOfPair(a, b, name)
    if result.isFailed { return result }
    Loops.run(
      Element.kernels.loops.pointee.compare[Int(operation.rawValue)]!, a.operand, b.operand, result.operand, 0
    )
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
  func combine(_ operation: MTBinary, with b: Tensor, p: Double = 0) {
    guard let b = b.separated(from: self) else { return }
    // An operand holds only an address, so the copy must outlive the loop.
    withExtendedLifetime(b) {
      Loops.run(
        Element.kernels.loops.pointee.binary[Int(operation.rawValue)]!, operand, b.operand, operand, p)
    }
    storage.version += 1
  }

  /// Copies the elements of `source`, broadcast to this tensor's shape, over this tensor's elements.
  func overwrite(with source: Tensor) {
    guard let source = source.separated(from: self) else { return }
    withExtendedLifetime(source) {
      Loops.copy(source.operand.broadcast(to: layout.shape), to: operand)
    }
    storage.version += 1
  }

  /// Sets every element to a value.
  func overwrite(withAll value: Element) {
    withUnsafePointer(to: value) { value in
      let source = Loops.Operand(
        address: UnsafeMutableRawPointer(mutating: value),
        layout: Layout(layout.shape, strides: Dimensions(), offset: 0), size: MemoryLayout<Element>.stride)
      Loops.copy(source, to: operand)
    }
    storage.version += 1
  }

  /// Copies a vector of adjacent elements into every row of a matrix without gaps.
  func fillRows(with source: Tensor) {
    let width = source.layout.count
    Element.kernels.loops.pointee.copy(
      source.row, MTPlane(base: address, outer: width, inner: 1), layout.count / Swift.max(width, 1), width,
      0, 0)
  }

  /// Returns this tensor, or a copy if it shares memory with `target` in another layout: a loop must not read
  /// elements that it has already overwritten. Returns nil if there is no memory for the copy.
  private func separated(from target: Tensor) -> Tensor? {
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
    Loops.run(Element.kernels.loops.pointee.select, mask.operand, a.operand, b.operand, result.operand)
    return result
  }

  /// Returns a copy in row-major order, in its own storage.
  func copied() -> Tensor {
    if let failure { return .failed(by: failure) }
    let result = Tensor(uninitialized: layout.shape)
    if result.isFailed { return result }
    Counters.countCopy()
    Loops.copy(operand, to: result.operand)
    return result
  }

  /// Returns this tensor if its elements lie in row-major order, otherwise a copy.
  func contiguous() -> Tensor { layout.isContiguous ? self : copied().named("Copy") }

  /// Returns the elements as another type, and the number of elements that an integer type cannot represent
  /// (NaN or out of range).
  func converted<Target>(to target: Target.Type) -> (tensor: Tensor<Target>, misfits: Int) {
    let result = Tensor<Target>(uninitialized: layout.shape)
    if result.isFailed { return (result, 0) }
    return (result, Loops.cast(Element.kernels.element, Target.kernels.element, operand, result.operand))
  }
}
