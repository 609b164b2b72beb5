import CRuntime

/// Names layers for errors and profiles. The Layers module implements this protocol, which is called only
/// when a name has to be printed.
package protocol LayerNaming {
  /// Returns the dotted name of a part inside a layer, or nil if the layer does not contain it.
  static func name(of part: AnyObject, in layer: AnyObject) -> String?
  /// Returns a layer and its configuration in one line: `Linear(3, 2, bias: true)`.
  static func line(_ layer: AnyObject) -> String
}

/// A layer whose output the calling thread computes. Every call of a layer creates one, which costs only a
/// few instructions: its name is computed only when it is needed.
package struct RunningLayer {
  private let reference: Unmanaged<AnyObject>
  private let naming: any LayerNaming.Type

  private var layer: AnyObject { reference.takeUnretainedValue() }

  /// Marks the start of a layer. Errors, profiles and summaries name it until ``leave()``.
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

  /// Marks the end of the innermost layer.
  package static func leave() { martlet_thread().pointee.layerCount -= 1 }

  private static var isDescribing: Bool {
    get { martlet_thread().pointee.isDescribing != 0 }
    set { martlet_thread().pointee.isDescribing = newValue ? 1 : 0 }
  }

  /// The running layers of the calling thread, outermost first.
  private static var all: [RunningLayer] {
    let thread = martlet_thread()
    let first = thread.pointee.layers?.assumingMemoryBound(to: RunningLayer.self)
    return Array(UnsafeBufferPointer(start: first, count: thread.pointee.layerCount))
  }

  /// The path of the innermost layer, which must exist. The path begins with the type of the outermost layer.
  /// For each inner layer follows its name in its caller, or its type if the caller does not contain it. A
  /// layer that calls itself appears once.
  static var path: String {
    let all = all
    var path = typeName(of: all[0].layer)
    for (caller, running) in zip(all, all.dropFirst()) where running.layer !== caller.layer {
      path += "." + (running.naming.name(of: running.layer, in: caller.layer) ?? typeName(of: running.layer))
    }
    return path
  }

  /// The path of the innermost layer, and its type and configuration in one line; nil outside of layers.
  static var described: (path: String, line: String)? {
    guard let innermost = all.last, !isDescribing else { return nil }
    // An error inside the description must not start another description.
    isDescribing = true
    defer { isDescribing = false }
    return (path, innermost.naming.line(innermost.layer))
  }
}

/// Returns the name of an object's type without its generic arguments.
package func typeName(of object: AnyObject) -> String { String("\(type(of: object))".prefix { $0 != "<" }) }
