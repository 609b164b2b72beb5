import Foundation
import MartletData
import Testing

/// The fields, rows and columns of a table.
@Suite struct TableTests {
  /// Returns the texts of each column.
  private func texts(_ table: Table) -> [[String?]] { table.columns.map(\.texts) }

  @Test("Each column has the type that fits its values")
  func types() throws {
    let text = """
      id,size,day,when,city,note
      1,2.5,2024-05-17,2024-05-17T12:00:00Z,Rome,a
      2,NA,2024/05/18,2024-05-17 14:00+02:00,,b
      3,-3e2,,1969-12-31T23:59:59.5,Bonn,c
      """
    let table = try Table(text: text)
    #expect(table.rowCount == 3 && table.names == ["id", "size", "day", "when", "city", "note"])
    #expect(table.columns.map(\.type) == [.number, .number, .date, .date, .category, .category])
    #expect(table.columns.map(\.missingCount) == [0, 1, 1, 0, 1, 0])
    let size = try table.column("size").numbers
    #expect(size[0] == 2.5 && size[1].isNaN && size[2] == -300)
    #expect(try table.column("day").numbers.prefix(2) == [19860 * 86_400, 19861 * 86_400])
    #expect(try table.column("when").numbers == [1_715_947_200, 1_715_947_200, -0.5])
    #expect(try table.column("day").texts == ["2024-05-17", "2024-05-18", nil])
    #expect(try table.column("when").texts[0] == "2024-05-17T12:00:00Z")
    #expect(try table.column("city").levels == ["Bonn", "Rome"])
    #expect(try table.column("city").codes == [1, -1, 0])
    #expect(try table.column("size").levels.isEmpty && table.column("size").codes.isEmpty)
  }

  @Test("A column of more than 20 texts, most of them different, holds texts and no category")
  func manyTexts() throws {
    let rows = (0..<50).map { "\($0 % 5 == 0 ? "x" : "name \($0)"),level \($0 % 21)\n" }.joined()
    let table = try Table(text: "a,b\n" + rows)
    #expect(table.columns.map(\.type) == [.text, .category])
    #expect(try Table(text: "a,b\n" + rows, types: ["a": .category]).columns[0].type == .category)
  }

  @Test(
    "The same table in other spellings",
    arguments: [
      "a,b,y\n1,2,p\n3,4,q",
      "a,b,y\r\n1,2,p\r\n3,4,q\r\n",
      "\u{FEFF}a,b,y\n1,2,p\n3,4,q\n\n\r\n\n",
      "\"a\",b,\"y\"\r\n\"1\",2,\"p\"\r\n3,\"4\",\"q\"\r\n",
      "a,b,y\n\n 1,2 ,p\n\r\n\t3, 4\t,\"q\" \n",
    ])
  func spellings(_ text: String) throws {
    let table = try Table(text: text)
    #expect(table.names == ["a", "b", "y"])
    #expect(texts(table) == [["1", "3"], ["2", "4"], ["p", "q"]])
  }

  @Test("Quoted fields hold separators, quotes and line ends; blanks in quotes belong to them")
  func quoting() throws {
    let text = "\"x, \"\"1\"\"\",y\r\n1,\"a\nb\"\r\n2,\"\"\"\"\"\"\r\n3,\"c,d\"\r\n4,\" a\"\n"
    let table = try Table(text: text)
    #expect(table.names == ["x, \"1\"", "y"])
    #expect(try table.column("y").texts == ["a\nb", "\"\"", "c,d", " a"])
  }

  @Test("Any separator, decimal point, mark of thousands and comment")
  func marks() throws {
    let table = try Table(
      text: "# \"prices\n1.234,5;x\n# ; \n-12.345.678;y\n0,25;x\n", separator: ";", header: false,
      decimalPoint: ",", thousands: ".", comment: "#")
    #expect(table.names == ["0", "1"] && table.columns[0].numbers == [1234.5, -12_345_678, 0.25])
    #expect(try Table(text: "a\tb c\n1 \t2", separator: "\t").names == ["a", "b c"])
    #expect(try Table(text: "a\tb c\n1 \t2", path: "t.tsv").names == ["a", "b c"])
    #expect(try Table(text: "a|b\n1|\"x|y\"\n", separator: "|").columns[1].texts == ["x|y"])
    for wrong in ["1,23", "12,34", ",123", "1234,567", "1,234.5,6"] {
      let table = try Table(
        text: "a\n\(wrong)\n", separator: ";", header: true, thousands: ",")
      #expect(table.columns[0].type == .category, "\(wrong) is no number with groups of three digits")
    }
  }

