import CZlib
import Foundation
import Martlet
import Testing

@testable import MartletData

/// Drawings as SVG and PNG.
@Suite struct DrawingTests {
  /// The chunks of a PNG after its signature, whose checksums are compared with those of the definition.
  private func chunks(_ png: [UInt8]) throws -> [(name: String, data: [UInt8])] {
    try #require(png.starts(with: [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10]))
    func number(_ place: Int) -> Int { png[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    var result: [(String, [UInt8])] = [], place = 8
    while place < png.count {
      let count = number(place), body = png[place + 4..<place + 8 + count]
      var checksum: UInt32 = .max
      for byte in body {
        checksum ^= UInt32(byte)
        for _ in 0..<8 { checksum = checksum >> 1 ^ (checksum & 1 == 1 ? 0xEDB8_8320 : 0) }
      }
      #expect(number(place + 8 + count) == Int(~checksum))
      result.append((String(decoding: body.prefix(4), as: UTF8.self), Array(body.dropFirst(4))))
      place += 12 + count
    }
    return result
  }

  /// The rows of a PNG that `Pixels` wrote: each begins with the number of its filter, which is 0.
  private func rows(_ png: [UInt8], _ width: Int, _ height: Int) throws -> [[UInt8]] {
    let chunks = try chunks(png)
    #expect(chunks.map(\.name) == ["IHDR", "IDAT", "IEND"])
    var bytes = [UInt8](repeating: 0, count: height * (width + 1)), count = UInt(bytes.count)
    #expect(uncompress(&bytes, &count, chunks[1].data, UInt(chunks[1].data.count)) == Z_OK)
    #expect(count == bytes.count)
    let rows = (0..<height).map { Array(bytes[$0 * (width + 1)..<($0 + 1) * (width + 1)]) }
    #expect(rows.allSatisfy { $0[0] == 0 })
    return rows.map { Array($0.dropFirst()) }
  }

  @Test("A PNG has the size, the kind and the pixels") func png() throws {
    let grey = Pixels(width: 3, height: 2, channels: 1, bytes: [1, 2, 3, 250, 251, 252])
    #expect(try chunks(grey.png)[0].data == [0, 0, 0, 3, 0, 0, 0, 2, 8, 0, 0, 0, 0])
    #expect(try rows(grey.png, 3, 2) == [[1, 2, 3], [250, 251, 252]])
    let color = Pixels(width: 1, height: 2, channels: 3, bytes: [9, 8, 7, 6, 5, 4])
    #expect(try chunks(color.png)[0].data[9] == 2)
    #expect(try rows(color.png, 3, 2) == [[9, 8, 7], [6, 5, 4]])
  }

  @Test("Base64 of RFC 4648") func base64s() {
    let texts = ["": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE="]
    for (text, expected) in texts { #expect(base64(Array(text.utf8)) == expected) }
    let bytes = (0...255).map { UInt8($0) }
    #expect(base64(bytes) == Data(bytes).base64EncodedString())
  }

  @Test("Lines and rectangles cover their pixels, and nothing outside of the paper") func shapes() {
    var drawing = Drawing(width: 9, height: 7)
    drawing.rectangle(at: (1, 1), width: 2, height: 3, color: .blue)
    drawing.line([(5, 3.5), (40, 3.5)], color: .black)
    drawing.line([(-1e300, 0), (.nan, 4), (3, .infinity)], color: .black)
    drawing.rectangle(at: (-50, 6), width: 51, height: 1e300, color: .black)
    let pixels = drawing.pixels
    func color(_ x: Int, _ y: Int) -> [UInt8] { Array(pixels.bytes[(y * 9 + x) * 3..<(y * 9 + x) * 3 + 3]) }
    let blue: [UInt8] = [31, 119, 200], black: [UInt8] = [33, 37, 41], white: [UInt8] = [255, 255, 255]
    #expect(color(1, 1) == blue && color(2, 3) == blue && color(3, 1) == white && color(1, 4) == white)
    #expect(color(6, 3) == black && color(8, 3) == black && color(6, 2) == white && color(6, 4) == white)
    #expect(color(0, 6) == black && color(1, 6) == white)
  }

  @Test("Texts of an SVG are escaped, and their letters are strokes in pixels") func texts() throws {
    var drawing = Drawing(width: 60, height: 20)
    drawing.text("a<b> & \"c\"\u{0}é", at: (2, 15))
    #expect(drawing.svg.contains(">a&lt;b&gt; &amp; \"c\"\u{FFFD}é</text>"))
    #expect(drawing.pixels.bytes.contains { $0 < 100 })
    _ = try XMLDocumentCheck(drawing.svg)
  }

  @Test("A heat map has a cell for each number") func heatMap() throws {
    let map = HeatMap([[8, 1], [2, .nan]], rows: ["cat", "dog"], columns: ["cat"], title: "t")
    let svg = map.drawing.svg
    #expect(svg.matches(of: #/<rect x/#).count == 4)
    for text in ["8", "1", "2", "nan", "cat", "dog", "t"] {
      #expect(svg.contains(">\(text)</text>"), "\(text)")
    }
    #expect(HeatMap([]).drawing.width >= 1)
    #expect(HeatMap(Array(repeating: Array(repeating: 1, count: 300), count: 300)).drawing.width < 2000)
  }

  @Test("Images of tensors: grey, colour, batches; numbers out of range") func images() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".png").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    func read(_ width: Int, _ height: Int) throws -> [[UInt8]] {
      try rows([UInt8](Data(contentsOf: URL(fileURLWithPath: path))), 3 * width, height)
    }
    try Tensor<Float>([[0, 0.5, 1], [-3, .nan, 9]]).writeImage(to: path)
    #expect(try read(3, 2) == [[0, 0, 0, 128, 128, 128, 255, 255, 255], [0, 0, 0, 0, 0, 0, 255, 255, 255]])
    try Tensor<Double>([[[1]], [[2]], [[3]]]).writeImage(to: path, range: 1...3, scale: 2)
    #expect(try read(2, 2) == Array(repeating: [0, 128, 255, 0, 128, 255], count: 2))
    // Five images of 2 × 2 stand in a square of 3 × 3 places, with a white line between.
    try Tensor<Float>.zeros([5, 1, 2, 2]).writeImage(to: path)
    let square = try read(8, 5)
    #expect(square[0] == [0, 0, 255, 0, 0, 255, 0, 0].flatMap { [UInt8](repeating: $0, count: 3) })
    #expect(square[4] == [0, 0, 255, 0, 0, 255, 255, 255].flatMap { [UInt8](repeating: $0, count: 3) })
    for wrong in [[3], [2, 4, 4], [0, 3], [1, 1, 1, 1, 1]] as [TensorShape] {
      #expect(throws: DataError.self) { try Tensor<Float>.zeros(wrong).writeImage(to: path) }
    }
    for scale in [0, -1, 20_001, .max] {
      #expect(throws: DataError.self) { try Tensor<Float>.zeros([1, 1]).writeImage(to: path, scale: scale) }
    }
  }
}

/// Throws unless the text is XML.
private struct XMLDocumentCheck {
  init(_ text: String) throws {
    var open: [Substring] = []
    for tag in text.matches(of: #/<(\/?)([a-z]+)[^<>]*?(\/?)>/#) {
      if tag.1 == "/" {
        try #require(open.popLast() == tag.2)
      } else if tag.3 != "/" {
        open.append(tag.2)
      }
    }
    try #require(open.isEmpty)
  }
}
