// Kernels run here and nowhere else. A launch makes the operands contiguous, passes an earlier failure on, keeps the
// memory alive while the kernel runs, and turns a shortage of scratch memory into a failure.

/// Runs a kernel unless an operand has failed, and returns the failure; nil if the kernel ran.
@inline(__always)
func launch(
  after failure: Failure?, _ kernel: () throws(OutOfMemory) -> Void
) -> Failure? {
  if let failure { return failure }
  do throws(OutOfMemory) {
    try kernel()
    return nil
  } catch {
    return mistake("memory", "there is no room for \(error.bytes) bytes of scratch memory")
  }
}

/// Runs a kernel that reads a tensor and writes `y`, a new tensor. Returns `y`, or a failed tensor.
@inline(__always)
func launch<A, Y>(
  _ a: Tensor<A>, into y: Tensor<Y>, _ kernel: (Operand, Operand) throws(OutOfMemory) -> Void
) -> Tensor<Y> {
  let a = a.contiguous()
  let failure = launch(after: a.failure ?? y.failure) { () throws(OutOfMemory) in
    if y.layout.count > 0 { try kernel(a.operand, y.operand) }
  }
  return failure.map { .failed(by: $0) } ?? y
}

/// Runs a kernel that reads two tensors and writes `y`.
@inline(__always)
func launch<A, B, Y>(
  _ a: Tensor<A>, _ b: Tensor<B>, into y: Tensor<Y>,
  _ kernel: (Operand, Operand, Operand) throws(OutOfMemory) -> Void
) -> Tensor<Y> {
  let a = a.contiguous(), b = b.contiguous()
  let failure = launch(after: a.failure ?? b.failure ?? y.failure) { () throws(OutOfMemory) in
    if y.layout.count > 0 { try kernel(a.operand, b.operand, y.operand) }
  }
  return failure.map { .failed(by: $0) } ?? y
}

/// Runs a kernel that reads three tensors and writes `y`.
@inline(__always)
func launch<A, B, C, Y>(
  _ a: Tensor<A>, _ b: Tensor<B>, _ c: Tensor<C>, into y: Tensor<Y>,
  _ kernel: (Operand, Operand, Operand, Operand) throws(OutOfMemory) -> Void
) -> Tensor<Y> {
  let a = a.contiguous(), b = b.contiguous(), c = c.contiguous()
  let failure = launch(after: a.failure ?? b.failure ?? c.failure ?? y.failure) { () throws(OutOfMemory) in
    if y.layout.count > 0 { try kernel(a.operand, b.operand, c.operand, y.operand) }
  }
  return failure.map { .failed(by: $0) } ?? y
}

/// Runs a kernel that reads some tensors of one type, in their order, and writes `y`.
@inline(__always)
func launch<A, Y>(
  _ given: [Tensor<A>], into y: Tensor<Y>, _ kernel: ([Operand], Operand) throws(OutOfMemory) -> Void
) -> Tensor<Y> {
  let given = given.map { $0.contiguous() }
  let failure = launch(after: given.lazy.compactMap(\.failure).first ?? y.failure) { () throws(OutOfMemory) in
    if y.layout.count > 0 { try kernel(given.map(\.operand), y.operand) }
    // An array is released after its last use, the tensors of the other forms at the end of their scope.
    extendLifetime(given)
  }
  return failure.map { .failed(by: $0) } ?? y
}

/// Runs a kernel that reads a tensor and writes `y` and `z`, new tensors. Returns both, or two failed tensors.
@inline(__always)
func launch<A, Y, Z>(
  _ a: Tensor<A>, into y: Tensor<Y>, _ z: Tensor<Z>,
  _ kernel: (Operand, Operand, Operand) throws(OutOfMemory) -> Void
) -> (Tensor<Y>, Tensor<Z>) {
  let a = a.contiguous()
  let failure = launch(after: a.failure ?? y.failure ?? z.failure) { () throws(OutOfMemory) in
    if y.layout.count + z.layout.count > 0 { try kernel(a.operand, y.operand, z.operand) }
  }
  return failure.map { (.failed(by: $0), .failed(by: $0)) } ?? (y, z)
}

/// Runs a kernel that reads two tensors and writes `y` and `z`.
@inline(__always)
func launch<A, B, Y, Z>(
  _ a: Tensor<A>, _ b: Tensor<B>, into y: Tensor<Y>, _ z: Tensor<Z>,
  _ kernel: (Operand, Operand, Operand, Operand) throws(OutOfMemory) -> Void
) -> (Tensor<Y>, Tensor<Z>) {
  let a = a.contiguous(), b = b.contiguous()
  let failure = launch(after: a.failure ?? b.failure ?? y.failure ?? z.failure) { () throws(OutOfMemory) in
    if y.layout.count + z.layout.count > 0 { try kernel(a.operand, b.operand, y.operand, z.operand) }
  }
  return failure.map { (.failed(by: $0), .failed(by: $0)) } ?? (y, z)
}

/// Runs a kernel that reads three tensors and writes `y` and `z`.
@inline(__always)
func launch<A, B, C, Y, Z>(
  _ a: Tensor<A>, _ b: Tensor<B>, _ c: Tensor<C>, into y: Tensor<Y>, _ z: Tensor<Z>,
  _ kernel: (Operand, Operand, Operand, Operand, Operand) throws(OutOfMemory) -> Void
) -> (Tensor<Y>, Tensor<Z>) {
  let a = a.contiguous(), b = b.contiguous(), c = c.contiguous()
  let failure = launch(after: a.failure ?? b.failure ?? c.failure ?? y.failure ?? z.failure) {
    () throws(OutOfMemory) in
    if y.layout.count + z.layout.count > 0 {
      try kernel(a.operand, b.operand, c.operand, y.operand, z.operand)
    }
  }
  return failure.map { (.failed(by: $0), .failed(by: $0)) } ?? (y, z)
}