  @Test("Missing values are what the caller names")
  func missing() throws {
    let table = try Table(text: "a,b\n1,?\n--,x\n3,NA\n", missing: ["?", "--"])
    #expect(table.columns.map(\.missingCount) == [1, 1])
    #expect(table.columns[1].levels == ["NA", "x"])
    #expect(try Table(text: "a,b\n1,\n2,x\n", missing: []).columns[1].levels == ["", "x"])
    let coded = try Table(text: "a,b\n-999,1\n2,-999.0\n", missing: ["-999"])
    #expect(coded.columns.map(\.missingCount) == [1, 0] && coded.columns[1].numbers == [1, -999])
    let comma = try Table(
      text: "a;b\n-9,5;1\n2;-9,50\n", separator: ";", missing: ["-9,5"], decimalPoint: ",")
    #expect(comma.columns.map(\.missingCount) == [1, 0] && comma.columns[1].numbers == [1, -9.5])
  }

  @Test("A first row of values with ? or -- in it is no header", arguments: ["?", "--", "NA", ""])
  func oddFirstRow(_ mark: String) throws {
    let table = try Table(text: "5.1,\(mark),x\n4.9,3,y\n4.7,3.2,x\n", missing: [mark])
    #expect(table.rowCount == 3 && table.names == ["0", "1", "2"] && table.columns[1].missingCount == 1)
    #expect(try Table(text: "5.1,\(mark),x\n4.9,3,y\n4.7,3.2,x\n").rowCount == 3)
  }

  @Test("Columns are chosen in an order, left out and typed by name")
  func columns() throws {
    let text = "a,b,c\n1,2,3\n4,5,6\n"
    #expect(try Table(text: text, columns: ["c", "a"]).columns.map(\.numbers) == [[3, 6], [1, 4]])
    #expect(try Table(text: text, columns: .all(except: "b")).names == ["a", "c"])
    let table = try Table(text: text, types: ["b": .category, "c": .text])
    #expect(table.columns.map(\.type) == [.number, .category, .text])
    #expect(table.columns[1].levels == ["2", "5"])
  }

  @Test("Levels are in numerical order if all are finite numbers, else in the order of their bytes")
  func levels() throws {
    func levels(_ values: [String]) throws -> [String] {
      try Table(text: values.joined(separator: "\n"), header: false, types: ["0": .category]).columns[0]
        .levels
    }
    #expect(try levels(["1e1", "-2.5", "3"]) == ["-2.5", "3", "1e1"])
    #expect(try levels(["10", "9", "-1", "9"]) == ["-1", "9", "10"])
    #expect(try levels(["10", "9", "0x1"]) == ["0x1", "10", "9"])
    #expect(try levels(["10", "9", "inf"]) == ["10", "9", "inf"])
    #expect(try levels(["1.0", "1", "01"]) == ["01", "1", "1.0"])
    let big = ["9007199254740993", "9007199254740992", "-9223372036854775808"]
    #expect(try levels(big) == [big[2], big[1], big[0]])
    #expect(try levels(["a", "Z", "\u{E9}"]) == ["Z", "a", "\u{E9}"])
  }

  @Test("Latin-1 is read when asked for")
  func latin1() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      Array("stra\u{DF}e,x\n\u{E9},1\n".unicodeScalars.map { UInt8($0.value) }), to: "t")
    let table = try Table(csv: path, encoding: .latin1)
    #expect(table.names == ["stra\u{DF}e", "x"] && table.columns[0].levels == ["\u{E9}"])
    let error = #expect(throws: DataError.self) { try Table(csv: path) }
    #expect(error?.description == "\(path):1: the text is not UTF-8; try encoding: .latin1")
  }

  @Test("Rows are chosen by position, by a condition and by what is missing")
  func rows() throws {
    let table = try Table(text: "city,day\nRome,1\nBonn,NA\n,3\n")
    #expect(try table.rows([2, 0, 0]).columns[1].numbers == [3, 1, 1])
    #expect(try table.rows(0..<2).rowCount == 2)
    #expect(try table.filter("city") { $0 == "Rome" }.rowCount == 1)
    #expect(try table.filter("day") { $0 > 1 }.columns[0].texts == [nil])
    #expect(try table.droppingMissing().rowCount == 1)
    #expect(try table.droppingMissing(in: ["city"]).rowCount == 2)
    #expect(try table.select(["day"]).names == ["day"])
    for act in [
      { _ = try table.rows([3]) }, { _ = try table.rows(-1..<2) }, { _ = try table.rows(1..<4) },
      { _ = try table.select(["x"]) }, { _ = try table.column("x") },
      { _ = try table.select(["day", "day"]) },
    ] {
      #expect(throws: DataError.self) { try act() }
    }
  }

  @Test("A table prints its columns, their types and what is missing")
  func printing() throws {
    let table = try Table(text: "species,mass\nAdelie,3750\nGentoo,NA\nAdelie,3800.5\n")
    #expect(
      table.description == """
        3 rows, 2 columns
          species  category (2)             Adelie, Gentoo, Adelie
          mass     number        1 missing  3750, –, 3800.5
        """)
    let wide = try Table(text: (0..<50).map(String.init).joined(separator: ","), header: false)
    #expect(wide.description.hasSuffix("\n  … 10 more"))
  }
}
