import MartletCore

/// A recurrence with the weights of one layer and direction, and an LSTM's projection.
struct RecurrentStep<Element: DifferentiableScalar> {
  private let name: String, kind: Recurrence, weights: RecurrentWeights<Element>
  private let projection: Tensor<Element>?, startsFromZero: Bool

  init(
    _ name: String, _ kind: Recurrence, _ weights: RecurrentWeights<Element>, _ projection: Tensor<Element>?,
    startsFromZero: Bool
  ) {
    (self.name, self.kind, self.weights) = (name, kind, weights)
    (self.projection, self.startsFromZero) = (projection, startsFromZero)
  }

  /// Runs through a sequence and returns the states and the cells after each step.
  ///
  /// A projected LSTM runs on r = o tanh(c), its output before the projection: the gates take `P r`, and one
  /// product at the end projects all steps. The state that is given is no such product. It becomes the
  /// output of further units, whose weights are 0: they return it at the start, and 0 after a step.
  func run(
    _ sequence: Tensor<Element>, _ state: Tensor<Element>, _ cell: Tensor<Element>?, _ lengths: Tensor<Int>?,
    isReversed: Bool, _ file: StaticString, _ line: UInt
  ) -> (states: Tensor<Element>, cells: Tensor<Element>?) {
    guard let projection, let cell else {
      return sequence.recurrence(
        kind, state: state, cell: cell, weights: weights, lengths: lengths, isReversed: isReversed,
        operation: name, file: file, line: line)
    }
    let hidden = projection.shape[1], further = startsFromZero ? 0 : projection.shape[0]
    let whole = further == 0 ? projection : .concatenated([projection, .identity(further)], axis: 1)
    /// Adds rows of 0 for the further units to those of each gate.
    func widened(_ rows: Tensor<Element>) -> Tensor<Element> {
      let inner = Array(rows.shape.dropFirst())
      return further == 0
        ? rows
        : rows.reshaped(TensorShape([kind.gates, hidden] + inner))
          .padded([(0, further)] + inner.map { _ in (0, 0) })
          .reshaped(TensorShape([kind.gates * (hidden + further)] + inner))
    }
    let none = Tensor<Element>.zeros([state.shape[0], hidden])
    let (states, cells) = sequence.recurrence(
      kind, state: further == 0 ? none : .concatenated([none, state], axis: 1),
      cell: further == 0 ? cell : cell.padded([(0, further)]),
      weights: RecurrentWeights(
        input: widened(weights.input), state: widened(weights.state),
        inputBias: weights.inputBias.map(widened), stateBias: weights.stateBias.map(widened),
        projection: whole),
      lengths: lengths, isReversed: isReversed, operation: name, file: file, line: line)
    if states.isFailed { return (states, cells) }
    return (states.linear(weight: whole), cells.map { $0[.ellipsis, 0..<hidden] })
  }
}
