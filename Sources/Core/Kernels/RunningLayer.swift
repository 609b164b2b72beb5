import CRuntime

/// How layers are named: what knows their parts says it, when a mistake or a profile asks.
package protocol LayerNaming {
  /// The dotted name that leads from a layer to one within; nil where it does not hold it.
  static func name(of part: AnyObject, in layer: AnyObject) -> String?
  /// A layer and its configuration in a line, `Linear(3, 2, bias: true)`.
  static func line(_ layer: AnyObject) -> String
}

/// A layer whose output the calling thread computes, and the one that called it: a list through the thread's stack.
package struct RunningLayer {
  private let reference: Unmanaged<AnyObject>
  private let naming: any LayerNaming.Type
  private let caller: UnsafePointer<RunningLayer>?

  /// Runs `body`, which computes a layer's output: mistakes, profiles and summaries name the layer meanwhile.
  package static func run<Result, Failure: Error>(
    _ layer: AnyObject, _ naming: any LayerNaming.Type, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let caller = martlet_thread().pointee.layer
    var running = RunningLayer(
      reference: .passUnretained(layer), naming: naming,
      caller: caller?.assumingMemoryBound(to: RunningLayer.self))
    return try withUnsafePointer(to: &running) { running throws(Failure) in
      martlet_thread().pointee.layer = UnsafeRawPointer(running)
      defer { martlet_thread().pointee.layer = caller }
      guard let profiler = Profiler.current else { return try body() }
      return try profiler.layer(running.pointee, body)
    }
  }

  var layer: AnyObject { reference.takeUnretainedValue() }

  /// Its name in the layer that called it, or its type where that does not hold it or there is none; behind the path of
  /// the one that called it, if that is another.
  var path: String {
    guard let caller else { return typeName(of: layer) }
    if caller.pointee.layer === layer { return caller.pointee.path }
    let name = naming.name(of: layer, in: caller.pointee.layer) ?? typeName(of: layer)
    return "\(caller.pointee.path).\(name)"
  }

  /// The path of the calling thread's layer, and the layer and its configuration in a line; nil outside of layers.
  static var current: (path: String, line: String)? {
    guard let running = martlet_thread().pointee.layer else { return nil }
    // What describes a layer may make mistakes of its own.
    martlet_thread().pointee.layer = nil
    defer { martlet_thread().pointee.layer = running }
    let innermost = running.assumingMemoryBound(to: RunningLayer.self).pointee
    return (innermost.path, innermost.naming.line(innermost.layer))
  }
}

/// The name of an object's type, without what it is generic over.
package func typeName(of object: AnyObject) -> String { String("\(type(of: object))".prefix { $0 != "<" }) }
