public import MartletCore

/// Muon (Jordan et al. 2024, kellerjordan.github.io/posts/muon), for the weight matrices of hidden layers.
/// Use another optimizer, such as ``AdamW``, for biases, embeddings and the last layer.
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

  /// The matrices that a step changes, in the order of the groups.
  public let parameters: [Tensor<Element>]
  /// η, the learning rate of each group.
  public var learningRates: [Double] {
    get { settings[each: \.learningRate] }
    set { settings[each: \.learningRate] = newValue }
  }
  /// The learning rates that schedules start from; empty until the first schedule sets them.
  public var initialLearningRates: [Double] = []
  /// μ, the share of the momentum that a step keeps, of each group.
  public var momenta: [Double] {
    get { settings[each: \.momentum] }
    set { settings[each: \.momentum] = newValue }
  }
  /// λ, the weight decay of each group.
  public var weightDecays: [Double] {
    get { settings[each: \.weightDecay] }
    set { settings[each: \.weightDecay] = newValue }
  }
  private let grouped: GroupedParameters<Element>
  /// The current settings of each group.
  private var settings: [UpdateSettings]
  private let nesterov: Bool, coefficients: (Double, Double, Double), iterations: Int
  private let scale: Scale
  private var buffers: [Tensor<Element>?]

  /// Makes an optimizer of matrices, or of groups of matrices.
  ///
  /// A parameter of another rank is an error. So are a learning rate, weight decay, ε or number of iterations
  /// below 0, and a momentum outside of 0...1.
  public init<Part: Optimizable>(
    _ parameters: [Part], learningRate: Double = 1e-3, weightDecay: Double = 0.1,
    momentum: Double = 0.95, nesterov: Bool = true,
    coefficients: (Double, Double, Double) = (3.4445, -4.775, 2.0315), iterations: Int = 5,
    epsilon: Double = 1e-7, scale: Scale = .original, file: StaticString = #fileID, line: UInt = #line
  ) where Part.Scalar == Element {
    var defaults = UpdateSettings(learningRate: learningRate, weightDecay: weightDecay)
    (defaults.momentum, defaults.epsilon) = (momentum, epsilon)
    let groups = Part.groups(parameters)
    settings = groups.map { $0.settings(defaults, hasBetas: false) }
    grouped = GroupedParameters(groups, of: "Muon", file, line)
    for parameter in grouped.parameters where parameter.rank != 2 {
      check(
        false, "Muon", "a parameter of shape \(parameter.shape) is no matrix; all must have two axes", file,
        line)
    }
    for group in settings {
      check(
        group.learningRate >= 0 && group.weightDecay >= 0 && group.epsilon >= 0 && iterations >= 0, "Muon",
        "learning rate \(group.learningRate), weight decay \(group.weightDecay), epsilon \(group.epsilon) and iterations \(iterations) must be at least 0",
        file, line)
      check(
        (0...1).contains(group.momentum), "Muon", "the momentum must be in 0...1, not \(group.momentum)",
        file,
        line)
    }
    self.parameters = grouped.parameters
    (self.nesterov, self.coefficients) = (nesterov, coefficients)
    (self.iterations, self.scale) = (max(iterations, 0), scale)
    buffers = grouped.parameters.map { _ in nil }
  }

  /// η, the learning rate of the first group. Setting it sets the learning rate of every group.
  public var learningRate: Double {
    get { settings.first?.learningRate ?? 0 }
    set { settings.set(\.learningRate, to: newValue) }
  }

  /// μ, the momentum of the first group. Setting it sets the momentum of every group.
  public var momentum: Double {
    get { settings.first?.momentum ?? 0 }
    set { settings.set(\.momentum, to: newValue) }
  }

  /// λ, the weight decay of the first group. Setting it sets the weight decay of every group.
  public var weightDecay: Double {
    get { settings.first?.weightDecay ?? 0 }
    set { settings.set(\.weightDecay, to: newValue) }
  }

  /// The groups, with all their current settings.
  public var groups: [ParameterGroup<Element>] {
    zip(grouped.lists, settings).map { parameters, all in
      ParameterGroup(
        parameters, learningRate: all.learningRate, weightDecay: all.weightDecay, momentum: all.momentum,
        epsilon: all.epsilon)
    }
  }

  /// Does nothing: this optimizer needs no preparation before a step.
  public func beginStep() {}

  /// Changes one matrix and its momentum. A gradient whose shape differs from the parameter's is an error.
  public func update(_ index: Int, gradient: Tensor<Element>) {
    let matrix = parameters[index]
    guard accepts(gradient, for: index), matrix.rank == 2, matrix.count > 0 else { return }
    let settings = settings[grouped.groupOf[index]], share = Element(1 - settings.momentum)
    let buffer = (buffers[index] ?? .zeros(matrix.shape)).lerp(gradient, weight: share)
    buffers[index] = buffer
    let direction = orthogonalised(
      nesterov ? gradient.lerp(buffer, weight: Element(settings.momentum)) : buffer, settings.epsilon)
    let (m, n) = (Double(matrix.shape[0]), Double(matrix.shape[1]))
    let factor = scale == .original ? max(1, m / n).squareRoot() : 0.2 * max(m, n).squareRoot()
    matrix.multiply(by: Tensor(Element(1 - settings.learningRate * settings.weightDecay)))
    matrix.add(direction, scaledBy: Element(-settings.learningRate * factor))
  }

  /// Returns a matrix with the same singular vectors, whose singular values are close to 1.
  private func orthogonalised(_ matrix: Tensor<Element>, _ epsilon: Double) -> Tensor<Element> {
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

  private var saved: [SavedSetting] { UpdateSettings.saved + [("momentum", \.momentum)] }

  /// A copy of the momentum of each matrix, such as `"0.momentum_buffer"`, and of the settings of each group.
  public var state: OptimizerState<Element> {
    var result = OptimizerState<Element>()
    result.setSettings(settings, saved)
    result.setInitialRates(initialLearningRates)
    for (index, buffer) in buffers.enumerated() {
      if let buffer { result.tensors["\(index).momentum_buffer"] = buffer.cloned() }
    }
    return result
  }

  /// Restores the state of an optimizer of matrices of the same shapes and groups. All is compared before
  /// anything is changed.
  ///
  /// - Throws: ``OptimizerStateMismatch``, which lists the names that do not fit.
  public func load(_ state: OptimizerState<Element>) throws(OptimizerStateMismatch) {
    var reading = StateReading(state)
    let newSettings = reading.settings(over: settings, saved)
    let initial = reading.initialRates(settings.count)
    let loaded = parameters.enumerated().map { index, parameter in
      let name = "\(index).momentum_buffer"
      return reading.has(name) ? reading.tensor(name, parameter.shape) : nil
    }
    try reading.end()
    (settings, initialLearningRates, buffers) = (newSettings, initial, loaded)
  }
}
