/// An operation with a derivative of one's own.
///
/// The forward closure computes the outputs of the inputs and is not recorded. The backward closure receives
/// the gradient of each output and returns the gradient of each input, or nil for 0. If it is written in
/// operations on tensors, it can be differentiated again.
///
/// ```swift
/// let softsign = CustomFunction<Double>("Softsign") { inputs, context in
///   context.save(inputs[0])
///   return [inputs[0] / (1 + inputs[0].abs())]
/// } backward: { gradients, context in
///   let scale = 1 + context.saved[0].abs()
///   return [gradients[0] / (scale * scale)]
/// }
/// let x = Tensor<Double>([1, -3], requiresGrad: true)
/// softsign(x).sum().backward()
/// print(x.grad!)  // [0.25, 0.0625]
/// ```
public struct CustomFunction<Element: DifferentiableScalar> {
  /// The state that the forward closure leaves for the backward closure of the same call.
  ///
  /// ```swift
  /// let steep = CustomFunction<Float>("SteepReLU") { inputs, context in
  ///   context.save(inputs[0])
  ///   return [inputs[0].relu()]
  /// } backward: { gradients, context in
  ///   [gradients[0].where(context.saved[0] .> 0, else: 0)]
  /// }
  /// ```
  public final class Context {
    /// The tensors that were saved, in their order.
    ///
    /// In the backward closure the inputs and the outputs among them have their history. If one was changed
    /// in place after the forward pass, the backward pass is refused.
    public fileprivate(set) var saved: [Tensor<Element>] = []
    /// The numbers of the outputs through which no gradient flows, such as indices.
    public var nonDifferentiable: Set<Int> = []
    /// For each input a Boolean value that tells whether its gradient is needed.
    public let needsGradient: [Bool]

    fileprivate init(needsGradient: [Bool]) { self.needsGradient = needsGradient }

    /// Saves tensors for the backward closure.
    public func save(_ tensors: Tensor<Element>...) { saved += tensors }
  }

  /// A closure that computes the outputs of the inputs.
  public typealias Forward = (_ inputs: [Tensor<Element>], _ context: Context) -> [Tensor<Element>]
  /// A closure that computes the gradients of the inputs from those of the outputs.
  public typealias Backward = (_ gradients: [Tensor<Element>], _ context: Context) -> [Tensor<Element>?]

  private let name: StaticString
  private let forward: Forward
  private let backward: Backward

  /// The function with these passes. Errors, profiles and ``GradFunction/name`` show its name.
  public init(_ name: StaticString = "Custom", forward: @escaping Forward, backward: @escaping Backward) {
    self.name = name
    self.forward = forward
    self.backward = backward
  }

  /// Returns the output of a function that has one.
  ///
  /// A function with another number of outputs is an error.
  public func callAsFunction(
    _ inputs: Tensor<Element>..., file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    let outputs = outputs(of: inputs)
    if outputs.count == 1 { return outputs[0] }
    return .failed("\(name)", "there are \(outputs.count) outputs, not 1; call outputs(of:)", file, line)
  }

  /// Returns the outputs of a function of any number of inputs and outputs.
  ///
  /// ```swift
  /// let product = CustomFunction<Float>("Product") { inputs, context in
  ///   context.save(inputs[0], inputs[1])
  ///   return [inputs[0] * inputs[1], inputs[0] + inputs[1]]
  /// } backward: { gradients, context in
  ///   [gradients[0] * context.saved[1] + gradients[1], gradients[0] * context.saved[0] + gradients[1]]
  /// }
  /// let a = Tensor<Float>([2], requiresGrad: true), b = Tensor<Float>([3])
  /// let outputs = product.outputs(of: [a, b])
  /// ```
  public func outputs(of inputs: [Tensor<Element>]) -> [Tensor<Element>] {
    let context = Context(needsGradient: inputs.map(\.requiresGrad))
    let made = noGrad { forward(inputs, context) }
    // An output may be an input, whose history must not change.
    let outputs = made.map { $0.detached() }
    let recorded = made.indices.filter { !context.nonDifferentiable.contains($0) }
    if recorded.isEmpty { return outputs }
    // An output that the record held itself would keep its own history alive.
    let places = context.saved.map { tensor in recorded.firstIndex { made[$0] === tensor } }
    let saved = zip(context.saved, places).filter { $0.1 == nil }.map(\.0)
    let inputShapes = inputs.map(\.shape), outputShapes = outputs.map(\.shape)
    Tensor.record(name, recorded.map { outputs[$0] }, of: inputs, saving: saved) {
      [name, backward] arguments in
      let context = Context(needsGradient: arguments.isNeeded)
      var others = arguments.saved[...]
      context.saved = places.map { $0.map { arguments.outputs[$0] } ?? others.removeFirst() }
      let gradients = outputShapes.indices.map { output in
        recorded.firstIndex(of: output).flatMap { arguments.gradients[$0] } ?? .zeros(outputShapes[output])
      }
      return Self.checked(backward(gradients, context), inputShapes, arguments.isNeeded, name)
    }
    return outputs
  }

  /// Returns a gradient of each input's shape where one is needed, or failed tensors after an error.
  private static func checked(
    _ gradients: [Tensor<Element>?], _ shapes: [TensorShape], _ isNeeded: [Bool], _ name: StaticString
  ) -> [Tensor<Element>?] {
    func failed(_ reason: String) -> [Tensor<Element>?] {
      let failure = Tensor<Element>.failed("\(name)", reason)
      return shapes.map { _ in failure }
    }
    guard gradients.count == shapes.count else {
      return failed("backward returned \(gradients.count) gradients for \(shapes.count) inputs")
    }
    for (number, (gradient, shape)) in zip(gradients, shapes).enumerated() {
      if let gradient, gradient.failure == nil, gradient.shape != shape {
        return failed(
          "backward returned a gradient of shape \(gradient.shape) for input \(number) of shape \(shape)")
      }
    }
    return gradients.indices.map { gradients[$0] ?? (isNeeded[$0] ? .zeros(shapes[$0]) : nil) }
  }
}
