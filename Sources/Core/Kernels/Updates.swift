import CKernels

/// The rules by which parameters change, a loop each, and what optimizers have in common beside them.
package enum UpdateRule: Sendable {
  case sgd, adam, rmsProp, adagrad, adadelta, adamax, nadam, radam, lion
  /// No optimizer's: w = ηw, w within ±η, w = w + η(g − w).
  case scale, limit, average

  var loop: MTRule {
    switch self {
    case .sgd: .sgd
    case .adam: .adam
    case .rmsProp: .rmsProp
    case .adagrad: .adagrad
    case .adadelta: .adadelta
    case .adamax: .adamax
    case .nadam: .nadam
    case .radam: .radam
    case .lion: .lion
    case .scale: .scale
    case .limit: .limit
    case .average: .average
    }
  }
}

/// What the parameters of a group are changed with. A rule reads what it has.
package struct UpdateSettings: Sendable {
  /// η and λ.
  package var learningRate: Double, weightDecay: Double
  /// μ and τ: how much of the velocity a step keeps, and how much of the gradient is kept from it.
  package var momentum = 0.0, dampening = 0.0
  /// How much of the running means of gradients and of squares a step keeps.
  package var beta1 = 0.0, beta2 = 0.0
  /// ε.
  package var epsilon = 0.0
  /// How fast Adagrad's rate falls, and how fast NAdam's momentum grows.
  package var rateDecay = 0.0
  /// Whether the step looks ahead, whether the decay goes past the gradient, and whether the loss is to grow.
  package var nesterov = false, decoupled = false, maximize = false

  package init(learningRate: Double, weightDecay: Double = 0) {
    self.learningRate = learningRate
    self.weightDecay = weightDecay
  }

  @inline(__always)
  var forLoop: MTSettings {
    MTSettings(
      learningRate: learningRate, weightDecay: weightDecay, momentum: momentum, dampening: dampening,
      beta1: beta1, beta2: beta2, epsilon: epsilon, rateDecay: rateDecay, nesterov: nesterov ? 1 : 0,
      decoupled: decoupled ? 1 : 0, maximize: maximize ? 1 : 0)
  }
}

/// What a rule keeps of a parameter's earlier gradients, in row-major order.
package struct UpdateState<Element: DifferentiableScalar> {
  package var first: Tensor<Element>?, second: Tensor<Element>?, third: Tensor<Element>?
  /// The parameter's own steps.
  package var steps = 0
  /// The product of NAdam's momenta.
  package var product = 1.0

  package init() {}
}

/// The parameters that a step of an optimizer changes, listed for one loop over the memory of all.
///
/// What is listed is changed by ``change()``, in place and unrecorded, and then forgotten. The memory must live until
/// then. The elements are shared out to threads whatever parameter they belong to.
package struct ParameterUpdates<Element: DifferentiableScalar>: ~Copyable {
  private let updates: UnsafeMutablePointer<MTUpdate>
  private var count = 0, elements = 0
  private let rule: UpdateRule
  private let name: StaticString
  /// Whether no two parameters share memory. Where they do, one has to be changed before the next is listed.
  package let areSeparate: Bool
  /// Row-major copies, and of parameters what they are copied back to.
  private var copies: [(copy: Tensor<Element>, target: Tensor<Element>?)] = []

  /// An empty list with room for these parameters, to be changed by a rule that a profile knows under a name.
  package init(of parameters: [Tensor<Element>], by rule: UpdateRule, named name: StaticString) {
    updates = .allocate(capacity: parameters.count)
    areSeparate = Set(parameters.map { $0.storage.pointer }).count == parameters.count
    self.rule = rule
    self.name = name
  }

  deinit { updates.deallocate() }

  /// Lists a parameter with a gradient of its shape, and counts a step in its state.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package mutating func append(
    _ parameter: Tensor<Element>, _ gradient: Tensor<Element>, _ state: inout UpdateState<Element>,
    _ settings: UpdateSettings
  ) {
    if count == 0 { Profiler.begin() }
    let memory = parameter.contiguous(), slope = gradient.contiguous()
    if memory.isFailed || slope.isFailed || state.first?.isFailed == true || state.second?.isFailed == true
      || state.third?.isFailed == true
    {
      return
    }
    if memory !== parameter { copies.append((memory, parameter)) }
    if slope !== gradient { copies.append((slope, nil)) }
    let numbers = settings.forLoop
    if rule == .nadam { state.product *= martlet_nadam_momentum(numbers, Double(state.steps + 1)) }
    updates[count] = MTUpdate(
      parameter: memory.address, gradient: slope.address, first: state.first?.address,
      second: state.second?.address, third: state.third?.address, count: parameter.layout.count,
      steps: state.steps, product: state.product, settings: numbers)
    state.steps += 1
    count += 1
    elements += parameter.layout.count
    parameter.storage.version += 1
  }

  /// Changes what is listed by the rule, and empties the list.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package mutating func change() {
    let loop = Element.kernels.loops.pointee.update[Int(rule.loop.rawValue)]!
    let grain = rule == .sgd ? Parallel.leastElements / 2 : Parallel.leastElements / 4
    Parallel.split(elements, grain: grain) { [updates] in loop(updates, $0.lowerBound, $0.upperBound) }
    for (copy, target) in copies { target?.overwrite(with: copy) }
    copies.removeAll()
    (count, elements) = (0, 0)
    Profiler.end(name)
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Σ|x|ᵖ of all elements, or the largest |x| for p = ∞, kept in Doubles; NaN where an element is. Blocks are summed
  /// by themselves and then in their order: the same bits for any number of threads.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package func powerSum(_ p: Double) -> Double {
    let source = contiguous()
    if source.isFailed { return .nan }
    let block = 1 << 13, count = layout.count, memory = source.address
    let loop = Element.kernels.loops.pointee.powerSum!
    if count <= block { return loop(memory, count, p) }
    let sums = Tensor<Double>(uninitialized: [(count + block - 1) / block])
    if sums.isFailed { return .nan }
    let partial = sums.address.assumingMemoryBound(to: Double.self)
    Parallel.split(sums.layout.count, grain: Parallel.leastElements / block) { range in
      for k in range {
        let start = k * block
        partial[k] = loop(memory + start * MemoryLayout<Element>.stride, Swift.min(block, count - start), p)
      }
    }
    return Double.kernels.loops.pointee.powerSum!(partial, sums.layout.count, p < .infinity ? 1 : p)
  }
}
