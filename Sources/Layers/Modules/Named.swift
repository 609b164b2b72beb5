/// Gives a stored parameter, buffer or module a name of its own in files and errors, for a file whose names do
/// not follow from Swift's.
///
/// Without it the name is the property's in snake case.
///
/// ```swift
/// final class Decay: Layer {
///   @Named("A_log") var logDecay = Tensor<Float>.zeros([4], requiresGrad: true)
///   func forward(_ x: Tensor<Float>) -> Tensor<Float> { x * (-logDecay.exp()).exp() }
/// }
/// print(Decay().namedParameters[0].name)  // A_log
/// ```
@propertyWrapper
public struct Named<Value> {
  /// The parameter, buffer or module.
  public var wrappedValue: Value
  /// The name that replaces the property's.
  public let name: String

  /// Creates a value with its name.
  public init(wrappedValue: Value, _ name: String) {
    self.wrappedValue = wrappedValue
    self.name = name
  }
}

/// A value with a name of its own, for the reflection of stored properties.
protocol AnyNamed {
  var name: String { get }
  var value: Any { get }
}
extension Named: AnyNamed {
  var value: Any { wrappedValue }
}
