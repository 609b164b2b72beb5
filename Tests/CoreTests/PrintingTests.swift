import Foundation
import TestSupport
import Testing

@testable import MartletCore

/// An array of Fixtures/printing.json and its text by NumPy.
struct PrintingCase: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let dtype: String
  let shape: [Int]
  /// The bits of the elements in hexadecimal, or nil if each element is its own index.
  let bits: String?
  let text: String

  var testDescription: String { "\(name), \(dtype) \(shape)" }

  static func load() throws -> [PrintingCase] {
    try JSONDecoder().decode([PrintingCase].self, from: Golden.data("printing.json"))
  }

  /// The text that Martlet prints for the array.
  func printed() throws -> String {
    switch dtype {
    case "float32": try printed(bytes: 4, Float.init) { Float(bitPattern: UInt32($0)) }
    case "float64": try printed(bytes: 8, Double.init) { Double(bitPattern: $0) }
    case "int64": try printed(bytes: 8, itself) { Int(Int64(bitPattern: $0)) }
    case "int32": try printed(bytes: 4, Int32.init) { Int32(bitPattern: UInt32($0)) }
    case "uint8": try printed(bytes: 1, UInt8.init) { UInt8($0) }
    case "bool": try printed(bytes: 1, isTrue) { $0 != 0 }
    default: throw UnknownType(name: dtype)
    }
  }

  private func itself(_ index: Int) -> Int { index }
  private func isTrue(_ index: Int) -> Bool { index != 0 }

  private func printed<Element: PrintableScalar>(
    bytes: Int, _ fromIndex: (Int) -> Element, _ fromBits: (UInt64) -> Element
  ) throws -> String {
    guard let bits else { return formattedArray(shape: shape, at: fromIndex) }
    let digits = Array(bits.utf8)
    let values = try stride(from: 0, to: digits.count, by: 2 * bytes).map { start in
      let digits = String(decoding: digits[start..<start + 2 * bytes], as: UTF8.self)
      return fromBits(try #require(UInt64(digits, radix: 16)))
    }
    try #require(values.count == shape.reduce(1, *))
    return formattedArray(shape: shape) { values[$0] }
  }

  struct UnknownType: Error {
    let name: String
  }
}

@Suite("Printing") struct PrintingTests {
  @Test("An array prints as in NumPy", arguments: try PrintingCase.load())
  func printsAsNumPy(_ array: PrintingCase) throws {
    #expect(try array.printed() == array.text)
  }

  @Test("The fixtures cover every element type and rank")
  func fixturesAreComplete() throws {
    let cases = try PrintingCase.load()
    #expect(cases.count >= 150)
    #expect(Set(cases.map(\.dtype)) == ["float32", "float64", "int64", "int32", "uint8", "bool"])
    #expect(Set(cases.map(\.shape.count)).isSuperset(of: 0...5))
  }

  @Test("A summary asks for the elements it shows, once each and no other")
  func asksForShownElementsOnly() {
    var asked: [Int] = []
    _ = formattedArray(shape: [10_000, 10_000]) { index in
      asked.append(index)
      return Float(index)
    }
    let ends = [0, 1, 2, 9_997, 9_998, 9_999]
    #expect(asked == ends.flatMap { row in ends.map { row * 10_000 + $0 } })
  }

  @Test("An empty array asks for no element")
  func emptyAsksForNothing() {
    let text = formattedArray(shape: [3, 0, 2]) { index -> Double in
      Issue.record("asked for element \(index)")
      return 0
    }
    #expect(text == "[]")
  }
}
