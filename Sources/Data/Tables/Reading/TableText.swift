import MartletCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The text of a table, which is read in batches of bounded size, as often as needed.
struct TableText {
  private enum Source {
    case file(InputFile)
    case bytes([UInt8])
  }

  private let source: Source
  private let syntax: TableSyntax
  let byteCount: Int

  /// The bytes of the pieces of a batch, each of which one thread reads.
  static let pieceBytes = 1 << 18

  /// Opens a file. A pipe is read to its end, because columns may have to be read twice.
  init(path: String, _ syntax: TableSyntax) throws(DataError) {
    let file = try InputFile(path: path, allowsStreams: true)
    self.syntax = syntax
    if file.byteCount > 0 {
      source = .file(file)
      byteCount = file.byteCount
    } else {
      let bytes = try file.readAll { piece throws(DataError) in
        if piece.contains(0) { throw Self.isBinary(path) }
      }
      source = .bytes(bytes)
      byteCount = bytes.count
    }
  }

  init(_ bytes: [UInt8], _ syntax: TableSyntax) {
    self.syntax = syntax
    source = .bytes(bytes)
    byteCount = bytes.count
  }

  private static func isBinary(_ path: String) -> DataError {
    DataError(
      path: path, message: "is not a CSV file: it contains a byte 0; the text must be UTF-8 or Latin-1")
  }

  /// Calls `body` with successive batches: bytes that begin and end with whole rows, and the ends of the
  /// pieces in them, which are ends of rows too.
  func forEachBatch(
    _ body: (UnsafeBufferPointer<UInt8>, [Int]) throws(DataError) -> Void
  ) throws(DataError) {
    // Between the batches one thread reads alone, which takes a small part of the time.
    var buffer = [UInt8](repeating: 0, count: min(byteCount, 2 * Threads.count * Self.pieceBytes) + 1)
    var offset = try markLength(), filled = 0
    while offset < byteCount {
      let count = min(buffer.count - 1 - filled, byteCount - offset)
      let isLast = offset + count == byteCount
      let done = try buffer.withUnsafeMutableBufferPointer { buffer throws(DataError) in
        let space = UnsafeMutableBufferPointer(rebasing: buffer[filled..<filled + count])
        try fill(UnsafeMutableRawBufferPointer(space), at: offset)
        guard memchr(buffer.baseAddress! + filled, 0, count) == nil else { throw Self.isBinary(syntax.path) }
        filled += count
        if isLast, buffer[filled - 1] != UInt8(ascii: "\n") {
          buffer[filled] = UInt8(ascii: "\n")
          filled += 1
        }
        let text = UnsafeBufferPointer(rebasing: buffer[..<filled])
        var cuts = cuts(text)
        // After an open quote there is no end of a row. The scanner reports the quote.
        if isLast, cuts.last != filled { cuts.append(filled) }
        guard let end = cuts.last else { return 0 }
        try body(UnsafeBufferPointer(rebasing: text[..<end]), cuts)
        return end
      }
      offset += count
      filled -= done
      if done > 0 {
        buffer.withUnsafeMutableBytes { _ = memmove($0.baseAddress!, $0.baseAddress! + done, filled) }
      } else {
        // A row longer than the buffer.
        try requireMemory(2 * buffer.count, beside: buffer.count, path: syntax.path)
        buffer += [UInt8](repeating: 0, count: min(buffer.count, byteCount - offset + 1))
      }
    }
  }

  /// Returns the length of the byte order mark.
  private func markLength() throws(DataError) -> Int {
    guard syntax.encoding == .utf8, byteCount >= 3 else { return 0 }
    var mark = [UInt8](repeating: 0, count: 3)
    try mark.withUnsafeMutableBufferPointer { mark throws(DataError) in
      try fill(UnsafeMutableRawBufferPointer(mark), at: 0)
    }
    return mark == [0xEF, 0xBB, 0xBF] ? 3 : 0
  }

  private func fill(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(DataError) {
    switch source {
    case .file(let file): try file.fill(buffer, at: offset)
    case .bytes(let bytes):
      bytes.withUnsafeBytes { buffer.copyMemory(from: .init(rebasing: $0[offset..<offset + buffer.count])) }
    }
  }

  /// Returns the ends of pieces of about ``pieceBytes``. The last is the end of the last whole row.
  private func cuts(_ text: UnsafeBufferPointer<UInt8>) -> [Int] {
    memchr(text.baseAddress!, Int32(UInt8(ascii: "\"")), text.count) == nil
      ? plainCuts(text) : quotedCuts(text)
  }

  private func plainCuts(_ text: UnsafeBufferPointer<UInt8>) -> [Int] {
    var cuts: [Int] = []
    var start = 0
    while start < text.count {
      let stop = min(start + Self.pieceBytes, text.count)
      guard
        let end = text[start..<stop].lastIndex(of: UInt8(ascii: "\n"))
          ?? text[stop...].firstIndex(of: UInt8(ascii: "\n"))
      else { break }
      start = end + 1
      cuts.append(start)
    }
    return cuts
  }

  /// Finds line ends outside of quotes. Doubled quotes change nothing, and quotes in comments do not count.
  private func quotedCuts(_ text: UnsafeBufferPointer<UInt8>) -> [Int] {
    var cuts: [Int] = []
    var isQuoted = false, last = 0, isComment = text[0] == syntax.comment
    for index in text.indices {
      if text[index] == UInt8(ascii: "\"") {
        if !isComment { isQuoted.toggle() }
      } else if text[index] == UInt8(ascii: "\n"), !isQuoted {
        last = index + 1
        isComment = last < text.count && text[last] == syntax.comment
        if last - (cuts.last ?? 0) >= Self.pieceBytes { cuts.append(last) }
      }
    }
    if last > cuts.last ?? 0 { cuts.append(last) }
    return cuts
  }
}
