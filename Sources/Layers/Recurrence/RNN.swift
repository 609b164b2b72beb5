public import MartletCore

/// A recurrent network (Elman 1990, DOI 10.1207/s15516709cog1402_1) over a sequence:
/// `h′ = activation(W x + b + U h + d)`.
///
/// ```swift
/// let rnn = RNN(inputs: 8, hidden: 16, activation: .relu, batchFirst: true)
/// let sequences = Tensor<Float>.normal([3, 5, 8])  // 3 sequences, 5 steps
/// let output = rnn(sequences)  // [3, 5, 16]
/// ```
public final class RNN<Element: DifferentiableScalar>: RecurrentLayer<Element> {
  /// The nonlinearity of the states.
  public let activation: Activation

  /// Creates a network for sequences with `inputs` numbers in each element and `hidden` numbers in each
  /// state. The default nonlinearity is the hyperbolic tangent.
  ///
  /// A negative number of inputs is an error. So are fewer than one hidden number or layer, and a dropout
  /// outside of 0...1.
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

  /// The initialiser's arguments, as `print(model)` shows them.
  public override var configuration: String { super.configuration + ", activation: \(activation)" }

  /// Returns the initial state: zeros, `[layers · directions, batchSize, hidden]`.
  public func initialState(batchSize: Int) -> Tensor<Element> { zeroState(batchSize) }

  /// Returns the output for a sequence and the states at its end, `[layers · directions, n, hidden]`. `state`
  /// is the initial state of the same shape, or nil for zeros. `lengths` `[n]` is the number of steps of each
  /// sequence. Shapes that do not fit are an error, and so are lengths outside of 0 ... steps.
  ///
  /// ```swift
  /// let rnn = RNN(inputs: 8, hidden: 16)
  /// let sequence = Tensor<Float>.normal([5, 2, 8])
  /// let (output, state) = rnn(sequence, nil, lengths: Tensor<Int>([5, 3]))  // [5, 2, 16], [1, 2, 16]
  /// ```
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
  /// Creates a network for `Float`.
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
