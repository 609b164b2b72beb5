/// A file of one array without a name, such as an ``NpyFile`` or an ``IDXFile``.
///
/// ```swift
/// let file: any ArrayFile = try NpyFile(path: "points.npy")
/// print(file.array.shape, file.names)  // [100, 3] [""]
/// ```
public protocol ArrayFile: NamedTensors {
  /// The array of the file.
  var array: StoredTensor { get }
}

extension ArrayFile {
  /// The path of the file.
  public var path: String { array.bytes.file.path }

  /// The name of the array: empty, because the format has no names.
  public var names: [String] { [array.name] }

  /// The array if the name is empty, otherwise nil.
  public subscript(name: String) -> StoredTensor? { name.isEmpty ? array : nil }
}
