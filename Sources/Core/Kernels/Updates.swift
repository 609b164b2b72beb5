import CKernels

/// The parameters that a step of an optimizer changes, listed for one loop over the memory of all.
///
/// What is listed is changed by ``descend(learningRate:momentum:dampening:weightDecay:nesterov:)`` or
/// ``adapt(learningRate:betas:epsilon:weightDecay:isDecoupled:)``, in place and unrecorded, and then forgotten. The
/// memory must live until then. The elements are shared out to threads whatever parameter they belong to.
package struct ParameterUpdates<Element: DifferentiableScalar>: ~Copyable {
  private let updates: UnsafeMutablePointer<MTUpdate>
  private var count = 0, elements = 0
  /// Whether no two parameters share memory. Where they do, one has to be changed before the next is listed.
  package let areSeparate: Bool
  /// Row-major copies, and of parameters what they are copied back to.
  private var copies: [(copy: Tensor<Element>, target: Tensor<Element>?)] = []

  /// An empty list with room for these parameters.
  package init(of parameters: [Tensor<Element>]) {
    updates = .allocate(capacity: parameters.count)
    areSeparate = Set(parameters.map { $0.storage.pointer }).count == parameters.count
  }

  deinit { updates.deallocate() }

  /// Lists a parameter with a gradient of its shape, the running means that its optimizer keeps, in row-major order,
  /// and the number of steps made before this one.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package mutating func append(
    _ parameter: Tensor<Element>, _ gradient: Tensor<Element>, first: Tensor<Element>? = nil,
    second: Tensor<Element>? = nil, steps: Int
  ) {
    if count == 0 { Profiler.begin() }
    let memory = parameter.contiguous(), slope = gradient.contiguous()
    if memory.isFailed || slope.isFailed || first?.isFailed == true || second?.isFailed == true { return }
    if memory !== parameter { copies.append((memory, parameter)) }
    if slope !== gradient { copies.append((slope, nil)) }
    updates[count] = MTUpdate(
      parameter: memory.address, gradient: slope.address, first: first?.address, second: second?.address,
      count: parameter.layout.count, steps: steps)
    count += 1
    elements += parameter.layout.count
    parameter.storage.version += 1
  }

  /// Gradient descent: `g += λw`, `v = μv + (1 − τ)g` (`v = g` at first), `w −= ηv`, or `η(g + μv)` with Nesterov's
  /// momentum. Without a velocity, the first running mean, `w −= ηg`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package mutating func descend(
    learningRate: Double, momentum: Double, dampening: Double, weightDecay: Double, nesterov: Bool
  ) {
    let step = MTSGD(
      learningRate: learningRate, momentum: momentum, dampening: dampening, weightDecay: weightDecay,
      nesterov: nesterov ? 1 : 0)
    let loop = Element.kernels.loops.pointee.sgd!
    run(grain: Parallel.leastElements / 2) { [updates] in loop(updates, $0, $1, step) }
    Profiler.end("SGD")
  }

  /// Adam with the running means of the gradient and of its square. A decoupled weight decay is one of the parameter
  /// alone.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package mutating func adapt(
    learningRate: Double, betas: (Double, Double), epsilon: Double, weightDecay: Double, isDecoupled: Bool
  ) {
    let step = MTAdam(
      learningRate: learningRate, beta1: betas.0, beta2: betas.1, epsilon: epsilon, weightDecay: weightDecay,
      decoupled: isDecoupled ? 1 : 0)
    let loop = Element.kernels.loops.pointee.adam!
    run(grain: Parallel.leastElements / 4) { [updates] in loop(updates, $0, $1, step) }
    Profiler.end(isDecoupled ? "AdamW" : "Adam")
  }

  /// Hands the elements to a loop in pieces, and empties the list.
  @inline(__always)
  private mutating func run(grain: Int, _ body: (Int, Int) -> Void) {
    Parallel.split(elements, grain: grain) { body($0.lowerBound, $0.upperBound) }
    for (copy, target) in copies { target?.overwrite(with: copy) }
    copies.removeAll()
    (count, elements) = (0, 0)
  }
}
