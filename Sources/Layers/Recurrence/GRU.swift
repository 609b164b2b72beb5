public import MartletCore

/// A gated recurrent unit (Cho et al. 2014, arXiv:1406.1078) over a sequence: `h′ = (1 − z) n + z h`. The
/// gates are `r, z = σ(W x + b + U h + d)`. The candidate is `n = tanh(W x + b + r (U h + d))`, as PyTorch
/// computes it.
///
/// ```swift
/// let gru = GRU(inputs: 8, hidden: 16, layers: 2)
/// let sequence = Tensor<Float>.normal([5, 3, 8])  // 5 steps, 3 sequences
/// let output = gru(sequence)  // [5, 3, 16]
/// ```
public final class GRU<Element: DifferentiableScalar>: RecurrentLayer<Element> {
  /// Creates a network for sequences with `inputs` numbers in each element and `hidden` numbers in each
  /// state.
  ///
  /// A negative number of inputs is an error. So are fewer than one hidden number or layer, and a dropout
  /// outside of 0...1.
  public convenience init(
    inputs: Int, hidden: Int, layers: Int = 1, bias: Bool = true, batchFirst: Bool = false,
    dropout: Double = 0,
    bidirectional: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      RecurrentOptions(inputs, hidden, layers, bias, batchFirst, dropout, bidirectional), file, line)
  }

  fileprivate init(_ options: RecurrentOptions, _ file: StaticString, _ line: UInt) {
    super.init("GRU", .gru, options, file, line)
  }

  /// Returns the initial state: zeros, `[layers · directions, batchSize, hidden]`.
  public func initialState(batchSize: Int) -> Tensor<Element> { zeroState(batchSize) }

  /// Returns the output for a sequence and the states at its end, `[layers · directions, n, hidden]`. `state`
  /// is the initial state of the same shape, or nil for zeros. `lengths` `[n]` is the number of steps of each
  /// sequence. Shapes that do not fit are an error, and so are lengths outside of 0 ... steps.
  ///
  /// ```swift
  /// let gru = GRU(inputs: 8, hidden: 16)
  /// let sequence = Tensor<Float>.normal([5, 2, 8])
  /// let (output, state) = gru(sequence, nil, lengths: Tensor<Int>([5, 3]))  // [5, 2, 16], [1, 2, 16]
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

extension GRU where Element == Float {
  /// Creates a network for `Float`.
  public convenience init(
    inputs: Int, hidden: Int, layers: Int = 1, bias: Bool = true, batchFirst: Bool = false,
    dropout: Double = 0,
    bidirectional: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      RecurrentOptions(inputs, hidden, layers, bias, batchFirst, dropout, bidirectional), file, line)
  }
}
