import MartletCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension DataError {
  /// Returns the error that the C library has just reported through `errno`.
  static func system(_ path: String) -> DataError {
    DataError(path: path, message: String(cString: strerror(errno)))
  }
}

/// The largest number of bytes in one call: systems refuse or shorten transfers of more than 2 GiB.
private let largestTransfer = 1 << 30

/// A file open for reading. It is closed when the last reference to it goes away.
///
/// It remains the file that was opened, even if another file takes its name.
final class InputFile: Sendable {
  let path: String
  private let descriptor: Int32

  /// The size when the file was opened; 0 for a pipe.
  let byteCount: Int

  /// Opens a regular file. With `allowsStreams` a pipe or a device can be opened too; `readAll` reads it to
  /// its end.
  init(path: String, allowsStreams: Bool) throws(DataError) {
    // Without O_NONBLOCK, opening a pipe waits for its writer. Only a caller that allows streams may wait.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | (allowsStreams ? 0 : O_NONBLOCK))
    guard descriptor >= 0 else { throw .system(path) }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    let kind = status.st_mode & S_IFMT
    guard isKnown, kind != S_IFDIR, allowsStreams || kind == S_IFREG else {
      let fault = kind == S_IFDIR ? "Is a directory" : "is not a regular file; it must be one"
      let error = isKnown ? DataError(path: path, message: fault) : .system(path)
      close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
    byteCount = kind == S_IFREG ? Int(status.st_size) : 0
  }

  deinit { close(descriptor) }

  /// Reads everything from the current position to the end. It works for a pipe too.
  ///
  /// Each piece that arrives is passed to `check`. A wrong kind of file can thus be refused early, even if
  /// the stream is endless.
  ///
  /// - Throws: `DataError` if there are more than `limit` bytes. The default limit is half of the memory.
  func readAll(
    atMost limit: Int = StoragePool.machineBytes / 2,
    check: (ArraySlice<UInt8>) throws(DataError) -> Void
  ) throws(DataError) -> [UInt8] {
    let tooMany = DataError(
      path: path, message: "has more than \(limit) bytes, which the memory does not allow")
    guard byteCount <= limit else { throw tooMany }
    try requireMemory(byteCount, path: path)
    var bytes = [UInt8](repeating: 0, count: byteCount + 4096)
    var filled = 0
    while true {
      if filled == bytes.count {
        try requireMemory(2 * filled, beside: filled, path: path)
        bytes.append(contentsOf: repeatElement(0, count: filled))
      }
      let count = bytes.withUnsafeMutableBytes { buffer in
        read(descriptor, buffer.baseAddress! + filled, min(buffer.count - filled, 1 << 20))
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .system(path) }
      if count == 0 { break }
      try check(bytes[filled..<filled + count])
      filled += count
      guard filled <= limit else { throw tooMany }
    }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }

  /// Fills a buffer with the bytes from an offset on. Several threads may call it at once.
  func fill(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(DataError) {
    var filled = 0
    while filled < buffer.count {
      let count = pread(
        descriptor, buffer.baseAddress! + filled, min(buffer.count - filled, largestTransfer),
        off_t(offset + filled))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .system(path) }
      guard count > 0 else {
        throw DataError(
          path: path, message: "ends at byte \(offset + filled); it must reach \(offset + buffer.count)")
      }
      filled += count
    }
  }

  /// Returns a new array of the bytes from an offset on.
  func bytes(at offset: Int, count: Int) throws(DataError) -> [UInt8] {
    try requireMemory(count, path: path)
    return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized throws(DataError) in
      try fill(UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count), at: offset)
      initialized = count
    }
  }
}

/// Throws unless the system has so much memory in one piece, besides the memory already held. An array whose
/// allocation fails would end the process.
func requireMemory(_ byteCount: Int, beside held: Int = 0, path: String) throws(DataError) {
  if byteCount < 1 << 20 { return }
  var probe: UnsafeMutableRawPointer?
  guard byteCount.plus(held) <= StoragePool.machineBytes, posix_memalign(&probe, 64, byteCount) == 0 else {
    throw DataError(
      path: path, message: "\(byteCount) bytes of memory are needed, more than the system gives")
  }
  free(probe)
}

/// A file open for writing. The function that opened the descriptor closes it.
struct OutputFile {
  let path: String
  let descriptor: Int32

  func append(_ bytes: UnsafeRawBufferPointer) throws(DataError) {
    try transfer(bytes) { write(descriptor, $0, $1) }
  }

  func append(_ bytes: [UInt8]) throws(DataError) {
    try bytes.span.withUnsafeBytes { bytes throws(DataError) in try append(bytes) }
  }

  /// Replaces bytes that were written before. The next bytes are appended at the end still.
  func replace(_ bytes: [UInt8], at offset: Int) throws(DataError) {
    try bytes.span.withUnsafeBytes { bytes throws(DataError) in
      let start = bytes.baseAddress
      try transfer(bytes) { pwrite(descriptor, $0, $1, off_t(offset + ($0 - start!))) }
    }
  }

  private func transfer(
    _ bytes: UnsafeRawBufferPointer, _ write: (UnsafeRawPointer, Int) -> Int
  ) throws(DataError) {
    var written = 0
    while written < bytes.count {
      let count = write(bytes.baseAddress! + written, min(bytes.count - written, largestTransfer))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .system(path) }
      written += count
    }
  }
}
