import Foundation
import MartletData
import Testing

/// Tables that are wrong, and files that are hostile.
@Suite struct TableErrorTests {
  private func failure(_ act: () throws -> Table) -> String? {
    #expect(throws: DataError.self) { try act() }?.description
  }

  @Test(
    "Errors name the line and say what was expected",
    arguments: [
      ("", "t.csv: has no rows"),
      ("\n\r\n", "t.csv: has no rows"),
      ("a,b,y\n", "t.csv: has no rows below the header"),
      ("1,2,x\n3,4,5,y\n", "t.csv:2: the row has 4 fields; it must have 3"),
      ("1,2,x\n\n3,y\n", "t.csv:3: the row has 2 fields; it must have 3"),
      ("a,b,y\n1,2,\"p\nq\"\n1,2\n", "t.csv:4: the row has 2 fields; it must have 3"),
      ("1,2,x\n1,2,\"y\nz\n", "t.csv:2: a quote is never closed"),
      ("\"", "t.csv:1: a quote is never closed"),
      (
        "1,2,x\n1,2,\"y\"z\n",
        "t.csv:2: \"y\" has text beside quotes; the quotes must enclose the whole field"
      ),
      (
        "1,2,x\n1,2\"\",y\n",
        "t.csv:2: \"2\" has text beside quotes; the quotes must enclose the whole field"
      ),
    ])
  func errors(_ text: String, _ description: String) {
    #expect(failure { try Table(text: text, path: "t.csv") } == description)
  }

  @Test("A value that does not have the type that the caller gave is an error")
  func stated() {
    #expect(
      failure { try Table(text: "a,b\n1,2\n3,?\n", path: "t", types: ["b": .number]) }
        == "t:3: column \"b\": \"?\" is not a number; if it stands for a missing value, add it to missing:")
    #expect(
      failure { try Table(text: "a,b\n1,2\n", path: "t", types: ["b": .date]) }
        == "t:2: column \"b\": \"2\" is not a date; if it stands for a missing value, add it to missing:")
    #expect(
      failure { try Table(text: "a,b\n1,2\n", path: "t", header: false, types: ["1": .number]) }
        == "t:1: column \"1\": \"b\" is not a number; if this row names the columns, give header: true")
  }

  @Test("A column that does not exist, or exists twice, is an error")
  func names() {
    let text = "a,y,y\n1,2,3\n"
    #expect(
      failure { try Table(text: text, path: "t", columns: ["b"]) }
        == "t: there is no column \"b\"; the columns are a, y, y")
    #expect(
      failure { try Table(text: text, path: "t", types: ["y": .text]) }
        == "t: there is more than one column \"y\"; the columns are a, y, y")
    #expect(
      failure { try Table(text: text, path: "t", columns: ["a", "a"]) } == "t: column \"a\" is chosen twice")
  }

  @Test("Marks that cannot be told apart are an error")
  func marks() {
    #expect(
      failure { try Table(text: "a\n1\n", path: "t", separator: "\u{E9}") }
        == "t: the separator cannot be \"\u{E9}\"; it must be one ASCII character"
        + " that is no digit, sign, quote or line end"
    )
    #expect(
      failure { try Table(text: "a\n1\n", path: "t", separator: ";", thousands: ";") }
        == "t: separator, decimal point, comment and thousands must be different characters")
    #expect(
      failure { try Table(text: "a\n1\n", path: "t", decimalPoint: ",") }
        == "t: the decimal point is the separator; give separator: \";\" or the one that the file has")
  }

  @Test("Files name themselves in errors")
  func files() throws {
    let folder = try TemporaryFolder()
    #expect(
      failure { try Table(csv: folder.path("none")) } == "\(folder.path("none")): No such file or directory")
    #expect(failure { try Table(csv: folder.path("")) } == "\(folder.path("")): Is a directory")
    let binary = try folder.write([0x31, 0, 0x32], to: "x")
    #expect(
      failure { try Table(csv: binary) }?.hasPrefix("\(binary): is not a CSV file: it contains a byte 0")
        == true)
  }

  @Test(
    "A file of many pieces is read as one, with quotes across their borders, and the line of a fault is right"
  )
  func pieces() throws {
    let folder = try TemporaryFolder()
    // Pieces are of 256 KiB, and a batch has some of them.
    let count = 80_000
    let plain = (0..<count).map { "\($0),\(Double($0) / 8),k\($0 % 7)\n" }.joined()
    let quoted = (0..<count).map { "\($0),\(Double($0) / 8),\"k,\"\"\n\($0 % 7)\"\n" }.joined()
    for (text, levels) in [(plain, (0..<7).map { "k\($0)" }), (quoted, (0..<7).map { "k,\"\n\($0)" })] {
      let path = try folder.write(text.utf8, to: "large.csv")
      let table = try Table(csv: path, comment: "#")
      #expect(table.rowCount == count)
      #expect(table.columns[0].numbers == (0..<count).map(Double.init))
      #expect(table.columns[1].numbers == (0..<count).map { Double($0) / 8 })
      #expect(table.columns[2].levels == levels && table.columns[2].codes == (0..<count).map { $0 % 7 })
    }
    let wrong = try folder.write((quoted + "1,2\n").utf8, to: "wrong.csv")
    #expect(
      failure { try Table(csv: wrong) } == "\(wrong):\(2 * count + 1): the row has 2 fields; it must have 3")
    let open = try folder.write((plain + "1,2,\"" + plain).utf8, to: "open.csv")
    #expect(failure { try Table(csv: open) } == "\(open):\(count + 1): a quote is never closed")
  }

  @Test("Comments longer than a batch are skipped, and their lines are counted")
  func longComments() {
    let comments = String(repeating: "# x \"\n", count: 300_000)
    #expect(
      failure { try Table(text: comments + "a,b\n1,2\n3\n", path: "t", comment: "#") }
        == "t:300003: the row has 1 field; it must have 2")
    #expect(failure { try Table(text: comments, path: "t", comment: "#") } == "t: has no rows")
  }

  @Test("Rows longer than a batch are read")
  func longRows() throws {
    let long = String(repeating: "x", count: 3_000_000)
    let table = try Table(text: "a,b\n1,\(long)\n2,\"\(long)\n\"\n", types: ["b": .text])
    #expect(table.columns[1].texts.map { $0!.utf8.count } == [long.utf8.count, long.utf8.count + 1])
  }

  @Test("Any bytes are a table or an error")
  func anyBytes() throws {
    let folder = try TemporaryFolder()
    var random = SystemRandomNumberGenerator()
    let parts =
      [
        "1", ",", "\n", "\"", "a", "-", ".", "e", "\r\n", "\r", " ", "#", "NA", "2024-05-17", "1e5",
        "0.12345678901234",
        "\"\"", "x,y\n", "1,2\n", "\u{FEFF}",
      ].map { Array($0.utf8) } + [[0xFF]]
    var read = 0
    for _ in 0..<1000 {
      let line = (0..<Int.random(in: 0..<20, using: &random)).flatMap { _ in
        parts.randomElement(using: &random)!
      }
      let bytes = Array(repeatElement(line, count: Int.random(in: 1..<20, using: &random)).joined())
      let path = try folder.write(bytes, to: "any")
      do throws(DataError) {
        let table = try Table(csv: path, comment: "#")
        read += 1
        #expect(table.columns.allSatisfy { $0.count == table.rowCount }, "\(bytes)")
      } catch {
        #expect(error.path == path && error.description.unicodeScalars.count < 2000, "\(bytes)")
      }
    }
    #expect(read > 50)
  }
}
