public import MartletCore

/// A gated recurrent unit (Cho et al. 2014, arXiv:1406.1078) through a sequence: `h′ = (1 − z) n + z h`, with the gates
/// `r, z = σ(W x + b + U h + d)` and the candidate `n = tanh(W x + b + r (U h + d))`, as PyTorch computes it.
public final class GRU<Element: DifferentiableScalar>: RecurrentLayer<Element> {
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
    super.init("GRU", .gru, options, file, line)
  }

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

extension GRU where Element == Float {
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
