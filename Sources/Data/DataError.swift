/// Why a data file could not be read or written: the file, the place in it and what is wrong there.
public struct DataError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file, as the caller named it.
  public let path: String

  /// The 1-based line of a text file, where one line is to blame.
  public let line: Int?

  /// The name of the entry, in a file of named entries, where one is to blame.
  public let entry: String?

  /// What is wrong, and what was expected.
  public let message: String

  /// Makes an error about a file, a line of it or an entry in it.
  public init(path: String, line: Int? = nil, entry: String? = nil, message: String) {
    self.path = path
    self.line = line
    self.entry = entry
    self.message = message
  }

  /// The error on one line: `iris.csv:7: 4 fields; 5 expected`, `model.safetensors: "bias": no shape`.
  public var description: String {
    let place = line.map { ":\($0)" } ?? ""
    let subject = entry.map { "\(excerpt($0).debugDescription): " } ?? ""
    return "\(path)\(place): \(subject)\(message)"
  }
}
