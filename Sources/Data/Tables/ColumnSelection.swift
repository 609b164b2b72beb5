/// A choice of columns of a table.
///
/// ```swift
/// let table = try Table(csv: "penguins.csv", columns: .all(except: "year"))
/// let sizes = try table.select(["bill_length_mm", "body_mass_g"])
/// print(sizes)
/// ```
public struct ColumnSelection: Sendable, ExpressibleByArrayLiteral {
  private let names: [String]
  private let isExcluding: Bool

  private init(_ names: [String], isExcluding: Bool) {
    (self.names, self.isExcluding) = (names, isExcluding)
  }

  /// All columns.
  public static let all = ColumnSelection([], isExcluding: true)

  /// All columns but some.
  public static func all(except names: String...) -> ColumnSelection { .all(except: names) }

  /// All columns but some.
  public static func all(except names: [String]) -> ColumnSelection { .init(names, isExcluding: true) }

  /// The columns of these names, in this order.
  public static func named(_ names: [String]) -> ColumnSelection { .init(names, isExcluding: false) }

  /// Creates a choice of the columns of these names, in this order.
  public init(arrayLiteral names: String...) { self.init(names, isExcluding: false) }

  /// Returns the indices of the chosen columns. If all are chosen, `others` are left out; a name of one of
  /// them is an error.
  func indices(in all: [String], without others: [Int] = [], _ path: String) throws(DataError) -> [Int] {
    var found: [Int] = []
    for name in names { found.append(try index(of: name, in: all, path)) }
    if isExcluding {
      let excluded = Set(found + others)
      return all.indices.filter { !excluded.contains($0) }
    }
    var seen = Set(others)
    if let twice = found.first(where: { !seen.insert($0).inserted }) {
      let fault = others.contains(twice) ? "is a target; it cannot be a feature too" : "is chosen twice"
      throw DataError(path: path, message: "column \"\(excerpt(all[twice]))\" \(fault)")
    }
    return found
  }
}

/// Returns the index of the only column of a name.
func index(of name: String, in names: [String], _ path: String) throws(DataError) -> Int {
  let found = names.indices.filter { ByteName(names[$0]) == ByteName(name) }
  if found.count == 1 { return found[0] }
  let listed = names.prefix(20).map(excerpt).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
  let fault = found.isEmpty ? "there is no column" : "there is more than one column"
  throw DataError(path: path, message: "\(fault) \"\(excerpt(name))\"; the columns are \(listed)")
}
