package import CKernels

/// The rules by which parameters change. Each rule is one loop; MT_UPDATE in CKernels.h lists them.
package typealias UpdateRule = MTRule

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
  /// The decay of Adagrad's or ASGD's learning rate, or of NAdam's momentum.
  package var rateDecay = 0.0
  /// The bounds of Rprop's step sizes. ASGD averages after step number `least`.
  package var least = 0.0, most = 0.0
  /// True for Nesterov momentum, for weight decay that bypasses the gradient, and to maximise the loss.
  package var nesterov = false, decoupled = false, maximize = false

  package init(learningRate: Double, weightDecay: Double = 0) {
    self.learningRate = learningRate
    self.weightDecay = weightDecay
  }

  /// Returns the momentum of NAdam in a step. It grows towards β₁.
  package func nadamMomentum(inStep step: Int) -> Double { martlet_nadam_momentum(forLoop, Double(step)) }

  @inline(__always)
  fileprivate var forLoop: MTSettings {
    MTSettings(
      learningRate: learningRate, weightDecay: weightDecay, momentum: momentum, dampening: dampening,
      beta1: beta1, beta2: beta2, epsilon: epsilon, rateDecay: rateDecay, least: least, most: most,
      nesterov: nesterov ? 1 : 0, decoupled: decoupled ? 1 : 0, maximize: maximize ? 1 : 0)
  }
}

/// A list of parameters that one loop changes by a rule. The split over threads may cut a parameter.
package struct UpdateList: ~Copyable {
  private let updates: UnsafeMutablePointer<MTUpdate>
  private let loop: MTUpdateLoop, grain: Int
  private var count = 0, elements = 0

  /// Creates an empty list with room for `capacity` parameters.
  package init(capacity: Int, rule: UpdateRule, element: ElementType) {
    updates = .allocate(capacity: capacity)
    loop = element.loops.pointee.update[Int(rule.rawValue)]!
    grain = rule == .sgd ? Tuning.leastElementsOfSGD : Tuning.leastElementsOfRules
  }

  deinit { updates.deallocate() }

  package var isEmpty: Bool { count == 0 }

  /// Lists a parameter of `elements` elements with its gradient and the rule's state, all in row-major order.
  /// Their memory must live until ``change()``. `steps` is the number of earlier steps.
  package mutating func append(
    _ parameter: UnsafeMutableRawPointer, _ gradient: UnsafeMutableRawPointer, elements: Int,
    state first: UnsafeMutableRawPointer?, _ second: UnsafeMutableRawPointer?,
    _ third: UnsafeMutableRawPointer?, steps: Int, product: Double, _ settings: UpdateSettings
  ) {
    updates[count] = MTUpdate(
      parameter: parameter, gradient: gradient, first: first, second: second, third: third, count: elements,
      steps: steps, product: product, settings: settings.forLoop)
    count += 1
    self.elements += elements
  }

  /// Changes the listed parameters, and empties the list.
  package mutating func change() {
    Parallel.split(elements, grain: grain) { [updates, loop] in loop(updates, $0.lowerBound, $0.upperBound) }
    (count, elements) = (0, 0)
  }
}

/// Sums over parameters and their gradients.
package enum UpdateKernels {
  /// Returns Σ|x|ᵖ of all elements, or the largest |x| for p = ∞, computed in Doubles; NaN if an element is
  /// NaN. Blocks are summed separately and then in their order, so the result has the same bits for any
  /// number of threads.
  package static func powerSum(_ x: Operand, _ p: Double) throws(OutOfMemory) -> Double {
    let block = Tuning.powerSumBlock, count = x.count
    let loop = x.loops.pointee.powerSum!
    if count <= block { return loop(x.address, count, p) }
    let blocks = (count + block - 1) / block, scratch = try Scratch(blocks, of: .f64)
    let partial = scratch.address.assumingMemoryBound(to: Double.self)
    Parallel.split(blocks, grain: Tuning.leastElements / block) { range in
      for k in range { partial[k] = loop(x.at(k * block), min(block, count - k * block), p) }
    }
    let sum = ElementType.f64.loops.pointee.powerSum!(partial, blocks, p < .infinity ? 1 : p)
    extendLifetime(scratch)
    return sum
  }
}
