extension SafetensorsFile {
  /// A tensor to be written, which lends its bytes when their turn comes.
  public struct Source {
    fileprivate let name: String
    fileprivate let dtype: DType
    fileprivate let shape: [Int]
    fileprivate let lendBytes: (_ lend: (UnsafeRawBufferPointer) -> Void) -> Void

    /// A tensor whose bytes, little-endian and in row-major order, a closure lends, at once or in pieces.
    ///
    /// The closure is called once: `{ lend in scalars.withUnsafeBytes(lend) }`.
    public init(
      name: String, dtype: DType, shape: [Int],
      lendingBytes lendBytes: @escaping (_ lend: (UnsafeRawBufferPointer) -> Void) -> Void
    ) {
      self.name = name
      self.dtype = dtype
      self.shape = shape
      self.lendBytes = lendBytes
    }

    /// A tensor of bytes, little-endian and in row-major order.
    public init(name: String, dtype: DType, shape: [Int], bytes: [UInt8]) {
      self.init(name: name, dtype: dtype, shape: shape) { lend in bytes.withUnsafeBytes(lend) }
    }

    fileprivate func append(to output: OutputFile, expecting count: Int) throws(DataError) {
      var failure: DataError?
      var lent = 0
      lendBytes { bytes in
        lent += bytes.count
        guard failure == nil else { return }
        do throws(DataError) { try output.append(bytes) } catch { failure = error }
      }
      if let failure { throw failure }
      guard lent == count else {
        throw DataError(path: output.path, entry: name, message: "\(lent) bytes lent; \(count) expected")
      }
    }
  }

  /// Writes tensors to a file, whole or not at all: after a failure the old file is as it was.
  ///
  /// The order is that of the format's own writer: by element type, then by name. The bytes of one tensor
  /// at a time are asked for. Empty `metadata` is left out.
  ///
  /// - Throws: `DataError`, with the entry to blame: a name that is reserved or comes twice, a shape that
  ///   is not possible, a number of bytes that is not the shape's, a failure of the file system.
  public static func write(
    _ sources: [Source], metadata: [String: String] = [:], to path: String
  ) throws(DataError) {
    let rank = Dictionary(uniqueKeysWithValues: zip(DType.allCases, 0...))
    let sources = sources.sorted {
      $0.dtype == $1.dtype ? ByteName($0.name) < ByteName($1.name) : rank[$0.dtype]! > rank[$1.dtype]!
    }
    let (header, counts) = try header(of: sources, metadata, path: path)
    try writeAtomically(to: path) { output throws(DataError) in
      try header.span.withUnsafeBytes { bytes throws(DataError) in try output.append(bytes) }
      for (source, count) in zip(sources, counts) { try source.append(to: output, expecting: count) }
    }
  }

  /// The header with its length, padded to a multiple of 8, and the byte count of each tensor.
  private static func header(
    of sources: [Source], _ metadata: [String: String], path: String
  ) throws(DataError) -> (bytes: [UInt8], counts: [Int]) {
    var fields: [String] = []
    if !metadata.isEmpty { fields.append(metadataField(metadata)) }
    var counts: [Int] = []
    var end = 0
    var names: Set<ByteName> = [ByteName(metadataKey)]
    for source in sources {
      do throws(Flaw) {
        guard names.insert(ByteName(source.name)).inserted else {
          throw Flaw(message: "a name that is taken")
        }
        counts.append(try byteCount(of: source.shape, source.dtype))
        let (next, overflows) = end.addingReportingOverflow(counts[counts.count - 1])
        guard !overflows else { throw Flaw(message: "the data before it and its own exceed 2^63 bytes") }
        let shape = source.shape.map(String.init).joined(separator: ",")
        fields.append(
          "\(SafetensorsHeader.quoted(source.name)):{\"dtype\":\"\(source.dtype.rawValue)\",\"shape\":[\(shape)],"
            + "\"data_offsets\":[\(end),\(next)]}")
        end = next
      } catch {
        throw DataError(path: path, entry: source.name, message: error.message)
      }
    }
    var json = Array("{\(fields.joined(separator: ","))}".utf8)
    json.append(contentsOf: repeatElement(UInt8(ascii: " "), count: -json.count & 7))
    guard json.count <= longestHeader else {
      throw DataError(
        path: path, message: "a header of \(json.count) bytes; at most \(longestHeader) expected")
    }
    return ((0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) } + json, counts)
  }

  private static func metadataField(_ metadata: [String: String]) -> String {
    let texts = metadata.sorted { ByteName($0.key) < ByteName($1.key) }
      .map { "\(SafetensorsHeader.quoted($0)):\(SafetensorsHeader.quoted($1))" }
    return "\"\(metadataKey)\":{\(texts.joined(separator: ","))}"
  }
}
