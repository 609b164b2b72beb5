public import MartletCore

/// The base class of the gated cells. Create an ``LSTMCell`` or a ``GRUCell``. The parameters have PyTorch's
/// names and layouts, and they start uniform in ±1/√hidden.
///
/// ```swift
/// let cells: [GatedCell<Float>] = [LSTMCell(inputs: 8, hidden: 16), GRUCell(inputs: 8, hidden: 16)]
/// for cell in cells { print(cell, cell.hidden) }
/// ```
public class GatedCell<Element: DifferentiableScalar>: Module {
  private final let weightIH: Tensor<Element>, weightHH: Tensor<Element>
  private final let biasIH: Tensor<Element>?, biasHH: Tensor<Element>?
  /// The number of elements of the state.
  public final let hidden: Int

  /// The name of the type in error messages. `kind` is the recurrence that the cell computes.
  class var name: String { "LSTMCell" }
  class var kind: Recurrence { .lstm }

  fileprivate init(_ inputs: Int, _ hidden: Int, _ bias: Bool, _ file: StaticString, _ line: UInt) {
    if inputs < 0 || hidden < 1 {
      programError(
        Self.name,
        "\(inputs) inputs and \(hidden) hidden units are not valid; there must be at least 0 inputs and 1 hidden unit",
        file, line)
    }
    let inputs = max(inputs, 0), hidden = max(hidden, 1), width = Self.kind.gates.times(hidden)
    func start(_ shape: TensorShape) -> Tensor<Element> { .startingUniform(shape, fanIn: hidden, file, line) }
    self.hidden = hidden
    weightIH = start([width, inputs])
    weightHH = start([width, hidden])
    biasIH = bias ? start([width]) : nil
    biasHH = bias ? start([width]) : nil
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public final var configuration: String {
    "inputs: \(weightIH.shape[1]), hidden: \(hidden)\(biasIH == nil ? ", bias: false" : "")"
  }

  fileprivate final func step(
    _ input: Tensor<Element>, _ state: Tensor<Element>, _ cell: Tensor<Element>?, _ file: StaticString,
    _ line: UInt
  ) -> [Tensor<Element>] {
    let given = [input, state] + [cell].compactMap { $0 }
    if let failed = given.first(where: \.isFailed) { return given.map { _ in failed } }
    guard given.allSatisfy({ $0.rank == 2 }) else {
      let shapes = given.map { "\($0.shape)" }.joined(separator: ", ")
      return given.map { _ in
        .failed(
          Self.name,
          "inputs and state of shapes \(shapes) do not fit; the shapes must be [n, inputs] and [n, \(hidden)]",
          file, line)
      }
    }
    let (states, cells) = input.expandedDims(axis: 0).recurrence(
      Self.kind, state: state, cell: cell,
      weights: RecurrentWeights(input: weightIH, state: weightHH, inputBias: biasIH, stateBias: biasHH),
      operation: Self.name, file: file, line: line)
    return [states, cells].compactMap { $0 }.map { $0.isFailed ? $0 : $0[0] }
  }
}

/// A cell that computes one step of an ``LSTM``.
///
/// ```swift
/// let cell = LSTMCell(inputs: 8, hidden: 16)
/// var state = cell.initialState(batchSize: 2)
/// for _ in 0..<5 {
///   let x = Tensor<Float>.normal([2, 8])
///   state = cell(x, state).next
/// }
/// ```
public final class LSTMCell<Element: DifferentiableScalar>: GatedCell<Element> {
  /// Creates a cell for `inputs` numbers and a state of `hidden` numbers. A negative number of inputs is an
  /// error, and so is a state of fewer than one number.
  public convenience init(
    inputs: Int, hidden: Int, bias: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(inputs, hidden, bias, file, line)
  }

  /// Returns the initial state: zeros, `[batchSize, hidden]`.
  public func initialState(batchSize: Int) -> LSTMState<Element> {
    LSTMState(hidden: .zeros([batchSize, hidden]), cell: .zeros([batchSize, hidden]))
  }

  /// Computes one step from `[n, inputs]` and a state of `[n, hidden]` to the next state. The `hidden` of the
  /// next state is also the output.
  ///
  /// Shapes that do not fit are an error.
  public func callAsFunction(
    _ input: Tensor<Element>, _ state: LSTMState<Element>, file: StaticString = #fileID, line: UInt = #line
  ) -> (output: Tensor<Element>, next: LSTMState<Element>) {
    scoped {
      let next = step(input, state.hidden, state.cell, file, line)
      return (next[0], LSTMState(hidden: next[0], cell: next[1]))
    }
  }
}

extension LSTMCell where Element == Float {
  /// Creates a cell for `inputs` numbers and a state of `hidden` numbers. A negative number of inputs is an
  /// error, and so is a state of fewer than one number.
  public convenience init(
    inputs: Int, hidden: Int, bias: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(inputs, hidden, bias, file, line)
  }
}

/// A cell that computes one step of a ``GRU``.
///
/// ```swift
/// let cell = GRUCell(inputs: 8, hidden: 16)
/// var state = cell.initialState(batchSize: 2)
/// for _ in 0..<5 {
///   let x = Tensor<Float>.normal([2, 8])
///   state = cell(x, state).next
/// }
/// ```
public final class GRUCell<Element: DifferentiableScalar>: GatedCell<Element> {
  override class var name: String { "GRUCell" }
  override class var kind: Recurrence { .gru }

  /// Creates a cell for `inputs` numbers and a state of `hidden` numbers. A negative number of inputs is an
  /// error, and so is a state of fewer than one number.
  public convenience init(
    inputs: Int, hidden: Int, bias: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(inputs, hidden, bias, file, line)
  }

  /// Returns the initial state: zeros, `[batchSize, hidden]`.
  public func initialState(batchSize: Int) -> Tensor<Element> { .zeros([batchSize, hidden]) }

  /// Computes one step from `[n, inputs]` and `[n, hidden]` to the next state. The next state is also the
  /// output.
  ///
  /// Shapes that do not fit are an error.
  public func callAsFunction(
    _ input: Tensor<Element>, _ state: Tensor<Element>, file: StaticString = #fileID, line: UInt = #line
  ) -> (output: Tensor<Element>, next: Tensor<Element>) {
    scoped {
      let next = step(input, state, nil, file, line)[0]
      return (next, next)
    }
  }
}

extension GRUCell where Element == Float {
  /// Creates a cell for `inputs` numbers and a state of `hidden` numbers. A negative number of inputs is an
  /// error, and so is a state of fewer than one number.
  public convenience init(
    inputs: Int, hidden: Int, bias: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(inputs, hidden, bias, file, line)
  }
}
