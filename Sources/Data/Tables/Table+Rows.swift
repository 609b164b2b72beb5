extension Table {
  /// The names of the columns.
  public var names: [String] { columns.map(\.name) }

  /// Returns the column of a name.
  ///
  /// - Throws: `DataError` if there is no column of this name, or more than one.
  public func column(_ name: String) throws(DataError) -> TableColumn {
    columns[try index(of: name, in: names, path)]
  }

  /// Returns a table of some columns.
  ///
  /// - Throws: `DataError` if a column does not exist.
  public func select(_ selection: ColumnSelection) throws(DataError) -> Table {
    let chosen = try selection.indices(in: names, path)
    return Table(columns: chosen.map { columns[$0] }, rowCount: rowCount, path: path)
  }

  /// Returns a table of the rows at these positions, in this order. Its categories keep all their levels.
  ///
  /// - Throws: `DataError` if a position is out of range.
  public func rows(_ positions: [Int]) throws(DataError) -> Table {
    if let wrong = positions.first(where: { !(0..<rowCount).contains($0) }) {
      throw DataError(path: path, message: "row \(wrong) is out of range for \(rowCount) rows")
    }
    return Table(columns: columns.map { $0.rows(positions) }, rowCount: positions.count, path: path)
  }

  /// Returns a table of the rows in a range.
  ///
  /// - Throws: `DataError` if the range does not lie within the rows.
  public func rows(_ range: Range<Int>) throws(DataError) -> Table {
    guard range.lowerBound >= 0, range.upperBound <= rowCount else {
      throw DataError(path: path, message: "rows \(range) are out of range for \(rowCount) rows")
    }
    return try rows(Array(range))
  }

  /// Returns a table of the rows for which a condition on the value of a column holds. Missing values are
  /// nil.
  ///
  /// ```swift
  /// let table = try Table(text: "city,day\nRome,1\nBonn,2\nRome,3\n")
  /// let inRome = try table.filter("city") { $0 == "Rome" }
  /// print(inRome.rowCount)  // 2
  /// ```
  ///
  /// - Throws: `DataError` if the column does not exist.
  public func filter(_ column: String, where isIncluded: (String?) -> Bool) throws(DataError) -> Table {
    let column = try self.column(column)
    return try rows((0..<rowCount).filter { isIncluded(column.text($0)) })
  }

  /// Returns a table of the rows for which a condition on the number in a column holds. Missing values are
  /// NaN, and dates are seconds from 1970-01-01T00:00Z.
  ///
  /// - Throws: `DataError` if the column does not exist.
  public func filter(_ column: String, where isIncluded: (Double) -> Bool) throws(DataError) -> Table {
    let numbers = try self.column(column).numbers
    return try rows(numbers.indices.filter { isIncluded(numbers[$0]) })
  }

  /// Returns a table of the rows that have a value in each of some columns.
  ///
  /// - Throws: `DataError` if a column does not exist.
  public func droppingMissing(in selection: ColumnSelection = .all) throws(DataError) -> Table {
    let chosen = try select(selection).columns
    return try rows((0..<rowCount).filter { row in chosen.allSatisfy { !$0.isMissing(row) } })
  }
}

extension Table: CustomStringConvertible {
  /// The number of rows and columns, and of each column the name, the type, the number of missing values and
  /// the first values. At most 40 columns are shown.
  ///
  /// ```text
  /// 344 rows, 7 columns
  ///   species         category (3)            Adelie, Adelie, Adelie
  ///   bill_length_mm  number       2 missing  39.1, 39.5, 40.3
  /// ```
  public var description: String {
    let shown = columns.prefix(40).map { column in
      let isListed = column.type == .category || column.type == .text
      return [
        excerpt(column.name.isEmpty ? "\"\"" : column.name),
        "\(column.type)" + (isListed ? " (\(column.levels.count))" : ""),
        column.missingCount == 0 ? "" : "\(column.missingCount) missing",
        (0..<min(5, rowCount)).map { column.text($0).map(excerpt) ?? "–" }.joined(separator: ", "),
      ]
    }
    let widths = (0..<3).map { part in shown.map { $0[part].count }.max() ?? 0 }
    let lines = shown.map { parts in
      let padded = zip(parts, widths).map { part, width in
        width == 0 ? "" : "  " + part + String(repeating: " ", count: width - part.count)
      }
      return padded.joined() + "  " + excerpt(parts[3])
    }
    let more = columns.count > 40 ? ["  … \(columns.count - 40) more"] : []
    return (["\(rowCount) rows, \(columns.count) columns"] + lines + more).joined(separator: "\n")
  }
}
