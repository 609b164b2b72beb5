/// Rows and typed columns, read from comma-separated values or another separated text.
///
/// Fields are quoted as in RFC 4180, and quoted fields may contain separators and line ends. Lines end in LF
/// or CRLF. Empty lines, lines of comments and a byte order mark are skipped. Blanks around a field, and
/// around its quotes, do not belong to the field. A file is read in pieces by several threads; a pipe is read
/// to its end.
///
/// **Types.** A column holds numbers if all its values are numbers, dates if all are dates of ISO 8601, and
/// else texts: these are a category, or a ``ColumnType/text`` if more than 20 of them and more than half of
/// all are different. `types` decides otherwise. A number is what pandas' `read_csv` reads as one: decimal
/// digits with a point and an exponent. No digit is lost: a column is stored as `Float` if this keeps all
/// digits of all its numbers, which is so up to six digits, and else as `Double`.
///
/// **Header.** The first row names the columns if a name stands above numbers or dates, or if the table has
/// only texts and those of the first row are different and do not occur below. A name has a letter and does
/// not begin with a digit; it is not a missing value. A first row that counts the columns (0, 1, 2, …) above
/// some texts is a header too. Pass `header` to decide yourself. Without a header the names are the columns'
/// indices from 0.
///
/// **Missing values** are the texts of `missing`, by default those of pandas, such as an empty field and
/// `NA`.
///
/// ```swift
/// let table = try Table(csv: "penguins.csv", types: ["year": .category])
/// print(table)
/// let data = try table.dataset(features: .all, target: .category("species"), missing: .mean)
/// ```
public struct Table: Sendable {
  /// The columns, in the order of the file or of the caller's list.
  public let columns: [TableColumn]
  /// The number of rows.
  public let rowCount: Int
  /// The path of the file, for errors.
  let path: String

  init(columns: [TableColumn], rowCount: Int, path: String) {
    (self.columns, self.rowCount, self.path) = (columns, rowCount, path)
  }

  /// The texts that stand for missing values unless the caller names others: those of pandas' `read_csv`.
  public static let missingTexts = [
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A",
    "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
  ]

  /// Reads a file or a pipe.
  ///
  /// ```swift
  /// let prices = try Table(
  ///   csv: "prices.csv", separator: ";", columns: ["day", "price"], types: ["day": .date],
  ///   missing: ["", "--"], decimalPoint: ",", thousands: ".", encoding: .latin1)
  /// print(prices.rowCount)
  /// ```
  ///
  /// - Parameters:
  ///   - separator: The character between fields. With nil it is a tab if the path ends in `.tsv`, else a
  ///     comma.
  ///   - header: Tells if the first row names the columns. With nil, the rule above decides.
  ///   - columns: The columns to read; the others are skipped.
  ///   - types: The types of columns by name. Other columns have the type that fits all their values.
  ///   - missing: The texts that stand for missing values.
  ///   - decimalPoint: The character before the fraction of a number.
  ///   - thousands: The character between groups of three digits, if there is one.
  ///   - encoding: The encoding of the text.
  ///   - comment: The character that begins a line to skip, if there is one.
  /// - Throws: `DataError`, with the line of the fault: a file that is missing, without rows or in another
  ///   encoding; a row with more or fewer fields than the first; a value that does not have its column's
  ///   given type; a column that does not exist; a quote that is never closed.
  public init(
    csv path: String, separator: Character? = nil, header: Bool? = nil, columns: ColumnSelection = .all,
    types: [String: ColumnType] = [:], missing: [String] = Table.missingTexts, decimalPoint: Character = ".",
    thousands: Character? = nil, encoding: TextEncoding = .utf8, comment: Character? = nil
  ) throws(DataError) {
    let options = CSVOptions(
      separator: separator, header: header, columns: columns, types: types, missing: missing,
      decimalPoint: decimalPoint, thousands: thousands, encoding: encoding, comment: comment)
    let syntax = try TableSyntax(options, path: path)
    try self.init(try TableText(path: path, syntax), syntax, options)
  }

  /// Reads a text. Errors name it by `path`.
  ///
  /// ```swift
  /// let table = try Table(text: "a;b\n1,5;x\n2,5;y\n", separator: ";", decimalPoint: ",")
  /// print(try table.column("a").numbers)  // [1.5, 2.5]
  /// ```
  ///
  /// - Throws: `DataError` for the same faults as a file.
  public init(
    text: String, path: String = "<text>", separator: Character? = nil, header: Bool? = nil,
    columns: ColumnSelection = .all, types: [String: ColumnType] = [:],
    missing: [String] = Table.missingTexts, decimalPoint: Character = ".", thousands: Character? = nil,
    comment: Character? = nil
  ) throws(DataError) {
    let options = CSVOptions(
      separator: separator, header: header, columns: columns, types: types, missing: missing,
      decimalPoint: decimalPoint, thousands: thousands, encoding: .utf8, comment: comment)
    let syntax = try TableSyntax(options, path: path)
    try self.init(TableText(Array(text.utf8), syntax), syntax, options)
  }

  init(_ text: TableText, _ syntax: TableSyntax, _ options: CSVOptions) throws(DataError) {
    var reader = TableReader(text, syntax, options)
    columns = try reader.columns()
    rowCount = reader.rowCount ?? 0
    path = syntax.path
  }
}

/// The caller's choices of how to read a table.
struct CSVOptions: Sendable {
  let separator: Character?
  let header: Bool?
  let columns: ColumnSelection
  let types: [String: ColumnType]
  let missing: [String]
  let decimalPoint: Character
  let thousands: Character?
  let encoding: TextEncoding
  let comment: Character?
}

/// The encoding of a text file.
///
/// ```swift
/// let table = try Table(csv: "export.csv", separator: ";", encoding: .latin1)
/// print(table.rowCount)
/// ```
public enum TextEncoding: Sendable {
  /// UTF-8, with or without a byte order mark.
  case utf8
  /// ISO 8859-1, in which each byte is a character.
  case latin1

  var name: String { self == .utf8 ? "UTF-8" : "Latin-1" }
}
