import CRuntime

/// Records what one thread computes, operation by operation, while ``profile(_:)`` runs.
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
  /// The names of layers that were called, and of what they hold. Held strongly, so that no other takes an identity.
  private var layers: [ObjectIdentifier: (layer: AnyObject, path: String)] = [:]

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

  /// An operation begins that takes no memory of its own.
  @inline(__always)
  static func begin() {
    if isOn { current?.start() }
  }

  /// An operation has ended.
  @inline(__always)
  static func end(_ name: StaticString) {
    if isOn { current?.finish(name) }
  }

  private func start() {
    let thread = martlet_thread()
    (thread.pointee.operationStart, thread.pointee.operationBytes) = (martlet_nanoseconds(), 0)
  }

  private func finish(_ name: StaticString) {
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
  func finish(_ name: StaticString, keepers: [AnyObject]) {
    finish(name)
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

  /// Runs `body`, which computes a layer's output, under the layer's path: that of the layer which holds it and its
  /// name there, or its type where none is known to hold it. `parts` are the modules within, and their names.
  package func layer<Result>(
    _ layer: AnyObject, parts: () -> [(part: AnyObject, name: String)], _ body: () -> Result
  ) -> Result {
    let outer = path
    if layers[ObjectIdentifier(layer)] == nil {
      let type = "\(Swift.type(of: layer))".prefix { $0 != "<" }
      let name = outer == 0 ? "\(type)" : "\(paths[outer]).\(type)"
      for (part, rest) in [(layer, "")] + parts() where layers[ObjectIdentifier(part)] == nil {
        layers[ObjectIdentifier(part)] = (part, rest.isEmpty ? name : "\(name).\(rest)")
      }
    }
    path = number(of: layers[ObjectIdentifier(layer)]!.path)
    let start = martlet_nanoseconds()
    let result = body()
    events.append(
      Event(name: "", kind: .layer, path: path, start: start, end: martlet_nanoseconds(), bytes: 0))
    path = outer
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
    Profiler.end(operation)
    return self
  }
}
