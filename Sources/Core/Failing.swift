import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A mistake that an operation found: shapes that do not fit, an index out of range, a used-up graph.
///
/// Outside ``catchingTensorErrors(_:)-7y9x1`` a mistake stops the program with this text.
public struct TensorError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The operation that refused: `"matmul"`.
  public let operation: String
  /// What is wrong, and what was expected.
  public let reason: String
  /// The path of the layer that ran: the type of the outermost one and the names of what it holds, as parameters have
  /// them, `"Classifier.blocks.0.hidden"`; nil outside of layers, as in the backward pass.
  public let layer: String?
  /// That layer and its configuration, `"Linear(64, 128, bias: true)"`.
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

  /// The caller's file and line, `"main.swift:12"`; nil where they cannot be found.
  ///
  /// Operators and properties do not know their caller. Their line is looked up in the program's debug information each
  /// time this is read, on the calling thread: 3 to 17 ms in a program of 16 MB, 7 to 25 ms in one of 55 MB. It is nil
  /// in a stripped program. In a release build it may be the line further out, where a function was merged with another.
  public var location: String? {
    switch place {
    case .named(let file, let line): "\(file):\(line)"
    case .captured(let location): location.text
    }
  }

  /// The message for the log: `matmul: inner dimensions differ: [2, 3] × [4, 5]; 3 ≠ 4 (main.swift:12)`. In a layer it
  /// names the layer's path and configuration: `Linear: inputs of shape [8, 3]; […, 4] is expected; in
  /// Classifier.hidden, Linear(4, 5, bias: true) (main.swift:12)`.
  ///
  /// A server describes the mistakes of its clients, so the line of an operator or a property, which has to be looked
  /// up, is left out: ``location`` returns it. If the environment variable `MARTLET_ERROR_LINES` is `1`, every
  /// description has its line. The message that a program stops with always has it.
  public var description: String { described(Self.hasAllLines ? location : knownLocation) }

  /// The message for a client: the operation and what is wrong with the values that it was given, without the source
  /// file, the path of a layer and its configuration.
  public var clientMessage: String { "\(operation): \(reason)" }

  private static let hasAllLines = getenv("MARTLET_ERROR_LINES").map { String(cString: $0) } == "1"

  /// The location if it need not be looked up.
  private var knownLocation: String? {
    if case .named = place { location } else { nil }
  }

  private func described(_ location: String?) -> String {
    clientMessage + (placeInModel.map { "; in \($0)" } ?? "") + (location.map { " (\($0))" } ?? "")
  }

  /// Ends the program with the message and its line.
  fileprivate func stop() -> Never { fatalError(described(location)) }

  /// The path and the configuration, in which that of a layer on its own, its type, is said already.
  private var placeInModel: String? {
    guard let layer, let layerConfiguration else { return nil }
    let isAlone = layerConfiguration.prefix { $0 != "(" } == layer
    return isAlone ? layerConfiguration : "\(layer), \(layerConfiguration)"
  }
}

/// What a failed tensor carries.
final class Failure: Error {
  let error: TensorError
  init(_ error: TensorError) { self.error = error }
}

/// The first mistake of a scope. One task writes it, or the tasks that it waits for.
final class FailureScope: Sendable {
  @TaskLocal static var current: FailureScope?

  private struct State {
    var first: Failure?
    var isClosed = false
  }
  private let state = Mutex(State())

  /// Keeps the failure unless there is an earlier one, and returns the one that is kept; nil when the scope has ended.
  func keep(_ failure: Failure) -> Failure? {
    state.withLock { state in
      if state.isClosed { return nil }
      if state.first == nil { state.first = failure }
      return state.first
    }
  }

  /// The failure that was kept.
  var kept: Failure? { state.withLock { $0.first } }

  /// Ends the scope, and throws the failure that was kept.
  func close() throws(TensorError) {
    let first = state.withLock { state in
      state.isClosed = true
      return state.first
    }
    if let first { throw first.error }
  }
}

