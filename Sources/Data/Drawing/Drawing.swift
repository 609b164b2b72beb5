/// A drawing of lines, rectangles, texts and pictures, which is written as SVG or as PNG.
///
/// ``Curves``, ``HeatMap`` and images of tensors are drawn with it.
///
/// ```swift
/// var drawing = Drawing(width: 120, height: 60)
/// drawing.line([(10, 50), (60, 10), (110, 50)], color: .blue, width: 2)
/// drawing.text("roof", at: (60, 56), anchor: .middle)
/// try drawing.write(to: "roof.svg")
/// ```
public struct Drawing: Sendable {
  /// A place in pixels, from the left and from the top.
  public typealias Point = (x: Double, y: Double)

  /// A colour of red, green and blue, each in 0 ... 255.
  ///
  /// ```swift
  /// let orange = Drawing.Color(red: 217, green: 119, blue: 6)
  /// ```
  public struct Color: Sendable, Hashable {
    /// The red part.
    public let red: UInt8
    /// The green part.
    public let green: UInt8
    /// The blue part.
    public let blue: UInt8

    /// Makes a colour of its parts.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
      (self.red, self.green, self.blue) = (red, green, blue)
    }

    /// White paper.
    public static let white = Color(red: 255, green: 255, blue: 255)
    /// Ink, almost black.
    public static let black = Color(red: 33, green: 37, blue: 41)
    /// A light grey, for grids.
    public static let grey = Color(red: 222, green: 226, blue: 230)
    /// The first colour of ``palette``.
    public static let blue = Color(red: 31, green: 119, blue: 200)

    /// Colours that are easy to tell apart, for the curves of one drawing.
    public static let palette: [Color] = [
      .blue, .init(red: 230, green: 97, blue: 1), .init(red: 27, green: 145, blue: 90),
      .init(red: 200, green: 40, blue: 70), .init(red: 120, green: 90, blue: 190),
      .init(red: 140, green: 100, blue: 60),
    ]

    /// Returns the mixture of this colour and another, of which it has the share 0 ... 1.
    func mixed(_ other: Color, _ share: Double) -> Color {
      func part(_ a: UInt8, _ b: UInt8) -> UInt8 {
        UInt8((Double(a) + (Double(b) - Double(a)) * min(max(share, 0), 1)).rounded())
      }
      return Color(
        red: part(red, other.red), green: part(green, other.green), blue: part(blue, other.blue))
    }
  }

  /// The part of a text that lies at its place.
  ///
  /// ```swift
  /// var drawing = Drawing(width: 80, height: 20)
  /// drawing.text("right", at: (78, 15), anchor: .end)
  /// ```
  public enum Anchor: String, Sendable {
    /// The beginning of the text.
    case start
    /// The middle of the text.
    case middle
    /// The end of the text.
    case end
  }

  enum Element: Sendable {
    case line([Point], Color, width: Double)
    case rectangle(Point, width: Double, height: Double, Color)
    case text(String, Point, Anchor, size: Double, Color)
    case picture(Pixels, Point, scale: Int)
  }

  /// The width in pixels.
  public let width: Int
  /// The height in pixels.
  public let height: Int
  var elements: [Element] = []

  /// Makes an empty drawing on white paper. Its sides are at least 1 pixel and at most 20,000.
  public init(width: Int, height: Int) {
    (self.width, self.height) = (min(max(width, 1), 20_000), min(max(height, 1), 20_000))
  }

  /// Draws straight lines from point to point. Points that are not finite are left out, and the line is broken
  /// there.
  ///
  /// ```swift
  /// var drawing = Drawing(width: 120, height: 60)
  /// drawing.line([(10, 50), (60, 10), (110, 50)], color: .blue, width: 2)
  /// ```
  public mutating func line(_ points: [Point], color: Color = .black, width: Double = 1) {
    for part in points.split(whereSeparator: { !$0.x.isFinite || !$0.y.isFinite }) {
      elements.append(.line(Array(part), color, width: width))
    }
  }

  /// Fills a rectangle whose upper left corner is at a point.
  ///
  /// ```swift
  /// var drawing = Drawing(width: 120, height: 60)
  /// drawing.rectangle(at: (10, 10), width: 100, height: 40, color: .grey)
  /// ```
  public mutating func rectangle(at corner: Point, width: Double, height: Double, color: Color) {
    elements.append(.rectangle(corner, width: width, height: height, color))
  }

  /// Writes a text, with its baseline at a point. In a PNG, characters outside of ASCII are boxes.
  ///
  /// ```swift
  /// var drawing = Drawing(width: 120, height: 20)
  /// drawing.text("epoch", at: (60, 15), anchor: .middle, size: 14)
  /// ```
  public mutating func text(
    _ text: String, at place: Point, anchor: Anchor = .start, size: Double = 12, color: Color = .black
  ) {
    elements.append(.text(text, place, anchor, size: size, color))
  }

  /// Places a picture whose upper left corner is at a point, each of its pixels `scale` pixels wide.
  mutating func picture(_ pixels: Pixels, at corner: Point, scale: Int) {
    elements.append(.picture(pixels, corner, scale: scale))
  }

  /// Writes the drawing to a file, whole or not at all. The end of the name decides the format: `.svg` or
  /// `.png`.
  ///
  /// - Throws: ``DataError`` if the name has another end, or the file cannot be written.
  public func write(to path: String) throws(DataError) {
    let bytes = try encoded(for: path)
    try writeAtomically(to: path) { file throws(DataError) in try file.append(bytes) }
  }

  private func encoded(for path: String) throws(DataError) -> [UInt8] {
    if path.hasSuffix(".svg") { return Array(svg.utf8) }
    guard path.hasSuffix(".png") else {
      throw DataError(path: path, message: "the name of a drawing must end with .svg or .png")
    }
    // The pixels, their rows with filters, and the compressed rows.
    try requireMemory(9 * width * height, path: path)
    return pixels.png
  }
}
