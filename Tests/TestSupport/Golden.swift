import Foundation

/// The fixtures under Tests/Golden.
public enum Golden {
  /// The folder Tests/Golden.
  public static let folder = Checkout.root.appendingPathComponent("Tests/Golden")

  /// The location of a fixture.
  public static func url(_ name: String) -> URL {
    folder.appendingPathComponent("Fixtures").appendingPathComponent(name)
  }

  /// The bytes of a fixture.
  public static func data(_ name: String) throws -> Data { try Data(contentsOf: url(name)) }
}
