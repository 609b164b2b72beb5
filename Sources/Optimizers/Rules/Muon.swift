public import MartletCore

/// Muon (Jordan et al. 2024, kellerjordan.github.io/posts/muon), for the weight matrices of hidden layers. Use
/// another optimizer, such as ``AdamW``, for biases, embeddings and the last layer.
///
/// The update is `b = μb + (1 − μ)g`, `u = μb + (1 − μ)g` with Nesterov's momentum or `u = b` without,
/// `w = (1 − ηλ)w − ηs · orthogonalised(u)`. Five Newton–Schulz iterations `x = ax + (bA + cA²)x` with
/// `A = xxᵀ` move the singular values of `u / ‖u‖` close to 1. The scale s of an `[m, n]` matrix is that of
/// ``Scale``. PyTorch iterates with the precision of bfloat16, so its updates differ by about a percent.
///
/// ```swift
/// let model = Sequential { Linear(4, 8); Tanh(); Linear(8, 3) }
/// let matrices = model.parameters.filter { $0.rank == 2 }
/// let others = model.parameters.filter { $0.rank != 2 }
/// let optimizer = Muon(matrices, learningRate: 0.02), rest = AdamW(others)
/// model(Tensor<Float>.normal([2, 4])).crossEntropy(Tensor<Int>([0, 2])).backward()
/// optimizer.step()
/// rest.step()
/// ```
public final class Muon<Element: DifferentiableScalar>: Optimizer {
  /// The factor of the learning rate for an `[m, n]` matrix.
  ///
  /// ```swift
  /// let model = Linear<Float>(4, 3)
  /// let optimizer = Muon([model.weight], scale: .matchingAdamW)
  /// ```
  public enum Scale: Sendable {
    /// `√max(1, m / n)`.
    case original
    /// `0.2 √max(m, n)`: learning rates and weight decays of AdamW can be used (Liu et al. 2025,
    /// arXiv:2502.16982).
    case matchingAdamW
  }

  /// The matrices that a step changes.
  public let parameters: [Tensor<Element>]
  /// η, the learning rate.
  public var learningRate: Double
  /// The learning rate that schedules start from; empty until the first schedule sets it.
  public var initialLearningRates: [Double] = []
  /// μ, the share of the momentum that a step keeps.
  public var momentum: Double
  /// λ, the weight decay.
  public var weightDecay: Double
  private let nesterov: Bool, coefficients: (Double, Double, Double), iterations: Int, epsilon: Double
  private let scale: Scale
  private var buffers: [Tensor<Element>?]

  /// Makes an optimizer of matrices.
  ///
  /// A parameter of another rank is an error. So are a learning rate, weight decay, ε or number of iterations
  /// below 0, and a momentum outside of 0...1.
  public init(
    _ parameters: [Tensor<Element>], learningRate: Double = 1e-3, weightDecay: Double = 0.1,
    momentum: Double = 0.95, nesterov: Bool = true,
    coefficients: (Double, Double, Double) = (3.4445, -4.775, 2.0315), iterations: Int = 5,
    epsilon: Double = 1e-7, scale: Scale = .original, file: StaticString = #fileID, line: UInt = #line
  ) {
    for parameter in parameters where parameter.rank != 2 {
      check(
        false, "Muon", "a parameter of shape \(parameter.shape) is no matrix; all must have two axes", file,
        line)
    }
    check(
      learningRate >= 0 && weightDecay >= 0 && epsilon >= 0 && iterations >= 0, "Muon",
      "learning rate \(learningRate), weight decay \(weightDecay), epsilon \(epsilon) and iterations \(iterations) must be at least 0",
      file, line)
    check((0...1).contains(momentum), "Muon", "the momentum must be in 0...1, not \(momentum)", file, line)
    (self.parameters, self.learningRate, self.weightDecay) = (parameters, learningRate, weightDecay)
    (self.momentum, self.nesterov, self.coefficients) = (momentum, nesterov, coefficients)
    (self.iterations, self.epsilon, self.scale) = (max(iterations, 0), epsilon, scale)
    buffers = parameters.map { _ in nil }
  }

  /// The momentum, for schedules that change it.
  public var momenta: [Double] {
    get { [momentum] }
    set { momentum = newValue[0] }
  }

  /// Does nothing: this optimizer needs no preparation before a step.
  public func beginStep() {}

  /// Changes one matrix and its momentum. A gradient whose shape differs from the parameter's is an error.
  public func update(_ index: Int, gradient: Tensor<Element>) {
    let matrix = parameters[index]
    guard accepts(gradient, for: index), matrix.rank == 2, matrix.count > 0 else { return }
    let share = Element(1 - momentum)
    let buffer = (buffers[index] ?? .zeros(matrix.shape)).lerp(gradient, weight: share)
    buffers[index] = buffer
    let direction = orthogonalised(nesterov ? gradient.lerp(buffer, weight: Element(momentum)) : buffer)
    let (m, n) = (Double(matrix.shape[0]), Double(matrix.shape[1]))
    let factor = scale == .original ? max(1, m / n).squareRoot() : 0.2 * max(m, n).squareRoot()
    matrix.multiply(by: Tensor(Element(1 - learningRate * weightDecay)))
    matrix.add(direction, scaledBy: Element(-learningRate * factor))
  }

  /// Returns a matrix with the same singular vectors, whose singular values are close to 1.
  private func orthogonalised(_ matrix: Tensor<Element>) -> Tensor<Element> {
    let isTall = matrix.shape[0] > matrix.shape[1], (a, b, c) = coefficients
    let size = root(matrix.powerSum(2), 2)
    var x = (isTall ? matrix.transposed() : matrix) / Element(max(size, epsilon))
    for _ in 0..<iterations {
      let products = x.matmul(x.transposed())
      let polynomial = products * Element(b) + products.matmul(products) * Element(c)
      x = x * Element(a) + polynomial.matmul(x)
    }
    return isTall ? x.transposed() : x
  }

  /// A copy of the momentum of each matrix, such as `"0.momentum_buffer"`, and of the settings.
  public var state: OptimizerState<Element> {
    var result = OptimizerState<Element>(numbers: [
      "groups.0.lr": learningRate, "groups.0.weight_decay": weightDecay, "groups.0.momentum": momentum,
    ])
    if let rate = initialLearningRates.first { result.numbers["groups.0.initial_lr"] = rate }
    for (index, buffer) in buffers.enumerated() {
      if let buffer { result.tensors["\(index).momentum_buffer"] = buffer.cloned() }
    }
    return result
  }

  /// Restores the state of an optimizer of matrices of the same shapes. All is compared before anything is
  /// changed.
  ///
  /// - Throws: ``OptimizerStateMismatch``, which lists the names that do not fit.
  public func load(_ state: OptimizerState<Element>) throws(OptimizerStateMismatch) {
    var reading = StateReading(state)
    let numbers = ["lr", "weight_decay", "momentum"].map { reading.number("groups.0.\($0)") }
    let initial = reading.has("groups.0.initial_lr") ? [reading.number("groups.0.initial_lr")] : []
    let loaded = parameters.enumerated().map { index, parameter in
      let name = "\(index).momentum_buffer"
      return reading.has(name) ? reading.tensor(name, parameter.shape) : nil
    }
    try reading.end()
    (learningRate, weightDecay, momentum) = (numbers[0], numbers[1], numbers[2])
    (initialLearningRates, buffers) = (initial, loaded)
  }
}
