import MartletCore

/// Reads the columns of a table.
struct TableReader {
  private let text: TableText
  private let syntax: TableSyntax
  private let options: CSVOptions
  private var guess: TableGuess?
  private(set) var rowCount: Int?
  /// The columns of the file that are wanted and not read yet, and their storages.
  private var storages: [TableStorage] = []
  /// The columns whose types the caller gave.
  private var stated: [Int: ColumnType] = [:]
  private var builders: [Int: ColumnBuilder] = [:]

  init(_ text: TableText, _ syntax: TableSyntax, _ options: CSVOptions) {
    (self.text, self.syntax, self.options) = (text, syntax, options)
  }

  /// Returns the wanted columns in the order of the file, or in that of the caller's list.
  ///
  /// A column in which a value does not fit the storage is read again in another one. Each time the storage
  /// is a wider one, so that there are at most four passes.
  mutating func columns() throws(DataError) -> [TableColumn] {
    var wider: [Int: TableStorage]
    repeat {
      wider = try pass()
      storages = storages.indices.map { wider[$0] ?? .skipped }
    } while !wider.isEmpty
    guard let guess else { throw DataError(path: syntax.path, message: "has no rows") }
    guard let rowCount, rowCount > 0 else {
      throw DataError(path: syntax.path, message: "has no rows below the header")
    }
    var columns: [TableColumn] = []
    for column in try options.columns.indices(in: guess.names, syntax.path) {
      columns.append(try builders[column]!.column(guess.names[column], stated[column], syntax))
    }
    return columns
  }

  /// Reads the text once, and returns wider storages for the columns that have to be read again.
  private mutating func pass() throws(DataError) -> [Int: TableStorage] {
    var reader = self
    var rows = 0, line = 1, hasBegun = false
    var wider: [Int: TableStorage] = [:]
    try text.forEachBatch { bytes, cuts throws(DataError) in
      var start = 0
      if !hasBegun {
        guard let guess = try reader.begin(bytes) else {
          line += bytes.count { $0 == UInt8(ascii: "\n") }
          return
        }
        (start, line, hasBegun) = (guess.headerBytes, line + guess.headerLines, true)
      }
      let pieces = reader.parse(bytes, from: start, cuts)
      for piece in pieces {
        try reader.check(piece, line, &wider)
        line += piece.lineCount
      }
      let more = pieces.reduce(0) { $0 + $1.rowCount }
      if rows == 0 { try reader.reserve(more, of: bytes.count) }
      rows += more
      guard rows <= Int32.max else {
        throw DataError(path: reader.syntax.path, message: "has more than \(Int32.max) rows")
      }
      reader.append(pieces)
    }
    self = reader
    guard rowCount == nil || rowCount == rows else {
      throw DataError(path: syntax.path, message: "has changed while it was read")
    }
    rowCount = rows
    return wider
  }

  /// Decides on the columns at the first rows of the first pass. Returns nil if there is no row.
  private mutating func begin(_ bytes: UnsafeBufferPointer<UInt8>) throws(DataError) -> TableGuess? {
    if guess == nil {
      guard let guess = try TableGuess(bytes, syntax, hasHeader: options.header) else { return nil }
      self.guess = guess
      storages = [TableStorage](repeating: .skipped, count: guess.names.count)
      for column in try options.columns.indices(in: guess.names, syntax.path) {
        storages[column] = guess.storages[column]
      }
      for (name, type) in options.types {
        let column = try index(of: name, in: guess.names, syntax.path)
        stated[column] = type
        if storages[column] != .skipped { storages[column] = type.storage(guess.storages[column]) }
      }
    }
    for (column, storage) in storages.enumerated() where storage != .skipped {
      builders[column] = ColumnBuilder(storage)
    }
    return guess
  }

  private func parse(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ cuts: [Int]) -> [TablePiece] {
    let cuts = [start] + cuts.filter { $0 > start }
    let count = cuts.count - 1
    return [TablePiece](unsafeUninitializedCapacity: count) { pieces, initialized in
      Parallel.split(count, grain: 1) { range in
        for i in range {
          let piece = UnsafeBufferPointer(rebasing: bytes[cuts[i]..<cuts[i + 1]])
          (pieces.baseAddress! + i).initialize(to: TablePiece(piece, syntax, storages))
        }
      }
      initialized = count
    }
  }

  /// Throws the first fault of a piece, and notes the columns that have to be read again.
  private func check(
    _ piece: TablePiece, _ line: Int, _ wider: inout [Int: TableStorage]
  ) throws(DataError) {
    let wrong = piece.misfits.filter { stated[$0.key] != nil && !isWidened($0.key, $0.value) }
      .min { ($0.value.line, $0.key) < ($1.value.line, $1.key) }
    if let (column, misfit) = wrong, misfit.line <= piece.fault?.line ?? .max {
      throw DataError(
        path: syntax.path, line: line + misfit.line,
        message: "column \"\(excerpt(guess!.names[column]))\": \"\(misfit.quote)\" is not"
          + " a \(stated[column]!)\(hint(misfit))")
    }
    if let fault = piece.fault {
      throw DataError(path: syntax.path, line: line + fault.line, message: fault.message)
    }
    for (column, misfit) in piece.misfits {
      wider[column] = TableStorage?(misfit.needed).combined(with: wider[column] ?? storages[column])
    }
  }

  /// Returns true if a stated column of numbers only needs the wider storage.
  private func isWidened(_ column: Int, _ misfit: TablePiece.Misfit) -> Bool {
    stated[column] == .number && misfit.needed == .double
  }

  private func hint(_ misfit: TablePiece.Misfit) -> String {
    misfit.line == 0 && options.header == false && guess!.headerLines == 0
      ? "; if this row names the columns, give header: true"
      : "; if it stands for a missing value, add it to missing:"
  }

  /// Reserves the memory of all rows, as the first batch lets expect, so that growing does not need twice as
  /// much.
  private func reserve(_ rows: Int, of bytes: Int) throws(DataError) {
    let share = Double(text.byteCount) / Double(bytes)
    let expected = share <= 1 ? rows : Int(Double(rows) * share * 1.05) + 1
    let sizes = builders.values.map { expected.times($0.bytesPerRow) }
    // The texts of a file have at most its bytes, and twice as many while they grow.
    let texts = builders.values.contains(where: \.hasTexts) ? 2 * text.byteCount : 0
    try requireMemory(sizes.reduce(texts) { $0.plus($1) }, path: syntax.path)
    for (column, builder) in builders where storages[column] != .skipped { builder.reserve(expected) }
  }

  private func append(_ pieces: [TablePiece]) {
    let wanted = storages.indices.filter { storages[$0] != .skipped }
    let rows = pieces.reduce(0) { $0 + $1.rowCount }
    Parallel.split(wanted.count, grain: max(1, 20_000 / max(1, rows))) { range in
      for place in range {
        let column = wanted[place]
        for piece in pieces { builders[column]!.append(piece, column, place, of: wanted.count) }
      }
    }
  }
}
