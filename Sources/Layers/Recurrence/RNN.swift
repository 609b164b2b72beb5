public import MartletCore

/// A recurrent network (Elman 1990, DOI 10.1207/s15516709cog1402_1): `h′ = activation(W x + b + U h + d)` through a
/// sequence.
public final class RNN<Element: DifferentiableScalar>: RecurrentLayer<Element> {
  /// The nonlinearity of the states.
  public let activation: Activation

  /// A network of `inputs` numbers an element and `hidden` a state; the nonlinearity is the hyperbolic tangent unless
  /// given.
  ///
  /// Fewer than one hidden number or layer and a dropout outside of 0...1 are an error.
  public convenience init(
    inputs: Int, hidden: Int, layers: Int = 1, activation: Activation = .tanh, bias: Bool = true,
    batchFirst: Bool = false, dropout: Double = 0, bidirectional: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(
      RecurrentOptions(inputs, hidden, layers, bias, batchFirst, dropout, bidirectional), activation, file,
      line)
  }

  fileprivate init(
    _ options: RecurrentOptions, _ activation: Activation, _ file: StaticString, _ line: UInt
  ) {
    self.activation = activation
    super.init("RNN", activation.recurrence, options, file, line)
  }

  /// How it was made.
  public override var configuration: String { super.configuration + ", activation: \(activation)" }

  /// The state to begin with: zeros, `[layers · directions, batchSize, hidden]`.
  public func initialState(batchSize: Int) -> Tensor<Element> { zeroState(batchSize) }

  /// The output for a sequence and the states at its end, `[layers · directions, n, hidden]`, from such states; zeros
  /// where they are nil. Shapes that do not fit are an error, and so are lengths outside of 0 ... steps.
  public func callAsFunction(
    _ sequence: Tensor<Element>, _ state: Tensor<Element>?, lengths: Tensor<Int>? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> (output: Tensor<Element>, state: Tensor<Element>) {
    scoped {
      let (output, states) = run(
        sequence, state.map { [$0] } ?? [], lengths, keepsStates: true, file, line)
      return (output, states.first ?? output)
    }
  }
}

extension RNN where Element == Float {
  /// A network for `Float`.
  public convenience init(
    inputs: Int, hidden: Int, layers: Int = 1, activation: Activation = .tanh, bias: Bool = true,
    batchFirst: Bool = false, dropout: Double = 0, bidirectional: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(
      RecurrentOptions(inputs, hidden, layers, bias, batchFirst, dropout, bidirectional), activation, file,
      line)
  }
}

extension Activation {
  fileprivate var recurrence: Recurrence {
    switch self {
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    case .relu: .relu
    }
  }
}
