public import MartletCore

/// A part of a model: a class that stores parameters or other modules.
///
/// Every stored `Tensor<Element>` is a parameter, frozen or not, unless it is marked with ``Buffer``. Tensors
/// in optionals, arrays, tuples and dictionaries are parameters too. A module with one input is a
/// ``Layer``. A module with more inputs conforms to `Module` and has a `callAsFunction` of its own.
///
/// ```swift
/// final class Similarity: Module {
///   let query = Linear(16, 8), key = Linear(16, 8)
///   func callAsFunction(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Tensor<Float> {
///     scoped { query(a).matmul(key(b).transposed()) }
///   }
/// }
/// ```
public protocol Module: AnyObject, CustomStringConvertible {
  /// The type of the parameters' elements.
  associatedtype Element: DifferentiableScalar = Float

  /// A Boolean value that tells whether the module is in training (dropout drops) or in evaluation.
  ///
  /// A module whose results depend on the mode declares ``TrainingMode``,
  /// `@TrainingMode var isTraining = true`. In any other module, the value is true unless a module within it
  /// is in evaluation. Setting the value there sets the modes of the modules within.
  var isTraining: Bool { get set }

  /// The arguments of the module's initialiser as text, `"64, 128, bias: true"`. `print(model)` shows them in
  /// parentheses after the type. The default is an empty text.
  var configuration: String { get }
}

/// A module with one input and one output.
///
/// ```swift
/// final class Classifier: Layer {
///   let hidden = Linear(64, 128), output = Linear(128, 10)
///   func forward(_ x: Tensor<Float>) -> Tensor<Float> { output(hidden(x).relu()) }
/// }
/// let logits = Classifier()(Tensor<Float>.normal([8, 64]))  // [8, 10]
/// ```
public protocol Layer<Input, Output>: Module {
  /// The type of the input.
  associatedtype Input
  /// The type of the output, a tensor of floating-point elements.
  associatedtype Output: DifferentiableTensor where Output.Element == Element

  /// Returns the output for an input. Call the layer itself, `layer(x)`.
  func forward(_ input: Input) -> Output
}

extension Layer {
  /// Returns the output for an input: ``forward(_:)``, in the layer's ``Module/scoped(_:)``.
  public func callAsFunction(_ input: Input) -> Output { scoped { forward(input) } }
}

extension Module {
  /// True unless a module within that stores a mode is in evaluation. Setting the value sets the modes of all
  /// modules within.
  public var isTraining: Bool {
    get { descendants(of: self).allSatisfy { !$0.storesMode || $0.module.isTraining } }
    set {
      for inner in descendants(of: self) where inner.storesMode { inner.module.isTraining = newValue }
    }
  }

  /// Sets this module and all modules within it to training. Do not call it while other threads use the
  /// module.
  public func train() { setMode(true) }

  /// Sets this module and all modules within it to evaluation. Call it before other threads use the module;
  /// see ``evaluating(_:)``.
  public func eval() { setMode(false) }

  private func setMode(_ isTraining: Bool) {
    self.isTraining = isTraining
    for inner in descendants(of: self) where inner.storesMode { inner.module.isTraining = isTraining }
  }

  /// Makes all parameters require no gradient: an optimizer then leaves them as they are.
  public func freeze() {
    for parameter in parameters { parameter.requiresGrad = false }
  }

  /// Makes all parameters require a gradient.
  public func unfreeze() {
    for parameter in parameters { parameter.requiresGrad = true }
  }
}

/// Marks a stored tensor as state that is not trained, such as running statistics or a cache.
///
/// `@Buffer var runningMean: Tensor<Float>` is saved with the model, `@Buffer(saved: false)` is not. The
/// element type is the module's, or `Int` for counters.
///
/// ```swift
/// final class Centering: Layer {
///   @Buffer var mean = Tensor<Float>.zeros([4])
///   func forward(_ x: Tensor<Float>) -> Tensor<Float> { x - mean }
/// }
/// ```
@propertyWrapper
public struct Buffer<Element: TensorScalar> {
  /// The tensor.
  public var wrappedValue: Tensor<Element>
  /// A Boolean value that tells whether files of the model contain the tensor.
  public let isSaved: Bool

  /// Creates a buffer with its first value.
  public init(wrappedValue: Tensor<Element>, saved: Bool = true) {
    self.wrappedValue = wrappedValue
    isSaved = saved
  }
}

/// The modes of a model's modules, for ``Module/restore(_:)``.
///
/// ```swift
/// let model = Dropout(0.1)
/// let modes = model.modes
/// model.eval()
/// model.restore(modes)
/// print(model.isTraining)  // true
/// ```
public struct ModuleModes {
  fileprivate let modes: [(module: any Module, isTraining: Bool)]
}

extension Module {
  /// The modes of this module and of all modules within it.
  public var modes: ModuleModes {
    let inner = descendants(of: self).filter(\.storesMode).map { ($0.module, $0.module.isTraining) }
    return ModuleModes(modes: [(self, isTraining)] + inner)
  }

  /// Sets the modes back to those that ``modes`` returned.
  public func restore(_ modes: ModuleModes) {
    for (module, isTraining) in modes.modes { module.isTraining = isTraining }
  }
}
