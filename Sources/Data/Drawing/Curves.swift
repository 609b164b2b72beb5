/// Curves of numbers over steps, drawn with axes, a grid and a legend.
///
/// ```swift
/// var curves = Curves(title: "training")
/// curves.add("loss", [(1, 2.3), (2, 1.1), (3, 0.7)])
/// try curves.write(to: "loss.svg")
/// ```
public struct Curves: Sendable {
  /// The text above the curves.
  public let title: String
  private var series: [(name: String, points: [Drawing.Point])] = []

  /// Makes a drawing without curves.
  public init(title: String = "") { self.title = title }

  /// Adds a curve through points (step, value). A value that is not finite breaks the curve.
  public mutating func add(_ name: String, _ points: [(Double, Double)]) {
    series.append((name, points.map { (x: $0.0, y: $0.1) }))
  }

  /// Writes the drawing to a file that ends with `.svg` or `.png`, whole or not at all.
  ///
  /// - Throws: ``DataError`` if the name has another end, or the file cannot be written.
  public func write(to path: String) throws(DataError) { try drawing.write(to: path) }

  /// The drawing, 640 × 400 pixels.
  public var drawing: Drawing {
    var drawing = Drawing(width: 640, height: 400)
    let points = series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
    let across = Axis(points.map(\.x), from: 64, to: 624), up = Axis(points.map(\.y), from: 356, to: 40)
    for tick in across.ticks {
      drawing.line([(across[tick], 40), (across[tick], 356)], color: .grey)
      drawing.text(short(tick), at: (across[tick], 374), anchor: .middle)
    }
    for tick in up.ticks {
      drawing.line([(64, up[tick]), (624, up[tick])], color: .grey)
      drawing.text(short(tick), at: (58, up[tick] + 4), anchor: .end)
    }
    drawing.line([(64, 40), (64, 356), (624, 356)])
    drawing.text(title, at: (344, 18), anchor: .middle, size: 14)
    for (number, (name, points)) in series.enumerated() {
      let color = Drawing.Color.palette[number % Drawing.Color.palette.count]
      let places = points.map { (x: across[$0.x], y: up[$0.y]) }
      drawing.line(Self.thinned(places), color: color, width: 2)
      let left = 72 + 140 * Double(number % 4), top = 394 - 14 * Double(number / 4)
      drawing.line([(left, top - 4), (left + 16, top - 4)], color: color, width: 2)
      drawing.text(name, at: (left + 22, top))
    }
    return drawing
  }

  /// Returns at most the first, the lowest, the highest and the last of the points that share a pixel's column,
  /// which look like all of them.
  private static func thinned(_ points: [Drawing.Point]) -> [Drawing.Point] {
    guard points.count > 2000 else { return points }
    var result: [Drawing.Point] = [], rest = points[...]
    while let first = rest.first {
      // A comparison with NaN is false, so a point that is not finite stands alone and breaks the line.
      let column = rest.dropFirst().prefix { abs($0.x - first.x) < 1 && $0.y.isFinite && first.y.isFinite }
      let all = [first] + column
      let extremes = [
        0, all.indices.min { all[$0].y < all[$1].y }!, all.indices.max { all[$0].y < all[$1].y }!,
        all.count - 1,
      ]
      result += Set(extremes).sorted().map { all[$0] }
      rest = rest.dropFirst(all.count)
    }
    return result
  }
}

/// The range of an axis, with round numbers as ticks.
struct Axis {
  let ticks: [Double]
  private let low: Double, high: Double, start: Double, end: Double

  init(_ values: [Double], from start: Double, to end: Double) {
    (self.start, self.end) = (start, end)
    // Far below the largest number, so that the arithmetic here cannot overflow.
    let values = values.map { min(max($0, -1e307), 1e307) }
    let least = values.min() ?? 0, largest = values.max() ?? 1
    let range = max(largest - least, abs(largest) * 1e-9, 1e-300)
    let margin = largest == least ? max(abs(largest) / 20, 1e-6) : range / 40
    (low, high) = (least - margin, largest + margin)
    let step = Self.step((high - low) / 6)
    let first = (low / step).rounded(.up)
    // There are at most 8 ticks, because a step is at least a sixth of the range.
    let count = max(0, min(7, ((high / step).rounded(.down) - first)))
    ticks = (0...Int(count)).map { (first + Double($0)) * step }
  }

  /// The pixel of a value, or NaN if the value is not finite.
  subscript(value: Double) -> Double {
    value.isFinite ? start + (min(max(value, low), high) - low) / (high - low) * (end - start) : .nan
  }

  /// Returns the least of 1, 2 and 5 times a power of ten that is at least a number above 0.
  private static func step(_ least: Double) -> Double {
    var unit = 1.0
    while unit > least { unit /= 10 }
    while unit * 10 <= least { unit *= 10 }
    return [unit, 2 * unit, 5 * unit].first { $0 >= least } ?? 10 * unit
  }
}
