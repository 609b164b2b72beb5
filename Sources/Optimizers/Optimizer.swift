public import MartletCore

/// An object whose learning rates and momenta a schedule sets. Every optimizer is one.
///
/// ```swift
/// func halveRates(of optimizer: any Schedulable) {
///   optimizer.learningRates = optimizer.learningRates.map { $0 / 2 }
/// }
/// ```
public protocol Schedulable: AnyObject {
  /// The learning rate of each group.
  var learningRates: [Double] { get set }

  /// The learning rates that schedules start from; empty until the first schedule sets them.
  var initialLearningRates: [Double] { get set }

  /// The momentum of each group, or β₁ if the optimizer has betas. Empty if the optimizer has neither.
  var momenta: [Double] { get set }
}

extension Schedulable {
  /// The default: nothing is stored, and a second schedule starts from the current learning rates.
  public var initialLearningRates: [Double] {
    get { [] }
    set {}
  }

  /// The default: no momentum.
  public var momenta: [Double] {
    get { [] }
    set {}
  }
}

/// An object that changes parameters by their gradients.
///
/// A new optimizer implements ``parameters``, ``learningRate``, ``beginStep()`` and ``update(_:gradient:)``.
/// If it keeps state from step to step, it also implements ``Stateful/state`` and ``Stateful/load(_:)``.
///
/// ```swift
/// func minimise(_ optimizer: some Optimizer<Float>, _ loss: () -> Tensor<Float>) {
///   loss().backward()
///   optimizer.clipGradNorm(max: 1)
///   optimizer.step()
/// }
/// ```
public protocol Optimizer<Element>: Schedulable, Stateful {
  /// The type of the parameters' elements. It stands here too so that it is inferred from ``parameters``.
  override associatedtype Element

  /// The tensors that a step changes.
  var parameters: [Tensor<Element>] { get }

  /// The learning rate of the first group. Setting it sets the learning rate of every group.
  var learningRate: Double { get set }

  /// Prepares a step. ``step(zeroGrad:)`` calls it once before the updates.
  func beginStep()

  /// Changes parameter number `index` by its gradient. ``step(zeroGrad:)`` calls it within ``noGrad(_:)``.
  func update(_ index: Int, gradient: Tensor<Element>)

  /// Changes every parameter that has a gradient. ``step(zeroGrad:)`` calls it within ``noGrad(_:)``.
  ///
  /// By default it calls ``update(_:gradient:)`` for one parameter after the other.
  func updateAll()
}

extension Optimizer {
  /// The default: a single group with ``learningRate``.
  public var learningRates: [Double] {
    get { [learningRate] }
    set { learningRate = newValue[0] }
  }

  /// Updates one parameter after the other.
  public func updateAll() {
    for (index, parameter) in parameters.enumerated() {
      if let gradient = parameter.grad { update(index, gradient: gradient) }
    }
  }

  /// Changes every parameter that has a gradient, without recording. Parameters without a gradient stay as
  /// they are.
  ///
  /// Afterwards the gradients are zeroed, unless `zeroGrad` is false.
  public func step(zeroGrad: Bool = true) {
    noGrad {
      beginStep()
      updateAll()
    }
    if zeroGrad { self.zeroGrad() }
  }

  /// Clears the gradients of all parameters.
  public func zeroGrad() {
    for parameter in parameters { parameter.zeroGrad() }
  }

  /// The default: only the learning rate, `"groups.0.lr"`.
  public var state: OptimizerState<Element> {
    OptimizerState(numbers: ["groups.0.lr": learningRate])
  }

  /// Restores the learning rate.
  public func load(_ state: OptimizerState<Element>) throws(OptimizerStateMismatch) {
    var reading = StateReading(state)
    let rate = reading.number("groups.0.lr")
    try reading.end()
    learningRate = rate
  }
}

extension Optimizer {
  /// Returns true if a gradient can change parameter number `index`: it did not fail and has the parameter's
  /// shape.
  func accepts(_ gradient: Tensor<Element>, for index: Int) -> Bool {
    if gradient.isFailed { return false }
    let shape = parameters[index].shape
    if gradient.shape == shape { return true }
    programError("update", "a gradient of shape \(gradient.shape) does not fit a parameter of shape \(shape)")
    return false
  }
}

/// Reports a hyperparameter that is out of range.
func check(_ isRight: Bool, _ optimizer: String, _ what: String, _ file: StaticString, _ line: UInt) {
  if !isRight { programError(optimizer, what, file, line) }
}
