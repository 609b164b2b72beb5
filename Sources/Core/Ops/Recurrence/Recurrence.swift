// Recurrences over whole sequences, for the recurrent layers.

/// The parameters of a recurrence: the weights `[gates · hidden, inputs]` and `[gates · hidden, hidden]`,
/// and a bias `[gates · hidden]` for each. With a projection `[outputs, hidden]`, which is applied to the
/// state first, the second weight is `[gates · hidden, outputs]`.
package struct RecurrentWeights<Element: DifferentiableScalar> {
  package let input: Tensor<Element>, state: Tensor<Element>
  package let inputBias: Tensor<Element>?, stateBias: Tensor<Element>?
  package let projection: Tensor<Element>?

  package init(
    input: Tensor<Element>, state: Tensor<Element>, inputBias: Tensor<Element>?,
    stateBias: Tensor<Element>?, projection: Tensor<Element>? = nil
  ) {
    (self.input, self.state, self.inputBias, self.stateBias) = (input, state, inputBias, stateBias)
    self.projection = projection
  }

  fileprivate var tensors: [Tensor<Element>] {
    [input, state, inputBias, stateBias, projection].compactMap { $0 }
  }
}

/// The gradients of the inputs of a recurrence.
struct RecurrentGradients<Element: DifferentiableScalar> {
  let sequence: Tensor<Element>, state: Tensor<Element>, cell: Tensor<Element>?
  let weights: RecurrentWeights<Element>

  static func failed(by failure: Failure) -> RecurrentGradients {
    let none = Tensor<Element>.failed(by: failure)
    return RecurrentGradients(
      sequence: none, state: none, cell: none,
      weights: RecurrentWeights(
        input: none, state: none, inputBias: none, stateBias: none, projection: none))
  }
}

/// The inputs of a recurrence: a sequence, the first state, LSTM's first cell and the weights. Converts them
/// to a list and back.
private struct RecurrentInputs<Element: DifferentiableScalar> {
  let sequence: Tensor<Element>, state: Tensor<Element>, cell: Tensor<Element>?
  let weights: RecurrentWeights<Element>

  init(
    _ sequence: Tensor<Element>, _ state: Tensor<Element>, _ cell: Tensor<Element>?,
    _ weights: RecurrentWeights<Element>
  ) {
    (self.sequence, self.state, self.cell, self.weights) = (sequence, state, cell, weights)
  }

  /// Creates the inputs from a list in the order of `list`. `like` says which optional parts the list
  /// contains.
  init(_ list: some Collection<Tensor<Element>>, like: (hasCell: Bool, hasBiases: Bool, hasProjection: Bool))
  {
    var rest = Array(list)[...]
    self.init(
      rest.removeFirst(), rest.removeFirst(), like.hasCell ? rest.removeFirst() : nil,
      RecurrentWeights(
        input: rest.removeFirst(), state: rest.removeFirst(),
        inputBias: like.hasBiases ? rest.removeFirst() : nil,
        stateBias: like.hasBiases ? rest.removeFirst() : nil,
        projection: like.hasProjection ? rest.removeFirst() : nil))
  }

