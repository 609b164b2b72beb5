/// The error of a data file that cannot be read or written. It names the file, the place in it and the fault.
///
/// ```swift
/// do {
///   let iris = try Table(csv: "iris.csv")
///   print(iris.rowCount)
/// } catch {
///   print(error.path, error.line ?? 0, error.message)
/// }
/// ```
public struct DataError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file, as the caller named it.
  public let path: String

  /// The number of the line with the fault, from 1, in a text file; nil if no single line is at fault.
  public let line: Int?

  /// The name of the entry with the fault, in a file of named entries; nil if no single entry is at fault.
  public let entry: String?

  /// The fault, and what was expected.
  public let message: String

  /// Makes an error about a file, about a line of it, or about an entry in it.
  public init(path: String, line: Int? = nil, entry: String? = nil, message: String) {
    self.path = path
    self.line = line
    self.entry = entry
    self.message = message
  }

  /// The error on one line: `iris.csv:7: the row has 4 fields; it must have 5` or
  /// `model.safetensors: "bias": has no shape`.
  public var description: String {
    let place = line.map { ":\($0)" } ?? ""
    let subject = entry.map { "\(excerpt($0).debugDescription): " } ?? ""
    return "\(path)\(place): \(subject)\(message)"
  }
}

/// A fault in an entry, of which a `DataError` is made where the file and the entry are known.
struct Flaw: Error {
  let message: String
}
