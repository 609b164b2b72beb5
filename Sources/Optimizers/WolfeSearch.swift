import MartletCore

/// A point along a direction: its length, the loss, the gradient, and the gradient's product with the
/// direction.
struct SearchPoint<Element: DifferentiableScalar> {
  var length: Double, loss: Double
  var gradient: Tensor<Element>
  var slope: Double
}

/// A search for a length that meets the strong Wolfe conditions.
///
/// The loss must fall by at least c₁ = 10⁻⁴ of the decrease that the slope at the start predicts. The slope's
/// size must be at most c₂ = 0.9 of that at the start (Nocedal & Wright 2006, algorithms 3.5 and 3.6, with
/// the safeguards of Schmidt's minFunc, as in PyTorch).
struct WolfeSearch<Element: DifferentiableScalar> {
  typealias Point = SearchPoint<Element>
  typealias Evaluation = (_ length: Double) -> Point?

  let start: Point
  /// The largest absolute value of the direction's elements.
  let largest: Double
  let tolerance: Double
  let maxEvaluations: Int
  private(set) var evaluations = 0
  private var iterations = 0

  init(start: Point, largest: Double, tolerance: Double, maxEvaluations: Int) {
    self.start = start
    self.largest = largest
    self.tolerance = tolerance
    self.maxEvaluations = maxEvaluations
  }

  /// Returns the point that was found, or nil if an evaluation failed.
  mutating func run(from length: Double, _ evaluate: Evaluation) -> Point? {
    guard let bracket = bracketed(length, evaluate) else { return nil }
    guard bracket.count == 2 else { return bracket[0] }
    return zoomed(bracket, evaluate)
  }

  private mutating func point(_ length: Double, _ evaluate: Evaluation) -> Point? {
    evaluations += 1
    return evaluate(length)
  }

  private func fallsTooLittle(_ point: Point) -> Bool {
    point.loss > start.loss + 1e-4 * point.length * start.slope
  }

  private func isFlat(_ point: Point) -> Bool { abs(point.slope) <= -0.9 * start.slope }

  /// Returns one point that meets the conditions, or two points that bracket such a point; nil if an
  /// evaluation failed.
  private mutating func bracketed(_ length: Double, _ evaluate: Evaluation) -> [Point]? {
    var before = start
    guard var now = point(length, evaluate) else { return nil }
    while iterations < maxEvaluations {
      if fallsTooLittle(now) || (iterations > 1 && now.loss >= before.loss) { return [before, now] }
      if isFlat(now) { return [now] }
      if now.slope >= 0 { return [before, now] }
      let least = now.length + 0.01 * (now.length - before.length)
      let next = interpolated(before, now, within: (least, now.length * 10))
      before = now
      guard let found = point(next, evaluate) else { return nil }
      now = found
      iterations += 1
    }
    return [start, now]
  }

  /// Shrinks a bracket until one end meets the conditions, and returns the better end; nil if an evaluation
  /// failed.
  private mutating func zoomed(_ ends: [Point], _ evaluate: Evaluation) -> Point? {
    var bracket = ends, isStuck = false
    var low = bracket[0].loss <= bracket[1].loss ? 0 : 1
    while iterations < maxEvaluations {
      if abs(bracket[1].length - bracket[0].length) * largest < tolerance { break }
      let least = min(bracket[0].length, bracket[1].length), most = max(bracket[0].length, bracket[1].length)
      var length = interpolated(bracket[0], bracket[1], within: (least, most))
      let margin = 0.1 * (most - least)
      // A point near an end for the second time in a row, or at an end, moves a tenth of the bracket away
      // from it.
      if min(most - length, length - least) < margin {
        if isStuck || length >= most || length <= least {
          length = abs(length - most) < abs(length - least) ? most - margin : least + margin
          isStuck = false
        } else {
          isStuck = true
        }
      } else {
        isStuck = false
      }
      guard let now = point(length, evaluate) else { return nil }
      iterations += 1
      if fallsTooLittle(now) || now.loss >= bracket[low].loss {
        bracket[1 - low] = now
        low = bracket[0].loss <= bracket[1].loss ? 0 : 1
      } else {
        let isDone = isFlat(now)
        if !isDone, now.slope * (bracket[1 - low].length - bracket[low].length) >= 0 {
          bracket[1 - low] = bracket[low]
        }
        bracket[low] = now
        if isDone { break }
      }
    }
    return bracket[low]
  }

  /// Returns the minimum, within bounds, of the cubic through two points with their slopes. If the cubic has
  /// no minimum, the middle of the bounds.
  private func interpolated(_ a: Point, _ b: Point, within bounds: (Double, Double)) -> Double {
    let d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.length - b.length)
    let square = d1 * d1 - a.slope * b.slope
    guard square >= 0 else { return (bounds.0 + bounds.1) / 2 }
    let (near, far) = a.length <= b.length ? (a, b) : (b, a)
    let d2 = square.squareRoot()
    let share = (far.slope + d2 - d1) / (far.slope - near.slope + 2 * d2)
    let lowest = far.length - (far.length - near.length) * share
    return min(max(lowest, bounds.0), bounds.1)
  }
}
