import MartletCore

extension Module {
  /// Runs `body`, which computes this module's output. Meanwhile errors, profiles and summaries name the
  /// module by its path and configuration.
  ///
  /// A ``Layer`` does this when it is called. A module with a `callAsFunction` of its own does it there.
  ///
  /// ```swift
  /// final class Similarity: Module {
  ///   let query = Linear(16, 8), key = Linear(16, 8)
  ///   func callAsFunction(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Tensor<Float> {
  ///     scoped { query(a).matmul(key(b).transposed()) }
  ///   }
  /// }
  /// ```
  @inline(__always)
  public func scoped<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    RunningLayer.enter(self, ModuleNaming.self)
    defer { RunningLayer.leave() }
    return Profiler.isOn ? try Profiler.current!.layer(self, body) : try body()
  }

  /// An empty text.
  public var configuration: String { "" }

  /// The type and the configuration, `Linear(64, 128, bias: true)`, and a line for each module within. The
  /// lines are in the order of declaration, under the names that parameters have.
  public var description: String {
    var text = ""
    var outer: Set<ObjectIdentifier> = []
    appendTree(of: self, to: &text, indent: "", within: &outer)
    return text
  }
}

/// The names of modules, for errors, profiles and summaries.
private enum ModuleNaming: LayerNaming {
  static func name(of part: AnyObject, in layer: AnyObject) -> String? {
    descendants(of: layer as! any Module).first { $0.module === part }?.name
  }

  static func line(_ layer: AnyObject) -> String {
    "\(typeName(of: layer))(\((layer as! any Module).configuration))"
  }
}

/// Appends a line for a module and for each module within it. A module that contains itself is expanded only
/// once.
private func appendTree(
  of module: any Module, to text: inout String, indent: String, within outer: inout Set<ObjectIdentifier>
) {
  let isNew = outer.insert(ObjectIdentifier(module)).inserted
  defer { if isNew { outer.remove(ObjectIdentifier(module)) } }
  let parts = isNew ? parts(in: storedProperties(of: module)) : []
  let configuration = module.configuration.split(separator: "\n")
  let inner = indent + "  "
  if parts.isEmpty {
    text += "\(typeName(of: module))(\(configuration.joined(separator: "\n" + indent)))"
    return
  }
  text += "\(typeName(of: module))(\n"
  for line in configuration { text += "\(inner)\(line)\n" }
  for part in parts {
    text += part.name.isEmpty ? inner : "\(inner)(\(part.name)): "
    appendTree(of: part.module, to: &text, indent: inner, within: &outer)
    text += "\n"
  }
  text += indent + ")"
}

/// Returns the numbers as a literal lists them: `2, 3`.
func listed(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ", ") }
