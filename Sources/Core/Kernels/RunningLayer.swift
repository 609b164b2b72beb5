import CRuntime

/// How layers are named: what knows their parts says it, when a mistake or a profile asks.
package protocol LayerNaming {
  /// The dotted name that leads from a layer to one within; nil where it does not hold it.
  static func name(of part: AnyObject, in layer: AnyObject) -> String?
  /// A layer and its configuration in a line, `Linear(3, 2, bias: true)`.
  static func line(_ layer: AnyObject) -> String
}

/// A layer whose output the calling thread computes. Every call of a layer comes here: it costs a few instructions, and
/// nothing is named before somebody asks.
package struct RunningLayer {
  private let reference: Unmanaged<AnyObject>
  private let naming: any LayerNaming.Type

  private var layer: AnyObject { reference.takeUnretainedValue() }

  /// A layer begins to run; mistakes, profiles and summaries name it until ``leave()``.
  package static func enter(_ layer: AnyObject, _ naming: any LayerNaming.Type) {
    let thread = martlet_thread()
    if thread.pointee.layerCount == thread.pointee.layerCapacity {
      martlet_grow_layers(MemoryLayout<RunningLayer>.stride)
    }
    thread.pointee.layers!.assumingMemoryBound(to: RunningLayer.self)
      .advanced(by: thread.pointee.layerCount)
      .initialize(to: RunningLayer(reference: .passUnretained(layer), naming: naming))
    thread.pointee.layerCount += 1
  }

  /// The layer that began last has run.
  package static func leave() { martlet_thread().pointee.layerCount -= 1 }

  private static var isDescribing: Bool {
    get { martlet_thread().pointee.isDescribing != 0 }
    set { martlet_thread().pointee.isDescribing = newValue ? 1 : 0 }
  }

  /// Those of the calling thread, each called by the one before.
  private static var all: [RunningLayer] {
    let thread = martlet_thread()
    let first = thread.pointee.layers?.assumingMemoryBound(to: RunningLayer.self)
    return Array(UnsafeBufferPointer(start: first, count: thread.pointee.layerCount))
  }

  /// The path of the innermost layer; there has to be one. It is the type of the outermost one, and then of each its name
  /// in the one that called it, or its type where that does not hold it. One that calls itself is named once.
  static var path: String {
    let all = all
    var path = typeName(of: all[0].layer)
    for (caller, running) in zip(all, all.dropFirst()) where running.layer !== caller.layer {
      path += "." + (running.naming.name(of: running.layer, in: caller.layer) ?? typeName(of: running.layer))
    }
    return path
  }

  /// The path of the innermost layer, and it and its configuration in a line; nil outside of layers.
  static var described: (path: String, line: String)? {
    guard let innermost = all.last, !isDescribing else { return nil }
    // A mistake in what describes the layer is not described.
    isDescribing = true
    defer { isDescribing = false }
    return (path, innermost.naming.line(innermost.layer))
  }
}

/// The name of an object's type, without what it is generic over.
package func typeName(of object: AnyObject) -> String { String("\(type(of: object))".prefix { $0 != "<" }) }
