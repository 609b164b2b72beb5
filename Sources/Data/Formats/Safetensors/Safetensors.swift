/// A file of named tensors in the safetensors format: the length of the header, the header in JSON, and the
/// data.
///
/// Opening a file reads and checks only its header. The data of a tensor is read on request. The file stays
/// open as long as a copy of this value lives, even if another file takes its name.
///
/// Source: the format's description at https://huggingface.co/docs/safetensors.
///
/// ```swift
/// let file = try SafetensorsFile(path: "model.safetensors")
/// for name in file.names { print(name, file.entries[name]?.shape ?? []) }
/// let weight: Tensor<Float> = try file.tensor("fc.weight")
/// ```
public struct SafetensorsFile: NamedTensors {
  /// The element types that can be read and written.
  public typealias DType = StoredType

  /// The header's entry of one tensor.
  ///
  /// ```swift
  /// let file = try SafetensorsFile(path: "model.safetensors")
  /// if let entry = file.entries["fc.weight"] { print(entry.dtypeName, entry.shape, entry.range) }
  /// ```
  public struct Entry: Sendable, Equatable {
    /// The file's name for the element type.
    public let dtypeName: String

    /// The extent of each axis; empty for a scalar.
    public let shape: [Int]

    /// The place of the tensor's bytes, counted from the start of the data.
    public let range: Range<Int>

    /// The element type, or nil if the type cannot be read.
    public var dtype: DType? { DType(rawValue: dtypeName) }
  }

  /// The header's entries of all tensors, by name. Two names are equal only if their bytes are.
  ///
  /// ```swift
  /// let file = try SafetensorsFile(path: "model.safetensors")
  /// print(file.entries.count, file.entries["fc.bias"] != nil)
  /// ```
  public struct Entries: Sendable {
    fileprivate var byName: [ByteName: Entry] = [:]

    /// The number of tensors.
    public var count: Int { byName.count }

    /// The entry of a name, or nil if the file does not have the name.
    public subscript(name: String) -> Entry? { byName[ByteName(name)] }
  }

  /// The names of the tensors, in the order of their data.
  public let names: [String]

  /// The header's entries of the tensors.
  public let entries: Entries

  /// The texts stored beside the tensors; empty if there are none.
  public let metadata: [String: String]

  /// The path of the file.
  public var path: String { file.path }

  private let file: InputFile
  private let dataStart: Int

  /// Opens a file, and checks its whole header against its size.
  ///
  /// - Throws: `DataError`, with the entry at fault: a file that is missing or not a regular file; a header
  ///   that is too long, is not JSON, repeats a key or lacks one; a shape that does not fit its bytes; bytes
  ///   that overlap, belong to no entry or lie outside the file.
  public init(path: String) throws(DataError) {
    try self.init(InputFile(path: path, allowsStreams: false))
  }

  init(_ file: InputFile) throws(DataError) {
    self.file = file
    let header = try Self.header(of: file)
    dataStart = 8 + header.count
    let decoded = try SafetensorsHeader(header, path: file.path)
    metadata = decoded.metadata

    var entries = Entries()
    for (name, tensor) in decoded.tensors {
      do throws(Flaw) {
        entries.byName[ByteName(name)] = try tensor.checked(dataCount: file.byteCount - dataStart)
      } catch {
        throw DataError(path: file.path, entry: name, message: error.message)
      }
    }
    self.entries = entries
    names = try Self.contiguous(
      decoded.tensors.map(\.name), entries, dataCount: file.byteCount - dataStart, path: file.path)
  }

  /// The tensor of a name, or nil if the file does not have the name.
  public subscript(name: String) -> StoredTensor? {
    entries[name].map { entry in
      StoredTensor(
        name: name, dtypeName: entry.dtypeName, dtype: entry.dtype, shape: entry.shape,
        bytes: StoredBytes(
          file: file, coding: .plain, start: dataStart + entry.range.lowerBound,
          storedCount: entry.range.count,
          count: entry.range.count))
    }
  }

  /// Returns the bytes of a tensor of any element type, little-endian and in row-major order.
  ///
  /// - Throws: `DataError` if there is no such tensor, or the file cannot be read.
  public func bytes(of name: String) throws(DataError) -> [UInt8] {
    let range = try range(of: name)
    return try file.bytes(at: dataStart + range.lowerBound, count: range.count)
  }

