import Foundation
import MartletData
import TestSupport
import Testing

/// Names in files are bytes. Swift's equality of strings would lose some of them, and is slow for combining
/// marks.
@Suite struct ByteNameTests {
  private let folder: TemporaryFolder
  /// Pairs that are equal as Swift strings but have different bytes.
  private let pairs = [("caf\u{E9}", "cafe\u{301}"), ("\u{212A}", "K"), ("\u{1100}\u{1161}", "\u{AC00}")]

  init() throws { folder = try TemporaryFolder() }

  /// Two texts that differ in the order of two marks at their ends. Swift finds them equal after it has
  /// sorted all marks.
  private let marks = ["\u{316}\u{301}", "\u{301}\u{316}"].map {
    "a" + String(repeating: "\u{301}\u{316}", count: 80_000) + $0
  }

  @Test("Tensors whose names differ in their bytes alone are written and read, each with its own elements")
  func tensors() throws {
    for (composed, decomposed) in pairs {
      try #require(composed == decomposed)
      let path = folder.path("model")
      try SafetensorsFile.write(
        [
          .init(name: composed, dtype: .u8, shape: [1], bytes: [1]),
          .init(name: decomposed, dtype: .u8, shape: [2], bytes: [2, 3]),
        ], to: path)
      let file = try SafetensorsFile(path: path)
      #expect(file.entries.count == 2 && file.names.count == 2)
      #expect(try file.bytes(of: composed) == [1])
      #expect(try file.bytes(of: decomposed) == [2, 3])
      #expect(file.entries[composed]?.shape == [1] && file.entries[decomposed]?.shape == [2])
    }
    let path = folder.path("one")
    try SafetensorsFile.write([.init(name: "caf\u{E9}", dtype: .u8, shape: [1], bytes: [1])], to: path)
    #expect(try SafetensorsFile(path: path).entries["cafe\u{301}"] == nil)
  }

  @Test("Labels that differ in their bytes alone are different classes")
  func labels() throws {
    for (composed, decomposed) in pairs {
      let labels = try Table(text: "1,\(composed)\n2,\(decomposed)\n3,\(composed)\n").columns[1]
      #expect(labels.levels.count == 2)
      #expect(labels.codes[0] == labels.codes[2] && labels.codes[0] != labels.codes[1])
      #expect(labels.levels[labels.codes[1]].utf8.elementsEqual(decomposed.utf8))
    }
    let table = try Table(text: "cafe\u{301},caf\u{E9},z\n1,2,3\n")
    #expect(try table.column("caf\u{E9}").numbers == [2])
  }

  @Test("Names of very many combining marks take a time that grows with their length")
  func combiningMarks() throws {
    let seconds = try processorSeconds {
      let path = folder.path("model")
      try SafetensorsFile.write(marks.map { .init(name: $0, dtype: .u8, shape: [0], bytes: []) }, to: path)
      #expect(try SafetensorsFile(path: path).names.count == 2)
      #expect(try Table(text: "1,\(marks[0])\n2,\(marks[1])\n").columns[1].levels.count == 2)
      let error = #expect(throws: DataError.self) {
        try Table(text: "1,x\n\(marks[0]),y\n", types: ["0": .number])
      }
      #expect((error?.description.unicodeScalars.count ?? .max) < 300)
    }
    // With Swift's equality of strings it would be minutes.
    #expect(seconds < 20)
  }

  @Test("Errors quote 80 characters of what a file says at most")
  func quotes() throws {
    let long = String(repeating: "x", count: 100_000)
    let shortened = String(repeating: "x", count: 79) + "\u{2026}"
    let feature = #expect(throws: DataError.self) {
      try Table(text: "1,a\n\(long),b\n", path: "t", types: ["0": .number])
    }
    #expect(feature?.description.hasPrefix("t:2: column \"0\": \"\(shortened)\" is not a number;") == true)
    let column = #expect(throws: DataError.self) {
      try Table(text: "\(long),y\n?,b\n", path: "t", header: true, types: [long: .number])
    }
    #expect(column?.description.hasPrefix("t:2: column \"\(shortened)\": \"?\" is not a number;") == true)
    let label = #expect(throws: DataError.self) {
      try Table(text: "\(long),b\n1,2\n", path: "t").column(long + "y")
    }
    #expect(
      label?.description == "t: there is no column \"\(shortened)\"; the columns are \(shortened), b")
    let exact = String(repeating: "x", count: 80)
    let whole = #expect(throws: DataError.self) {
      try Table(text: "1,a\n\(exact),b\n", types: ["0": .number])
    }
    #expect(whole?.message.contains("\"\(exact)\"") == true)

    let header =
      #"{"\#(long)":{"dtype":"\#(long)","shape":[\#((0..<5000).map(String.init).joined(separator: ","))],"data_offsets":[0,0]}}"#
    let bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init) + Array(header.utf8)
    let path = try folder.write(bytes, to: "t")
    let file = try SafetensorsFile(path: path)
    let dtype = #expect(throws: DataError.self) { try file.tensor(long, as: Float.self) }
    #expect((dtype?.description.utf8.count ?? .max) < 500)
    #expect(dtype?.entry == long)
  }
}
