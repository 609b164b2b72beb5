public import MartletCore

/// The nonlinearity of a recurrent network or cell.
///
/// ```swift
/// let cell = RNNCell(inputs: 8, hidden: 16, activation: Activation.relu)
/// ```
public enum Activation: Sendable {
  /// The hyperbolic tangent, `tanh(x)`.
  case tanh
  /// The logistic function, `1 / (1 + exp(−x))`.
  case sigmoid
  /// The rectified linear unit, `max(x, 0)`.
  case relu

  func callAsFunction<Element: DifferentiableScalar>(_ x: Tensor<Element>) -> Tensor<Element> {
    switch self {
    case .tanh: x.tanh()
    case .sigmoid: x.sigmoid()
    case .relu: x.relu()
    }
  }
}

/// A recurrent cell (Elman 1990, DOI 10.1207/s15516709cog1402_1). It maps an input and a state to an output
/// and the next state.
///
/// With `outputs`, the cell has three `Linear` layers: `next = activation(w_ih(x) + w_hh(state))`,
/// `output = w_ho(next)`. Without `outputs`, it is PyTorch's cell:
/// `next = activation(weight_ih · x + bias_ih + weight_hh · state + bias_hh)`. The next state is then also
/// the output.
///
/// ```swift
/// let cell = RNNCell(inputs: 8, hidden: 16, outputs: 2)
/// let x = Tensor<Float>.normal([3, 8])
/// let (output, next) = cell(x, cell.initialState(batchSize: 3))  // [3, 2], [3, 16]
/// ```
public final class RNNCell<Element: DifferentiableScalar>: Module {
  private let wIH: Linear<Element>?, wHH: Linear<Element>?, wHO: Linear<Element>?
  private let weightIH: Tensor<Element>?, weightHH: Tensor<Element>?
  private let biasIH: Tensor<Element>?, biasHH: Tensor<Element>?
  /// The number of elements of the state.
  public let hidden: Int
  /// The nonlinearity of the state.
  public let activation: Activation

  /// Creates a cell for `inputs` numbers and a state of `hidden` numbers. With `outputs`, a layer on top of
  /// the state computes the output.
  ///
  /// The default nonlinearity is the logistic function with `outputs`, and the hyperbolic tangent without.
  public convenience init(
    inputs: Int, hidden: Int, outputs: Int? = nil, activation: Activation? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(inputs, hidden, outputs, activation, file, line)
  }

  fileprivate init(
    _ inputs: Int, _ hidden: Int, _ outputs: Int?, _ activation: Activation?, _ file: StaticString,
    _ line: UInt
  ) {
    self.hidden = hidden
    self.activation = activation ?? (outputs == nil ? .tanh : .sigmoid)
    func start(_ shape: TensorShape) -> Tensor<Element> { .startingUniform(shape, fanIn: hidden, file, line) }
    if let outputs {
      wIH = Linear<Element>(inputs, hidden, file: file, line: line)
      wHH = Linear<Element>(hidden, hidden, file: file, line: line)
      wHO = Linear<Element>(hidden, outputs, file: file, line: line)
      (weightIH, weightHH, biasIH, biasHH) = (nil, nil, nil, nil)
    } else {
      (wIH, wHH, wHO) = (nil, nil, nil)
      weightIH = start([hidden, inputs])
      weightHH = start([hidden, hidden])
      biasIH = start([hidden])
      biasHH = start([hidden])
    }
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String {
    let inputs = (wIH?.weight ?? weightIH!).shape[1], outputs = wHO.map { ", outputs: \($0.weight.shape[0])" }
    return "inputs: \(inputs), hidden: \(hidden)\(outputs ?? ""), activation: \(activation)"
  }

  /// Returns the initial state: zeros, `[batchSize, hidden]`.
  public func initialState(batchSize: Int) -> Tensor<Element> { .zeros([batchSize, hidden]) }

  /// Computes one step from `[n, inputs]` and `[n, hidden]` to the output and the next state. The output is
  /// `[n, outputs]`, or without `outputs` the next state.
  ///
  /// Last axes that do not fit are an error.
  public func callAsFunction(
    _ input: Tensor<Element>, _ state: Tensor<Element>
  ) -> (output: Tensor<Element>, next: Tensor<Element>) {
    scoped {
      if let wIH, let wHH, let wHO {
        let next = activation(wIH(input) + wHH(state))
        return (wHO(next), next)
      }
      let next = activation(
        input.linear(weight: weightIH!, bias: biasIH!) + state.linear(weight: weightHH!, bias: biasHH!))
      return (next, next)
    }
  }
}

extension RNNCell where Element == Float {
  /// Creates a cell for `inputs` numbers and a state of `hidden` numbers. With `outputs`, a layer on top of
  /// the state computes the output.
  public convenience init(
    inputs: Int, hidden: Int, outputs: Int? = nil, activation: Activation? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(inputs, hidden, outputs, activation, file, line)
  }
}
