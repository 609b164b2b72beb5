import CZlib

/// Writes a zip archive, with zip64 fields wherever sizes, offsets or the number of entries need them.
struct ZipWriter {
  typealias Append = (UnsafeRawBufferPointer) throws(DataError) -> Void

  private let output: OutputFile
  private var offset = 0
  private var directory: [UInt8] = []
  private var count = 0

  init(_ output: OutputFile) { self.output = output }

  private mutating func append(_ bytes: [UInt8]) throws(DataError) {
    try output.append(bytes)
    offset += bytes.count
  }

  /// Adds an entry, whose bytes `body` appends piece by piece.
  mutating func add(
    _ name: String, isDeflated: Bool = false, _ body: (Append) throws(DataError) -> Void
  ) throws(DataError) {
    guard name.utf8.count <= 0xFFFF else {
      throw DataError(
        path: output.path, entry: name,
        message: "the name has \(name.utf8.count) bytes; at most 65535 are allowed")
    }
    let start = offset
    // The sizes and the checksum are known afterwards, and replace these zeros.
    try append(header(name, isDeflated, checksum: 0, sizes: [0, 0]))
    var checksum: uLong = 0, total = 0, stored = 0
    let deflater = isDeflated ? try Deflater(output.path) : nil
    let output = output
    let write: Append = { bytes throws(DataError) in
      stored += bytes.count
      try output.append(bytes)
    }
    try body { bytes throws(DataError) in
      total += bytes.count
      for start in stride(from: 0, to: bytes.count, by: 1 << 30) {
        let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<min(bytes.count, start + 1 << 30)])
        checksum = crc32(checksum, piece.bindMemory(to: UInt8.self).baseAddress, uInt(piece.count))
        if let deflater { try deflater.deflate(piece, Z_NO_FLUSH, write) } else { try write(piece) }
      }
    }
    try deflater?.deflate(UnsafeRawBufferPointer(start: nil, count: 0), Z_FINISH, write)
    offset += stored
    let sizes = [total, stored]
    try output.replace(header(name, isDeflated, checksum: checksum, sizes: sizes), at: start)
    record(name, isDeflated, checksum, sizes, start)
  }

  private func fields(_ isDeflated: Bool, _ checksum: uLong) -> [UInt8] {
    // Version 4.5, names in UTF-8, the method, and midnight of 1 January 1980.
    littleEndian((45, 2), (0x800, 2), (isDeflated ? 8 : 0, 2), (0, 2), (0x21, 2), (Int(checksum), 4))
  }

  /// The header before an entry. Its sizes are always in the zip64 field.
  private func header(_ name: String, _ isDeflated: Bool, checksum: uLong, sizes: [Int]) -> [UInt8] {
    littleEndian((0x0403_4B50, 4)) + fields(isDeflated, checksum)
      + littleEndian((0xFFFF_FFFF, 4), (0xFFFF_FFFF, 4), (name.utf8.count, 2), (20, 2)) + name.utf8
      + littleEndian((1, 2), (16, 2), (sizes[0], 8), (sizes[1], 8))
  }

  private mutating func record(
    _ name: String, _ isDeflated: Bool, _ checksum: uLong, _ sizes: [Int], _ start: Int
  ) {
    let numbers = [sizes[0], sizes[1], start]
    let wide = numbers.filter { $0 >= 0xFFFF_FFFF }
    let extra =
      wide.isEmpty ? [] : littleEndian((1, 2), (8 * wide.count, 2)) + wide.flatMap { littleEndian(($0, 8)) }
    let narrow = numbers.map { min($0, 0xFFFF_FFFF) }
    directory += littleEndian((0x0201_4B50, 4), (45, 2)) + fields(isDeflated, checksum)
    directory += littleEndian((narrow[1], 4), (narrow[0], 4), (name.utf8.count, 2), (extra.count, 2))
    directory += littleEndian((0, 2), (0, 2), (0, 2), (0, 4), (narrow[2], 4)) + name.utf8 + extra
    count += 1
  }

  /// Writes the directory.
  mutating func finish() throws(DataError) {
    let start = offset, end = start + directory.count
    try append(directory)
    if count >= 0xFFFF || end >= 0xFFFF_FFFF {
      try append(
        littleEndian((0x0606_4B50, 4), (44, 8), (45, 2), (45, 2), (0, 4), (0, 4), (count, 8), (count, 8))
          + littleEndian((directory.count, 8), (start, 8))
          + littleEndian((0x0706_4B50, 4), (0, 4), (end, 8), (1, 4)))
    }
    let entries = min(count, 0xFFFF)
    try append(
      littleEndian((0x0605_4B50, 4), (0, 2), (0, 2), (entries, 2), (entries, 2))
        + littleEndian((min(directory.count, 0xFFFF_FFFF), 4), (min(start, 0xFFFF_FFFF), 4), (0, 2)))
  }
}

/// Deflates bytes piece by piece, with zlib's usual effort.
private final class Deflater {
  // zlib keeps the stream's address, so that it must not move.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

  init(_ path: String) throws(DataError) {
    stream.initialize(to: z_stream())
    guard mt_deflate_init(stream, Z_DEFAULT_COMPRESSION, StoredBytes.Coding.deflated.rawValue) == Z_OK else {
      throw DataError(path: path, message: "zlib has no memory to deflate it")
    }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
    output.deallocate()
  }

  func deflate(
    _ bytes: UnsafeRawBufferPointer, _ flush: Int32, _ write: ZipWriter.Append
  ) throws(DataError) {
    stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = uInt(bytes.count)
    repeat {
      stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
      stream.pointee.avail_out = uInt(output.count)
      _ = CZlib.deflate(stream, flush)
      let count = output.count - Int(stream.pointee.avail_out)
      try write(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(output)[..<count]))
      // A full buffer may have left more to write.
    } while stream.pointee.avail_out == 0
  }
}
