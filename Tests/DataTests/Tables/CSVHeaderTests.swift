import MartletData
import Testing

/// Names, numbers and blanks in the first line of a table.
@Suite struct CSVHeaderTests {
  private func failure(_ text: String, hasHeader: Bool? = nil) -> String? {
    #expect(throws: DataError.self) { try CSV(text: text, path: "t", hasHeader: hasHeader) }?.description
  }

  @Test("Blanks around labels and names are no part of them, and labels that are numbers are sorted as such")
  func blanks() throws {
    let table = try CSV(text: "a, y\n1, 0\n2, 1\n3, 10\n4, 2\n")
    #expect(table.columns == ["a"])
    #expect(table.classes == ["0", "1", "2", "10"])
    #expect(table.labels == [0, 1, 3, 2])
    let named = try CSV(text: " a\t, y ,\tb\n 1 ,p , 2\n3,\tp\t,4\r\n", label: .named("y"))
    #expect(named.columns == ["a", "b"] && named.classes == ["p"] && named.features == [1, 2, 3, 4])
    let quoted = try CSV(text: "1, \" p\" \r\n2,\" p\"\n3,p")
    #expect(quoted.classes == [" p", "p"] && quoted.labels == [0, 0, 1])
    #expect(failure("1,x\n2, \t\n") == "t:2: the label is empty")
  }

  @Test("Labels are sorted as numbers if all are finite numbers, else by their bytes")
  func order() throws {
    #expect(try CSV(text: "0,1e1\n0,-2.5\n0,3").classes == ["-2.5", "3", "1e1"])
    #expect(try CSV(text: "0,10\n0,9\n0,0x1").classes == ["0x1", "10", "9"])
    #expect(try CSV(text: "0,10\n0,9\n0,nan").classes == ["10", "9", "nan"])
    #expect(try CSV(text: "0,1.0\n0,1\n0,01").classes == ["01", "1", "1.0"])
    let big = ["9007199254740993", "9007199254740992", "-9223372036854775808"]
    #expect(try CSV(text: big.map { "0,\($0)\n" }.joined()).classes == [big[2], big[1], big[0]])
    #expect(try CSV(text: "0,a\n0,Z\n0,\u{E9}").classes == ["Z", "a", "\u{E9}"])
  }

  @Test(
    "Numbers that count the columns over text labels are a header, as pandas writes an array",
    arguments: [
      "0,1,2,species\n5.1,3.5,1.4,setosa\n4.9,3,1.4,setosa\n",
      "0,1,2,species\n5.1,3.5,1.4,setosa\n4.9,3,1.4,virginica\n",
      "0,1,2,3\n5.1,3.5,1.4,setosa\n4.9,3,1.4,setosa\n",
      ",0,1,2,species\n0,5.1,3.5,1.4,setosa\n1,4.9,3,1.4,setosa\n",
      "0,1,species\n5.1,3.5,setosa\n4.9,3,setosa\n",
      "0,species\n5.1,setosa\n4.9,setosa\n",
    ])
  func countedColumns(_ text: String) throws {
    let table = try CSV(text: text)
    #expect(table.rowCount == 2)
    #expect(table.columns.last == String(table.featureCount - (table.columns[0].isEmpty ? 2 : 1)))
    #expect(!table.classes.contains("species") && table.classes.contains("setosa"))
  }

  @Test("Labels may stand first beside a header that counts the columns")
  func countedFirst() throws {
    for names in ["species,0,1,2", "0,1,2,3"] {
      let table = try CSV(text: "\(names)\nsetosa,5,3,1\nsetosa,4,3,1\n", label: .first)
      #expect(table.features == [5, 3, 1, 4, 3, 1])
    }
  }

  @Test(
    "A row of data that counts is no header",
    arguments: [
      "0,1,2,a\n3,4,5,a\n", "0,1,2,a\n3,4,5,b\n6,7,8,a\n", "0,x\n1,y\n2,z\n", "0,1,a\n1,0,b\n",
      "0,1,2,3\n4,5,6,7\n", "1,2,3,a\n4,5,6,b\n4,5,6,b\n", "0,2,1,a\n4,5,6,b\n4,5,6,b\n", "0,1,2,cat\n",
    ])
  func countingData(_ text: String) throws {
    #expect(try CSV(text: text).rowCount == text.split(separator: "\n").count)
  }

  @Test(
    "A number that is spelled in another way is an error in the first row too, and no header",
    arguments: [
      "1_000", "\"1,5\"", "0x1F", "0x1p3", "1'000", "1 000", "50%", "$5", "2020-01-01", "1.2.3", "1e", "5kg",
    ])
  func spelledOtherwise(_ spelling: String) throws {
    let quoted = spelling.split(separator: "\"").joined()
    let fault = "t:1: column \"0\": \"\(quoted)\" is not a number"
    #expect(
      failure("\(spelling),x\n1,y\n") == fault + "; if this row names the columns, give hasHeader: true")
    #expect(failure("\(spelling),x\n1,y\n", hasHeader: false) == fault)
    #expect(failure("1,x\n\(spelling),y\n") == "t:2: column \"0\": \"\(quoted)\" is not a number")
    #expect(try CSV(text: "\(spelling),x\n1,y\n", hasHeader: true).columns == [quoted])
    #expect(
      try CSV(text: "Id,\(spelling),x\n7,1,y\n").columns == ["Id", quoted], "beside a name it is one too")
  }

  @Test(
    "A missing value in the first row makes no header", arguments: ["NA", "null", "n/a", "None", "", "#N/A"])
  func missing(_ spelling: String) {
    #expect(failure("1,\(spelling),x\n1,2,y\n") == "t:1: column \"1\": \"\(spelling)\" is not a number")
  }

  @Test(
    "Numbers are what pandas reads as numbers",
    arguments: [
      ("1.", 1), (".5", 0.5), ("+3", 3), ("-0", 0), ("1E+2", 100), ("1e-2", 0.01), ("007", 7), ("\" 4 \"", 4),
    ] as [(String, Float)])
  func numbers(_ spelling: String, _ value: Float) throws {
    #expect(try CSV(text: "9,x\n\(spelling),y\n").features == [9, value])
  }

  @Test(
    "What pandas reads as text is no number",
    arguments: [".", "+", "-", "e5", "1e+", "--1", "0b1", "1f", "0x1.8p1"])
  func noNumbers(_ spelling: String) {
    #expect(failure("9,x\n\(spelling),y\n")?.hasSuffix("is not a number") == true)
  }

  @Test(
    "Infinity and NaN are numbers that a feature cannot be", arguments: ["inf", "-Infinity", "NaN", "+INF"])
  func notFinite(_ spelling: String) {
    #expect(failure("\(spelling),x\n1,y\n") == "t:1: column \"0\": \"\(spelling)\" is not finite as a Float")
  }

  @Test("The caller's word decides")
  func stated() throws {
    #expect(try CSV(text: "1,2\n3,4\n", hasHeader: true).columns == ["1"])
    #expect(try CSV(text: "0,1,2,s\n1,2,3,a\n4,5,6,a\n", hasHeader: false).rowCount == 3)
    #expect(failure("a,x\n1,y\n", hasHeader: false) == "t:1: column \"0\": \"a\" is not a number")
    #expect(throws: DataError.self) { try CSV(text: "a,y\n1,2\n", label: .named("y"), hasHeader: false) }
  }
}
