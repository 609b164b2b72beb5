/// The values of a column, to which the rows of one piece after the other are added.
final class ColumnBuilder {
  private let storage: TableStorage
  private var floats: [Float] = []
  private var doubles: [Double] = []
  private var codes: [Int32] = []
  private var levels = TableLevels()

  init(_ storage: TableStorage) { self.storage = storage }

  var bytesPerRow: Int { storage == .float || storage == .text ? 4 : 8 }

  func reserve(_ rows: Int) {
    switch storage {
    case .skipped: break
    case .float: floats.reserveCapacity(rows)
    case .double, .date: doubles.reserveCapacity(rows)
    case .text: codes.reserveCapacity(rows)
    }
  }

  /// Adds the rows of a piece, in which the column has a place among `width` columns.
  func append(_ piece: TablePiece, _ column: Int, _ place: Int, of width: Int) {
    let values = piece.values
    let places = stride(from: place, to: values.count, by: width)
    switch storage {
    case .skipped: break
    case .float: for i in places { floats.append(Float(values[i])) }
    case .double, .date: for i in places { doubles.append(values[i]) }
    case .text:
      // A misfit in this piece makes the values meaningless; the column is then read again.
      guard let own = piece.levels[column] else { return }
      let global = (0..<own.count).map { code in
        own[code].withUnsafeBufferPointer { levels.code(of: $0) }
      }
      for i in places { codes.append(global[Int(values[i])]) }
    }
  }

  /// Returns the column.
  func column(_ name: String, _ stated: ColumnType?, _ syntax: TableSyntax) throws(DataError) -> TableColumn {
    let values: TableColumn.Values =
      switch storage {
      case .skipped, .float: .floats(floats)
      case .double: .doubles(doubles)
      case .date: .dates(doubles)
      case .text: try texts(name, syntax)
      }
    return TableColumn(name: name, values: values, stated: stated)
  }

  /// Sorts the texts: as numbers if all are finite numbers, else by their bytes. Missing values have the code −1.
  private func texts(_ name: String, _ syntax: TableSyntax) throws(DataError) -> TableColumn.Values {
    var found: [(text: ByteName, code: Int, number: Double?)] = []
    for code in 0..<levels.count {
      let bytes = levels[code]
      if bytes.withUnsafeBufferPointer({ syntax.isMissing($0) }) { continue }
      guard let text = syntax.text(bytes) else {
        throw DataError(
          path: syntax.path,
          message:
            "column \"\(excerpt(name))\": \"\(excerpt(String(decoding: bytes.prefix(400), as: UTF8.self)))\""
            + " is not \(syntax.encoding.name); try encoding: .latin1")
      }
      let number = isNumber(bytes) ? Double(text) : nil
      found.append((ByteName(text), code, number.flatMap { $0.isFinite ? $0 : nil }))
    }
    let areNumbers = found.allSatisfy { $0.number != nil }
    let integers = found.map { Int($0.text.text) }
    let areIntegers = areNumbers && integers.allSatisfy { $0 != nil }
    let order = found.indices.sorted { i, j in
      if areIntegers, integers[i] != integers[j] { return integers[i]! < integers[j]! }
      if areNumbers, found[i].number != found[j].number { return found[i].number! < found[j].number! }
      return found[i].text < found[j].text
    }
    var places = [Int32](repeating: -1, count: levels.count)
    for (place, index) in order.enumerated() { places[found[index].code] = Int32(place) }
    return .codes(codes.map { places[Int($0)] }, levels: order.map { found[$0].text.text })
  }
}
