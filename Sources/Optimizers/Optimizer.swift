public import MartletCore

/// What a schedule sets: the learning rates of groups of parameters, and their momenta.
public protocol Schedulable: AnyObject {
  /// The size of a step of each group.
  var learningRates: [Double] { get set }

  /// The learning rates that schedules start from; empty until the first schedule sets them.
  var initialLearningRates: [Double] { get set }

  /// The momentum of each group, or β₁ where the optimizer has one; empty where it has neither.
  var momenta: [Double] { get set }
}

extension Schedulable {
  /// Not kept: a second schedule starts from the rates that it finds.
  public var initialLearningRates: [Double] {
    get { [] }
    set {}
  }

  /// None.
  public var momenta: [Double] {
    get { [] }
    set {}
  }
}

/// Changes parameters by their gradients.
///
/// An optimizer of one's own implements ``parameters``, ``learningRate``, ``beginStep()`` and
/// ``update(_:gradient:)``; if it keeps something from step to step, ``state`` and ``load(_:)`` too.
public protocol Optimizer<Element>: Schedulable {
  /// The type of the parameters' elements.
  associatedtype Element: DifferentiableScalar

  /// The tensors that a step changes.
  var parameters: [Tensor<Element>] { get }

  /// The size of a step: of groups with rates of their own the first one's, and what it is set to is every group's.
  var learningRate: Double { get set }

  /// Called once before the updates of a step.
  func beginStep()

  /// Changes parameter number `index` by its gradient. Called in ``noGrad(_:)``.
  func update(_ index: Int, gradient: Tensor<Element>)

  /// Changes every parameter that has a gradient, as ``update(_:gradient:)`` does one after the other unless an
  /// optimizer has a loop over all. Called in ``noGrad(_:)``.
  func updateAll()

  /// A copy of all that a run needs to go on with the same bits: what is kept of each parameter, and the settings.
  var state: OptimizerState<Element> { get }

  /// Takes over what another optimizer of the same kind and of parameters of the same shapes had. All is compared
  /// before anything is changed.
  ///
  /// - Throws: ``OptimizerStateMismatch``, which names what does not fit.
  func load(_ state: OptimizerState<Element>) throws(OptimizerStateMismatch)
}

extension Optimizer {
  /// The one rate.
  public var learningRates: [Double] {
    get { [learningRate] }
    set { learningRate = newValue[0] }
  }

  /// One parameter after the other.
  public func updateAll() {
    for (index, parameter) in parameters.enumerated() {
      if let gradient = parameter.grad { update(index, gradient: gradient) }
    }
  }

  /// Changes every parameter that has a gradient, unrecorded; the others are passed over.
  ///
  /// Then the gradients are zeroed, unless `zeroGrad` is false.
  public func step(zeroGrad: Bool = true) {
    noGrad {
      beginStep()
      updateAll()
    }
    if zeroGrad { self.zeroGrad() }
  }

  /// Forgets all gradients.
  public func zeroGrad() {
    for parameter in parameters { parameter.zeroGrad() }
  }

  /// The learning rate alone.
  public var state: OptimizerState<Element> {
    OptimizerState(numbers: ["groups.0.lr": learningRate])
  }

  /// Takes over the learning rate.
  public func load(_ state: OptimizerState<Element>) throws(OptimizerStateMismatch) {
    var reading = StateReading(state)
    let rate = reading.number("groups.0.lr")
    try reading.end()
    learningRate = rate
  }
}

extension Optimizer {
  /// Whether a gradient can change parameter number `index`: it did not fail, and has the parameter's shape.
  func accepts(_ gradient: Tensor<Element>, for index: Int) -> Bool {
    if gradient.isFailed { return false }
    let shape = parameters[index].shape
    if gradient.shape == shape { return true }
    programError("update", "a gradient of shape \(gradient.shape) for a parameter of shape \(shape)")
    return false
  }
}

/// Reports a hyperparameter that is out of range.
func check(_ isRight: Bool, _ optimizer: String, _ what: String, _ file: StaticString, _ line: UInt) {
  if !isRight { programError(optimizer, what, file, line) }
}
