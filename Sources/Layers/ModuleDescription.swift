import MartletCore

extension Module {
  /// Runs `body`, which computes this module's output: mistakes, profiles and summaries name the module by its path
  /// and configuration meanwhile.
  ///
  /// A ``Layer`` does so when it is called. A module with a `callAsFunction` of its own does it there:
  /// ```swift
  /// func callAsFunction(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Tensor<Float> {
  ///   scoped { query(a).matmul(key(b).transposed()) }
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

  /// Nothing.
  public var configuration: String { "" }

  /// The type and the configuration, `Linear(64, 128, bias: true)`, and a line for each module within, in the order of
  /// declaration and under the names that parameters have.
  public var description: String { tree(of: self, within: []) }
}

/// How a module is named where it runs.
private enum ModuleNaming: LayerNaming {
  static func name(of part: AnyObject, in layer: AnyObject) -> String? {
    modules(below: layer as! any Module).first { $0.module === part }?.name
  }

  static func line(_ layer: AnyObject) -> String {
    "\(typeName(of: layer))(\((layer as! any Module).configuration))"
  }
}

/// A module and those within, indented. One that holds itself is told once.
private func tree(of module: any Module, within outer: [ObjectIdentifier]) -> String {
  let identity = ObjectIdentifier(module)
  let parts = outer.contains(identity) ? [] : parts(in: storedProperties(of: module))
  if parts.isEmpty { return ModuleNaming.line(module) }
  let lines = parts.map { "(\($0.name)): \(tree(of: $0.module, within: outer + [identity]))" }
  let inner = ((module.configuration.isEmpty ? [] : [module.configuration]) + lines)
    .flatMap { $0.split(separator: "\n") }.map { "  \($0)\n" }.joined()
  return "\(typeName(of: module))(\n\(inner))"
}

/// Numbers as a literal lists them: `2, 3`.
func listed(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ", ") }
