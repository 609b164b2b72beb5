// Changes of parameters by the rules of the optimizers.

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
/// parameters must live until then.
package struct ParameterUpdates<Element: DifferentiableScalar>: ~Copyable {
  private var list: UpdateList
  private let rule: UpdateRule
  private let name: StaticString
  /// True if no two parameters share memory. Otherwise each parameter must be changed before the next is
  /// listed.
  package let areSeparate: Bool
  /// Row-major copies. A copy of a parameter has the parameter as its target, to which it is copied back.
  private var copies: [(copy: Tensor<Element>, target: Tensor<Element>?)] = []

  /// Creates an empty list with room for these parameters. Profiles show the rule under `name`.
  package init(of parameters: [Tensor<Element>], by rule: UpdateRule, named name: StaticString) {
    list = UpdateList(capacity: parameters.count, rule: rule, element: Element.element)
    areSeparate = Set(parameters.map { $0.memoryNumber }).count == parameters.count
    self.rule = rule
    self.name = name
  }

  /// Lists a parameter with a gradient of its shape, and increments the step count of its state.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package mutating func append(
    _ parameter: Tensor<Element>, _ gradient: Tensor<Element>, _ state: inout UpdateState<Element>,
    _ settings: UpdateSettings
  ) {
    if list.isEmpty { Profiler.begin() }
    let memory = parameter.contiguous(), slope = gradient.contiguous()
    if memory.isFailed || slope.isFailed || state.first?.isFailed == true || state.second?.isFailed == true
      || state.third?.isFailed == true
    {
      return
    }
    if memory !== parameter { copies.append((memory, parameter)) }
    if slope !== gradient { copies.append((slope, nil)) }
    if rule == .nadam { state.product *= settings.nadamMomentum(inStep: state.steps + 1) }
    list.append(
      memory.address, slope.address, elements: parameter.layout.count, state: state.first?.address,
      state.second?.address, state.third?.address, steps: state.steps, product: state.product, settings)
    state.steps += 1
    parameter.storage.version += 1
  }

  /// Changes the listed parameters by the rule, and empties the list.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package mutating func change() {
    list.change()
    for (copy, target) in copies { target?.overwrite(with: copy) }
    copies.removeAll()
    Profiler.end(name)
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Returns Σ|x|ᵖ of all elements, or the largest |x| for p = ∞, computed in Doubles; NaN if an element is
  /// NaN.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package func powerSum(_ p: Double) -> Double {
    let x = contiguous()
    var sum = Double.nan
    _ = launch(after: x.failure) { () throws(OutOfMemory) in
      sum = try UpdateKernels.powerSum(x.operand, p)
    }
    return sum
  }
}
