import MartletCore

/// The directory of a zip archive, with stored and deflated entries, of any size (zip64).
///
/// Source: APPNOTE.TXT 6.3.10, PKWARE.
struct ZipArchive: Sendable {
  struct Entry: Sendable {
    let name: String
    let bytes: StoredBytes

    /// Reads an entry whole.
    func contents(atMost limit: Int) throws(DataError) -> [UInt8] {
      guard bytes.count <= limit else {
        throw DataError(
          path: bytes.file.path, entry: name,
          message: "has \(bytes.count) bytes; it must have at most \(limit)")
      }
      let reader = try ByteReader(bytes, entry: name)
      let contents = try reader.next(bytes.count)
      try reader.finish()
      return contents
    }
  }

  let file: InputFile
  /// The entries in the order of their data.
  let entries: [Entry]

  /// Reads the directory, and checks it against the headers of the entries and against the file's size.
  ///
  /// - Throws: `DataError`, with the entry at fault: an end or a header that is missing, an entry that is
  ///   encrypted, compressed otherwise, named twice, outside the file or above another.
  init(_ file: InputFile) throws(DataError) {
    self.file = file
    let (start, count, total) = try Self.directory(of: file)
    var bytes = ArraySlice(try file.bytes(at: start, count: count))
    var found: [CentralHeader] = []
    var names: Set<ByteName> = []
    while found.count < total {
      guard let header = CentralHeader(&bytes) else {
        throw DataError(
          path: file.path,
          message: "entry \(found.count + 1) of \(total) in the zip archive's directory is damaged")
      }
      guard names.insert(ByteName(header.name)).inserted else {
        throw DataError(path: file.path, entry: header.name, message: "is twice in the zip archive")
      }
      found.append(header)
    }
    found.sort { $0.offset < $1.offset }
    var entries: [Entry] = []
    for (index, header) in found.enumerated() {
      let end = index + 1 < found.count ? found[index + 1].offset : start
      do throws(Flaw) {
        entries.append(Entry(name: header.name, bytes: try header.bytes(in: file, before: end)))
      } catch {
        throw DataError(path: file.path, entry: header.name, message: error.message)
      }
      try entries[index].bytes.checkRatio(entry: header.name)
    }
    self.entries = entries
  }

  /// Finds the directory from the end of the file: its offset, its bytes and its number of entries.
  private static func directory(
    of file: InputFile
  ) throws(DataError) -> (start: Int, byteCount: Int, entries: Int) {
    let tail = min(file.byteCount, 22 + 0xFFFF)
    let bytes = try file.bytes(at: file.byteCount - tail, count: tail)
    // The end record is followed by a comment of the length that it declares.
    guard tail >= 22,
      let place = (0...tail - 22).last(where: {
        bytes[$0...].starts(with: [0x50, 0x4B, 5, 6]) && $0 + 22 + bytes.number(at: $0 + 20, 2) == tail
      })
    else {
      throw DataError(path: file.path, message: "is cut off: the zip archive's directory is not at its end")
    }
    var end = file.byteCount - tail + place
    var (entries, count, start) = (
      bytes.number(at: place + 10, 2), bytes.number(at: place + 12, 4), bytes.number(at: place + 16, 4)
    )
    if place >= 20, bytes[(place - 20)...].starts(with: [0x50, 0x4B, 6, 7]) {
      let record = bytes.number(at: place - 12, 8)
      (start, count, entries) = try wideDirectory(of: file, at: record, before: end - 20)
      end = record
    }
    guard start <= end, count == end - start, entries <= count / CentralHeader.byteCount else {
      throw DataError(
        path: file.path,
        message:
          "the zip archive's directory of \(entries) entries in bytes \(start)..<\(start.plus(count)) must end at \(end)"
      )
    }
    return (start, count, entries)
  }

