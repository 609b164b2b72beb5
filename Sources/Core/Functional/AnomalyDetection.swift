/// Runs `body` and stops a backward pass in it at the first rule that returns NaN.
///
/// The error names the operation and the line at which it was recorded, if the operation ran inside the scope too. Inside
/// ``catchingTensorErrors(_:)-7y9x1`` it is thrown. Every gradient is searched, so the scope is for finding a fault and
/// not for training.
///
/// ```swift
/// let x = Tensor<Float>([0, 1], requiresGrad: true)
/// do {
///   try catchingTensorErrors { detectAnomaly { (x.sqrt() * 0).sum().backward() } }
/// } catch {
///   print(error)  // … SqrtBackward returned NaN …
/// }
/// ```
///
/// The scope covers one thread.
public func detectAnomaly<Result>(_ body: () throws -> Result) rethrows -> Result {
  try AnomalyDetector().observe(body)
}

/// The lines at which the nodes of a scope were recorded, and a check of their rules.
final class AnomalyDetector: NodeObserver {
  private var places: [ObjectIdentifier: CallerLocation] = [:]

  override func made(_ node: GradFunction) { places[ObjectIdentifier(node)] = .capture() }

  /// Propagates a node's gradient. It is an error if an input's gradient then contains NaN.
  override func propagate(_ node: GradFunction, _ pass: BackwardPass) -> Bool {
    let inputs = (0..<node.inputCount).map(node.input)
    if node.gradientContainsNaN {
      mistake("backward", "the gradient that the pass began with contains NaN", pass.file, pass.line)
      return false
    }
    guard node.propagate(pass) else { return false }
    guard inputs.contains(where: \.gradientContainsNaN) else { return true }
    let place = places[ObjectIdentifier(node)].flatMap(\.text)
    mistake(
      "backward",
      "\(node.name) returned NaN; \(place.map { "the operation ran at \($0)" } ?? "run the forward pass inside detectAnomaly to learn its line")",
      pass.file, pass.line)
    return false
  }
}
