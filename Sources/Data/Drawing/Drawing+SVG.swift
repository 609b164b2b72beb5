extension Drawing {
  /// The drawing in the SVG format, version 1.1.
  public var svg: String {
    let parts = elements.map(Self.svg).joined()
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" font-family="sans-serif">
      <rect width="\(width)" height="\(height)" fill="#ffffff"/>
      \(parts)</svg>

      """
  }

  private static func svg(_ element: Element) -> String {
    switch element {
    case .line(let points, let color, let width):
      let places = points.map { "\(short($0.x)),\(short($0.y))" }.joined(separator: " ")
      return
        "<polyline points=\"\(places)\" fill=\"none\" stroke=\"\(hex(color))\" stroke-width=\"\(short(width))\""
        + " stroke-linejoin=\"round\" stroke-linecap=\"round\"/>\n"
    case .rectangle(let corner, let width, let height, let color):
      return "<rect x=\"\(short(corner.x))\" y=\"\(short(corner.y))\" width=\"\(short(width))\""
        + " height=\"\(short(height))\" fill=\"\(hex(color))\"/>\n"
    case .text(let text, let place, let anchor, let size, let color):
      return "<text x=\"\(short(place.x))\" y=\"\(short(place.y))\" text-anchor=\"\(anchor.rawValue)\""
        + " font-size=\"\(short(size))\" fill=\"\(hex(color))\">\(escaped(text))</text>\n"
    case .picture(let pixels, let corner, let scale):
      return "<image x=\"\(short(corner.x))\" y=\"\(short(corner.y))\" width=\"\(pixels.width * scale)\""
        + " height=\"\(pixels.height * scale)\" style=\"image-rendering: pixelated\""
        + " href=\"data:image/png;base64,\(base64(pixels.png))\"/>\n"
    }
  }

  private static func hex(_ color: Color) -> String {
    "#"
      + [color.red, color.green, color.blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// Returns a text for XML, without the control characters that XML does not allow.
  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\0"..<" ", "\u{FFFE}", "\u{FFFF}": "\u{FFFD}"
      default: String(scalar)
      }
    }.joined()
  }
}
