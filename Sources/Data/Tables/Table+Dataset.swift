public import MartletCore

/// The columns of a table that a model predicts.
///
/// ```swift
/// let table = try Table(csv: "penguins.csv")
/// let classes = try table.dataset(target: .category("species"), missing: .mean)
/// let grams = try table.dataset(features: ["bill_length_mm"], target: .number("body_mass_g"), missing: .mean)
/// print(classes.classes, grams.targets.shape)
/// ```
public struct TableTarget<Element: TensorScalar>: Sendable {
  let names: [String]
  /// Makes the targets of the columns, in which classes are categories.
  let rows: @Sendable ([TableColumn]) -> TensorRows<Element>
}

extension TableTarget where Element == Int {
  /// The classes in a column, `[n]`: the indices of its values among its levels. A column of numbers is read
  /// as a category: its levels are its different numbers, in order.
  public static func category(_ name: String) -> TableTarget {
    TableTarget(names: [name]) { TensorRows($0[0].codes, shape: [], count: $0[0].count) }
  }
}

extension TableTarget where Element == Float {
  /// The numbers in a column, `[n, 1]`, as a `Linear` layer of one output returns them.
  public static func number(_ name: String) -> TableTarget { numbers([name]) }

  /// The numbers in several columns, `[n, columns]`.
  public static func numbers(_ names: [String]) -> TableTarget {
    TableTarget(names: names) { matrix($0) }
  }
}

/// The features that a category becomes.
///
/// ```swift
/// let table = try Table(text: "size,price\nS,1\nM,2\nS,1\n")
/// let data = try table.dataset(target: .number("price"), categories: .codes)
/// print(data.inputs.shape)  // [1]
/// ```
public enum CategoryEncoding: Sendable {
  /// A feature for each level, which is 1 for the value's level and else 0. A missing value is all 0.
  case oneHot
  /// One feature, the index of the value's level.
  case codes
}

/// The treatment of missing features.
///
/// The values that replace them are computed from all rows of the table. To compute them from the training
/// rows only, choose ``kept`` and let the model begin with an `Imputer`.
///
/// ```swift
/// let table = try Table(text: "a,b,y\n1,NA,0\n3,4,1\n")
/// let data = try table.dataset(target: .category("y"), missing: .constant(0))
/// print(data.all.inputs)  // [[1, 0], [3, 4]]
/// ```
public enum MissingFeatures: Sendable {
  /// A missing feature is an error.
  case refused
  /// The mean of the column replaces it.
  case mean
  /// The median of the column replaces it.
  case median
  /// A number replaces it.
  case constant(Float)
  /// It stays NaN, for an `Imputer`.
  case kept
}

extension Table {
  /// Returns the features and the targets of all rows: inputs `[features]`, with the names of the features
  /// and, for classes, their names.
  ///
  /// A column of numbers is a feature, a date is the number of its days from 1970-01-01, and a category is
  /// encoded as `categories` tells. The targets are never features: `.all` leaves them out.
  ///
  /// ```swift
  /// let table = try Table(csv: "penguins.csv")
  /// let data = try table.dataset(
  ///   features: .all(except: "year"), target: .category("species"), categories: .oneHot, missing: .median)
  /// print(data.featureNames, data.classes)
  /// ```
  ///
  /// - Throws: `DataError` if a column does not exist; a feature is a text; a target is missing or not a
  ///   number; a feature is missing and `missing` refuses it, or its column has no value; a number is not
  ///   finite as a `Float`.
  public func dataset<Target>(
    features: ColumnSelection = .all, target: TableTarget<Target>, categories: CategoryEncoding = .oneHot,
    missing: MissingFeatures = .refused
  ) throws(DataError) -> TensorDataset<Float, Target> {
    var targets: [Int] = []
    for name in target.names { targets.append(try index(of: name, in: names, path)) }
    try checkTargets(targets, areNumbers: Target.self == Float.self)
    let chosen = try features.indices(in: names, without: targets, path)
    guard !chosen.isEmpty, !targets.isEmpty else {
      throw DataError(path: path, message: "there must be at least one feature and one target")
    }
    let encoded = try encoded(chosen, categories, missing)
    let areClasses = Target.self == Int.self
    let targetColumns = targets.map { areClasses ? columns[$0].asCategory : columns[$0] }
    var data = TensorDataset(inputs: matrix(encoded), targets: target.rows(targetColumns))
    data.featureNames = encoded.map(\.name)
    data.classes = areClasses ? targetColumns[0].levels : []
    return data
  }

  /// Returns the columns of numbers that the features become.
  private func encoded(
    _ chosen: [Int], _ categories: CategoryEncoding, _ missing: MissingFeatures
  ) throws(DataError) -> [TableColumn] {
    // The features are there twice for a while: by columns, and row by row.
    let widths = chosen.map { max(1, columns[$0].levels.count) }
    try requireMemory(widths.reduce(0, +).times(rowCount).times(8), path: path)
    var encoded: [TableColumn] = []
    for index in chosen {
      let column = columns[index]
      try checkFeature(column, missing)
      if column.type == .category, case .oneHot = categories {
        encoded += column.oneHot
      } else {
        encoded.append(try column.filled(missing, path))
      }
    }
    return encoded
  }

