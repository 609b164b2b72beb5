import CRuntime

/// Records what one thread computes, operation by operation, while ``profile(_:)`` or a summary of a model runs.
///
/// An operation tells its name at its end; it began when it first took memory, or when a change in place was allowed.
/// Off, an operation pays for two looks at a word of its thread.
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
    /// The number of the layer's path.
    let path: Int
    /// Nanoseconds of the system's clock.
    let start: Int64, end: Int64
    let bytes: Int
  }

  private(set) var events = ContiguousArray<Event>()
  /// The paths of layers by their numbers; 0 is outside of every layer.
  private(set) var paths = [""]
  private var numbers = ["": 0]
  private var path = 0
  private var pathsOfRules: [ObjectIdentifier: Int] = [:]
  private var isInRule = false
  /// What the operations that have ended took.
  private var finishedBytes = 0
  /// What the results of the operations that have ended hold.
  private var resultBytes = 0
  /// The numbers of the paths of layers that were called, each with the layer, so that no other takes its identity.
  private var layers: [LayerCall: (layer: AnyObject, path: Int)] = [:]
  /// Is told of each layer that has run.
  private var observer: ((LayerRun) -> Void)?

  /// A layer, and the number of the path that it was called under.
  private struct LayerCall: Hashable {
    let layer: ObjectIdentifier, caller: Int
  }

  /// What a layer gave, and what it and the layers within took for it.
  package struct LayerRun {
    package let layer: AnyObject, output: Any
    /// The multiplications of its products, and the bytes that the results of its operations hold.
    package let multiplyAdds: Int, resultBytes: Int
  }

  /// Whether the calling thread is recorded.
  @inline(__always)
  package static var isOn: Bool { martlet_thread().pointee.profiler != nil }

  /// The one that records the calling thread.
  package static var current: Profiler? {
    martlet_thread().pointee.profiler.map { Unmanaged<Profiler>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Runs `body` and returns what was recorded meanwhile and when it began and ended; within another recording, a
  /// part of that.
  static func record<Failure: Error>(
    _ body: () throws(Failure) -> Void
  ) throws(Failure) -> (events: ArraySlice<Event>, paths: [String], start: Int64, end: Int64) {
    let profiler = current ?? Profiler()
    let thread = martlet_thread(), before = thread.pointee.profiler
    thread.pointee.profiler = Unmanaged.passUnretained(profiler).toOpaque()
    (thread.pointee.operationStart, thread.pointee.operationBytes) = (0, 0)
    defer { withExtendedLifetime(profiler) { martlet_thread().pointee.profiler = before } }
    let first = profiler.events.count, start = martlet_nanoseconds()
    try body()
    let end = martlet_nanoseconds()
    return (ArraySlice(profiler.events[first...]), profiler.paths, start, end)
  }

  /// Runs `body` and tells `observer` of each layer that has run in it, those within a layer before it.
  package static func observeLayers(_ observer: @escaping (LayerRun) -> Void, _ body: () -> Void) {
    _ = record {
      let profiler = current!, outer = profiler.observer
      profiler.observer = observer
      defer { profiler.observer = outer }
      body()
    }
  }

  /// An operation begins that takes no memory of its own.
  @inline(__always)
  static func begin() {
    if isOn { current?.start() }
  }

  /// An operation has ended; its result holds so many bytes.
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

  /// Appends an event; the next operation's begins after it.
  private func append(
    _ name: StaticString, _ kind: Event.Kind, from start: Int64, to end: Int64, _ bytes: Int
  ) {
    events.append(Event(name: name, kind: kind, path: path, start: start, end: end, bytes: bytes))
    let thread = martlet_thread()
    finishedBytes += thread.pointee.operationBytes
    (thread.pointee.operationStart, thread.pointee.operationBytes) = (0, 0)
  }

  /// An operation has ended whose rules somebody keeps: they belong to its layer.
  func finish(_ name: StaticString, resultBytes: Int, keepers: [AnyObject]) {
    finish(name, resultBytes)
    for keeper in keepers { pathsOfRules[ObjectIdentifier(keeper)] = path }
  }

  /// Runs the rules that somebody keeps. What they compute is within them.
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

  /// Runs `body`, which computes the output of a layer that was entered, under the layer's path.
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
  /// This, with the operation that made it told to a profile.
  @inline(__always)
  @discardableResult
  func named(_ operation: StaticString) -> Tensor {
    Profiler.end(operation, resultBytes: resultBytes)
    return self
  }

  /// The memory that its elements take; a view's take none.
  var resultBytes: Int { base == nil ? count * MemoryLayout<Element>.stride : 0 }
}
