public import MartletCore

/// The base class of ``RNN``, ``LSTM`` and ``GRU``: stacked recurrences over a whole sequence, in one
/// direction or in both.
///
/// Sequences are `[steps, n, inputs]`, with ``isBatchFirst`` `[n, steps, inputs]`, and without a batch
/// `[steps, inputs]`. Outputs have the same axes and `directions · hidden` numbers in the last one. There the
/// numbers of the backward direction follow those of the forward direction.
///
/// Parameters have PyTorch's names and layouts: `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`.
/// The names of the backward direction end in `_reverse`. All parameters start uniform in ±1/√hidden.
///
/// ```swift
/// let layers: [RecurrentLayer<Float>] = [RNN(inputs: 8, hidden: 16), LSTM(inputs: 8, hidden: 16)]
/// let sequence = Tensor<Float>.normal([5, 3, 8])
/// let outputs = layers.map { $0(sequence) }  // each [5, 3, 16]
/// ```
public class RecurrentLayer<Element: DifferentiableScalar>: Layer, CustomReflectable {
  /// The number of inputs: the numbers in each element of the sequence.
  public final let inputs: Int
  /// The number of elements of a state.
  public final let hidden: Int
  /// The number of stacked layers, each of which takes the output of the layer before it.
  public final let layers: Int
  /// True if sequences are `[n, steps, …]`.
  public final let isBatchFirst: Bool
  /// True if each layer also reads the sequence from its end.
  public final let isBidirectional: Bool
  /// The dropout that is applied to the outputs of each layer but the last while training.
  public final let dropout: Dropout<Element>

  /// The weights of each layer, and in each layer those of each direction.
  private final let weights: [[RecurrentWeights<Element>]]
  /// The projections of the same layers and directions, `[outputs, hidden]`; empty without a projection.
  private final let projections: [[Tensor<Element>]]
  /// The number of elements of an output in each direction.
  private final let outputSize: Int
  private final let kind: Recurrence
  private final let name: String

