extension SafetensorsFile {
  /// A tensor to be written to a file. Its bytes are lent at the time of writing.
  ///
  /// ```swift
  /// let weight = Tensor<Float>.normal([3, 4])
  /// let source = SafetensorsFile.Source(name: "weight", tensor: weight)
  /// try SafetensorsFile.write([source], to: "weights.safetensors")
  /// ```
  public struct Source {
    fileprivate let name: String
    fileprivate let dtype: DType
    fileprivate let shape: [Int]
    fileprivate let lendBytes: (_ lend: (UnsafeRawBufferPointer) -> Void) -> Void

    /// Makes a source whose bytes, little-endian and in row-major order, a closure lends at once or in
    /// pieces.
    ///
    /// The closure is called once. For an array `scalars` it is `{ lend in scalars.withUnsafeBytes(lend) }`.
    public init(
      name: String, dtype: DType, shape: [Int],
      lendingBytes lendBytes: @escaping (_ lend: (UnsafeRawBufferPointer) -> Void) -> Void
    ) {
      self.name = name
      self.dtype = dtype
      self.shape = shape
      self.lendBytes = lendBytes
    }

    /// Makes a source from bytes, little-endian and in row-major order.
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
        throw DataError(
          path: output.path, entry: name, message: "\(lent) bytes were lent; there must be \(count)")
      }
    }
  }

  /// Writes tensors to a file, whole or not at all. After a failure the old file is unchanged.
  ///
  /// The tensors are ordered as by the format's own writer: by element type, then by name. Only one tensor's
  /// bytes are requested at a time. Empty `metadata` is left out.
  ///
  /// ```swift
  /// let weight = Tensor<Float>.normal([3, 4]), bias = Tensor<Float>.zeros([3])
  /// let sources = [("weight", weight), ("bias", bias)].map {
  ///   SafetensorsFile.Source(name: $0.0, tensor: $0.1)
  /// }
  /// try SafetensorsFile.write(sources, metadata: ["epoch": "3"], to: "layer.safetensors")
  /// ```
  ///
  /// - Throws: `DataError`, with the entry at fault: a name that is reserved or occurs twice, an impossible
  ///   shape, a number of bytes that does not fit the shape, or a failure of the file system.
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

  /// Returns the header with its length, padded to a multiple of 8 bytes, and the number of bytes of each
  /// tensor.
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
          throw Flaw(message: "the name is taken")
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
        path: path, message: "the header has \(json.count) bytes; it must have at most \(longestHeader)")
    }
    return ((0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) } + json, counts)
  }

  private static func metadataField(_ metadata: [String: String]) -> String {
    let texts = metadata.sorted { ByteName($0.key) < ByteName($1.key) }
      .map { "\(SafetensorsHeader.quoted($0)):\(SafetensorsHeader.quoted($1))" }
    return "\"\(metadataKey)\":{\(texts.joined(separator: ","))}"
  }
}