  /// Reads the bytes of a tensor into memory of exactly their size, without a further copy.
  ///
  /// - Throws: `DataError` for the same faults as `bytes(of:)`, and if the sizes differ.
  public func read(_ name: String, into buffer: UnsafeMutableRawBufferPointer) throws(DataError) {
    let range = try range(of: name)
    guard buffer.count == range.count else {
      throw DataError(
        path: file.path, entry: name, message: "has \(range.count) bytes; the buffer has \(buffer.count)")
    }
    try file.fill(buffer, at: dataStart + range.lowerBound)
  }

  private func range(of name: String) throws(DataError) -> Range<Int> {
    guard let entry = entries[name] else {
      throw DataError(path: file.path, entry: name, message: "is not in the file")
    }
    return entry.range
  }
}

// MARK: - Checking a header

extension SafetensorsFile {
  /// The key of the texts. No tensor can have this name.
  static let metadataKey = "__metadata__"

  /// The length in bytes of the longest header that the format's own reader accepts.
  static let longestHeader = 100_000_000

  private static func header(of file: InputFile) throws(DataError) -> [UInt8] {
    guard file.byteCount >= 8 else {
      throw DataError(
        path: file.path,
        message:
          "is not a safetensors file: it has \(file.byteCount) bytes; the header's length alone takes 8")
    }
    let start = try file.bytes(at: 0, count: min(file.byteCount, 9))
    let length = start.prefix(8).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    guard length == 0 || start.count < 9 || start[8] == UInt8(ascii: "{") else {
      throw DataError(
        path: file.path,
        message: "is not a safetensors file: a JSON header must follow the 8 bytes of its length")
    }
    guard length <= min(longestHeader, file.byteCount - 8) else {
      throw DataError(
        path: file.path,
        message:
          "a header of \(length) bytes in a file of \(file.byteCount) is too long; "
          + "it must have at most \(longestHeader) and end within the file")
    }
    return try file.bytes(at: 8, count: Int(length))
  }

  /// Returns the names in the order of their data, which must be one run of bytes without overlaps and holes.
  private static func contiguous(
    _ names: [String], _ entries: Entries, dataCount: Int, path: String
  ) throws(DataError) -> [String] {
    // Empty tensors at the same offset keep the order of the header.
    let ordered = names.enumerated().map { (name: $1, range: entries[$1]!.range, place: $0) }.sorted { a, b in
      (a.range.lowerBound, a.range.upperBound, a.place) < (b.range.lowerBound, b.range.upperBound, b.place)
    }
    var end = 0
    for (name, range, _) in ordered {
      guard range.lowerBound == end else {
        let fault = range.lowerBound < end ? "overlap the data before them" : "leave a hole before them"
        throw DataError(
          path: path, entry: name,
          message: "data_offsets [\(range.lowerBound), \(range.upperBound)] \(fault), which ends at \(end)")
      }
      end = range.upperBound
    }
    guard end == dataCount else {
      throw DataError(
        path: path, entry: ordered.last?.name,
        message: "the last data ends at \(end); the file goes on to \(dataCount)")
    }
    return ordered.map(\.name)
  }
}

extension SafetensorsHeader.Tensor {
  /// Returns the entry, after checking its shape and its bytes against each other and against the data.
  fileprivate func checked(dataCount: Int) throws(Flaw) -> SafetensorsFile.Entry {
    guard offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1], offsets[1] <= dataCount else {
      throw Flaw(
        message: "data_offsets \(excerpt(offsets)) must be a begin and an end within 0...\(dataCount)")
    }
    let entry = SafetensorsFile.Entry(dtypeName: dtype, shape: shape, range: offsets[0]..<offsets[1])
    let byteCount = try (entry.dtype ?? .u8).byteCount(of: shape)
    guard entry.dtype == nil || byteCount == entry.range.count else {
      throw Flaw(
        message:
          "\(excerpt(dtype)) of shape \(excerpt(shape)) has \(entry.range.count) bytes; it must have \(byteCount)"
      )
    }
    return entry
  }
}
