import MartletCore

/// The mode of a module whose results depend on it: `@TrainingMode var isTraining = true`.
///
/// It is the mode that was set. On a thread inside of ``Module/evaluating(_:)`` it is evaluation, and the mode that was
/// set stays as it is: threads that share a model predict with it while no one writes to it.
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

  /// The mode to begin with.
  public init(wrappedValue: Bool) { mode = wrappedValue }

  /// True if the module trains.
  public var wrappedValue: Bool {
    get { mode && !Evaluation.isOn }
    set { mode = newValue }
  }
}

extension Module {
  /// Runs `body` with this module and all within in evaluation, and returns its result. The modes that were set are
  /// not changed, and several threads may do this with one module at the same time.
  ///
  /// ```swift
  /// let error = model.evaluating { noGrad { MSELoss()(model(x), y).item } }
  /// ```
  /// The mode is that of the calling thread: for other threads the module trains as before. Only a module that stores
  /// its mode without ``TrainingMode`` is set to evaluation for all threads, until the last of them is done.
  public func evaluating<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    Evaluation.enter()
    let held = HeldModules(modules(below: self).filter(\.storesMode).map(\.module) + [self])
    defer {
      held.release()
      Evaluation.leave()
    }
    return try body()
  }
}

/// Modules that a scope of the calling thread does not reach, since they store their mode in a plain variable. The
/// first thread that needs them in evaluation sets them to it; the last one sets them back.
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
