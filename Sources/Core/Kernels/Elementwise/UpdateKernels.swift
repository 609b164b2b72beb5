import CKernels

/// The rules by which parameters change. Each rule is one loop.
package enum UpdateRule: Sendable {
  case sgd, adam, rmsProp, adagrad, adadelta, adamax, nadam, radam, lion
  /// Rules outside of optimizers: w = ηw, w clamped to ±η, w = w + η(g − w).
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

/// The settings of a group of parameters. Each rule reads only its own settings.
package struct UpdateSettings: Sendable {
  /// The learning rate η and the weight decay λ.
  package var learningRate: Double, weightDecay: Double
  /// The factor μ of the velocity in a step, and the dampening τ: the gradient is multiplied by 1 − τ after
  /// the first step.
  package var momentum = 0.0, dampening = 0.0
  /// The decay rates of the running means of the gradients and of their squares.
  package var beta1 = 0.0, beta2 = 0.0
  /// The term ε that avoids divisions by zero.
  package var epsilon = 0.0
  /// The decay of Adagrad's learning rate, or of NAdam's momentum.
  package var rateDecay = 0.0
  /// True for Nesterov momentum, for weight decay that bypasses the gradient, and to maximise the loss.
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

/// The state that a rule keeps of a parameter's earlier gradients, in row-major order.
package struct UpdateState<Element: DifferentiableScalar> {
  package var first: Tensor<Element>?, second: Tensor<Element>?, third: Tensor<Element>?
  /// The number of steps of this parameter.
  package var steps = 0
  /// The product of NAdam's momenta.
  package var product = 1.0

  package init() {}
}

/// The parameters that a step of an optimizer changes, in one list for a loop over the memory of all.
///
/// ``change()`` changes the listed parameters in place, unrecorded, and empties the list. The memory of the
/// parameters must live until then. The elements are distributed over threads independently of the parameters
/// they belong to.
package struct ParameterUpdates<Element: DifferentiableScalar>: ~Copyable {
  private let updates: UnsafeMutablePointer<MTUpdate>
  private var count = 0, elements = 0
  private let rule: UpdateRule
  private let name: StaticString
  /// True if no two parameters share memory. Otherwise each parameter must be changed before the next is
  /// listed.
  package let areSeparate: Bool
  /// Row-major copies. A copy of a parameter has the parameter as its target, to which it is copied back.
  private var copies: [(copy: Tensor<Element>, target: Tensor<Element>?)] = []

  /// Creates an empty list with room for these parameters. Profiles show the rule under `name`.
  package init(of parameters: [Tensor<Element>], by rule: UpdateRule, named name: StaticString) {
    updates = .allocate(capacity: parameters.count)
    areSeparate = Set(parameters.map { $0.storage.pointer }).count == parameters.count
    self.rule = rule
    self.name = name
  }

  deinit { updates.deallocate() }

  /// Lists a parameter with a gradient of its shape, and increments the step count of its state.
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

  /// Changes the listed parameters by the rule, and empties the list.
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
  /// Returns Σ|x|ᵖ of all elements, or the largest |x| for p = ∞, computed in Doubles; NaN if an element is
  /// NaN. Blocks are summed separately and then in their order, so the result has the same bits for any
  /// number of threads.
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
