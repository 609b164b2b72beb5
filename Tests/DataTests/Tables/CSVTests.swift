import Foundation
import MartletData
import Testing

/// A folder that is deleted together with its last reference.
final class TemporaryFolder {
  private let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.path + "/" + name }

  func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  func bytes(of name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
  }
}

@Suite struct CSVTests {
  private func failure(_ text: String, label: CSV.LabelColumn = .last) -> DataError? {
    #expect(throws: DataError.self) { try CSV(text: text, path: "t.csv", label: label) }
  }

  @Test("A table without a header has indices for names")
  func plain() throws {
    let table = try CSV(text: "5.1,3.5,setosa\n7,-3.2e0,versicolor\n6.25,3,setosa\n")
    #expect(table.columns == ["0", "1"])
    #expect(table.features == [5.1, 3.5, 7, -3.2, 6.25, 3])
    #expect(table.featureCount == 2)
    #expect(table.rowCount == 3)
    #expect(table.labels == [0, 1, 0])
    #expect(table.classes == ["setosa", "versicolor"])
  }

  @Test(
    "The same table in other spellings",
    arguments: [
      "a,b,y\n1,2,p\n3,4,q",
      "a,b,y\r\n1,2,p\r\n3,4,q\r\n",
      "\u{FEFF}a,b,y\n1,2,p\n3,4,q\n\n\r\n\n",
      "\"a\",b,\"y\"\r\n\"1\",2,\"p\"\r\n3,\"4\",\"q\"\r\n",
      "a,b,y\n 1,2 ,p\n\t3, 4\t,q\n",
    ])
  func spellings(_ text: String) throws {
    let table = try CSV(text: text)
    #expect(table.columns == ["a", "b"])
    #expect(table.features == [1, 2, 3, 4])
    #expect(table.labels == [0, 1])
    #expect(table.classes == ["p", "q"])
  }

  @Test("Quoted fields hold commas, quotes and line ends")
  func quoting() throws {
    let table = try CSV(text: "\"x, \"\"1\"\"\",y\r\n1,\"a\nb\"\r\n2,\"\"\"\"\"\"\r\n3,\"c,d\"\r\n4,\"a\nb\"")
    #expect(table.columns == ["x, \"1\""])
    #expect(table.classes == ["\"\"", "a\nb", "c,d"])
    #expect(table.labels == [1, 0, 2, 1])
  }

  @Test("Any column can hold the labels")
  func labelColumns() throws {
    let text = "p,q,r\n1,2,3\n4,5,6\n"
    let first = try CSV(text: text, label: .first)
    #expect(first.columns == ["q", "r"])
    #expect(first.features == [2, 3, 5, 6])
    #expect(first.classes == ["1", "4"])
    let middle = try CSV(text: text, label: .index(1))
    #expect(middle.columns == ["p", "r"])
    #expect(middle.classes == ["2", "5"])
    let named = try CSV(text: text, label: .named("r"))
    #expect(named.features == [1, 2, 4, 5])
    #expect(named.classes == ["3", "6"])
    let unnamed = try CSV(text: "1,2,3\n4,5,6", label: .first)
    #expect(unnamed.columns == ["1", "2"])
  }

  @Test("Classes are in numerical order where all are integers")
  func classOrder() throws {
    #expect(try CSV(text: "0,10\n0,9\n0,-1\n0,9").classes == ["-1", "9", "10"])
    #expect(try CSV(text: "0,10\n0,9\n0,x").classes == ["10", "9", "x"])
    #expect(try CSV(text: "0,10\n0,9\n0,-1\n0,9").labels == [2, 1, 0, 1])
  }

  @Test("The first row is a header where numbers are due and text stands")
  func headers() throws {
    #expect(try CSV(text: "1,2,species\n3,4,0\n").columns == ["1", "2"])
    #expect(try CSV(text: "1,2,species\n3,4,0\n").rowCount == 1)
    #expect(try CSV(text: ",a,y\n0,3,p\n").columns == ["", "a"])
    #expect(try CSV(text: "1,2,cat").classes == ["cat"])
    #expect(try CSV(text: "7,8,9\n1,2,3", label: .named("9")).features == [1, 2])
  }

