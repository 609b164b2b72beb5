#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A plot of GFLOP/s of square products against n, with logarithmic axes, as an SVG image.
///
/// The background is transparent and the colours have medium lightness, so that the plot is readable on white
/// and on black.
public struct Plot {
  /// A line of the plot: the points of one precision on one path, or a peak across the whole width.
  private struct Series {
    let label: String, colour: String, dashes: String
    let points: [(n: Double, gflops: Double)]
  }

  private let series: [Series]
  private let title: String, note: String
  private let sizes: [Double]
  private let decades: ClosedRange<Int>

  private static let width = 860.0, height = 470.0
  private static let left = 64.0, right = 680.0, top = 62.0, bottom = 404.0
  private static let grey = "#7d8590"

  /// Collects the plain square products and the peaks of a run. Noisy rows are left out, and a note in the
  /// plot counts them.
  public init(_ run: Run) throws(RunError) {
    let squares = run.rows.filter {
      $0.section == "products" && $0.parameters.layout == "plain" && $0.gflops != nil
        && $0.parameters.m == $0.parameters.n && $0.parameters.n == $0.parameters.k
    }
    sizes = Set(squares.compactMap { $0.parameters.n.map(Double.init) }).sorted()
    guard let first = sizes.first, let last = sizes.last, first < last else {
      throw RunError("the run has no square products of several sizes to draw")
    }
    series = Self.lines(of: squares) + Self.peaks(of: run, from: first, to: last)
    let values = series.flatMap { $0.points.map(\.gflops) }
    decades = Self.exponent(below: values.min() ?? 1)...(Self.exponent(below: values.max() ?? 1) + 1)
    let conditions = run.conditions
    title = "Products of n × n matrices: GFLOP/s against n"
    let noisy = squares.count { $0.isNoisy && $0.parameters.path != "bare" }
    note =
      "\(conditions.cpu), \(conditions.threads) threads, "
      + conditions.blas.split(separator: " ").prefix(2).joined(separator: " ")
      + " · \(conditions.date.prefix(10)) · revision \(conditions.revision)"
      + (noisy > 0 ? " · \(noisy) noisy points left out" : "")
  }

  private static func lines(of squares: [Row]) -> [Series] {
    [("Float", "#2f81f7"), ("Double", "#e0681a")].flatMap { type, colour in
      [("blas", "BLAS, \(type)", ""), ("naive", "naive, \(type)", "7 4")].map { path, label, dashes in
        let rows = squares.filter { $0.parameters.type == type && $0.parameters.path == path && !$0.isNoisy }
        return Series(
          label: label, colour: colour, dashes: dashes,
          points: rows.map { (Double($0.parameters.n!), $0.gflops!) }.sorted { $0.n < $1.n })
      }
    }.filter { !$0.points.isEmpty }
  }

  /// Returns the highest peak of each precision on all threads.
  private static func peaks(of run: Run, from first: Double, to last: Double) -> [Series] {
    [("Float", "#2f81f7"), ("Double", "#e0681a")].compactMap { type, colour in
      let rows = run.rows.filter {
        $0.section == "peak" && $0.parameters.type == type && $0.parameters.threads == run.conditions.threads
          && !$0.isNoisy
      }
      guard let peak = rows.compactMap(\.gflops).max() else { return nil }
      return Series(
        label: "peak, \(type): \(fixed(peak, 0))", colour: colour, dashes: "1.5 4",
        points: [(first, peak), (last, peak)])
    }
  }

