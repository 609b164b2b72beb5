import Martlet
import Testing

/// Compares whole modules with PyTorch, by the results of make_modules.py: the state under PyTorch's names,
/// outputs, gradients of inputs and parameters, and the state afterwards, in both precisions.
@Suite struct ModuleGoldTests {
  @Test(arguments: try ModuleCase.load())
  func agreesWithPyTorch(_ one: ModuleCase) throws {
    try check(one, in: Double.self)
    try check(one, in: Float.self)
  }

  @Test("Every line of the tables is used, and no case comes twice")
  func holdsWhatItShould() throws {
    let cases = try ModuleCase.load()
    #expect(Set(cases.map(\.name)).count == cases.count)
    #expect(Set(cases.map(\.family)) == Set(ModuleGold<Double>.tables.keys))
    for (family, table) in ModuleGold<Double>.tables {
      #expect(Set(table.keys) == Set(cases.filter { $0.family == family }.map(\.expression)), "\(family)")
    }
  }

  private func check<Element: DifferentiableScalar>(_ one: ModuleCase, in type: Element.Type) throws {
    let make = try #require(ModuleGold<Element>.tables[one.family]?[one.expression], "no Swift spelling")
    let module = make(), expected = one.results(in: type)
    try begin(module, with: one)
    let inputs = ModuleInputs<Element>(of: one), outputs = module.call(inputs)
    try #require(outputs.count == one.shapes.count, "\(outputs.count) outputs")
    for (i, output) in outputs.enumerated() {
      compare(output, one.shapes[i], expected.outputs[i], "output \(i)", one)
      #expect(output.requiresGrad == (one.seeds[i] != nil), "output \(i)")
    }
    checkGradients(one, expected, module, inputs, outputs)
    checkState(one, expected, module)
  }

  private func checkState<Element>(
    _ one: ModuleCase, _ expected: ModuleCase.Results, _ module: ModuleGold<Element>
  ) {
    for (name, tensor) in module.state {
      let unchanged = one.state[name]!.values.map { Double(Element($0)) }
      if let changed = expected.after[name] {
        compare(tensor, one.state[name]!.shape, changed, "\(name) afterwards", one)
      } else {
        #expect(tensor.scalars.map(Double.init) == unchanged, "\(name) afterwards")
      }
    }
    for (name, tensor) in module.counts {
      let changed = expected.after[name] ?? one.state[name]!.values
      #expect(tensor.scalars.map(Double.init) == changed, "\(name) afterwards")
    }
  }

  /// Sets the module to the state and the mode of the case. Names and shapes must be exactly PyTorch's.
  private func begin<Element>(_ module: ModuleGold<Element>, with one: ModuleCase) throws {
    let shapes =
      module.state.map { ($0.name, Array($0.tensor.shape)) }
      + module.counts.map { ($0.name, Array($0.tensor.shape)) }
    try #require(Dictionary(uniqueKeysWithValues: shapes) == one.state.mapValues(\.shape))
    noGrad {
      for (name, tensor) in module.state { tensor.assign(one.state[name]!.tensor { Element($0) }) }
      for (name, tensor) in module.counts { tensor.assign(one.state[name]!.tensor { Int($0) }) }
    }
    module.setTraining(one.isTraining)
  }

  /// Checks both forms of the rules: one loop if nothing is recorded, and operations with derivatives of
  /// their own.
  private func checkGradients<Element>(
    _ one: ModuleCase, _ expected: ModuleCase.Results, _ module: ModuleGold<Element>,
    _ inputs: ModuleInputs<Element>, _ outputs: [Tensor<Element>]
  ) {
    let weighted = zip(outputs, zip(one.seeds, one.shapes)).compactMap { output, seed in
      seed.0.map { (output * Tensor($0.map { Element($0) }, shape: TensorShape(seed.1))).sum() }
    }
    guard let first = weighted.first else { return }
    let total = weighted.dropFirst().reduce(first, +)
    #expect(Set(expected.gradients.keys) == Set(module.parameters.map(\.name)))
    let leaves =
      inputs.leaves.enumerated().map { ("d input \($0)", $1, expected.inputGradients[$0]) }
      + module.parameters.map { ("d \($0.name)", $0.parameter, expected.gradients[$0.name] ?? nil) }
    let reached = leaves.filter { $0.2 != nil }
    total.backward(retainGraph: true)
    let recorded = total.gradients(of: reached.map(\.1), createGraph: true)
    for (what, leaf, gradient) in leaves {
      guard let gradient else {
        #expect(leaf.grad.map { $0.scalars.allSatisfy { $0 == 0 } } ?? true, "\(what)")
        continue
      }
      guard let found = leaf.grad else {
        Issue.record("no \(what) in \(Element.self)")
        continue
      }
      compare(found, Array(leaf.shape), gradient, what, one)
    }
    for (leaf, found) in zip(reached, recorded) {
      compare(found, Array(leaf.1.shape), leaf.2!, "recorded " + leaf.0, one)
    }
  }

  /// Doubles may differ by 1e-10 of the largest element from PyTorch's Doubles, Floats by 1e-5 from PyTorch's
  /// Floats.
  private func compare<Element: DifferentiableScalar>(
    _ found: Tensor<Element>, _ shape: [Int], _ expected: [Double], _ what: String, _ one: ModuleCase
  ) {
    #expect(Array(found.shape) == shape, "\(what) in \(Element.self)")
    let largest = expected.filter(\.isFinite).map(abs).max() ?? 0
    let tolerance = largest * (Element.self == Float.self ? 1e-5 : 1e-10)
    let fits = zip(found.scalars.map(Double.init), expected).allSatisfy { value, expected in
      value == expected || (value.isNaN && expected.isNaN) || abs(value - expected) <= tolerance
    }
    #expect(
      fits && found.count == expected.count, "\(what) in \(Element.self): \(found.scalars), not \(expected)")
  }
}
