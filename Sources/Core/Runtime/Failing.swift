import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A mistake in the program that an operation found, such as shapes that do not fit, an index out of range or
/// a freed graph.
///
/// Outside ``catchingTensorErrors(_:)-7y9x1`` a mistake stops the program with this error's text.
///
/// ```swift
/// let x = Tensor<Float>.zeros([2, 3]), weight = Tensor<Float>.zeros([4, 5])
/// do {
///   print(try catchingTensorErrors { x.matmul(weight).sum().item })
/// } catch let error as TensorError {
///   print(error.operation, error.clientMessage)
/// }
/// ```
public struct TensorError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The operation that failed: `"matmul"`.
  public let operation: String
  /// The text of what is wrong and what was expected.
  public let reason: String
  /// The path of the layer that ran, as `"Classifier.blocks.0.hidden"`; nil outside layers, as in the
  /// backward pass.
  ///
  /// The path is the type of the outermost layer and then the names of the layers within, as parameters have
  /// them.
  public let layer: String?
  /// The layer that ran and its configuration, `"Linear(64, 128, bias: true)"`; nil outside layers.
  public let layerConfiguration: String?
  private let place: Place

  private enum Place: Sendable, Equatable {
    case named(file: String, line: UInt)
    case captured(CallerLocation)
  }

  private init(_ operation: String, _ reason: String, _ place: Place) {
    self.operation = operation
    self.reason = reason
    self.place = place
    let running = RunningLayer.described
    (layer, layerConfiguration) = (running?.path, running?.line)
  }

  init(_ operation: String, _ reason: String, file: String, line: UInt) {
    self.init(operation, reason, .named(file: file, line: line))
  }

  init(_ operation: String, _ reason: String, _ location: CallerLocation) {
    self.init(operation, reason, .captured(location))
  }

  /// The caller's file and line, `"main.swift:12"`; nil if they cannot be found.
  ///
  /// Operators and properties do not know their caller. Their line is looked up in the program's debug
  /// information each time this property is read, on the calling thread. That takes 3 to 17 ms in a program
  /// of 16 MB, and 7 to 25 ms in one of 55 MB. The line is nil in a stripped program. In a release build it
  /// may be that of a caller further out, if a function was merged with another.
  public var location: String? {
    switch place {
    case .named(let file, let line): "\(file):\(line)"
    case .captured(let location): location.text
    }
  }

  /// The message for the log: `matmul: inner dimensions differ: [2, 3] × [4, 5]; 3 ≠ 4 (main.swift:12)`.
  ///
  /// In a layer the message names the layer's path and configuration:
  /// `Linear: inputs of shape [8, 3] do not fit; the shape must be […, 4]; in Classifier.hidden, Linear(4, 5,
  /// bias: true) (main.swift:12)`.
  ///
  /// The line of an operator or a property has to be looked up. A server describes the mistakes of its
  /// clients, so this property leaves such a line out, and ``location`` returns it. If the environment
  /// variable `MARTLET_ERROR_LINES` is `1`, every description has its line. The message that a program stops
  /// with always has its line.
  public var description: String { described(Self.hasAllLines ? location : knownLocation) }

  /// The message for a client: the operation and what is wrong with its arguments, without the source file,
  /// the path of a layer and its configuration.
  public var clientMessage: String { "\(operation): \(reason)" }

  private static let hasAllLines = getenv("MARTLET_ERROR_LINES").map { String(cString: $0) } == "1"

  /// The location, or nil if it would have to be looked up.
  private var knownLocation: String? {
    if case .named = place { location } else { nil }
  }

  private func described(_ location: String?) -> String {
    clientMessage + (placeInModel.map { "; in \($0)" } ?? "") + (location.map { " (\($0))" } ?? "")
  }

  /// Stops the program with the message and its line.
  fileprivate func stop() -> Never { fatalError(described(location)) }

  /// The layer's path and configuration; the configuration alone if the path is only its type.
  private var placeInModel: String? {
    guard let layer, let layerConfiguration else { return nil }
    let isAlone = layerConfiguration.prefix { $0 != "(" } == layer
    return isAlone ? layerConfiguration : "\(layer), \(layerConfiguration)"
  }
}

/// The error of a failed tensor.
final class Failure: Error {
  let error: TensorError
  init(_ error: TensorError) { self.error = error }
}

/// A scope of ``catchingTensorErrors(_:)-7y9x1``, which keeps the first mistake made in it.
///
/// The task that opened the scope writes it, and so do its child tasks.
final class FailureScope: Sendable {
  @TaskLocal static var current: FailureScope?

  private struct State {
    var first: Failure?
    var isClosed = false
  }
  private let state = Mutex(State())

  /// Keeps the failure unless there is an earlier one, and returns the kept one; nil if the scope has ended.
  func keep(_ failure: Failure) -> Failure? {
    state.withLock { state in
      if state.isClosed { return nil }
      if state.first == nil { state.first = failure }
      return state.first
    }
  }

  /// The first failure of the scope.
  var kept: Failure? { state.withLock { $0.first } }

  /// Ends the scope and throws the error of its first failure, if any.
  func close() throws(TensorError) {
    let first = state.withLock { state in
      state.isClosed = true
      return state.first
    }
    if let first { throw first.error }
  }
}