/// The one place where a mistake goes: the scope that catches it, or the end of the program. Of an operation that
/// Martlet itself called the caller is found as an operator's is: it is further out.
@discardableResult
@inline(never)
func mistake(
  _ operation: String, _ reason: String, _ file: StaticString, _ line: UInt
) -> Failure {
  let path = "\(file)"
  if CallerLocation.isMartlet(file: path) { return mistake(operation, reason) }
  let name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  return settle(Failure(TensorError(operation, reason, file: name, line: line)))
}

/// A mistake in an operator or a property, which cannot ask Swift for its caller's line.
@discardableResult
@inline(never)
func mistake(_ operation: String, _ reason: String) -> Failure {
  settle(Failure(TensorError(operation, reason, .capture())))
}

/// Whether an operation in place must do nothing, because an operand failed earlier.
func refuses(_ failure: Failure?) -> Bool {
  guard let failure else { return false }
  _ = settle(failure)
  return true
}

/// Hands a failure to the scope around, or stops the program when there is none or the scope has ended.
func settle(_ failure: Failure) -> Failure {
  guard let kept = FailureScope.current?.keep(failure) else { failure.error.stop() }
  return kept
}

extension Failure {
  /// The failure of the scope around, behind a mistake that was just told.
  static var current: Failure { FailureScope.current!.kept! }
}

extension Tensor {
  /// The failed tensor of a mistake, told with the caller's file and line.
  package static func failed(
    _ operation: String, _ reason: String, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    Tensor(mistake(operation, reason, file, line))
  }

  /// The failed tensor of a mistake in an operator or a property.
  static func failed(_ operation: String, _ reason: String) -> Tensor {
    Tensor(mistake(operation, reason))
  }

  /// The failed tensor of an operation on a failed tensor: the first failure goes on.
  @inline(never)
  static func failed(by failure: Failure) -> Tensor {
    Tensor(settle(failure))
  }

  /// Whether an operation inside ``catchingTensorErrors(_:)-7y9x1`` failed and left this in place of
  /// its result: a tensor of no elements that carries the error.
  public var isFailed: Bool { failure != nil }
}

/// Runs `body` and throws the first mistake that an operation on tensors in it made, instead of stopping the
/// program.
///
/// An operation that fails returns a failed tensor; operations on it fail quietly, its `shape[i]` and `count`
/// are 0, `scalars` is empty, `item` is NaN or 0, `backward` and the verbs that change a tensor in place do
/// nothing. What was changed in place before the failure stays changed. Plain Swift on what comes out
/// (`scalars[0]`, `grad!`, a loop that waits for `item`) is not protected: keep it outside, behind the `try`.
///
/// Child tasks (`async let`, a task group) belong to the scope. A `Task { }` that is begun in it does so until the scope
/// ends; a mistake that it makes later stops the program, and so does an operation on a failed tensor. A
/// `Task.detached { }` or a thread of its own is outside from the start. Give either a scope of its own.
///
/// - Throws: ``TensorError`` if an operation failed, also when `body` threw something else after that; otherwise
///   what `body` throws.
public func catchingTensorErrors<Result>(_ body: () throws -> Result) throws -> Result {
  let scope = FailureScope()
  let result = Swift.Result { try FailureScope.$current.withValue(scope, operation: body) }
  try scope.close()
  return try result.get()
}

/// Runs an asynchronous `body` and throws the first mistake that an operation on tensors in it made.
///
/// - Throws: ``TensorError`` if an operation failed, also when `body` threw something else after that; otherwise
///   what `body` throws.
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

/// Reports a mistake in a program that a module above Core found: the program stops, or the scope around throws.
package func programError(_ operation: String, _ reason: String) {
  mistake(operation, reason)
}

/// Reports a mistake with its caller's file and line.
package func programError(_ operation: String, _ reason: String, _ file: StaticString, _ line: UInt) {
  mistake(operation, reason, file, line)
}
