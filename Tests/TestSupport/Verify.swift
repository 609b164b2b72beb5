import MartletCore
import Testing

/// Checks an operation in every way that its record allows: values, views, derivatives, invariance, misuse.
public func verify(_ op: OpCase) {
  do {
    try catchingTensorErrors {
      for check in [{ verify(op, Float.self) }, { verify(op, Double.self) }, { verifyGradients(op) }] {
        let distances = Distances()
        Distances.$gathered.withValue(distances, operation: check)
        distances.record()
      }
    }
  } catch {
    Issue.record("\(op.testDescription): \(error)", sourceLocation: op.location)
  }
  verifyMisuse(op)
}

/// The checks that are made in both precisions.
private func verify<Element: CheckedScalar>(_ op: OpCase, _ element: Element.Type) {
  verifyValues(op, element)
  verifySpecials(op, element)
  verifyLarge(op, element)
  verifyViews(op, element)
  verifyFusedGradients(op, element)
  verifyIgnored(op, element)
}

/// Input tensors and the same numbers as the references take them.
struct Sample<Element: CheckedScalar> {
  let shapes: [[Int]]
  let numbers: [[Element]]

  /// Numbers drawn from the domains, with the ends, 0 and 1 among them. Long tensors repeat a pattern.
  init(_ op: OpCase, _ shapes: [[Int]], salt: UInt64 = 0) {
    var random = SampleRandom(seed: op.seed &+ salt)
    self.shapes = shapes
    numbers = zip(shapes, op.domains).map { shape, domain in
      Element.nearest(random.numbers(shape.reduce(1, *), in: domain))
    }
  }

  /// Given numbers.
  init(_ shapes: [[Int]], numbers: [[Element]]) {
    self.shapes = shapes
    self.numbers = numbers
  }

  /// The numbers apart from each other and from the kinks.
  init(separated op: OpCase, _ shapes: [[Int]]) {
    self.shapes = shapes
    numbers = separatedSamples(
      shapes.map { $0.reduce(1, *) }, in: op.domains, kinks: op.kinks, seed: op.seed
    ).map { Element.nearest($0) }
  }

  /// New tensors with these numbers, contiguous; the first `tracked` ask for gradients.
  func tensors(tracked: Int = 0) -> [Tensor<Element>] {
    zip(shapes, numbers).enumerated().map { i, pair in
      Tensor(pair.1, shape: TensorShape(pair.0), requiresGrad: i < tracked)
    }
  }

  /// The numbers for a reference.
  var grids: [Grid] { zip(shapes, numbers).map { Grid($0, values: Element.widened($1)) } }
}

extension OpCase {
  /// The result for tensors of an element type.
  func callAsFunction<Element: CheckedScalar>(_ inputs: [Tensor<Element>]) -> Tensor<Element> {
    Element.body(of: self)(inputs)
  }

  /// Compares a result with the reference: shape, and elements within the bound.
  func expect<Element: CheckedScalar>(
    _ result: Tensor<Element>, for grids: [Grid], _ part: @autoclosure () -> String
  ) {
    let expected = reference(grids)
    let shapes = grids.map(\.shape)
    guard Array(result.shape) == expected.shape else {
      Issue.record(
        "shape \(result.shape), expected \(expected.shape); \(context(part(), shapes, Element.self))",
        sourceLocation: location)
      return
    }
    let scales =
      bound.usesMagnitudes
      ? reference(grids.map { $0.map(abs) }).values
      : [Extended](repeating: bound.floor, count: expected.values.count)
    expectClose(
      result.scalars, expected.values, within: bound.limit, scales: scales,
      context(part(), shapes, Element.self), sourceLocation: location)
  }
}
