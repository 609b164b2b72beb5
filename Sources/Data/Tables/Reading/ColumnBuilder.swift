/// The values of a column, to which the rows of one piece after the other are added.
final class ColumnBuilder {
  private let storage: TableStorage
  private var floats: [Float] = []
  private var doubles: [Double] = []
  private var codes: [Int32] = []
  private var levels = TableLevels()

  init(_ storage: TableStorage) { self.storage = storage }

  var bytesPerRow: Int { storage == .float || storage == .text ? 4 : 8 }
  var hasTexts: Bool { storage == .text }

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
      let global = levels.codes(of: piece.levels[column]!)
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

  /// Sorts the texts: as numbers if all are finite numbers, else by their bytes. Missing values have the code
  /// −1.
  private func texts(_ name: String, _ syntax: TableSyntax) throws(DataError) -> TableColumn.Values {
    var texts: [String] = []
    var present: [Int] = []
    for code in 0..<levels.count {
      let bytes = levels[code]
      guard let text = syntax.text(bytes) else {
        let quote = excerpt(String(decoding: bytes.prefix(400), as: UTF8.self))
        throw DataError(
          path: syntax.path,
          message: "column \"\(excerpt(name))\": \"\(quote)\" is not \(syntax.encoding.name);"
            + " try encoding: .latin1")
      }
      texts.append(text)
      if !bytes.withUnsafeBufferPointer({ syntax.isMissing($0) }) { present.append(code) }
    }
    let sorted = inNumericalOrder(levels.sorted(present), texts)
    var places = [Int32](repeating: -1, count: levels.count)
    for (place, code) in sorted.enumerated() { places[code] = Int32(place) }
    return .codes(codes.map { places[Int($0)] }, levels: sorted.map { texts[$0] })
  }

  /// Sorts codes by the numbers that their texts are, if all are finite numbers. Long integers are compared
  /// as such.
  private func inNumericalOrder(_ codes: [Int], _ texts: [String]) -> [Int] {
    var numbers: [(code: Int, number: Double, integer: Int?)] = []
    for code in codes {
      guard isNumber(levels[code]), let number = Double(texts[code]), number.isFinite else { return codes }
      numbers.append((code, number, Int(texts[code])))
    }
    let areIntegers = numbers.allSatisfy { $0.integer != nil }
    let places = numbers.indices.sorted { i, j in
      let (a, b) = (numbers[i], numbers[j])
      if areIntegers, a.integer != b.integer { return a.integer! < b.integer! }
      return a.number != b.number ? a.number < b.number : i < j
    }
    return places.map { numbers[$0].code }
  }
}
