extension SafetensorsFile {
  /// A tensor to be written to a file.
  public typealias Source = TensorSource

  /// Writes tensors to a file, whole or not at all. After a failure the old file is unchanged.
  ///
  /// The tensors are ordered as by the format's own writer: by element type, then by name. Only one tensor's
  /// bytes are requested at a time. Empty `metadata` is left out.
  ///
  /// ```swift
  /// let weight = Tensor<Float>.normal([3, 4]), bias = Tensor<Float>.zeros([3])
  /// let sources = [("weight", weight), ("bias", bias)].map {
  ///   TensorSource(name: $0.0, tensor: $0.1)
  /// }
  /// try SafetensorsFile.write(sources, metadata: ["epoch": "3"], to: "layer.safetensors")
  /// ```
  ///
  /// - Throws: `DataError`, with the entry at fault: a name that is reserved or occurs twice, an impossible
  ///   shape, a number of bytes that does not fit the shape, or a failure of the file system.
  public static func write(
    _ sources: [Source], metadata: [String: String] = [:], to path: String
  ) throws(DataError) {
    let rank = Dictionary(uniqueKeysWithValues: zip(StoredType.allCases, 0...))
    let sources = sources.sorted {
      $0.dtype == $1.dtype ? ByteName($0.name) < ByteName($1.name) : rank[$0.dtype]! > rank[$1.dtype]!
    }
    let (header, counts) = try header(of: sources, metadata, path: path)
    try writeAtomically(to: path) { output throws(DataError) in
      try output.append(header)
      for (source, count) in zip(sources, counts) {
        try source.append(to: path, expecting: count) { bytes throws(DataError) in try output.append(bytes) }
      }
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
    try sources.checkNames(reserved: metadataKey, path: path)
    for source in sources {
      do throws(Flaw) {
        guard source.dtype != .c128 else { throw Flaw(message: "safetensors files have no type C128") }
        counts.append(try source.dtype.byteCount(of: source.shape))
        let (next, overflows) = end.addingReportingOverflow(counts[counts.count - 1])
        guard !overflows else { throw Flaw(message: "the data before it and its own exceed 2^63 bytes") }
        let shape = source.shape.map(String.init).joined(separator: ",")
        fields.append(
          "\(JSONText.quoted(source.name)):{\"dtype\":\"\(source.dtype.rawValue)\",\"shape\":[\(shape)],"
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
    return (littleEndian((json.count, 8)) + json, counts)
  }

  private static func metadataField(_ metadata: [String: String]) -> String {
    let texts = metadata.sorted { ByteName($0.key) < ByteName($1.key) }
      .map { "\(JSONText.quoted($0)):\(JSONText.quoted($1))" }
    return "\"\(metadataKey)\":{\(texts.joined(separator: ","))}"
  }
}