  init(
    _ name: String, _ kind: Recurrence, _ options: RecurrentOptions, _ file: StaticString, _ line: UInt
  ) {
    (self.name, self.kind) = (name, kind)
    (inputs, hidden, layers) = (options.inputs, options.hidden, options.layers)
    (isBatchFirst, isBidirectional) = (options.isBatchFirst, options.isBidirectional)
    let dropout = (0...1).contains(options.dropout) ? options.dropout : 0
    self.dropout = Dropout<Element>(dropout, file: file, line: line)
    guard options.inputs >= 0, options.hidden > 0, options.layers > 0, dropout == options.dropout else {
      programError(
        name,
        "\(inputs) inputs, \(hidden) hidden units, \(layers) layers and dropout \(options.dropout) are not valid; there must be at least 0 inputs, 1 hidden unit and 1 layer, and a dropout in 0...1",
        file, line)
      (weights, projections, outputSize) = ([], [], hidden)
      return
    }
    if let projection = options.projection, !(1..<hidden).contains(projection) {
      programError(name, "the projection must be in 1..<\(hidden), not \(projection)", file, line)
      (weights, projections, outputSize) = ([], [], hidden)
      return
    }
    let directions = options.isBidirectional ? 2 : 1, hidden = options.hidden,
      width = kind.gates.times(hidden), outputs = options.projection ?? hidden
    func start(_ shape: TensorShape) -> Tensor<Element> { .startingUniform(shape, fanIn: hidden, file, line) }
    weights = (0..<options.layers).map { layer in
      (0..<directions).map { _ in
        let inputs = layer == 0 ? options.inputs : directions.times(outputs)
        return RecurrentWeights(
          input: start([width, inputs]), state: start([width, outputs]),
          inputBias: options.hasBias ? start([width]) : nil, stateBias: options.hasBias ? start([width]) : nil
        )
      }
    }
    projections =
      options.projection == nil
      ? [] : weights.map { $0.map { _ in start([outputs, hidden]) } }
    outputSize = outputs
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String {
    let options = [
      layers > 1 ? "layers: \(layers)" : nil, weights.first?.first?.inputBias == nil ? "bias: false" : nil,
      isBatchFirst ? "batchFirst: true" : nil,
      dropout.probability > 0 ? "dropout: \(dropout.probability)" : nil,
      isBidirectional ? "bidirectional: true" : nil,
      projections.isEmpty ? nil : "projection: \(outputSize)",
    ]
    return (["inputs: \(inputs)", "hidden: \(hidden)"] + options.compactMap { $0 }).joined(separator: ", ")
  }

  /// The parameters under PyTorch's names.
  public final var customMirror: Mirror {
    let named = weights.enumerated().flatMap { layer, directions in
      directions.enumerated().flatMap { direction, weights -> [(String, Tensor<Element>?)] in
        let suffix = "_l\(layer)" + (direction == 1 ? "_reverse" : "")
        return [
          ("weight_ih", weights.input), ("weight_hh", weights.state), ("bias_ih", weights.inputBias),
          ("bias_hh", weights.stateBias),
          ("weight_hr", projections.isEmpty ? nil : projections[layer][direction]),
        ].map { ($0 + suffix, $1) }
      }
    }
    let children = named.compactMap { label, tensor in
      tensor.map { (label: label as String?, value: $0 as Any) }
    }
    return Mirror(
      self, children: [("dropout", dropout)] + children, displayStyle: .class,
      ancestorRepresentation: .suppressed)
  }

  /// Returns the output for a sequence, from a state of zeros. Another shape is an error.
  public func forward(_ sequence: Tensor<Element>) -> Tensor<Element> {
    run(sequence, [], nil, keepsStates: false, #fileID, #line).output
  }

  /// Returns the output for sequences of different length, from a state of zeros. `lengths` `[n]` is the
  /// number of steps of each sequence. The output after a sequence's end is 0, and the backward direction
  /// starts at the sequence's end.
  ///
  /// Shapes that do not fit are an error, and so are lengths outside of 0 ... steps.
  public final func callAsFunction(
    _ sequence: Tensor<Element>, lengths: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    scoped { run(sequence, [], lengths, keepsStates: false, file, line).output }
  }

  /// Returns zeros, `[layers · directions, n, hidden]`; with `isOutput` as many numbers as an output has.
  final func zeroState(_ batchSize: Int, isOutput: Bool = true) -> Tensor<Element> {
    .zeros([layers.times(isBidirectional ? 2 : 1), batchSize, isOutput ? outputSize : hidden])
  }

  /// Runs through a sequence and returns the output and, with `keepsStates`, the states at the end. `start`
  /// holds the initial states of all layers and directions, and for an LSTM the cells too: each
  /// `[layers · directions, n, hidden]`, or without a batch `[layers · directions, hidden]`. An empty `start`
  /// stands for zeros.
  final func run(
    _ sequence: Tensor<Element>, _ start: [Tensor<Element>], _ lengths: Tensor<Int>?, keepsStates: Bool,
    _ file: StaticString, _ line: UInt
  ) -> (output: Tensor<Element>, states: [Tensor<Element>]) {
    let isBatch = sequence.rank == 3
    if let failed = refusal(of: sequence, start, file, line) { return (failed, start.map { _ in failed }) }
    var x = isBatch ? isBatchFirst ? sequence.transposed(0, 1) : sequence : sequence.expandedDims(axis: 1)
    let rows = x.shape[1], parts = kind == .lstm ? 2 : 1
    let begins = start.map { isBatch ? $0 : $0.expandedDims(axis: 1) }
    var ends = [[Tensor<Element>]](repeating: [], count: parts)
    for (layer, directions) in weights.enumerated() {
      if layer > 0 { x = dropout(x) }
      var outputs: [Tensor<Element>] = []
      for (direction, weights) in directions.enumerated() {
        let number = layer * directions.count + direction, isReversed = direction == 1
        let first = (0..<parts).map { part in
          begins.isEmpty ? .zeros([rows, part == 0 ? outputSize : hidden]) : begins[part][number]
        }
        let step = RecurrentStep(
          name, kind, weights, projections.isEmpty ? nil : projections[layer][direction],
          startsFromZero: begins.isEmpty)
        let (states, cells) = step.run(
          x, first[0], parts == 2 ? first[1] : nil, lengths, isReversed: isReversed, file, line)
        if states.isFailed { return (states, ends.map { _ in states }) }
        if keepsStates {
          for (part, all) in [states, cells].compactMap({ $0 }).enumerated() {
            ends[part].append(all.shape[0] == 0 ? first[part] : all[isReversed ? 0 : -1])
          }
        }
        outputs.append(lengths.map { states.cleared(behind: $0) } ?? states)
      }
      x = outputs.count == 1 ? outputs[0] : .concatenated(outputs, axis: -1)
    }
    let output = isBatch ? isBatchFirst ? x.transposed(0, 1) : x : x.squeezed(axis: 1)
    guard keepsStates else { return (output, []) }
    return (output, ends.map { isBatch ? .stacked($0) : Tensor.stacked($0).squeezed(axis: 1) })
  }

  /// Returns a failed tensor if the shapes do not fit, else nil.
  private func refusal(
    of sequence: Tensor<Element>, _ start: [Tensor<Element>], _ file: StaticString, _ line: UInt
  ) -> Tensor<Element>? {
    if let failed = ([sequence] + start).first(where: \.isFailed) { return failed }
    let count = layers * (isBidirectional ? 2 : 1), rank = sequence.rank
    let batch = rank == 3 ? [sequence.shape[isBatchFirst ? 0 : 1]] : []
    let widths = [outputSize, hidden]
    if !weights.isEmpty, rank == 2 || rank == 3, sequence.shape[-1] == inputs,
      zip(start, widths).allSatisfy({ $0.shape == TensorShape([count] + batch + [$1]) })
    {
      return nil
    }
    let given =
      start.isEmpty ? "" : " and a state of shapes \(start.map { "\($0.shape)" }.joined(separator: ", "))"
    let axes = isBatchFirst ? "[n, steps, \(inputs)]" : "[steps, n, \(inputs)]"
    let cell = outputSize == hidden ? "" : " and [\(count), n, \(hidden)] for the cell"
    let wanted = start.isEmpty ? "" : ", and [\(count), n, \(outputSize)] for the state\(cell)"
    return .failed(
      name,
      "inputs of shape \(sequence.shape)\(given) do not fit; the shape must be \(axes) or [steps, \(inputs)]\(wanted)",
      file,
      line)
  }
}

/// The arguments of a recurrent layer's initialiser.
struct RecurrentOptions {
  let inputs: Int, hidden: Int, layers: Int, hasBias: Bool, isBatchFirst: Bool, dropout: Double,
    isBidirectional: Bool, projection: Int?

  init(
    _ inputs: Int, _ hidden: Int, _ layers: Int, _ hasBias: Bool, _ isBatchFirst: Bool, _ dropout: Double,
    _ isBidirectional: Bool, projection: Int? = nil
  ) {
    self.projection = projection
    (self.inputs, self.hidden, self.layers, self.hasBias) = (inputs, hidden, layers, hasBias)
    (self.isBatchFirst, self.dropout, self.isBidirectional) = (isBatchFirst, dropout, isBidirectional)
  }
}
