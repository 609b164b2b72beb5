/// Runs `body` and stops a backward pass in it at the first rule that returns NaN.
///
/// The error names the operation. Its line is the one at which the operation was recorded, if that was inside the scope
/// too, and else that of the backward pass. Inside ``catchingTensorErrors(_:)-7y9x1`` the error is thrown. Every gradient is searched, so the scope is for finding a fault and
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
    let fault = "\(node.name) returned NaN"
    if let place = places[ObjectIdentifier(node)]?.fileAndLine {
      mistake(
        "backward", fault + "; the line is that of the forward operation", file: place.file, line: place.line)
    } else {
      mistake(
        "backward", fault + "; run the forward pass inside detectAnomaly to learn its line", pass.file,
        pass.line)
    }
    return false
  }
}
