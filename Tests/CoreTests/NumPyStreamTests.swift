import Foundation
import TestSupport
import Testing

@testable import MartletCore

/// Compares NumPy's legacy streams bit for bit with NumPy's numbers (Golden/make_random.py).
@Suite struct NumPyStreamTests {
  struct Draw: Decodable, Sendable {
    let kind: String
    let bound: Int
    let count: Int
    let values: [Value]
  }

  /// An integer, or the bits of a double.
  enum Value: Decodable, Equatable, Sendable {
    case integer(Int)
    case bits(UInt64)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self = .bits(try #require(UInt64(text, radix: 16)))
      } else {
        self = .integer(try container.decode(Int.self))
      }
    }
  }

  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let seed: UInt32
    let draws: [Draw]
    let words: [UInt32]?
    let position: Int
    let gaussian: Value?

    var testDescription: String { "\(name), seed \(seed)" }
  }

  struct Fixture: Decodable {
    let cases: [Case]
  }

  static func cases() throws -> [Case] {
    try JSONDecoder().decode(Fixture.self, from: Golden.data("numpy_random.json")).cases
  }

  private func values(_ draw: Draw, from stream: inout NumPyStream) throws -> [Value] {
    switch draw.kind {
    case "rand":
      return (0..<draw.count).map { _ in .bits(stream.nextDouble().bitPattern) }
    case "randn":
      return (0..<draw.count).map { _ in .bits(stream.nextGaussian().bitPattern) }
    case "randint":
      return (0..<draw.count).map { _ in .integer(stream.integer(below: draw.bound)) }
    case "permutation":
      return stream.permutation(draw.count).map { .integer($0) }
    default:
      try #require(draw.kind == "shuffle")
      var array = (0..<draw.count).map { $0 * 7 + 3 }
      stream.shuffle(&array)
      return array.map { .integer($0) }
    }
  }

  @Test(arguments: try NumPyStreamTests.cases())
  func drawsAndStateAreNumPys(_ one: Case) throws {
    var stream = NumPyStream(seed: one.seed)
    for draw in one.draws {
      #expect(try values(draw, from: &stream) == draw.values, "\(draw.kind), bound \(draw.bound)")
    }
    #expect(stream.position == one.position)
    #expect(stream.cachedGaussian.map { .bits($0.bitPattern) } == one.gaussian)
    if let words = one.words { #expect(stream.words == words) }
  }

  @Test func everyKindOfDrawIsInTheFixture() throws {
    let cases = try Self.cases()
    #expect(Set(cases.map(\.seed)) == [0, 1, 42, .max])
    #expect(
      Set(cases.flatMap(\.draws).map(\.kind)) == ["rand", "randn", "randint", "permutation", "shuffle"])
  }

  @Test func aBoundOfOneDrawsNothing() {
    var stream = NumPyStream(seed: 3)
    let before = stream
    #expect(stream.integer(below: 1) == 0)
    #expect(stream.permutation(1) == [0])
    #expect(stream.permutation(0) == [])
    #expect(stream == before)
  }

  @Test func aSavedStreamGoesOnAsTheOriginal() {
    var stream = NumPyStream(seed: 42)
    _ = (0..<313).map { _ in stream.nextGaussian() }
    #expect(stream.cachedGaussian != nil)
    var restored = NumPyStream(
      words: stream.words, position: stream.position, cachedGaussian: stream.cachedGaussian)
    #expect(restored == stream)
    let rest = (0..<1000).map { _ in stream.nextGaussian() }
    #expect((0..<1000).map { _ in restored.nextGaussian() } == rest)
    #expect(restored == stream)
  }

  @Test func copiesAreIndependent() {
    var stream = NumPyStream(seed: 1)
    let copy = stream
    _ = stream.next32()
    #expect(stream != copy)
    #expect(copy == NumPyStream(seed: 1))
  }
}
