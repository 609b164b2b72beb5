import MartletData
import Testing

/// The numbers and dates of a table.
@Suite struct TableNumberTests {
  private func column(_ values: [String]) throws -> TableColumn {
    try Table(text: values.joined(separator: "\n"), separator: ";", header: false).columns[0]
  }

  @Test(
    "Numbers are what pandas reads as numbers",
    arguments: [
      ("1.", 1), (".5", 0.5), ("+3", 3), ("-0", 0), ("1E+2", 100), ("1e-2", 0.01), ("007", 7), ("\" 4 \"", 4),
      ("inf", .infinity), ("-Infinity", -.infinity), ("1e400", .infinity), ("1e-400", 0),
      ("0.1000000000000000055511151231257827", 0.1), ("9007199254740993", 9_007_199_254_740_992),
      ("123456789012345678901234567890", 1.2345678901234568e29), ("1e22", 1e22), ("1e23", 1e23),
      ("2.2250738585072014e-308", .leastNormalMagnitude), ("5e-324", .leastNonzeroMagnitude),
      ("0000000000000000000000000000.25", 0.25), ("8.5e-27", 8.5e-27),
      ("17976931348623157e292", 1.7976931348623157e308),
    ] as [(String, Double)])
  func numbers(_ spelling: String, _ value: Double) throws {
    let column = try column(["9", spelling])
    #expect(column.type == .number && column.numbers == [9, value])
  }

  @Test(
    "Texts that pandas does not read as numbers are none",
    arguments: [
      ".", "+", "-", "e5", "1e+", "--1", "0b1", "1f", "0x1.8p1", "1_000", "1,5", "0x1F", "1'000", "50%",
      "1.2.3",
      "1e5.0", "٣",
    ])
  func noNumbers(_ spelling: String) throws {
    #expect(try column(["9", spelling]).texts == ["9", spelling])
    #expect(try column(["9", spelling]).type == .category)
  }

  @Test("No digit is lost, whatever the others in the column are")
  func exact() throws {
    var random = SystemRandomNumberGenerator()
    var spellings: [String] = []
    for _ in 0..<3000 {
      let bits = UInt64.random(in: 0 ... .max, using: &random)
      let any = Double(bitPattern: bits)
      spellings.append(any.isFinite ? any.description : "1")
      spellings.append("\(bits)")
      spellings.append("\(bits >> 20)e\(Int.random(in: -40...40, using: &random))")
      spellings.append("\(Double(bits % 1_000_000) / 1e3)")
    }
    #expect(try column(spellings).numbers == spellings.map { Double($0)! })
    let short = spellings.indices.filter { $0 % 4 == 3 }.map { spellings[$0] }
    #expect(try column(short).numbers == short.map { Double($0)! }, "stored as Float")
  }

  @Test("A value far below the first rows changes the type of its column")
  func lateValues() throws {
    let rows = (0..<5000).map { "\($0),1.5,2024-01-01,\($0)" }
    for (last, types) in [
      ("1,1.23456789,2024-01-02,5", [ColumnType.number, .number, .date, .number]),
      ("x,y,z,1", [.category, .category, .category, .number]),
      ("2024-01-02,1e300,5,0.1234567", [.text, .number, .category, .number]),
    ] {
      let text = (rows + [last] + rows.prefix(2000)).joined(separator: "\n")
      let table = try Table(text: text, header: false, types: last.hasPrefix("x") ? ["0": .category] : [:])
      #expect(table.columns.map(\.type) == types)
      #expect(table.columns.map { $0.texts[4999] } == ["4999", "1.5", "2024-01-01", "4999"])
      #expect(
        table.columns.map { $0.texts[5000]! }.joined(separator: ",")
          == last.replacing("1e300", with: "1e+300"))
    }
  }

  @Test(
    "Dates are checked against the calendar",
    arguments: [
      ("2000-02-29", 11016), ("1900-03-01", -25508), ("1970-01-01", 0), ("0001-01-01", -719_162),
      ("9999-12-31", 2_932_896), ("2024-12-31", 20088),
    ])
  func dates(_ text: String, _ days: Double) throws {
    let column = try column([text])
    #expect(column.type == .date && column.numbers == [days * 86_400] && column.texts == [text])
  }

  @Test(
    "No dates",
    arguments: [
      "1900-02-29", "2023-13-01", "2023-00-10", "2023-04-31", "2023-1-1", "2023-01-01T24:00",
      "2023-01-01T1:00",
      "2023-01-01T12", "2023-01-01T12:00:00.", "2023-01-01T12:00+25:00", "2023-01-01Z", "2023-01/01",
      "20230101T",
    ])
  func noDates(_ text: String) throws {
    #expect(try column(["2024-01-01", text]).type == .category)
  }
}
