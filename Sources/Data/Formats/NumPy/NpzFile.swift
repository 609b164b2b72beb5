/// Named arrays in NumPy's `.npz` format: a zip archive, compressed or not.
///
/// Opening a file reads and checks the archive's directory and the headers of the arrays. Elements are read on
/// request, with their checksum. Entries that are not arrays are left out.
///
/// ```swift
/// let weight = Tensor<Float>.normal([3, 4])
/// try NpzFile.write([TensorSource(name: "weight", tensor: weight)], to: "layer.npz")
/// let file = try NpzFile(path: "layer.npz")
/// let again: Tensor<Float> = try file.tensor("weight")
/// ```
public struct NpzFile: NamedTensors {
  /// The path of the file.
  public let path: String

  /// The names of the arrays, without `.npy`, in the order of their data.
  public let names: [String]

  private var tensors: [ByteName: StoredTensor] = [:]

  /// The array of a name, or nil if the file does not have the name.
  public subscript(name: String) -> StoredTensor? { tensors[ByteName(name)] }

  /// Opens a file, and checks its directory and the headers of its arrays.
  ///
  /// - Throws: ``DataError``, with the entry at fault: a file that is not a zip archive, entries that overlap,
  ///   are encrypted or lie outside the file, and arrays with more or fewer bytes than their headers declare.
  public init(path: String) throws(DataError) {
    try self.init(ZipArchive(InputFile(path: path, allowsStreams: false)))
  }

  init(_ archive: ZipArchive) throws(DataError) {
    path = archive.file.path
    var names: [String] = []
    for entry in archive.entries where entry.name.utf8.suffix(4).elementsEqual(".npy".utf8) {
      let name = String(decoding: entry.name.utf8.dropLast(4), as: UTF8.self)
      names.append(name)
      tensors[ByteName(name)] = try entry.bytes.array(name)
    }
    self.names = names
  }

  /// Writes arrays to a file, whole or not at all. After a failure the old file is unchanged.
  ///
  /// Only one array's bytes are requested at a time. They stay in the order of `sources`.
  ///
  /// ```swift
  /// let points = Tensor<Double>.zeros([1000, 3]), labels = Tensor<Int>.zeros([1000])
  /// let sources = [TensorSource(name: "x", tensor: points), TensorSource(name: "y", tensor: labels)]
  /// try NpzFile.write(sources, compressed: true, to: "data.npz")
  /// ```
  ///
  /// - Parameters:
  ///   - sources: The arrays with their names.
  ///   - compressed: True if the bytes are deflated, as by `numpy.savez_compressed`.
  ///   - path: The path of the file.
  /// - Throws: ``DataError``, with the entry at fault: a name that occurs twice or is too long, bfloat16
  ///   elements, which NumPy does not have, or a failure of the file system.
  public static func write(
    _ sources: [TensorSource], compressed: Bool = false, to path: String
  ) throws(DataError) {
    try sources.checkNames(path: path)
    let headers = try sources.map { source throws(DataError) in try source.npyHeader(path: path) }
    try writeAtomically(to: path) { output throws(DataError) in
      var archive = ZipWriter(output)
      for (source, (header, count)) in zip(sources, headers) {
        try archive.add(source.name + ".npy", isDeflated: compressed) { append throws(DataError) in
          try header.span.withUnsafeBytes { bytes throws(DataError) in try append(bytes) }
          try source.append(to: path, expecting: count, append)
        }
      }
      try archive.finish()
    }
  }
}
