import MartletCore
import TestSupport
import Testing

/// Compares operations with PyTorch on the samples of its operation database: outputs, gradients and gradients
/// of gradients, in both precisions, for contiguous inputs and for views.
@Suite struct ParityTests {
  @Test(arguments: try ParityEntry.load())
  func agreesWithPyTorch(_ entry: ParityEntry) throws {
    let double = try #require(Parity<Double>.body(of: entry.name))
    let float = try #require(Parity<Float>.body(of: entry.name))
    for (i, sample) in entry.samples.enumerated() {
      let view = sample.rows == true ? ViewKind.broadcast : [.transposed, .strided, .reversed][i % 3]
      for view in [nil, view] {
        Comparison(body: double, entry: entry, index: i, view: view).run()
        if sample.double != true { Comparison(body: float, entry: entry, index: i, view: view).run() }
      }
    }
  }

  @Test("at least 600 entries, each with a line in the tables, and no line without an entry")
  func holdsWhatItShould() throws {
    let names = try ParityEntry.load().map(\.name)
    #expect(names.count >= 600)
    #expect(names.sorted() == Parity<Double>.names.sorted())
  }
}

/// A sample in one precision and layout of memory.
private struct Comparison<Element: CheckedScalar> {
  let body: Parity<Element>.Body
  let entry: ParityEntry
  let index: Int
  let view: ViewKind?

  private var sample: ParitySample { entry.samples[index] }
  private var context: String {
    let layout = view.map { "\($0) views" } ?? "contiguous inputs"
    return "\(entry.name), sample \(index), \(layout), \(Element.self), \(sample.arguments ?? [:])"
  }

  func run() {
    do {
      try catchingTensorErrors {
        let inputs = ParityInputs<Element>(of: sample, as: view)
        let outputs = try body(inputs)
        compare(outputs, inputs)
        compareGradients(of: outputs.values, inputs)
      }
    } catch {
      Issue.record("\(context): \(error)")
    }
  }

  /// Numbers near PyTorch's, and the same integers and masks. A sample may ask for fewer of the integers.
  private func compare(_ outputs: ParityOutputs<Element>, _ inputs: ParityInputs<Element>) {
    let numbers = sample.outputs.filter(\.isFloating)
    #expect(outputs.values.count == numbers.count, "\(context)")
    for (found, expected) in zip(outputs.values, numbers) { compare(found, expected, "output", inputs) }
    let integers = sample.outputs.filter { $0.type == .integer }
    #expect(outputs.integers.count >= integers.count, "\(context)")
    for (found, expected) in zip(outputs.integers, integers) {
      #expect(Array(found.shape) == expected.shape && found.scalars == expected.integers, "\(context)")
    }
    let masks = sample.outputs.filter { $0.type == .mask }
    #expect(outputs.masks.count == masks.count, "\(context)")
    for (found, expected) in zip(outputs.masks, masks) {
      #expect(Array(found.shape) == expected.shape && found.scalars == expected.flags, "\(context)")
    }
  }

  /// Gradients of contiguous inputs are recorded, and those of views are not: rules have two forms.
  private func compareGradients(of values: [Tensor<Element>], _ inputs: ParityInputs<Element>) {
    guard let expected = sample.gradients else { return }
    let names = expected.keys.sorted(), leaves = names.map { inputs[$0] }
    let seeded = values.enumerated().filter(\.element.requiresGrad).map { k, value in
      (value * seed(of: value.shape, k)).sum()
    }
    let gradients = gradients(of: seeded, leaves, createGraph: view == nil)
    for (name, found) in zip(names, gradients) { compare(found, expected[name]!, "d " + name, inputs) }

    guard Element.self == Double.self, view == nil, let second = sample.second else { return }
    let squares = gradients.filter(\.requiresGrad).map { ($0 * $0).sum() / 2 }
    for (name, found) in zip(names, self.gradients(of: squares, leaves, createGraph: false)) {
      compare(found, second[name]!, "d² " + name, inputs)
    }
  }

  /// The gradients of a sum; they are 0 if nothing was recorded.
  private func gradients(
    of terms: [Tensor<Element>], _ leaves: [Tensor<Element>], createGraph: Bool
  ) -> [Tensor<Element>] {
    guard let first = terms.first else { return leaves.map { .zeros($0.shape) } }
    return terms.dropFirst().reduce(first, +)
      .gradients(of: leaves, createGraph: createGraph, allowUnused: true)
  }

  /// The seed of make_parity.py.
  private func seed(of shape: TensorShape, _ k: Int) -> Tensor<Element> {
    let count = shape.reduce(1, *)
    return Tensor((0..<count).map { Element((Double((7 * $0 + 3 * k) % 11) - 5.5) / 4) }, shape: shape)
  }

  /// A Double may differ by 1e-12 of the largest input, the largest number or 1, and a Float by 1e-6 of it; ten
  /// times that in linear algebra, where LAPACK rounds in its own order. If PyTorch's Float is further from its
  /// Double, the sample is ill-conditioned. Then a Float may have four times that error, and a Double 2⁻²⁴
  /// times that error, which is 32 times the ratio of their precisions.
  private func compare(
    _ found: Tensor<Element>, _ expected: ParityNumbers, _ part: String, _ inputs: ParityInputs<Element>
  ) {
    let numbers = expected.doubles, error = expected.error ?? 0, isFloat = Element.self == Float.self
    let scale = numbers.filter(\.isFinite).reduce(Swift.max(inputs.largest, 1)) {
      Swift.max($0, $1.magnitude)
    }
    let relative = (isFloat ? 1e-6 : 1e-12) * factor(part)
    let tolerance = Swift.max(relative * scale, error * (isFloat ? 4 : 0x1p-24))
    let fits = zip(found.scalars, numbers).allSatisfy { value, number in
      let value = Double(value)
      return value == number || (value.isNaN && number.isNaN) || (value - number).magnitude <= tolerance
    }
    #expect(
      fits && Array(found.shape) == expected.shape,
      "\(part) of \(context): \(found.shape) \(found.scalars), not \(expected.shape) \(numbers)")
  }

  private func factor(_ part: String) -> Double {
    // PyTorch adds 10⁻¹² to the denominator of this second derivative.
    if entry.name == "nn.functional.binary_cross_entropy", part.hasPrefix("d²") { return 1e4 }
    // PyTorch's trigamma and its derivative are right to 1e-10. SpecialFunctionsCases compares ours.
    let polygammas = ["digamma", "polygamma", "mvlgamma", "special.polygamma"]
    if polygammas.contains(where: entry.name.hasPrefix) { return 1e3 }
    let isLinearAlgebra = ["linalg.", "cholesky", "logdet", "norm.nuc", "pinverse", "triangular_solve"]
      .contains(where: entry.name.hasPrefix)
    return isLinearAlgebra ? 10 : 1
  }
}