  @Test(
    "Errors name the line and say what was expected",
    arguments: [
      ("", "t.csv: has no rows"),
      ("\n\r\n", "t.csv: has no rows"),
      ("a,b,y\n", "t.csv: has no rows below the header"),
      ("1,2,x\n3,4,5,y\n", "t.csv:2: the row has 4 fields; it must have 3"),
      ("1,2,x\n\n3,4,y\n", "t.csv:2: the row has 1 field; it must have 3"),
      ("a,b,y\n1,2,\"p\nq\"\n1,?,p", "t.csv:4: column \"b\": \"?\" is not a number"),
      ("1,,x\n", "t.csv:1: column \"1\": \"\" is not a number"),
      ("1,2,x\n1,3 4,x", "t.csv:2: column \"1\": \"3 4\" is not a number"),
      ("1,nan,x\n", "t.csv:1: column \"1\": \"nan\" is not finite as a Float"),
      ("1,2,x\n-inf,2,x", "t.csv:2: column \"0\": \"-inf\" is not finite as a Float"),
      ("1,2,x\n1e39,2,x", "t.csv:2: column \"0\": \"1e39\" is not finite as a Float"),
      ("1,2,x\n1,2,\n", "t.csv:2: the label is empty"),
      ("1,2,x\n1,2,\"y\nz\n", "t.csv:2: a quote is never closed"),
      (
        "1,2,x\n1,2,\"y\"z\n",
        "t.csv:2: field 3 has text beside quotes; the quotes must enclose the whole field"
      ),
      (
        "1,2,x\n1,2\"\",y\n",
        "t.csv:2: field 2 has text beside quotes; the quotes must enclose the whole field"
      ),
      (
        "1;2;x\n3;4;y\n",
        "t.csv:1: the row has 1 field; it must have features and a label, separated by commas"
      ),
    ])
  func errors(_ text: String, _ description: String) {
    #expect(failure(text)?.description == description)
  }

  @Test("A label column that is not there is refused")
  func missingLabel() {
    let beyond = failure("1,2\n", label: .index(2))
    #expect(beyond?.description == "t.csv:1: there is no label column 2; the 2 columns are numbered from 0")
    #expect(failure("1,2\n", label: .index(-1))?.line == 1)
    let unnamed = failure("a,b\n1,2\n", label: .named("y"))
    #expect(unnamed?.description == "t.csv:1: there is no label column \"y\"; the columns are a, b")
    let twice = failure("a,y,y\n1,2,3\n", label: .named("y"))
    #expect(
      twice?.description == "t.csv:1: there is more than one label column \"y\"; the columns are a, y, y")
  }

  @Test("Files are read as texts are, and name themselves in errors")
  func files() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("iris.csv")
    _ = try folder.write("1,2,x\n3,4,y\n".utf8, to: "iris.csv")
    #expect(try CSV(path: path).features == [1, 2, 3, 4])

    _ = try folder.write([0x31, 0x2C, 0xFF, 0xFE], to: "iris.csv")
    let undecodable = #expect(throws: DataError.self) { try CSV(path: path) }
    #expect(undecodable?.description == "\(path):1: the text is not UTF-8")

    let missing = #expect(throws: DataError.self) { try CSV(path: folder.path("none.csv")) }
    #expect(missing == DataError(path: folder.path("none.csv"), message: "No such file or directory"))
    let directory = #expect(throws: DataError.self) { try CSV(path: folder.path("")) }
    #expect(directory?.message == "Is a directory")
  }

  @Test("A file larger than one buffer is read whole")
  func largeFile() throws {
    let folder = try TemporaryFolder()
    let text = (0..<20_000).map { "\($0),\($0 % 7)\n" }.joined()
    let path = try folder.write(text.utf8, to: "large.csv")
    let table = try CSV(path: path)
    #expect(table.features == (0..<20_000).map(Float.init))
    #expect(table.labels == (0..<20_000).map { $0 % 7 })
  }
}