/// Reports a mistake with its caller's file and line: the scope around keeps it, or the program stops.
///
/// If Martlet itself called the operation, the file and line are Martlet's own. The caller further out is
/// then found on the stack.
@discardableResult
@inline(never)
func mistake(
  _ operation: String, _ reason: String, _ file: StaticString, _ line: UInt
) -> Failure {
  let path = "\(file)"
  if CallerLocation.isMartlet(file: path) { return mistake(operation, reason) }
  let name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  return mistake(operation, reason, file: name, line: line)
}

/// Reports a mistake at a place that was found before.
@discardableResult
func mistake(_ operation: String, _ reason: String, file: String, line: UInt) -> Failure {
  settle(Failure(TensorError(operation, reason, file: file, line: line)))
}

/// Reports a mistake in an operator or a property, which cannot take its caller's line as an argument.
@discardableResult
@inline(never)
func mistake(_ operation: String, _ reason: String) -> Failure {
  settle(Failure(TensorError(operation, reason, .capture())))
}

/// Returns true if an in-place operation must do nothing because an operand failed earlier.
func refuses(_ failure: Failure?) -> Bool {
  guard let failure else { return false }
  _ = settle(failure)
  return true
}

/// Hands a failure to the scope around. Stops the program if there is no scope or the scope has ended.
func settle(_ failure: Failure) -> Failure {
  guard let kept = FailureScope.current?.keep(failure) else { failure.error.stop() }
  return kept
}

extension Failure {
  /// The first failure of the scope around. A mistake must have been reported before this is read.
  static var current: Failure { FailureScope.current!.kept! }
}

extension Tensor {
  /// Reports a mistake with the caller's file and line, and returns the failed tensor.
  package static func failed(
    _ operation: String, _ reason: String, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    Tensor(mistake(operation, reason, file, line))
  }

  /// Reports a mistake in an operator or a property, and returns the failed tensor.
  static func failed(_ operation: String, _ reason: String) -> Tensor {
    Tensor(mistake(operation, reason))
  }

  /// Returns the failed tensor of an operation on a failed tensor, which carries the first failure on.
  @inline(never)
  static func failed(by failure: Failure) -> Tensor {
    Tensor(settle(failure))
  }

  /// A Boolean value that tells whether the operation that returned this tensor failed.
  ///
  /// Inside ``catchingTensorErrors(_:)-7y9x1`` an operation that fails returns a failed tensor: it has no
  /// elements and carries the error.
  public var isFailed: Bool { failure != nil }
}

/// Runs `body` and throws the first mistake that a tensor operation in `body` made, instead of stopping the
/// program.
///
/// An operation that fails returns a failed tensor. Operations on a failed tensor fail quietly. Its
/// `shape[i]` and `count` are 0, `scalars` is empty and `item` is NaN or 0. `backward` and the in-place
/// operations do nothing with it. In-place changes made before the failure stay. Plain Swift code on the
/// results (`scalars[0]`, `grad!`, a loop that waits for `item`) is not protected: keep it outside the scope,
/// after the `try`.
///
/// Child tasks (`async let`, a task group) belong to the scope. A `Task { }` that is started in the scope
/// belongs to it until the scope ends. A mistake that such a task makes later stops the program, and so does
/// a later operation on a failed tensor. A `Task.detached { }` or a thread is outside the scope from the
/// start. Give each of these a scope of its own.
///
/// ```swift
/// let x = Tensor<Float>.normal([2, 3]), weight = Tensor<Float>.normal([3, 4])
/// let sum = try catchingTensorErrors { x.matmul(weight).sum().item }
/// ```
///
/// - Throws: ``TensorError`` if an operation failed, even if `body` threw another error after that. Otherwise
///   rethrows the error of `body`.
public func catchingTensorErrors<Result>(_ body: () throws -> Result) throws -> Result {
  let scope = FailureScope()
  let result = Swift.Result { try FailureScope.$current.withValue(scope, operation: body) }
  try scope.close()
  return try result.get()
}

/// Runs an asynchronous `body` and throws the first mistake that a tensor operation in `body` made.
///
/// - Throws: ``TensorError`` if an operation failed, even if `body` threw another error after that. Otherwise
///   rethrows the error of `body`.
nonisolated(nonsending)
  public func catchingTensorErrors<Result>(
    _ body: nonisolated(nonsending) () async throws -> Result
  ) async throws -> Result
{
  let scope = FailureScope()
  do {
    let result = try await FailureScope.$current.withValue(scope, operation: body)
    try scope.close()
    return result
  } catch {
    try scope.close()
    throw error
  }
}

/// Reports a mistake that a module above Core found. The program stops, or the scope around throws.
package func programError(_ operation: String, _ reason: String) {
  mistake(operation, reason)
}

/// Reports a mistake with its caller's file and line.
package func programError(_ operation: String, _ reason: String, _ file: StaticString, _ line: UInt) {
  mistake(operation, reason, file, line)
}

/// Reports a mistake that was caught on another thread, as if the calling thread had made it.
package func programError(_ error: TensorError) { _ = settle(Failure(error)) }
