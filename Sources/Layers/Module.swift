public import MartletCore

/// A part of a model: what stores parameters or other modules.
///
/// Every stored `Tensor<Element>` is a parameter (also in optionals, arrays, tuples and dictionaries), frozen or
/// not, unless it is marked with ``Buffer``. What takes one input is a ``Layer``; what takes more conforms to
/// `Module` and has a `callAsFunction` of its own.
public protocol Module: AnyObject, CustomStringConvertible {
  /// The type of the parameters' elements.
  associatedtype Element: DifferentiableScalar = Float

  /// Whether the module trains (dropout drops) or is evaluated.
  ///
  /// A module whose results depend on it declares ``TrainingMode``, `@TrainingMode var isTraining = true`; for the
  /// others it is true unless a module within is in evaluation, and setting it sets theirs.
  var isTraining: Bool { get set }

  /// How it was made, as its initialiser has it, `"64, 128, bias: true"`: printed between the parentheses behind the
  /// type. Nothing unless a module says it.
  var configuration: String { get }
}

/// A module of one input and one output.
public protocol Layer<Input, Output>: Module {
  /// What it takes.
  associatedtype Input
  /// What it gives: a tensor of floating-point elements.
  associatedtype Output: DifferentiableTensor where Output.Element == Element

  /// The output for an input. Call the layer itself, `layer(x)`.
  func forward(_ input: Input) -> Output
}

extension Layer {
  /// The output for an input: `layer(x)` is ``forward(_:)``, in the layer's ``Module/scoped(_:)``.
  public func callAsFunction(_ input: Input) -> Output { scoped { forward(input) } }
}

extension Module {
  /// True unless a module within that has a mode is in evaluation; setting it sets the mode of all within.
  public var isTraining: Bool {
    get { modules(below: self).allSatisfy { !$0.storesMode || $0.module.isTraining } }
    set {
      for inner in modules(below: self) where inner.storesMode { inner.module.isTraining = newValue }
    }
  }

  /// Sets this module and all within to training; not while other threads use it.
  public func train() { setMode(true) }

  /// Sets this module and all within to evaluation; before other threads use it, see ``evaluating(_:)``.
  public func eval() { setMode(false) }

  private func setMode(_ isTraining: Bool) {
    self.isTraining = isTraining
    for inner in modules(below: self) where inner.storesMode { inner.module.isTraining = isTraining }
  }

  /// Asks for no gradients: an optimizer leaves the parameters as they are.
  public func freeze() {
    for parameter in parameters { parameter.requiresGrad = false }
  }

  /// Asks for gradients of all parameters.
  public func unfreeze() {
    for parameter in parameters { parameter.requiresGrad = true }
  }
}

/// Marks a stored tensor as state that is not trained: running statistics, a cache.
///
/// `@Buffer var runningMean: Tensor<Float>` is saved with the model, `@Buffer(saved: false)` is not. Its elements are
/// the module's, or `Int` for what counts.
@propertyWrapper
public struct Buffer<Element: TensorScalar> {
  /// The tensor.
  public var wrappedValue: Tensor<Element>
  /// Whether files hold it.
  public let isSaved: Bool

  /// State that starts as a tensor.
  public init(wrappedValue: Tensor<Element>, saved: Bool = true) {
    self.wrappedValue = wrappedValue
    isSaved = saved
  }
}

/// The modes of a model's modules, to be put back.
public struct ModuleModes {
  fileprivate let modes: [(module: any Module, isTraining: Bool)]
}

extension Module {
  /// The modes of this module and all within.
  public var modes: ModuleModes {
    let inner = modules(below: self).filter(\.storesMode).map { ($0.module, $0.module.isTraining) }
    return ModuleModes(modes: [(self, isTraining)] + inner)
  }

  /// Puts modes back that were read before.
  public func restore(_ modes: ModuleModes) {
    for (module, isTraining) in modes.modes { module.isTraining = isTraining }
  }
}
