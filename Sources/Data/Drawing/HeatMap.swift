/// A matrix of numbers as coloured cells with their values, such as a confusion matrix.
///
/// ```swift
/// let map = HeatMap([[8, 1], [2, 9]], rows: ["cat", "dog"], columns: ["cat", "dog"], title: "predictions")
/// try map.write(to: "confusion.png")
/// ```
public struct HeatMap: Sendable {
  private let values: [[Double]], rows: [String], columns: [String], title: String

  /// Makes a map of rows of numbers. Rows and columns without a name have their number.
  public init(_ values: [[Double]], rows: [String] = [], columns: [String] = [], title: String = "") {
    self.values = values
    self.rows = rows
    self.columns = columns
    self.title = title
  }

  /// Writes the drawing to a file that ends with `.svg` or `.png`, whole or not at all.
  ///
  /// - Throws: ``DataError`` if the name has another end, or the file cannot be written.
  public func write(to path: String) throws(DataError) { try drawing.write(to: path) }

  /// The drawing. The cells become smaller, and lose their values, if there are many.
  public var drawing: Drawing {
    let width = values.map(\.count).max() ?? 0
    let cell = max(4, min(44, 900 / max(width, values.count, 1)))
    let names = values.indices.map { Self.name($0, rows) }
    let left = 16 + 8 * min(24, names.map(\.count).max() ?? 0), top = 52
    var drawing = Drawing(
      width: max(left + cell * width, 9 * min(title.count, 200)) + 16, height: top + cell * values.count + 16)
    let finite = values.joined().filter(\.isFinite), low = min(finite.min() ?? 0, 0), high = finite.max() ?? 1
    drawing.text(title, at: (Double(drawing.width) / 2, 20), anchor: .middle, size: 14)
    for (row, numbers) in values.enumerated() {
      let y = Double(top + row * cell), middle = y + Double(cell) / 2 + 4
      if cell >= 12 { drawing.text(names[row], at: (Double(left - 8), middle), anchor: .end) }
      for (column, number) in numbers.enumerated() {
        let x = Double(left + column * cell), share = high > low ? (number - low) / (high - low) : 0
        let color = number.isFinite ? Drawing.Color.white.mixed(.blue, share) : .grey
        drawing.rectangle(at: (x, y), width: Double(cell - 1), height: Double(cell - 1), color: color)
        let text = short(number)
        guard cell >= 8 * text.count else { continue }
        drawing.text(
          text, at: (x + Double(cell) / 2, middle), anchor: .middle, color: share > 0.6 ? .white : .black)
      }
    }
    for column in 0..<width where cell >= 12 {
      let name = Self.name(column, columns), room = cell / 8
      let x = Double(left + column * cell + cell / 2)
      drawing.text(String(name.prefix(max(room, 1))), at: (x, Double(top - 6)), anchor: .middle)
    }
    return drawing
  }

  private static func name(_ number: Int, _ names: [String]) -> String {
    number < names.count ? String(names[number].prefix(24)) : String(number)
  }
}
