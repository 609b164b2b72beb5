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
}

extension Optimizer {
  /// Changes every parameter that has a gradient, unrecorded; the others are passed over.
  ///
  /// Then the gradients are zeroed, unless `zeroGrad` is false.
  public func step(zeroGrad: Bool = true) {
    noGrad {
      beginStep()
      for index in 0..<parameters.count {
        if let gradient = parameters[index].grad { update(index, gradient: gradient) }
      }
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
