import MartletCore
import TestSupport
import Testing

/// Compares every differentiable operation with PyTorch, by the results of make_operations.py: outputs,
/// gradients and gradients of gradients, in both precisions.
@Suite struct GoldTests {
  @Test(arguments: try GoldCase.load())
  func agreesWithPyTorch(_ one: GoldCase) throws {
    try check(one, in: Double.self)
    try check(one, in: Float.self)
  }

  @Test("at least 150 cases with a gradient, none of them twice, and every line of the tables used")
  func holdsWhatItShould() throws {
    let cases = try GoldCase.load()
    #expect(Set(cases.map(\.name)).count == cases.count)
    #expect(cases.count { $0.seed != nil } >= 150)
    #expect(cases.count { !($0.float64.second ?? [:]).isEmpty } >= 36, "a few dozen of second order")
    for (name, ours) in Self.differing {
      #expect(try #require(cases.first { $0.name == name }).float64.gradients?["a"] != ours)
    }
    for (family, table) in Gold<Double>.tables {
      let used = Set(cases.filter { $0.family == family }.map(\.expression))
      #expect(Set(table.keys) == used, "\(family)")
    }
  }

  private func check<Element: DifferentiableScalar>(_ one: GoldCase, in type: Element.Type) throws {
    let body = try #require(Gold<Element>.tables[one.family]?[one.expression])
    let expected = one.results(in: type), inputs = GoldInputs<Element>(of: one)
    let names = inputs.leaves.keys.sorted(), leaves = names.map { inputs.leaves[$0]! }
    let output = try body(inputs)
    compare(output, one.shape, expected.output, "output", one)
    #expect(output.requiresGrad == (one.seed != nil))
    guard let numbers = one.seed, let gradients = expected.gradients else { return }

    let seed = Tensor(numbers.map { Element($0) }, shape: TensorShape(one.shape))
    output.backward(seed, retainGraph: true)
    // Rules have two forms: one loop if nothing is recorded, otherwise operations with derivatives of their
    // own.
    let recorded = output.gradients(of: leaves, seed: seed, createGraph: true)
    for (i, name) in names.enumerated() {
      let shape = one.inputs[name]!.shape
      let numbers = Self.differing[one.name] ?? gradients[name]!
      compare(try #require(leaves[i].grad), shape, numbers, "d " + name, one)
      compare(recorded[i], shape, numbers, "recorded d " + name, one)
    }

    guard let second = expected.second, !second.isEmpty else { return }
    let penalty = recorded.filter(\.requiresGrad).map { ($0 * $0).sum() / 2 }.reduce(Tensor(0), +)
    for name in second.keys.sorted() {
      let found = try catchingTensorErrors { penalty.gradient(of: inputs.leaves[name]!, retainGraph: true) }
      compare(found, one.inputs[name]!.shape, second[name]!, "d² " + name, one)
    }
  }

  /// Operations that only move elements must give equal numbers: the seeds are quarters, whose sums are
  /// exact. The others may differ by 1e-12 (Double) or 1e-6 (Float) of the largest element, some Floats by
  /// more. Floats are compared with PyTorch's Float results.
  private func compare<Element: DifferentiableScalar>(
    _ found: Tensor<Element>, _ shape: [Int], _ expected: [Double], _ what: String, _ one: GoldCase
  ) {
    #expect(Array(found.shape) == shape, "\(what) in \(Element.self)")
    let largest = expected.filter(\.isFinite).map(abs).max() ?? 0
    let relative = Element.self == Float.self ? Self.relativeInFloat(one) : Self.relativeInDouble(one, what)
    let tolerance = Self.moving.contains(one.family) ? 0 : largest * relative
    let fits = zip(found.scalars.map(Double.init), expected).allSatisfy { value, expected in
      let expected = Double(Element(expected))
      return value == expected || (value.isNaN && expected.isNaN) || abs(value - expected) <= tolerance
    }
    #expect(
      fits && found.count == expected.count, "\(what) in \(Element.self): \(found.scalars), not \(expected)")
  }

  /// The gradients that differ from PyTorch's on purpose. PyTorch uses 0 as the derivative of |x| at NaN,
  /// which hides the NaN. If the maximum is a NaN, its amax divides 0 by 0, while its max splits the
  /// gradient.
  private static let differing: [String: [Double]] = [
    "a.abs() of [1], NaN": [.nan],
    "a.amax((0, 1), keepdim=True) of [2, 2], NaN": [0, -1.25, 0, 0],
  ]

  /// The allowed difference between PyTorch's Floats and ours. Both round in their own order within LAPACK,
  /// and within derivatives that divide by singular values and by gaps between eigenvalues. PyTorch's own
  /// Floats differ from its Doubles by up to 8e-6 there. The error of a logarithm doubles with each square
  /// root, and its second derivative is the logarithm of a matrix four times the size: 4e-5. In attention the
  /// gradient of a weight is a difference of sums, which each library computes in its own order, and its
  /// derivative grows with the scores. Doubles still agree to 1e-12.
  private static func relativeInFloat(_ one: GoldCase) -> Double {
    // PyTorch adds the paths of labels in Float, Martlet in Double.
    if one.family == "temporal classification" { return 1e-5 }
    // PyTorch's own Floats differ from its Doubles by up to 2e-6 in second derivatives of powers and their
    // roots.
    if one.family == "pair losses", one.expression.contains("p=3.0") { return 1e-5 }
    if one.family == "attention" { return 1e-5 }
    // PyTorch's own Floats differ from its Doubles by up to 1e-6 in cubic weights, and by 8e-6 in eigenvalues.
    if one.family == "grid sampling" { return 2e-6 }
    if one.expression.contains("linalg.eigvals(apart(z") { return 2e-5 }
    guard ["linear algebra", "complex algebra", "complex functions"].contains(one.family) else { return 1e-6 }
    return one.expression.hasSuffix("# matrixLog") ? 1e-4 : 1e-5
  }

  /// PyTorch adds 10⁻¹² to the denominator of this second derivative.
  private static func relativeInDouble(_ one: GoldCase, _ what: String) -> Double {
    one.expression.hasPrefix("F.binary_cross_entropy(") && what.hasPrefix("d²") ? 1e-10 : 1e-12
  }

  private static let moving: Set = ["reshaping", "slicing", "gathering", "choosing", "joining", "casting"]
}
