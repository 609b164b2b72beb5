/// A table of numbers with a column of labels, read from comma-separated values.
///
/// Fields are quoted as in RFC 4180. Lines end in LF or CRLF. A byte order mark and blank lines at the end
/// are skipped. Blanks around a field, and around its quotes, do not belong to the field.
///
/// A number is what pandas' `read_csv` reads as a number: decimal digits with a point and an exponent.
/// `1_000`, `0x1F` and a quoted `1,5` are texts. `inf`, `nan`, `NA`, `null` and the like are neither names
/// nor finite numbers.
///
/// The first row is a header if one of its fields is a name where a number should be: in a column of
/// features, or above a label that is a number. A text with digits is a name only if it has a letter and does
/// not begin with a digit.
///
/// A first row may also count the columns (0, 1, 2, …), as pandas names the columns of an array. It is a
/// header if all labels in the other rows are texts, and none of them equals the label in the first row. With
/// only one or two columns of features, some label must also occur twice. Pass `hasHeader` to decide
/// yourself.
///
/// ```swift
/// let iris = try CSV(path: "iris.csv", label: .named("species"))
/// print(iris.columns, iris.classes)
/// ```
public struct CSV: Sendable {
  /// The column that holds the labels.
  ///
  /// ```swift
  /// let table = try CSV(text: "1,0.5,cat\n2,0.7,dog", label: .last)
  /// print(table.classes)  // ["cat", "dog"]
  /// ```
  public enum LabelColumn: Sendable {
    /// The first column.
    case first
    /// The last column.
    case last
    /// The column at an index from 0.
    case index(Int)
    /// The column of a name. The first row is then a header.
    case named(String)
  }

  /// The names of the feature columns. Without a header, their indices in the file.
  public let columns: [String]

  /// The features of all rows, row by row.
  public let features: [Float]

  /// The label of each row, as an index into ``classes``.
  public let labels: [Int]

  /// The different labels: in numerical order if all are finite numbers, else in the order of their bytes in
  /// UTF-8.
  ///
  /// Labels are equal only if their bytes are: `1` and `1.0` are different labels.
  public let classes: [String]

  /// The number of features in a row.
  public var featureCount: Int { columns.count }

  /// The number of rows.
  public var rowCount: Int { labels.count }

  /// Reads a file, all of it or nothing. A pipe is read to its end.
  ///
  /// - Parameter hasHeader: Tells if the first row names the columns. With nil, ``CSV`` decides as described
  ///   above.
  /// - Throws: `DataError`, with the line of the fault: a file that is missing, too large for the memory, not
  ///   UTF-8 or without rows; a row with more or fewer fields than the first; a feature that is not a finite
  ///   number; an empty label; a label column that does not exist; a quote that is never closed.
  public init(path: String, label: LabelColumn = .last, hasHeader: Bool? = nil) throws(DataError) {
    let file = try InputFile(path: path, allowsStreams: true)
    let bytes = try file.readAll { piece throws(DataError) in
      guard !piece.contains(0) else {
        throw DataError(
          path: path, message: "is not a CSV file: it contains a byte 0; the text must be UTF-8")
      }
    }
    try self.init(bytes: bytes, path: path, label: label, hasHeader: hasHeader)
  }

  /// Reads a text. Errors name it by `path`.
  ///
  /// - Throws: `DataError` for the same faults as `init(path:label:hasHeader:)`.
  public init(
    text: String, path: String = "<text>", label: LabelColumn = .last, hasHeader: Bool? = nil
  ) throws(DataError) {
    try self.init(bytes: Array(text.utf8), path: path, label: label, hasHeader: hasHeader)
  }

  private init(bytes: [UInt8], path: String, label: LabelColumn, hasHeader: Bool?) throws(DataError) {
    let start = CSVScanner(bytes, path: path)
    guard !start.isAtEnd else { throw DataError(path: path, message: "has no rows") }
    let first = try CSVFirstRow(start, label: label, hasHeader: hasHeader)
    let isHeader = if let hasHeader { hasHeader } else { try first.isHeader() }
    var body = CSVBody(first, isHeader: isHeader, isStated: hasHeader != nil)
    try body.read()
    features = body.features
    (labels, classes) = body.sortedLabels()
    columns = try first.columns(isHeader: isHeader)
  }
}
