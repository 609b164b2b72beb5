import MartletCore
import Synchronization
import Testing

// Checks of derivatives: with central differences in Double, and between the rule of an unrecorded pass and
// the rule that records.

/// The largest sample for differences. One direction tests every element at once.
private let mostElements = 600

/// Compares the directional derivatives of Σ w · op(x), of first and second order, with central differences.
func verifyGradients(_ op: OpCase) {
  var seen = Set<[Int]>()
  for shapes in op.samples {
    let counts = shapes.map { $0.reduce(1, *) }
    guard counts.reduce(0, +) <= mostElements, counts.allSatisfy({ $0 > 0 }) else { continue }
    // One vector among many is enough; samples of several axes are always tested.
    guard shapes.contains(where: { $0.count > 1 }) || seen.insert(shapes.map(\.count)).inserted else {
      continue
    }
    let sample = Sample<Double>(separated: op, shapes)
    let result = op(sample.tensors())
    let line = Line(op, sample, resultCount: result.count, resultShape: result.shape)
    line.check("first derivative", { $0.value(at: $1) }, { $0.slope() })
    line.check("second derivative", { $0.slope(at: $1) }, { $0.curvature() })
  }
}

/// A straight line through a point of the inputs and of the weights of the results.
private struct Line {
  let op: OpCase
  let point: Sample<Double>
  let weights: [Double], resultShape: TensorShape
  /// The directions of the derivative of the value, and of the derivative of the slope.
  let first: [[Double]], second: [[Double]], weightDirection: [Double]

  init(_ op: OpCase, _ point: Sample<Double>, resultCount: Int, resultShape: TensorShape) {
    var random = SampleRandom(seed: op.seed ^ 0x5eed)
    func direction(_ count: Int) -> [Double] {
      (0..<count).map { _ in random.number(in: 0.5...1) * (random.unit() < 0.5 ? -1 : 1) }
    }
    self.op = op
    self.point = point
    self.resultShape = resultShape
    weights = direction(resultCount)
    first = point.numbers.prefix(op.variables).map { direction($0.count) }
    second = point.numbers.prefix(op.variables).map { direction($0.count) }
    weightDirection = direction(resultCount)
  }

  private func inputs(_ t: Double, along directions: [[Double]], tracked: Bool) -> [Tensor<Double>] {
    let moved = point.numbers.enumerated().map { i, numbers in
      i < directions.count ? zip(numbers, directions[i]).map { $0 + t * $1 } : numbers
    }
    return Sample(point.shapes, numbers: moved).tensors(tracked: tracked ? op.variables : 0)
  }

  /// Σ w · op(x + t v).
  func value(at t: Double) -> Double {
    dot(op(inputs(t, along: first, tracked: false)).scalars, weights)
  }

  /// The derivative of `value` by t at 0, by a plain backward pass.
  func slope() -> Double {
    let x = inputs(0, along: first, tracked: true)
    op(x).backward(Tensor(weights, shape: resultShape))
    return zip(x, first).reduce(0) { $0 + dot($1.0.grad?.scalars ?? [], $1.1) }
  }

  /// The slope by a recorded pass, with the inputs moved by t u and the weights by t z.
  private func recordedSlope(at t: Double) -> (Tensor<Double>, leaves: [Tensor<Double>]) {
    let x = inputs(t, along: second, tracked: true)
    let w = Tensor(
      zip(weights, weightDirection).map { $0 + t * $1 }, shape: resultShape, requiresGrad: true)
    let gradients = op(x).gradients(of: Array(x.prefix(op.variables)), seed: w, createGraph: true)
    let slope = zip(gradients, first).enumerated().reduce(Tensor<Double>(0)) { sum, term in
      sum + (term.1.0 * Tensor(term.1.1, shape: x[term.0].shape)).sum()
    }
    return (slope, Array(x.prefix(op.variables)) + [w])
  }

  func slope(at t: Double) -> Double { recordedSlope(at: t).0.item }

  /// The derivative of the slope by t at 0.
  func curvature() -> Double {
    let (slope, leaves) = recordedSlope(at: 0)
    // The gradient of a step is a constant without history.
    if slope.requiresGrad { slope.backward() }
    return zip(leaves, second + [weightDirection]).reduce(0) { $0 + dot($1.0.grad?.scalars ?? [], $1.1) }
  }

  /// Compares a derivative with a central difference of fourth order.
  func check(_ part: String, _ f: (Line, Double) -> Double, _ derivative: (Line) -> Double) {
    let h = 1e-4
    let difference = (8 * (f(self, h) - f(self, -h)) - (f(self, 2 * h) - f(self, -2 * h))) / (12 * h)
    let tape = derivative(self)
    let scale = max(1, abs(difference), Double(weights.count).squareRoot())
    if abs(tape - difference) <= 1e-8 * scale { return }
    Issue.record(
      "the tape gives \(tape), differences \(difference); \(op.context(part, point.shapes, Double.self))",
      sourceLocation: op.location)
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

/// Compares the gradients of an unrecorded pass, whose rules may call fused loops, with those of a recorded
/// pass.
func verifyFusedGradients<Element: CheckedScalar>(_ op: OpCase, _: Element.Type) {
  for (i, shapes) in op.samples.enumerated() where !shapes.joined().contains(0) {
    let sample = Sample<Element>(op, shapes, salt: UInt64(i))
    let fused = gradients(op, sample, createGraph: false), composed = gradients(op, sample, createGraph: true)
    for (a, b) in zip(fused, composed) {
      expectNear(
        a, b, within: 4, floor: op.bound.floor,
        op.context("fused against composed gradient", shapes, Element.self), op.location)
    }
  }
}

/// The gradients of Σ w · op(x) with fixed random weights.
func gradients<Element: CheckedScalar>(
  _ op: OpCase, _ sample: Sample<Element>, createGraph: Bool
) -> [[Element]] {
  gradients(op, sample.tensors(tracked: op.variables), createGraph: createGraph)
}

/// The gradients of Σ w · op(x) with fixed random weights, for leaves that require them.
func gradients<Element: CheckedScalar>(
  _ op: OpCase, _ leaves: [Tensor<Element>], createGraph: Bool
) -> [[Element]] {
  let result = op(leaves)
  var random = SampleRandom(seed: op.seed ^ 0xface)
  let weights = Tensor(Element.nearest(random.numbers(result.count, in: -1...1)), shape: result.shape)
  return result.gradients(of: Array(leaves.prefix(op.variables)), seed: weights, createGraph: createGraph)
    .map(\.scalars)
}

/// Records an issue unless two results differ by a few units of the last place of the largest magnitude in
/// them, or of `floor` if that is larger. `floor` is that of the operation, for terms that cancel.
func expectNear<Element: CheckedScalar>(
  _ a: [Element], _ b: [Element], within limit: Double, floor: Extended = 0,
  _ comment: @autoclosure () -> String,
  _ location: SourceLocation
) {
  let expected = Element.widened(b)
  let largest = expected.reduce(floor) { $1.isFinite ? max($0, abs($1)) : $0 }
  expectClose(
    a, expected, within: limit, scales: [Extended](repeating: largest, count: b.count), comment(),
    sourceLocation: location)
}

private let threadsInUse = Mutex(())

/// Runs `body` with a number of threads. The setting belongs to the process, so only one test at a time may
/// change it.
public func withThreads<Result>(_ count: Int, _ body: () throws -> sending Result) rethrows -> sending Result
{
  try threadsInUse.withLock { _ in
    let before = Threads.count
    Threads.count = count
    defer { Threads.count = before }
    return try body()
  }
}
