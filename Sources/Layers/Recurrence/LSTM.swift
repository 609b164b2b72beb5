public import MartletCore

/// Long short-term memory (Hochreiter & Schmidhuber 1997, DOI 10.1162/neco.1997.9.8.1735) over a sequence:
/// `c′ = f c + i g`, `h′ = o tanh(c′)`. The gates are `i, f, o = σ(a)` and `g = tanh(a)` of
/// `a = W x + b + U h + d`.
///
/// ```swift
/// let lstm = LSTM(inputs: 8, hidden: 16, bidirectional: true)
/// let sequence = Tensor<Float>.normal([5, 3, 8])  // 5 steps, 3 sequences
/// let output = lstm(sequence)  // [5, 3, 32]
/// ```
public final class LSTM<Element: DifferentiableScalar>: RecurrentLayer<Element> {
  /// Creates a network for sequences with `inputs` numbers in each element and `hidden` numbers in each
  /// state.
  ///
  /// With a `projection` the output and the hidden state have that many numbers (Sak et al. 2014,
  /// arXiv:1402.1128): `h′ = P o tanh(c′)`, with P the parameter `weight_hr`.
  ///
  /// A negative number of inputs is an error. So are fewer than one hidden number or layer, a dropout
  /// outside of 0...1, and a projection outside of 1..<hidden.
  public convenience init(
    inputs: Int, hidden: Int, layers: Int = 1, bias: Bool = true, batchFirst: Bool = false,
    dropout: Double = 0, bidirectional: Bool = false, projection: Int? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(
      RecurrentOptions(
        inputs, hidden, layers, bias, batchFirst, dropout, bidirectional, projection: projection), file, line)
  }

  fileprivate init(_ options: RecurrentOptions, _ file: StaticString, _ line: UInt) {
    super.init("LSTM", .lstm, options, file, line)
  }

  /// Returns the initial state: zeros, hidden state and cell both
  /// `[layers · directions, batchSize, hidden]`. The hidden state of a projected network has the
  /// projection's extent.
  public func initialState(batchSize: Int) -> LSTMState<Element> {
    LSTMState(hidden: zeroState(batchSize), cell: zeroState(batchSize, isOutput: false))
  }

  /// Returns the output for a sequence and the state at its end: the hidden state and the cell, both
  /// `[layers · directions, n, hidden]`; the projection's extent replaces `hidden` in the hidden state.
  /// `state` is the initial state of the same shapes, or nil for zeros. `lengths` `[n]` is the number of
  /// steps of each sequence. Shapes that do not fit are an error, and so are lengths outside of 0 ...
  /// steps.
  ///
  /// ```swift
  /// let lstm = LSTM(inputs: 8, hidden: 16)
  /// let sequence = Tensor<Float>.normal([5, 2, 8])
  /// let (output, state) = lstm(sequence, nil, lengths: Tensor<Int>([5, 3]))
  /// print(output.shape, state.cell.shape)  // [5, 2, 16] [1, 2, 16]
  /// ```
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

/// The state that an ``LSTM`` or an ``LSTMCell`` passes from step to step.
///
/// ```swift
/// let state = LSTMState<Float>(hidden: .zeros([2, 16]), cell: .zeros([2, 16]))
/// let next = LSTMCell(inputs: 8, hidden: 16)(.normal([2, 8]), state).next
/// ```
public struct LSTMState<Element: DifferentiableScalar> {
  /// The hidden state, which is also the output.
  public var hidden: Tensor<Element>
  /// The cell, which is the memory of the network.
  public var cell: Tensor<Element>

  /// Creates a state of two tensors of one shape.
  public init(hidden: Tensor<Element>, cell: Tensor<Element>) { (self.hidden, self.cell) = (hidden, cell) }
}

extension LSTM where Element == Float {
  /// Creates a network for `Float`.
  public convenience init(
    inputs: Int, hidden: Int, layers: Int = 1, bias: Bool = true, batchFirst: Bool = false,
    dropout: Double = 0, bidirectional: Bool = false, projection: Int? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(
      RecurrentOptions(
        inputs, hidden, layers, bias, batchFirst, dropout, bidirectional, projection: projection), file, line)
  }
}
