/// A table of numbers with a column of labels, read from comma-separated values.
///
/// ```swift
/// let iris = try CSV(path: "iris.csv", label: .named("species"))
/// print(iris.columns, iris.classes)
/// ```
/// Fields are quoted as in RFC 4180; lines end in LF or CRLF; a byte order mark and blank lines at the end
/// are passed over. Blanks around a field, and around its quotes, are no part of it.
///
/// A number is what pandas' `read_csv` takes for one: decimal digits with a point and an exponent. `1_000`, `1,5`
/// in quotes and `0x1F` are texts; `inf`, `nan`, `NA`, `null` and the like are no names and no finite numbers.
///
/// The first row is a header if a field of it is a name where numbers are due: in a column of features, or over a
/// label that is a number. A text that begins with a digit or has no letter is no name. Numbers that count the
/// columns (0, 1, 2, …), as pandas names those of an array, are a header if the label beside them is in no other
/// row, and labels are texts; of one or two columns, another label must occur twice. `hasHeader` decides otherwise.
public struct CSV: Sendable {
  /// Which column holds the labels.
  public enum LabelColumn: Sendable {
    /// The first column.
    case first
    /// The last column.
    case last
    /// The column at an index from 0.
    case index(Int)
    /// The column of a name; the first row is then a header.
    case named(String)
  }

  /// The names of the columns of features, from the header; without one, their indices in the file.
  public let columns: [String]

  /// The numbers of all rows but their labels, row by row.
  public let features: [Float]

  /// The label of each row, as an index into `classes`.
  public let labels: [Int]

  /// The different labels, in numerical order if all are finite numbers, else in the order of their bytes in UTF-8.
  ///
  /// Labels are the same only if their bytes are: `1` and `1.0` are two.
  public let classes: [String]

  /// How many features a row has.
  public var featureCount: Int { columns.count }

  /// How many rows there are.
  public var rowCount: Int { labels.count }

  /// Reads a file, all of it or nothing; a pipe is read to its end.
  ///
  /// - Parameter hasHeader: whether the first row names the columns; nil finds out as ``CSV`` describes.
  /// - Throws: `DataError`, with the line to blame: no such file, one beyond the memory, no text, no rows, a row with
  ///   more or fewer fields than the first, a feature that is no finite number, an empty label, no such label
  ///   column, a quote without its end.
  public init(path: String, label: LabelColumn = .last, hasHeader: Bool? = nil) throws(DataError) {
    let file = try InputFile(path: path, allowsStreams: true)
    let bytes = try file.readAll { piece throws(DataError) in
      guard !piece.contains(0) else {
        throw DataError(path: path, message: "is not a CSV file: it has a byte 0; text in UTF-8 expected")
      }
    }
    try self.init(bytes: bytes, path: path, label: label, hasHeader: hasHeader)
  }

  /// Reads a text; errors name it by `path`.
  ///
  /// - Throws: `DataError` as `init(path:label:hasHeader:)` does.
  public init(
    text: String, path: String = "<text>", label: LabelColumn = .last, hasHeader: Bool? = nil
  ) throws(DataError) {
    try self.init(bytes: Array(text.utf8), path: path, label: label, hasHeader: hasHeader)
  }

  private init(bytes: [UInt8], path: String, label: LabelColumn, hasHeader: Bool?) throws(DataError) {
    let start = CSVScanner(bytes, path: path)
    guard !start.isAtEnd else { throw DataError(path: path, message: "no rows") }
    let first = try CSVFirstRow(start, label: label, hasHeader: hasHeader)
    let isHeader = if let hasHeader { hasHeader } else { try first.isHeader() }
    var body = CSVBody(first, isHeader: isHeader, isStated: hasHeader != nil)
    try body.read()
    features = body.features
    (labels, classes) = body.sortedLabels()
    columns = try first.columns(isHeader: isHeader)
  }
}
