import MartletCore

/// The mode, training or evaluation, of a module whose results depend on it:
/// `@TrainingMode var isTraining = true`.
///
/// The value is the mode that was set. Inside ``Module/evaluating(_:)`` the calling thread reads evaluation
/// instead, and the mode that was set does not change. So threads that share a model can predict with it
/// while no thread writes to it.
///
/// ```swift
/// final class Noise: Layer {
///   @TrainingMode var isTraining = true
///   func forward(_ x: Tensor<Float>) -> Tensor<Float> { isTraining ? x + .normal(x.shape) : x }
/// }
/// ```
@propertyWrapper
public struct TrainingMode {
  private var mode: Bool

  /// Creates a mode with its first value.
  public init(wrappedValue: Bool) { mode = wrappedValue }

  /// True if the module trains.
  public var wrappedValue: Bool {
    get { mode && !Evaluation.isOn }
    set { mode = newValue }
  }
}

extension Module {
  /// Runs `body` with this module and all modules within it in evaluation, and returns the result of `body`.
  /// The modes that were set do not change. Several threads may do this with one module at the same time.
  ///
  /// ```swift
  /// let model = Linear(4, 1)
  /// let x = Tensor<Float>.normal([8, 4]), y = Tensor<Float>.normal([8, 1])
  /// let error = model.evaluating { noGrad { MSELoss()(model(x), y).item } }
  /// ```
  ///
  /// Only the calling thread sees the evaluation mode; in other threads the module trains as before. The
  /// exception is a module that stores its mode without ``TrainingMode``. Such a module is in evaluation for
  /// all threads, until the last of these calls ends.
  public func evaluating<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    Evaluation.enter()
    let held = HeldModules(descendants(of: self).filter(\.storesMode).map(\.module) + [self])
    defer {
      held.release()
      Evaluation.leave()
    }
    return try body()
  }
}

/// Modules that store their mode in a plain variable, which a scope of the calling thread cannot change. The
/// first thread that needs them in evaluation sets their mode, and the last one sets it back.
private struct HeldModules {
  private static let holders = Guarded<[ObjectIdentifier: Int]>([:])
  private let modules: [any Module]

  init(_ candidates: [any Module]) {
    modules = HeldModules.holders.withLock { holders in
      candidates.filter { module in
        let count = holders[ObjectIdentifier(module)] ?? 0
        guard count > 0 || module.isTraining else { return false }
        if count == 0 { module.isTraining = false }
        holders[ObjectIdentifier(module)] = count + 1
        return true
      }
    }
  }

  func release() {
    if modules.isEmpty { return }
    HeldModules.holders.withLock { holders in
      for module in modules {
        let count = holders[ObjectIdentifier(module)]! - 1
        holders[ObjectIdentifier(module)] = count == 0 ? nil : count
        if count == 0 { module.isTraining = true }
      }
    }
  }
}
