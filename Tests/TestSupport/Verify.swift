import MartletCore
import Testing

/// Checks an operation in every way that its case allows: values, views, derivatives, threads, misuse.
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

/// Runs the checks that exist in both precisions.
private func verify<Element: CheckedScalar>(_ op: OpCase, _ element: Element.Type) {
  verifyValues(op, element)
  verifySpecials(op, element)
  verifyLarge(op, element)
  verifyViews(op, element)
  verifyFusedGradients(op, element)
  verifyIgnored(op, element)
}

/// Input numbers, as tensors and as the references read them.
struct Sample<Element: CheckedScalar> {
  let shapes: [[Int]]
  let numbers: [[Element]]

  /// Draws numbers from the domains, including their ends, 0 and 1. Long tensors repeat a pattern.
  init(_ op: OpCase, _ shapes: [[Int]], salt: UInt64 = 0) {
    var random = SampleRandom(seed: op.seed &+ salt)
    self.shapes = shapes
    numbers = zip(shapes, op.domains).map { shape, domain in
      Element.nearest(random.numbers(shape.reduce(1, *), in: domain))
    }
  }

  /// Uses the given numbers.
  init(_ shapes: [[Int]], numbers: [[Element]]) {
    self.shapes = shapes
    self.numbers = numbers
  }

  /// Draws numbers that are apart from one another and from the kinks.
  init(separated op: OpCase, _ shapes: [[Int]]) {
    self.shapes = shapes
    numbers = separatedSamples(
      shapes.map { $0.reduce(1, *) }, in: op.domains, kinks: op.kinks, seed: op.seed
    ).map { Element.nearest($0) }
  }

  /// Creates new contiguous tensors of these numbers. The first `tracked` require gradients.
  func tensors(tracked: Int = 0) -> [Tensor<Element>] {
    zip(shapes, numbers).enumerated().map { i, pair in
      Tensor(pair.1, shape: TensorShape(pair.0), requiresGrad: i < tracked)
    }
  }

  /// The numbers as grids for a reference.
  var grids: [Grid] { zip(shapes, numbers).map { Grid($0, values: Element.widened($1)) } }
}

extension OpCase {
  /// Calls the operation on tensors of an element type.
  func callAsFunction<Element: CheckedScalar>(_ inputs: [Tensor<Element>]) -> Tensor<Element> {
    Element.body(of: self)(inputs)
  }

  /// Compares a result with the reference: the shape, and the elements within the bound.
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