  /// The image as SVG text.
  public var svg: String {
    let labels = series.sorted { $0.points.last!.gflops > $1.points.last!.gflops }
    let body =
      [text(title, Self.left, 24, size: 17, weight: "600"), text(note, Self.left, 43, size: 12)] + axes()
      + series.map(draw) + labels.enumerated().flatMap { legend($1, at: Double($0)) }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(fixed(Self.width, 0)) \(fixed(Self.height, 0))" \
      role="img" aria-label="\(title)" font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif">
      \(body.joined(separator: "\n"))
      </svg>

      """
  }

  /// Writes the image to a file.
  public func write(to path: String) throws(RunError) {
    do {
      try Data(svg.utf8).write(to: URL(filePath: path))
    } catch {
      throw RunError("\(path): cannot be written")
    }
  }

  // MARK: Axes

  private func x(_ n: Double) -> Double {
    Self.left + (Self.right - Self.left) * log2(n / sizes.first!) / log2(sizes.last! / sizes.first!)
  }

  private func y(_ gflops: Double) -> Double {
    let span = Double(decades.upperBound - decades.lowerBound)
    return Self.bottom - (Self.bottom - Self.top) * (log10(gflops) - Double(decades.lowerBound)) / span
  }

  private func axes() -> [String] {
    var parts = [String]()
    for exponent in decades {
      let value = pow(10, Double(exponent))
      parts.append(line(Self.left, y(value), Self.right, y(value), opacity: 0.5))
      parts.append(text(fixed(value, max(0, -exponent)), Self.left - 8, y(value) + 4, anchor: "end"))
      guard exponent < decades.upperBound else { continue }
      for step in 2...9 {
        parts.append(
          line(Self.left, y(value * Double(step)), Self.right, y(value * Double(step)), opacity: 0.13))
      }
    }
    for n in sizes {
      parts.append(line(x(n), Self.top, x(n), Self.bottom, opacity: 0.13))
      parts.append(text(fixed(n, 0), x(n), Self.bottom + 20, anchor: "middle"))
    }
    let middle = (Self.top + Self.bottom) / 2
    parts.append(text("n", (Self.left + Self.right) / 2, Self.bottom + 44, size: 14, anchor: "middle"))
    parts.append(
      "<g transform=\"rotate(-90 18 \(fixed(middle, 0)))\">"
        + text("GFLOP/s", 18, middle, size: 14, anchor: "middle") + "</g>")
    return parts
  }

  private static func exponent(below value: Double) -> Int { Int(log10(value).rounded(.down)) }

  // MARK: Marks

  private func draw(_ series: Series) -> String {
    let points = series.points.map { "\(fixed(x($0.n), 1)),\(fixed(y($0.gflops), 1))" }
    let dots =
      series.label.hasPrefix("peak")
      ? []
      : series.points.map { point in
        "<circle cx=\"\(fixed(x(point.n), 1))\" cy=\"\(fixed(y(point.gflops), 1))\" r=\"3\" fill=\"\(series.colour)\"/>"
      }
    return
      (["<polyline points=\"\(points.joined(separator: " "))\" fill=\"none\" \(stroke(series))/>"] + dots)
      .joined(separator: "\n")
  }

  private func legend(_ series: Series, at place: Double) -> [String] {
    let height = Self.top + 10 + 24 * place, start = Self.right + 18
    return [
      "<path d=\"M\(fixed(start, 0)) \(fixed(height, 0))h30\" \(stroke(series))/>",
      text(series.label, start + 38, height + 4, size: 13),
    ]
  }

  private func stroke(_ series: Series) -> String {
    "stroke=\"\(series.colour)\" stroke-width=\"2\""
      + (series.dashes.isEmpty ? "" : " stroke-dasharray=\"\(series.dashes)\"")
  }

  private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, opacity: Double) -> String {
    "<path d=\"M\(fixed(x1, 1)) \(fixed(y1, 1))L\(fixed(x2, 1)) \(fixed(y2, 1))\" stroke=\"\(Self.grey)\" "
      + "stroke-opacity=\"\(opacity)\"/>"
  }

  private func text(
    _ content: String, _ x: Double, _ y: Double, size: Int = 12, weight: String = "400",
    anchor: String = "start"
  ) -> String {
    let escaped = content.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    return "<text x=\"\(fixed(x, 1))\" y=\"\(fixed(y, 1))\" font-size=\"\(size)\" font-weight=\"\(weight)\" "
      + "text-anchor=\"\(anchor)\" fill=\"\(Self.grey)\">\(escaped)</text>"
  }
}
