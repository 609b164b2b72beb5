/// A loader whose place in its epochs can be saved and restored. ``DataLoader`` and
/// ``StreamLoader`` are.
///
/// ```swift
/// func rewind(_ loader: any PositionedLoader) {
///   loader.position = LoaderPosition(epoch: 0, batch: 0)
/// }
/// ```
public protocol PositionedLoader: AnyObject {
  /// The place of the next batch.
  var position: LoaderPosition { get set }
}

extension DataLoader: PositionedLoader {}

extension StreamLoader: PositionedLoader {}
