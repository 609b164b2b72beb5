import CZlib
import MartletCore

/// A run of bytes in a file, as it is or compressed.
struct StoredBytes: Sendable {
  /// The compression, with zlib's number for its format.
  enum Coding: Int32 {
    case plain = 0
    /// Deflated without a header, as in a zip archive.
    case deflated = -15
    case gzipped = 31
  }

  let file: InputFile
  let coding: Coding
  /// The offset in the file.
  let start: Int
  /// The number of bytes in the file.
  let storedCount: Int
  /// The number of bytes before compression.
  var count: Int
  /// The CRC-32 of the bytes before compression, or nil if there is none to compare with.
  var checksum: UInt32?

  /// Throws if compressed bytes are too few to stand for `count` bytes: deflating saves at most a factor of
  /// 1032. The memory for the bytes is thus bounded by the size of the file.
  func checkRatio(entry: String?) throws(DataError) {
    guard coding != .plain, count / 1032 > storedCount else { return }
    throw DataError(
      path: file.path, entry: entry,
      message: "\(storedCount) compressed bytes cannot hold the \(count) that the file declares")
  }
}

/// Reads the bytes of a run one after another, and compares their checksum.
final class ByteReader {
  private let bytes: StoredBytes
  private let entry: String?
  private let inflater: Inflater?
  private var position = 0
  private var checksum: uLong = 0
  private var verifies: Bool

  /// Makes a reader whose next byte is that at `start`. The entry is named in errors.
  init(_ bytes: StoredBytes, from start: Int = 0, entry: String?) throws(DataError) {
    self.bytes = bytes
    self.entry = entry
    inflater = bytes.coding == .plain ? nil : try Inflater(bytes, entry: entry)
    verifies = bytes.checksum != nil
    // A header is read again for the checksum. A distant start is not worth the bytes before it.
    if inflater == nil && start > 1 << 16 {
      verifies = false
      position = start
      return
    }
    var rest = start
    while rest > 0 {
      let piece = min(rest, 1 << 16)
      try withScratch(piece) { buffer throws(DataError) in try fill(buffer) }
      rest -= piece
    }
  }

  /// Fills a buffer with the next bytes.
  func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(DataError) {
    guard buffer.count <= bytes.count - position else {
      throw DataError(
        path: bytes.file.path, entry: entry,
        message: "has \(bytes.count) bytes; byte \(position.plus(buffer.count)) is needed")
    }
    if let inflater {
      try inflater.fill(buffer)
    } else {
      try bytes.file.fill(buffer, at: bytes.start + position)
    }
    position += buffer.count
    guard verifies else { return }
    var rest = buffer[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
      checksum = crc32(checksum, piece.bindMemory(to: UInt8.self).baseAddress, uInt(piece.count))
      rest = rest.dropFirst(piece.count)
    }
  }

  /// Returns the next bytes in an array.
  func next(_ count: Int) throws(DataError) -> [UInt8] {
    try requireMemory(count, path: bytes.file.path)
    return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized throws(DataError) in
      try fill(UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count))
      initialized = count
    }
  }

  /// Throws if all bytes were read and their checksum is wrong, or compressed bytes go on.
  func finish() throws(DataError) {
    guard position == bytes.count else { return }
    try inflater?.finish()
    if verifies, let expected = bytes.checksum, checksum != uLong(expected) {
      throw DataError(
        path: bytes.file.path, entry: entry,
        message: "is damaged: its CRC-32 is \(checksum); the file declares \(expected)")
    }
  }
}

/// Calls `body` with memory of its own, aligned for any element.
func withScratch(
  _ byteCount: Int, _ body: (UnsafeMutableRawBufferPointer) throws(DataError) -> Void
) throws(DataError) {
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 16)
  defer { buffer.deallocate() }
  try body(buffer)
}

/// Inflates compressed bytes of a file one after another.
private final class Inflater {
  private let bytes: StoredBytes
  private let entry: String?
  // zlib keeps the stream's address, so that it must not move.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let input = UnsafeMutablePointer<UInt8>.allocate(capacity: inputCount)
  private var offset: Int
  private var isAtEnd = false
  private static let inputCount = 1 << 16

  init(_ bytes: StoredBytes, entry: String?) throws(DataError) {
    self.bytes = bytes
    self.entry = entry
    offset = bytes.start
    stream.initialize(to: z_stream())
    guard mt_inflate_init(stream, bytes.coding.rawValue) == Z_OK else {
      throw error("zlib has no memory to inflate it")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  private func error(_ message: String) -> DataError {
    DataError(path: bytes.file.path, entry: entry, message: message)
  }

  private var remaining: Int { bytes.start + bytes.storedCount - offset }

  func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(DataError) {
    var filled = 0
    while filled < buffer.count {
      guard !isAtEnd else {
        throw error("the compressed data ends early, at byte \(stream.pointee.total_out)")
      }
      filled += try step(UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
    }
  }

  func finish() throws(DataError) {
    var surplus: UInt8 = 0
    while !isAtEnd {
      let count = try withUnsafeMutableBytes(of: &surplus) { byte throws(DataError) in try step(byte) }
      guard count == 0 else { throw error("the compressed data has more than \(bytes.count) bytes") }
    }
    guard stream.pointee.avail_in == 0, remaining == 0 else {
      throw error("\(remaining + Int(stream.pointee.avail_in)) bytes follow the compressed data")
    }
  }

  /// Inflates as much as zlib does in one call, and returns the number of bytes written.
  private func step(_ buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    if stream.pointee.avail_in == 0 && remaining > 0 {
      let count = min(remaining, Self.inputCount)
      try bytes.file.fill(UnsafeMutableRawBufferPointer(start: input, count: count), at: offset)
      offset += count
      stream.pointee.next_in = input
      stream.pointee.avail_in = uInt(count)
    }
    let room = min(buffer.count, 1 << 30)
    stream.pointee.next_out = buffer.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = uInt(room)
    switch inflate(stream, Z_NO_FLUSH) {
    case Z_OK: break
    case Z_STREAM_END: isAtEnd = true
    case Z_BUF_ERROR: throw error("the compressed data is cut off after \(stream.pointee.total_out) bytes")
    default:
      let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib cannot read it"
      throw error("the compressed data is damaged after \(stream.pointee.total_out) bytes: \(reason)")
    }
    return room - Int(stream.pointee.avail_out)
  }
}
