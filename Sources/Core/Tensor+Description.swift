extension Tensor: CustomStringConvertible, CustomDebugStringConvertible {
  /// The elements as NumPy prints them. A tensor of more than 1,000 elements is elided in the middle.
  public var description: String {
    if let failure { return "failed tensor: \(failure.error)" }
    return formattedArray(shape: Array(layout.shape), at: scalar)
  }

  /// The elements, the element type and the shape, and also `requiresGrad` of a leaf or the operation that
  /// computed the tensor.
  public var debugDescription: String {
    if isFailed { return description }
    var parts = [description, "\(Element.self)", "shape: \(shape)"]
    if let gradFunction {
      parts.append("gradFunction: <\(gradFunction.name)>")
    } else if requiresGrad {
      parts.append("requiresGrad: true")
    }
    return "Tensor(" + parts.joined(separator: ", ") + ")"
  }
}