  private func checkTargets(_ targets: [Int], areNumbers: Bool) throws(DataError) {
    for column in targets.map({ columns[$0] }) {
      if let row = (0..<rowCount).first(where: column.isMissing) {
        throw column.error(
          "the target of row \(row) is missing; use droppingMissing(in: [\"\(excerpt(column.name))\"])", path)
      }
      if areNumbers, column.type != .number {
        throw column.error("the target is a \(column.type); it must be a number", path)
      }
      if areNumbers { try column.checkFinite(path) }
    }
  }

  private func checkFeature(_ column: TableColumn, _ missing: MissingFeatures) throws(DataError) {
    if let odd = column.oddText {
      throw column.error(
        "has numbers and the text \"\(excerpt(odd))\"; add that to missing:, or read a category (types:)",
        path)
    }
    if column.type == .text {
      throw column.error(
        "a text is no feature; leave it out (.all(except:)), or read it as a category (types:)", path)
    }
    if case .refused = missing, let row = (0..<rowCount).first(where: column.isMissing) {
      throw column.error(
        "the value of row \(row) is missing; choose missing: .mean or another treatment", path)
    }
    if column.type != .category { try column.checkFinite(path) }
  }
}

extension TableColumn {
  fileprivate func error(_ fault: String, _ path: String) -> DataError {
    DataError(path: path, message: "column \"\(excerpt(name))\": \(fault)")
  }

  /// Throws if a number is infinite, or too large for a `Float`.
  fileprivate func checkFinite(_ path: String) throws(DataError) {
    if let row = floats.firstIndex(where: \.isInfinite) {
      throw error("\(text(row) ?? "") is not finite as a Float", path)
    }
  }

  /// A text among the levels of a category or of texts of which most are numbers, unless the caller gave the type.
  fileprivate var oddText: String? {
    if isStated { return nil }
    let texts = levels.filter { !isNumber(Array($0.utf8)[...]) }
    return 2 * texts.count < levels.count ? texts.first : nil
  }

  /// The column with its numbers or dates as levels.
  fileprivate var asCategory: TableColumn {
    if type == .category || type == .text { return self }
    let numbers = self.numbers
    var levels: [(number: Double, text: String)] = []
    for row in numbers.indices.sorted(by: { numbers[$0] < numbers[$1] })
    where !numbers[row].isNaN && levels.last?.number != numbers[row] {
      levels.append((numbers[row], text(row)!))
    }
    let codes = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1.number, Int32($0)) })
    return TableColumn(
      name: name, values: .codes(numbers.map { codes[$0] ?? -1 }, levels: levels.map(\.text)),
      stated: .category)
  }

  /// A column of 0 and 1 for each level.
  fileprivate var oneHot: [TableColumn] {
    guard case .codes(let codes, let levels) = values else { return [] }
    return levels.enumerated().map { code, level in
      TableColumn(
        name: "\(name)=\(level)", values: .floats(codes.map { $0 == code ? 1 : 0 }), stated: .number)
    }
  }

  /// The values as features: dates are days from 1970-01-01, and categories are codes.
  fileprivate var floats: [Float] {
    switch values {
    case .floats(let numbers): numbers
    case .doubles(let numbers): numbers.map { Float($0) }
    case .dates(let seconds): seconds.map { Float($0 / 86_400) }
    case .codes(let codes, _): codes.map { $0 < 0 ? .nan : Float($0) }
    }
  }

  /// Returns the column as numbers, with missing values replaced.
  fileprivate func filled(_ missing: MissingFeatures, _ path: String) throws(DataError) -> TableColumn {
    var floats = self.floats
    let present = floats.filter { !$0.isNaN }
    if present.count == floats.count { return TableColumn(name: name, values: .floats(floats), stated: nil) }
    let replacement: Float
    switch missing {
    case .refused, .kept: replacement = .nan
    case .constant(let number): replacement = number
    case .mean, .median:
      guard !present.isEmpty else { throw error("has no values, and so no mean or median", path) }
      if case .mean = missing {
        replacement = Float(present.reduce(0) { $0 + Double($1) } / Double(present.count))
      } else {
        let sorted = present.sorted(), middle = sorted.count / 2
        replacement =
          sorted.count.isMultiple(of: 2)
          ? Float((Double(sorted[middle - 1]) + Double(sorted[middle])) / 2) : sorted[middle]
      }
    }
    for row in floats.indices where floats[row].isNaN { floats[row] = replacement }
    return TableColumn(name: name, values: .floats(floats), stated: nil)
  }
}

/// Returns the numbers of columns, row by row.
private func matrix(_ columns: [TableColumn]) -> TensorRows<Float> {
  let rows = columns.first?.count ?? 0, width = columns.count
  let scalars = [Float](unsafeUninitializedCapacity: rows * width) { scalars, initialized in
    for (place, column) in columns.enumerated() {
      let numbers = column.floats
      for row in 0..<rows { scalars.initializeElement(at: row * width + place, to: numbers[row]) }
    }
    initialized = rows * width
  }
  return TensorRows(scalars, shape: [width], count: rows)
}