  var list: [Tensor<Element>] { [sequence, state] + [cell].compactMap { $0 } + weights.tensors }
  var parts: (hasCell: Bool, hasBiases: Bool, hasProjection: Bool) {
    (cell != nil, weights.inputBias != nil, weights.projection != nil)
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Computes a recurrence through this sequence, `[steps, rows, inputs]`, from a state `[rows, hidden]`.
  /// Returns the state after each step, `[steps, rows, hidden]`, and LSTM's cells in the same shape.
  ///
  /// One product covers the input of all steps, and one covers the gradient of each weight. Each step is one
  /// product with the state and one pass over the result. `lengths` may give a row's sequence fewer steps:
  /// its further steps change nothing, whatever they contain, and their gradient is 0. Shapes that do not fit
  /// are an error, and so are lengths outside of 0 ... steps.
  ///
  /// Source: Hochreiter & Schmidhuber 1997, DOI 10.1162/neco.1997.9.8.1735; Cho et al. 2014, arXiv:1406.1078,
  /// with the reset gate after the product, as in PyTorch. Derivatives: backpropagation through time (Werbos
  /// 1990, DOI 10.1109/5.58337). Second derivatives use steps that are composed of operations.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package func recurrence(
    _ kind: Recurrence, state: Tensor, cell: Tensor? = nil, weights: RecurrentWeights<Element>,
    lengths: Tensor<Int>? = nil, isReversed: Bool = false, operation: String, file: StaticString = #fileID,
    line: UInt = #line
  ) -> (states: Tensor, cells: Tensor?) {
    let given = RecurrentInputs(self, state, cell, weights)
    if let failure = misfit(given, kind, lengths, operation, file, line) {
      return (.failed(by: failure), cell.map { _ in .failed(by: failure) })
    }
    // The gradients of the weights are products over all steps. There, 0 times a NaN after the end would be
    // NaN.
    let sequence = lengths.map { cleared(behind: $0) } ?? self
    let inputs = RecurrentInputs(sequence, state, cell, weights)
    let way = RecurrentWay(
      kind: kind, steps: shape[0], rows: shape[1], hidden: state.shape[1], lengths: lengths?.scalars,
      isReversed: isReversed)
    let (trace, failure) = noGrad { sequence.recurred(way, state, cell, weights) }
    if let failure {
      return (.failed(by: failure), cell.map { _ in .failed(by: failure) })
    }
    let results = [trace.states[way.after]] + [trace.cells?[way.after]].compactMap { $0 }
    let list = inputs.list, parts = inputs.parts, hasCandidates = trace.candidates != nil
    Tensor.record("Recurrence", results, of: list, saving: list + trace.tensors) { given in
      let inputs = RecurrentInputs(given.saved.prefix(list.count), like: parts)
      if isRecording {
        return Tensor.replayed(inputs.list, given) { aliases in
          RecurrentInputs(aliases, like: parts).composed(way)
        }
      }
      var made = given.saved.dropFirst(list.count)
      let trace = RecurrentTrace(
        gates: made.removeFirst(), states: made.removeFirst(),
        cells: parts.hasCell ? made.removeFirst() : nil,
        candidates: hasCandidates ? made.removeFirst() : nil)
      let gradients = inputs.sequence.recurredBack(
        way, inputs.weights, trace, given.gradients[0], parts.hasCell ? given.gradients[1] : nil)
      return RecurrentInputs(gradients.sequence, gradients.state, gradients.cell, gradients.weights).list
    }
    return (results[0], parts.hasCell ? results[1] : nil)
  }

  /// Returns the sequences `[steps, n, features]` with 0 in the steps after the end of each.
  package func cleared(behind lengths: Tensor<Int>) -> Tensor {
    let steps = Tensor<Int>(Array(0..<shape[0]), shape: [shape[0], 1, 1])
    return self.where(steps .< lengths.expandedDims(axis: 1), else: 0)
  }

