import Foundation

/// The checkout from which the tests were built.
public enum Checkout {
  /// The root folder of the checkout.
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Reads a file of the checkout.
  public static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// The paths of the files below a folder whose names end in `suffix`, sorted.
  public static func files(in folder: String, suffix: String) -> [String] {
    let below = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
    let paths = below.map { $0.compactMap { $0 as? String } } ?? []
    return paths.filter { $0.hasSuffix(suffix) }.map { folder + "/" + $0 }.sorted()
  }
}
