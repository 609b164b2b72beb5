/// The type of the values in a column of a table.
///
/// ```swift
/// let table = try Table(csv: "titanic.csv", types: ["pclass": .category, "ticket": .text])
/// print(table.columns.map(\.type))
/// ```
public enum ColumnType: Sendable {
  /// Numbers.
  case number
  /// One of a few texts, its levels.
  case category
  /// Any text.
  case text
  /// Dates, or instants in UTC.
  case date

  /// Returns the storage of such a column, when the first rows show a storage.
  func storage(_ guess: TableStorage) -> TableStorage {
    switch self {
    case .number: guess == .double ? .double : .float
    case .category, .text: .text
    case .date: .date
    }
  }
}

/// A column of a table: its name and a value for each row, which may be missing.
///
/// ```swift
/// let table = try Table(text: "day,price,city\n2024-05-17,3.5,Rome\n2024-05-18,NA,Bonn\n")
/// let price = try table.column("price")
/// print(price.type, price.numbers, price.missingCount)  // number [3.5, nan] 1
/// print(try table.column("city").levels)  // ["Bonn", "Rome"]
/// ```
public struct TableColumn: Sendable {
  /// The values as they are stored. NaN and the code −1 stand for a missing value.
  enum Values: Sendable {
    /// Numbers of which a `Float` keeps all digits.
    case floats([Float])
    case doubles([Double])
    /// Seconds from 1970.
    case dates([Double])
    case codes([Int32], levels: [String])
  }

  /// The name, from the header; without a header, the index of the column in the file.
  public let name: String
  /// The type of the values.
  public let type: ColumnType
  /// True if the caller gave the type.
  let isStated: Bool
  let values: Values

  init(name: String, values: Values, stated: ColumnType?) {
    self.name = name
    self.values = values
    isStated = stated != nil
    type =
      switch values {
      case .floats, .doubles: .number
      case .dates: .date
      case .codes(let codes, let levels):
        stated ?? (levels.count > 20 && 2 * levels.count > codes.count { $0 >= 0 } ? .text : .category)
      }
  }

  private init(_ column: TableColumn, values: Values) {
    (name, type, isStated, self.values) = (column.name, column.type, column.isStated, values)
  }

  /// The number of values.
  public var count: Int {
    switch values {
    case .floats(let numbers): numbers.count
    case .doubles(let numbers), .dates(let numbers): numbers.count
    case .codes(let codes, _): codes.count
    }
  }

  /// The number of missing values.
  public var missingCount: Int {
    switch values {
    case .floats(let numbers): numbers.count { $0.isNaN }
    case .doubles(let numbers), .dates(let numbers): numbers.count { $0.isNaN }
    case .codes(let codes, _): codes.count { $0 < 0 }
    }
  }

  /// The values as numbers, NaN for missing ones. Dates are seconds from 1970-01-01T00:00Z; categories and
  /// texts are their codes.
  public var numbers: [Double] {
    switch values {
    case .floats(let numbers): numbers.map(TableNumbers.widened)
    case .doubles(let numbers), .dates(let numbers): numbers
    case .codes(let codes, _): codes.map { $0 < 0 ? .nan : Double($0) }
    }
  }

  /// The values as texts, nil for missing ones. Dates are written as ISO 8601 does.
  public var texts: [String?] { (0..<count).map(text) }

  /// The different texts of a category or of texts, in numerical order if all are finite numbers, else in the
  /// order of their bytes in UTF-8; none for numbers and dates.
  ///
  /// Texts are equal only if their bytes are: `1` and `1.0` are different levels.
  public var levels: [String] {
    if case .codes(_, let levels) = values { levels } else { [] }
  }

  /// The values of a category or of texts as indices into ``levels``, −1 for missing ones; none for numbers
  /// and dates.
  public var codes: [Int] {
    if case .codes(let codes, _) = values { codes.map(Int.init) } else { [] }
  }

  /// Returns true if the value of a row is missing.
  func isMissing(_ row: Int) -> Bool {
    switch values {
    case .floats(let numbers): numbers[row].isNaN
    case .doubles(let numbers), .dates(let numbers): numbers[row].isNaN
    case .codes(let codes, _): codes[row] < 0
    }
  }

  /// Returns the value of a row as a text, or nil if it is missing.
  func text(_ row: Int) -> String? {
    if isMissing(row) { return nil }
    switch values {
    case .floats(let numbers): return Self.short("\(numbers[row])")
    case .doubles(let numbers): return Self.short("\(numbers[row])")
    case .dates(let seconds): return TableDates.text(seconds[row])
    case .codes(let codes, let levels): return levels[Int(codes[row])]
    }
  }

  private static func short(_ number: String) -> String {
    number.hasSuffix(".0") ? String(number.dropLast(2)) : number
  }

  /// Returns the column of some rows, in their order.
  func rows(_ rows: [Int]) -> TableColumn {
    let chosen: Values =
      switch values {
      case .floats(let numbers): .floats(rows.map { numbers[$0] })
      case .doubles(let numbers): .doubles(rows.map { numbers[$0] })
      case .dates(let numbers): .dates(rows.map { numbers[$0] })
      case .codes(let codes, let levels): .codes(rows.map { codes[$0] }, levels: levels)
      }
    return TableColumn(self, values: chosen)
  }
}
