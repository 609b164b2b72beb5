public import MartletCore

/// Changes parameters by their gradients.
public protocol Optimizer<Element>: AnyObject {
  /// The type of the parameters' elements.
  associatedtype Element: DifferentiableScalar

  /// The tensors that a step changes.
  var parameters: [Tensor<Element>] { get }

  /// The size of a step; schedules set it.
  var learningRate: Double { get set }

  /// Called once before the updates of a step.
  func beginStep()

  /// Changes parameter number `index` by its gradient. Called in ``noGrad(_:)``.
  func update(_ index: Int, gradient: Tensor<Element>)

  /// Changes every parameter that has a gradient, as ``update(_:gradient:)`` does one after the other unless an
  /// optimizer has a loop over all. Called in ``noGrad(_:)``.
  func updateAll()
}

extension Optimizer {
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
