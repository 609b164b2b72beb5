extension Drawing {
  /// The drawing as pixels of red, green and blue.
  var pixels: Pixels {
    var result = Pixels(
      width: width, height: height, channels: 3, bytes: [UInt8](repeating: 255, count: 3 * width * height))
    for element in elements {
      switch element {
      case .line(let points, let color, let width):
        result.draw(points, color, width)
      case .rectangle(let corner, let width, let height, let color):
        result.fill(corner, width, height, color)
      case .text(let text, let place, let anchor, let size, let color):
        for stroke in Lettering.strokes(text, at: place, anchor, size) {
          result.draw(stroke, color, size / 10)
        }
      case .picture(let picture, let corner, let scale):
        result.place(picture, corner, scale)
      }
    }
    return result
  }
}

extension Pixels {
  /// Draws straight lines with round ends. A pixel gets the colour as far as the line covers it.
  fileprivate mutating func draw(_ points: [Drawing.Point], _ color: Drawing.Color, _ width: Double) {
    if points.count == 1 { return draw(points + points, color, width) }
    for (a, b) in zip(points, points.dropFirst()) {
      let reach = width / 2 + 1
      let columns = range(min(a.x, b.x) - reach, max(a.x, b.x) + reach, self.width)
      for row in range(min(a.y, b.y) - reach, max(a.y, b.y) + reach, height) {
        for column in columns {
          let distance = Self.distance(from: (Double(column) + 0.5, Double(row) + 0.5), a, b)
          blend(column, row, color, min(1, width / 2 + 0.5 - distance))
        }
      }
    }
  }

  private static func distance(from p: Drawing.Point, _ a: Drawing.Point, _ b: Drawing.Point) -> Double {
    let (dx, dy) = (b.x - a.x, b.y - a.y), square = dx * dx + dy * dy
    let along = square == 0 ? 0 : min(max(((p.x - a.x) * dx + (p.y - a.y) * dy) / square, 0), 1)
    let (x, y) = (p.x - a.x - along * dx, p.y - a.y - along * dy)
    return (x * x + y * y).squareRoot()
  }

  fileprivate mutating func fill(
    _ corner: Drawing.Point, _ width: Double, _ height: Double, _ color: Drawing.Color
  ) {
    for row in range(corner.y.rounded(), (corner.y + height).rounded(), self.height) {
      for column in range(corner.x.rounded(), (corner.x + width).rounded(), self.width) {
        blend(column, row, color, 1)
      }
    }
  }

  fileprivate mutating func place(_ picture: Pixels, _ corner: Drawing.Point, _ scale: Int) {
    for row in 0..<picture.height {
      for column in 0..<picture.width {
        let start = (row * picture.width + column) * picture.channels
        let parts = (0..<3).map { picture.bytes[start + min($0, picture.channels - 1)] }
        let place = (corner.x + Double(column * scale), corner.y + Double(row * scale))
        fill(place, Double(scale), Double(scale), .init(red: parts[0], green: parts[1], blue: parts[2]))
      }
    }
  }

  /// Returns the pixels that begin from one coordinate on and before another, as far as the picture has them.
  private func range(_ first: Double, _ end: Double, _ count: Int) -> Range<Int> {
    let limits = 0...Double(count)
    guard first < end else { return 0..<0 }
    let lower = Int(min(max(first, 0), limits.upperBound).rounded(.down))
    return lower..<max(lower, Int(min(max(end, 0), limits.upperBound).rounded(.up)))
  }

  private mutating func blend(_ column: Int, _ row: Int, _ color: Drawing.Color, _ share: Double) {
    guard share > 0 else { return }
    let start = (row * width + column) * 3
    let old = Drawing.Color(red: bytes[start], green: bytes[start + 1], blue: bytes[start + 2])
    let new = old.mixed(color, share)
    (bytes[start], bytes[start + 1], bytes[start + 2]) = (new.red, new.green, new.blue)
  }
}

/// The letters of texts in pixels, as strokes on a grid of 5 columns and 9 rows. The baseline is row 6.
enum Lettering {
  /// The strokes of characters: digits in pairs, column and row, with a space between strokes.
  private static let letters: [Character: String] = [
    "0": "103041453616050110", "1": "112026 1636", "2": "01103041420646", "3": "0110304142334445361605 1333",
    "4": "36300444", "5": "400002324345361605", "6": "30100105163645443313", "7": "004016",
    "8": "13334241301001021304051636454433", "9": "1636454130100102133342", "A": "0602204246 0444",
    "B": "06003041423303 3344453606", "C": "4130100105163645", "D": "06003041453606", "E": "40000646 0333",
    "F": "400006 0333", "G": "41301001051636454323", "H": "0006 4046 0343", "I": "1030 2026 1636",
    "J": "4045361605", "K": "0006 400346", "L": "000646", "M": "0600234046", "N": "06004640",
    "O": "103041453616050110", "P": "06003041423303", "Q": "103041453616050110 3446",
    "R": "06003041423303 2346", "S": "413010010213334445361605", "T": "0040 2026", "U": "000516364540",
    "V": "002640", "W": "0016233640", "X": "0046 4006", "Y": "002340 2326", "Z": "00400646",
    "a": "12324346 441405163645", "b": "0006 0312324345361605", "c": "4332120305163645",
    "d": "4046 4332120305163645", "e": "04444332120305163645", "f": "40302126 1232",
    "g": "42473818 4332120305163645", "h": "0006 0312324346", "i": "2226 20", "j": "22271808 20",
    "k": "0006 320436", "l": "202536", "m": "0206 03122326 23324346", "n": "0206 0312324346",
    "o": "123243453616050312", "p": "0208 0312324345361605", "q": "4248 4332120305163645", "r": "0206 031232",
    "s": "43321203143445361605", "t": "202536 1232", "u": "0205163645 4246", "v": "022642",
    "w": "0216243642", "x": "0246 4206", "y": "0226 4218", "z": "02420646", ".": "26", ",": "2617",
    ":": "23 26", ";": "23 2617", "-": "1333", "+": "2125 0343", "/": "0640", "\\": "0046", "(": "30212536",
    ")": "10212516", "[": "30202636", "]": "10202616", "=": "0242 0444", "_": "0747", "%": "0640 10 36",
    "!": "2024 26", "?": "01103041422324 26", "'": "2021", "\"": "1011 3031", "#": "1016 3036 0242 0444",
    "*": "2125 0244 0442", "<": "400346", ">": "004306", "|": "2026", "^": "022042", " ": "",
  ]

  /// Returns the strokes of a text. An unknown character is a box.
  static func strokes(
    _ text: String, at place: Drawing.Point, _ anchor: Drawing.Anchor, _ size: Double
  ) -> [[Drawing.Point]] {
    let unit = size / 9, step = 5.6 * unit, width = Double(text.count) * step
    let left = place.x - (anchor == .start ? 0 : anchor == .middle ? width / 2 : width)
    return text.enumerated().flatMap { number, character in
      (letters[character] ?? "0040460600").split(separator: " ").map { stroke in
        let digits = stroke.utf8.map { Double($0) - 48 }
        return stride(from: 0, to: digits.count, by: 2).map { index in
          (left + Double(number) * step + digits[index] * unit, place.y + (digits[index + 1] - 6) * unit)
        }
      }
    }
  }
}
