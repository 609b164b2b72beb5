import MartletCore

extension Module {
  /// The modules that this module stores itself, in the order of declaration.
  public var children: [any Module] { namedChildren.map(\.module) }

  /// The modules that this module stores itself, with the names under which it stores them.
  public var namedChildren: [(name: String, module: any Module)] { parts(in: storedProperties(of: self)) }

  /// This module and all modules within it, each once.
  public var modules: [any Module] { namedModules.map(\.module) }

  /// This module, under an empty name, and all modules within it, under the first dotted name that leads to
  /// each.
  public var namedModules: [(name: String, module: any Module)] {
    [("", self)] + descendants(of: self).map { ($0.name, $0.module) }
  }

  /// Calls `body` with every module within this one, the inner modules first, and then with this module. A
  /// module that several names lead to is visited once.
  ///
  /// ```swift
  /// let model = Sequential { Linear(4, 8); Tanh(); Linear(8, 2) }
  /// noGrad {
  ///   model.apply { module in
  ///     if let linear = module as? Linear<Float> { linear.weight.fill(0.5) }
  ///   }
  /// }
  /// ```
  public func apply<Failure: Error>(_ body: (any Module) throws(Failure) -> Void) throws(Failure) {
    var seen: Set<ObjectIdentifier> = []
    func visit(_ module: any Module) throws(Failure) {
      guard seen.insert(ObjectIdentifier(module)).inserted else { return }
      for child in module.children { try visit(child) }
      try body(module)
    }
    try visit(self)
  }

  /// The number of elements of all parameters.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  /// The number of elements of the parameters that require a gradient.
  public var trainableParameterCount: Int { trainableParameters.reduce(0) { $0 + $1.count } }
}

extension Module {
  /// Copies the parameters, saved buffers and modes of this module to a new module of the same structure, and
  /// returns the new module. The two share no memory.
  ///
  /// Swift cannot create an object of a class that it does not know, so the argument creates it. Numbers that
  /// its initialisers draw do not come from the default random generator. A different structure is an error.
  ///
  /// ```swift
  /// func makeModel() -> Sequential<Tensor<Float>, Tensor<Float>> {
  ///   Sequential { Linear(4, 8); Tanh(); Linear(8, 2) }
  /// }
  /// let model = makeModel()
  /// let target = model.copied(into: makeModel())
  /// ```
  public func copied(
    into makeCopy: @autoclosure () -> Self, file: StaticString = #fileID, line: UInt = #line
  ) -> Self {
    var unused = RandomGenerator(seed: 0)
    let copy = withRandom(&unused, makeCopy), outlines = (outline, copy.outline)
    guard outlines.0 == outlines.1 else {
      let place = zip(outlines.0, outlines.1).prefix { $0 == $1 }.count
      let parts = [outlines.0, outlines.1].map { place < $0.count ? $0[place] : "nothing" }
      programError(
        "copied", "the copy has \(parts[1]) in place of \(parts[0]); both must have the same structure", file,
        line)
      return copy
    }
    noGrad {
      for (target, source) in zip(copy.namedState, namedState) {
        target.tensor.assign(source.tensor)
        target.tensor.requiresGrad = source.tensor.requiresGrad
      }
      for (target, source) in zip(copy.namedCounts, namedCounts) { target.tensor.assign(source.tensor) }
    }
    for (target, source) in zip(copy.modules, modules) { target.isTraining = source.isTraining }
    return copy
  }

  /// The names and types of the modules, and the names and shapes of the saved state.
  private var outline: [String] {
    namedModules.map { joined(typeName(of: $0.module), $0.name) }
      + namedState.map { "\($0.name) \($0.tensor.shape)" }
      + namedCounts.map { "\($0.name) \($0.tensor.shape)" }
  }
}