  /// The failure if the inputs of a recurrence do not fit; otherwise nil.
  private func misfit(
    _ inputs: RecurrentInputs<Element>, _ kind: Recurrence, _ lengths: Tensor<Int>?, _ operation: String,
    _ file: StaticString, _ line: UInt
  ) -> Failure? {
    if let failure = inputs.list.lazy.compactMap(\.failure).first ?? lengths?.failure { return failure }
    let weights = inputs.weights, state = inputs.state
    guard rank == 3, state.rank == 2, state.shape[0] == shape[1],
      inputs.cell?.shape ?? state.shape == state.shape
    else {
      let cell = inputs.cell.map { " and a cell of shape \($0.shape)" } ?? ""
      return mistake(
        operation,
        "inputs of shape \(shape) and a state of shape \(state.shape)\(cell) do not match; they must be [steps, n, inputs] and [n, hidden]",
        file, line)
    }
    let width = kind.gates * state.shape[1], outputs = weights.projection?.shape[0] ?? state.shape[1]
    guard weights.input.shape == [width, shape[2]], weights.state.shape == [width, outputs],
      [weights.inputBias, weights.stateBias].allSatisfy({ $0?.shape ?? [width] == [width] })
    else {
      return mistake(
        operation,
        "weights \(weights.input.shape) and \(weights.state.shape) do not match inputs of shape \(shape) and a state of shape \(state.shape); they must be [\(width), \(shape[2])] and [\(width), \(state.shape[1])]",
        file, line)
    }
    guard let lengths else { return nil }
    guard lengths.shape == [shape[1]] else {
      return mistake(
        operation,
        "lengths of shape \(lengths.shape) do not match \(shape[1]) sequences; there must be one for each",
        file,
        line)
    }
    let all = lengths.scalars
    guard let row = all.firstIndex(where: { $0 < 0 || $0 > shape[0] }) else { return nil }
    return mistake(
      operation, "the length of sequence \(row) must be in 0...\(shape[0]), not \(all[row])", file, line)
  }
}

extension RecurrentInputs {
  /// Returns the states, and the cells, composed of operations.
  func composed(_ way: RecurrentWay) -> [Tensor<Element>] {
    typealias T = Tensor<Element>
    let projected = sequence.linear(weight: weights.input, bias: weights.inputBias)
    var h = state, c = cell
    var states = [T?](repeating: nil, count: way.steps), cells = states
    for step in way.order {
      let output = weights.projection.map { h.linear(weight: $0) } ?? h
      let x = projected[step], u = output.linear(weight: weights.state, bias: weights.stateBias)
      func part(_ t: T, _ k: Int) -> T { t[.ellipsis, k * way.hidden..<(k + 1) * way.hidden] }
      var next: T, nextCell = c
      switch way.kind {
      case .tanh: next = (x + u).tanh()
      case .sigmoid: next = (x + u).sigmoid()
      case .relu: next = (x + u).relu()
      case .lstm:
        let a = x + u
        let kept = part(a, 1).sigmoid() * c! + part(a, 0).sigmoid() * part(a, 2).tanh()
        (next, nextCell) = (part(a, 3).sigmoid() * kept.tanh(), kept)
      case .gru:
        let reset = (part(x, 0) + part(u, 0)).sigmoid(), update = (part(x, 1) + part(u, 1)).sigmoid()
        let new = (part(x, 2) + reset * part(u, 2)).tanh()
        next = new + update * (h - new)
      }
      if let lengths = way.lengths {
        let goes = Tensor<Bool>(lengths.map { $0 > step }, shape: [way.rows, 1])
        next = next.where(goes, else: h)
        nextCell = nextCell.map { $0.where(goes, else: c!) }
      }
      (h, c) = (next, nextCell)
      (states[step], cells[step]) = (h, c)
    }
    let shape: TensorShape = [0, way.rows, way.hidden]
    func stacked(_ list: [T?]) -> T { list.isEmpty ? .zeros(shape) : .stacked(list.map { $0! }) }
    return [stacked(states)] + (cell == nil ? [] : [stacked(cells)])
  }
}

/// The intermediate results of a recurrence; see ``RecurrentMemory``.
private struct RecurrentTrace<Element: DifferentiableScalar> {
  let gates: Tensor<Element>, states: Tensor<Element>
  let cells: Tensor<Element>?, candidates: Tensor<Element>?

  var tensors: [Tensor<Element>] { [gates, states, cells, candidates].compactMap { $0 } }