  /// Reads the place of the directory from the end record of zip64.
  private static func wideDirectory(
    of file: InputFile, at record: Int, before end: Int
  ) throws(DataError) -> (start: Int, byteCount: Int, entries: Int) {
    guard record <= end - 56, let bytes = try? file.bytes(at: record, count: 56),
      bytes.starts(with: [0x50, 0x4B, 6, 6])
    else {
      throw DataError(path: file.path, message: "there is no zip64 end record at byte \(record)")
    }
    return (bytes.number(at: 48, 8), bytes.number(at: 40, 8), bytes.number(at: 32, 8))
  }
}

/// An entry of the directory at the end of a zip archive.
private struct CentralHeader {
  static let byteCount = 46
  let name: String
  private let nameBytes: ArraySlice<UInt8>
  private let flags, method, checksum: Int
  private(set) var storedCount, count, offset: Int

  /// Takes the next header from the front of the directory. Returns nil if there is none.
  init?(_ bytes: inout ArraySlice<UInt8>) {
    guard bytes.count >= Self.byteCount, bytes.starts(with: [0x50, 0x4B, 1, 2]) else { return nil }
    let first = bytes.startIndex
    flags = bytes.number(at: first + 8, 2)
    method = bytes.number(at: first + 10, 2)
    checksum = bytes.number(at: first + 16, 4)
    storedCount = bytes.number(at: first + 20, 4)
    count = bytes.number(at: first + 24, 4)
    offset = bytes.number(at: first + 42, 4)
    let lengths = [28, 30, 32].map { bytes.number(at: first + $0, 2) }
    bytes = bytes.dropFirst(Self.byteCount)
    guard bytes.count >= lengths.reduce(0, +) else { return nil }
    nameBytes = bytes.prefix(lengths[0])
    guard let name = String(validating: nameBytes, as: UTF8.self) else { return nil }
    self.name = name
    let extra = bytes.dropFirst(lengths[0]).prefix(lengths[1])
    bytes = bytes.dropFirst(lengths.reduce(0, +))
    widen(by: extra)
  }

  /// Replaces the fields that are too small for their numbers by those of the zip64 extra field.
  private mutating func widen(by extra: ArraySlice<UInt8>) {
    var extra = extra
    while extra.count >= 4 {
      let kind = extra.number(at: extra.startIndex, 2), length = extra.number(at: extra.startIndex + 2, 2)
      var field = extra.dropFirst(4).prefix(length)
      extra = extra.dropFirst(4 + length)
      guard kind == 1 else { continue }
      for number in [\CentralHeader.count, \.storedCount, \.offset]
      where self[keyPath: number] == 0xFFFF_FFFF && field.count >= 8 {
        self[keyPath: number] = field.number(at: field.startIndex, 8)
        field = field.dropFirst(8)
      }
    }
  }

  /// Returns the place of the entry's bytes, which must end before `end`.
  func bytes(in file: InputFile, before end: Int) throws(Flaw) -> StoredBytes {
    guard flags & 1 == 0 else { throw Flaw(message: "is encrypted") }
    guard let coding: StoredBytes.Coding = [0: .plain, 8: .deflated][method] else {
      throw Flaw(message: "is compressed by method \(method); it must be stored (0) or deflated (8)")
    }
    guard end >= 30, offset <= end - 30, let header = try? file.bytes(at: offset, count: 30),
      header.starts(with: [0x50, 0x4B, 3, 4])
    else { throw Flaw(message: "has no header of its own at byte \(offset), before \(end)") }
    let start = offset + 30 + header.number(at: 26, 2) + header.number(at: 28, 2)
    guard start <= end, storedCount <= end - start else {
      throw Flaw(message: "its \(storedCount) bytes from \(start) on overlap what follows at \(end)")
    }
    guard header.number(at: 26, 2) == nameBytes.count,
      (try? file.bytes(at: offset + 30, count: nameBytes.count))?.elementsEqual(nameBytes) == true
    else { throw Flaw(message: "has another name in its own header") }
    guard coding != .plain || storedCount == count else {
      throw Flaw(message: "is stored in \(storedCount) bytes; it must have \(count)")
    }
    return StoredBytes(
      file: file, coding: coding, start: start, storedCount: storedCount, count: count,
      checksum: UInt32(checksum))
  }
}
