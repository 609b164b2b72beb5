public import MartletCore

/// Long short-term memory (Hochreiter & Schmidhuber 1997, DOI 10.1162/neco.1997.9.8.1735) through a sequence:
/// `c′ = f c + i g`, `h′ = o tanh(c′)`, with the gates `i, f, o = σ(a)` and `g = tanh(a)` of `a = W x + b + U h + d`.
public final class LSTM<Element: DifferentiableScalar>: RecurrentLayer<Element> {
  /// A network of `inputs` numbers an element and `hidden` a state.
  ///
  /// Fewer than one hidden number or layer and a dropout outside of 0...1 are an error.
  public convenience init(
    inputs: Int, hidden: Int, layers: Int = 1, bias: Bool = true, batchFirst: Bool = false,
    dropout: Double = 0,
    bidirectional: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      RecurrentOptions(inputs, hidden, layers, bias, batchFirst, dropout, bidirectional), file, line)
  }

  fileprivate init(_ options: RecurrentOptions, _ file: StaticString, _ line: UInt) {
    super.init("LSTM", .lstm, options, file, line)
  }

  /// The state to begin with: zeros, both `[layers · directions, batchSize, hidden]`.
  public func initialState(batchSize: Int) -> LSTMState<Element> {
    LSTMState(hidden: zeroState(batchSize), cell: zeroState(batchSize))
  }

  /// The output for a sequence and the states and cells at its end, both `[layers · directions, n, hidden]`, from such;
  /// zeros where they are nil. Shapes that do not fit are an error, and so are lengths outside of 0 ... steps.
  public func callAsFunction(
    _ sequence: Tensor<Element>, _ state: LSTMState<Element>?, lengths: Tensor<Int>? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> (output: Tensor<Element>, state: LSTMState<Element>) {
    scoped {
      let (output, states) = run(
        sequence, state.map { [$0.hidden, $0.cell] } ?? [], lengths, keepsStates: true, file, line)
      return (output, LSTMState(hidden: states.first ?? output, cell: states.last ?? output))
    }
  }
}

/// What an ``LSTM`` or an ``LSTMCell`` hands from step to step.
public struct LSTMState<Element: DifferentiableScalar> {
  /// The state, which is the output too.
  public var hidden: Tensor<Element>
  /// The cell: what is remembered.
  public var cell: Tensor<Element>

  /// A state of two tensors of one shape.
  public init(hidden: Tensor<Element>, cell: Tensor<Element>) { (self.hidden, self.cell) = (hidden, cell) }
}

extension LSTM where Element == Float {
  /// A network for `Float`.
  public convenience init(
    inputs: Int, hidden: Int, layers: Int = 1, bias: Bool = true, batchFirst: Bool = false,
    dropout: Double = 0,
    bidirectional: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      RecurrentOptions(inputs, hidden, layers, bias, batchFirst, dropout, bidirectional), file, line)
  }
}