  var memory: RecurrentMemory {
    RecurrentMemory(
      gates: gates.operand, states: states.operand, cells: cells?.operand, candidates: candidates?.operand)
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Computes a recurrence over this sequence, `[steps, rows, inputs]`. One product multiplies the inputs of
  /// all steps. The operation is not recorded; the caller has checked the shapes.
  private func recurred(
    _ way: RecurrentWay, _ state: Tensor, _ cell: Tensor?, _ weights: RecurrentWeights<Element>
  ) -> (trace: RecurrentTrace<Element>, failure: Failure?) {
    let all: TensorShape = [way.steps + 1, way.rows, way.hidden]
    let gates = contiguous().reshapedView([way.steps * way.rows, shape[2]]).product(
      weights.input, otherTransposed: true, addend: weights.inputBias)
    let trace = RecurrentTrace(
      gates: gates, states: Tensor(uninitialized: all), cells: cell.map { _ in Tensor(uninitialized: all) },
      candidates: way.kind == .gru ? Tensor(uninitialized: [way.steps, way.rows, way.hidden]) : nil)
    let bias = weights.stateBias?.contiguous() ?? .zeroed([way.width])
    let state = state.contiguous(), cell = cell?.contiguous()
    let matrix = weights.state.readable(in: way), projection = weights.projection?.readable(in: way)
    let given = trace.tensors + [bias, state, matrix] + [cell, projection].compactMap { $0 }
    let failure = launch(after: given.lazy.compactMap(\.failure).first) { () throws(OutOfMemory) in
      if trace.states.count == 0 { return }
      try RecurrenceKernels.run(
        way, state: state.operand, cell: cell?.operand, matrix: matrix.operand,
        projection: projection?.operand, bias: bias.operand, into: trace.memory)
    }
    return (trace, failure)
  }

  /// Returns the gradients of a recurrence's sequence, first state, first cell and weights, from the
  /// gradients of its states and cells. Each gradient of a weight is one product over all steps.
  private func recurredBack(
    _ way: RecurrentWay, _ weights: RecurrentWeights<Element>, _ trace: RecurrentTrace<Element>,
    _ gradient: Tensor?, _ cellGradient: Tensor?
  ) -> RecurrentGradients<Element> {
    let g = gradient?.contiguous(), gCell = cellGradient?.contiguous()
    let all: TensorShape = [way.steps * way.rows, way.width]
    let slopes = Tensor(uninitialized: all),
      stateSlopes = way.kind == .gru ? Tensor(uninitialized: all) : slopes
    let dState = Tensor.zeroed([way.rows, way.hidden])
    let dCell = trace.cells.map { _ in Tensor.zeroed([way.rows, way.hidden]) }
    let matrix = weights.state.readable(in: way), projection = weights.projection?.readable(in: way)
    let given = [g, gCell, slopes, stateSlopes, dState, dCell, matrix, projection].compactMap { $0 }
    let failure = launch(after: given.lazy.compactMap(\.failure).first) { () throws(OutOfMemory) in
      if slopes.count == 0 { return }
      try RecurrenceKernels.runBack(
        way, matrix: matrix.operand, projection: projection?.operand, trace.memory,
        into: RecurrentSlopes(
          states: g?.operand, cells: gCell?.operand, gates: slopes.operand, projected: stateSlopes.operand,
          state: dState.operand, cell: dCell?.operand))
    }
    if let failure { return .failed(by: failure) }
    let inputs = contiguous().reshapedView([way.steps * way.rows, shape[2]])
    let states = trace.states[way.before].reshapedView([way.steps * way.rows, way.hidden])
    let outputs = weights.projection.map { states.product($0, otherTransposed: true) } ?? states
    return RecurrentGradients(
      sequence: slopes.product(weights.input).reshapedView(shape), state: dState, cell: dCell,
      weights: RecurrentWeights(
        input: slopes.product(inputs, transposed: true),
        state: stateSlopes.product(outputs, transposed: true),
        inputBias: weights.inputBias.map { slopes.summed(to: $0.shape) },
        stateBias: weights.stateBias.map { stateSlopes.summed(to: $0.shape) },
        projection: weights.projection.map { _ in
          stateSlopes.product(weights.state).product(states, transposed: true)
        }))
  }

  /// Returns this matrix, or a copy if the steps cannot read it in place.
  private func readable(in way: RecurrentWay) -> Tensor {
    RecurrenceKernels.needsCopy(of: operand, way) ? copied() : self
  }
}
