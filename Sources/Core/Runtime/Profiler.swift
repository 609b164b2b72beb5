import CRuntime

/// Records the operations of one thread while ``profile(_:)`` or a summary of a model runs.
///
/// An operation reports its name at its end. An operation starts when it first takes memory or when a change
/// in place is allowed. When no profile runs, an operation only reads one thread-local word twice.
package final class Profiler {
  /// A span of time: an operation, a rule of the backward pass, an operation within such a rule, or a layer.
  struct Event: Sendable {
    enum Kind: String {
      case operation = "forward"
      case rule = "backward"
      case within
      case layer
    }

    let name: StaticString
    let kind: Kind
    /// The index of the layer's path in `paths`.
    let path: Int
    /// The start and the end, in nanoseconds of the system's clock.
    let start: Int64, end: Int64
    let bytes: Int
  }

  private(set) var events = ContiguousArray<Event>()
  /// The paths of layers by their index; 0 is outside every layer.
  private(set) var paths = [""]
  private var numbers = ["": 0]
  private var path = 0
  private var pathsOfRules: [ObjectIdentifier: Int] = [:]
  private var isInRule = false
  /// The bytes that the completed operations took.
  private var finishedBytes = 0
  /// The bytes that the results of the completed operations hold.
  private var resultBytes = 0
  /// The indices of the paths of the layers that were called. Each entry holds its layer, so that no other
  /// object gets its identity.
  private var layers: [LayerCall: (layer: AnyObject, path: Int)] = [:]
  /// The function that is called for each layer that has run.
  private var observer: ((LayerRun) -> Void)?

  /// A layer, and the index of the path under which it was called.
  private struct LayerCall: Hashable {
    let layer: ObjectIdentifier, caller: Int
  }

  /// The output of a layer, and the cost of computing it, including the layers within.
  package struct LayerRun {
    package let layer: AnyObject, output: Any
    /// The number of multiplications of its products, and the bytes that the results of its operations hold.
    package let multiplyAdds: Int, resultBytes: Int
  }

  /// True if the calling thread is recorded.
  @inline(__always)
  package static var isOn: Bool { martlet_thread().pointee.profiler != nil }

  /// The profiler that records the calling thread, or nil.
  package static var current: Profiler? {
    martlet_thread().pointee.profiler.map { Unmanaged<Profiler>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Runs `body` and returns the events recorded meanwhile and the times of its start and end. Within another
  /// recording, the events are a part of that recording's.
  static func record<Failure: Error>(
    _ body: () throws(Failure) -> Void
  ) throws(Failure) -> (events: ArraySlice<Event>, paths: [String], start: Int64, end: Int64) {
    let profiler = current ?? Profiler()
    let thread = martlet_thread(), before = thread.pointee.profiler
    thread.pointee.profiler = Unmanaged.passUnretained(profiler).toOpaque()
    thread.pointee.observers += 1
    (thread.pointee.operationStart, thread.pointee.operationBytes) = (0, 0)
    defer {
      withExtendedLifetime(profiler) { martlet_thread().pointee.profiler = before }
      martlet_thread().pointee.observers -= 1
    }
    let first = profiler.events.count, start = martlet_nanoseconds()
    try body()
    let end = martlet_nanoseconds()
    return (ArraySlice(profiler.events[first...]), profiler.paths, start, end)
  }

  /// Runs `body` and calls `observer` for each layer that has run, inner layers before the layer that
  /// contains them.
  package static func observeLayers(_ observer: @escaping (LayerRun) -> Void, _ body: () -> Void) {
    _ = record {
      let profiler = current!, outer = profiler.observer
      profiler.observer = observer
      defer { profiler.observer = outer }
      body()
    }
  }

  /// Marks the start of an operation that takes no memory of its own.
  @inline(__always)
  static func begin() {
    if isOn { current?.start() }
  }

  /// Marks the end of an operation whose result holds `resultBytes` bytes.
  @inline(__always)
  static func end(_ name: StaticString, resultBytes: @autoclosure () -> Int = 0) {
    if isOn { current?.finish(name, resultBytes()) }
  }

  private func start() {
    let thread = martlet_thread()
    (thread.pointee.operationStart, thread.pointee.operationBytes) = (martlet_nanoseconds(), 0)
  }

  private func finish(_ name: StaticString, _ resultBytes: Int) {
    self.resultBytes += resultBytes
    let thread = martlet_thread(), now = martlet_nanoseconds()
    let start = thread.pointee.operationStart == 0 ? now : thread.pointee.operationStart
    append(name, isInRule ? .within : .operation, from: start, to: now, thread.pointee.operationBytes)
  }

  /// Appends an event and resets the start and the bytes of the next operation.
  private func append(
    _ name: StaticString, _ kind: Event.Kind, from start: Int64, to end: Int64, _ bytes: Int
  ) {
    events.append(Event(name: name, kind: kind, path: path, start: start, end: end, bytes: bytes))
    let thread = martlet_thread()
    finishedBytes += thread.pointee.operationBytes
    (thread.pointee.operationStart, thread.pointee.operationBytes) = (0, 0)
  }

  /// Marks the end of an operation and assigns the rules that `keepers` hold to the layer of this operation.
  func finish(_ name: StaticString, resultBytes: Int, keepers: [AnyObject]) {
    finish(name, resultBytes)
    for keeper in keepers { pathsOfRules[ObjectIdentifier(keeper)] = path }
  }

  /// Runs the rules that `keeper` holds. The operations inside them are recorded as `within`.
  func rules<Result>(of keeper: AnyObject, _ name: StaticString, _ body: () -> Result) -> Result {
    let outer = (isInRule: isInRule, path: path), bytesBefore = finishedBytes
    path = pathsOfRules[ObjectIdentifier(keeper)] ?? path
    isInRule = true
    start()
    let start = martlet_nanoseconds()
    let result = body()
    let bytes = finishedBytes - bytesBefore + martlet_thread().pointee.operationBytes
    append(name, outer.isInRule ? .within : .rule, from: start, to: martlet_nanoseconds(), bytes)
    (isInRule, path) = outer
    return result
  }

  /// Runs `body`, which computes the output of the current layer, under the layer's path.
  package func layer<Result, Failure: Error>(
    _ layer: AnyObject, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outer = path, call = LayerCall(layer: ObjectIdentifier(layer), caller: outer)
    if layers[call] == nil { layers[call] = (layer, number(of: RunningLayer.path)) }
    path = layers[call]!.path
    let start = martlet_nanoseconds()
    let before = (multiplyAdds: Counters.multiplyAdds, resultBytes: resultBytes)
    defer {
      events.append(
        Event(name: "", kind: .layer, path: path, start: start, end: martlet_nanoseconds(), bytes: 0))
      path = outer
    }
    let result = try body()
    observer?(
      LayerRun(
        layer: layer, output: result, multiplyAdds: Counters.multiplyAdds - before.multiplyAdds,
        resultBytes: resultBytes - before.resultBytes))
    return result
  }

  private func number(of path: String) -> Int {
    if let known = numbers[path] { return known }
    numbers[path] = paths.count
    paths.append(path)
    return paths.count - 1
  }
}

extension Tensor {
  /// Reports the operation that computed this tensor to a running profile, and returns this tensor.
  @inline(__always)
  @discardableResult
  func named(_ operation: StaticString) -> Tensor {
    Profiler.end(operation, resultBytes: resultBytes)
    return self
  }

  /// The number of bytes of its elements; 0 for a view.
  var resultBytes: Int { base == nil ? count * MemoryLayout<Element>.stride : 0 }
}
