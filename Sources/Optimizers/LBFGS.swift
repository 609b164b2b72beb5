public import MartletCore

/// L-BFGS (Liu & Nocedal 1989, DOI 10.1007/BF01589116), with PyTorch's algorithm, names and defaults.
///
/// It estimates the curvature from the changes of parameters and gradients in earlier iterations. It needs
/// exact losses, computed on all data at once, and evaluates them several times in a step. The two-loop
/// recursion computes the direction d = −Hg. Without a line search the length of the step is
/// ``learningRate``, in the very first iteration times min(1, 1 / Σ|g|). The line search finds a length that
/// meets the strong Wolfe conditions.
///
/// ```swift
/// let w = Tensor<Double>([0, 0], requiresGrad: true), target = Tensor<Double>([3, -1])
/// let optimizer = LBFGS([w], lineSearch: .strongWolfe)
/// optimizer.step { w.squaredError(target) }
/// ```
public final class LBFGS<Element: DifferentiableScalar>: Optimizer {
  /// The method that finds the length of a step.
  ///
  /// ```swift
  /// let w = Tensor<Double>.zeros([2], requiresGrad: true)
  /// let optimizer = LBFGS([w], learningRate: 0.1, lineSearch: .none)
  /// print(optimizer.lineSearch)
  /// ```
  public enum LineSearch: Sendable {
    /// No search: the length is the learning rate.
    case none
    /// A search for a length that meets the strong Wolfe conditions (Nocedal & Wright 2006, algorithms 3.5
    /// and 3.6).
    case strongWolfe
  }

  /// The tensors that a step changes.
  public let parameters: [Tensor<Element>]
  /// η, the first length that is tried.
  public var learningRate: Double
  /// The largest number of iterations of a step.
  public let maxIterations: Int
  /// The number of evaluations of the loss after which a step starts no further iteration.
  public let maxEvaluations: Int
  /// The tolerance of the gradient: a step ends when no element of the gradient is larger in absolute value.
  public let toleranceGradient: Double
  /// The tolerance of changes: a step ends when the parameters or the loss change by no more than this.
  public let toleranceChange: Double
  /// The largest number of earlier iterations that estimate the curvature.
  public let historySize: Int
  /// The method that finds the length of a step.
  public let lineSearch: LineSearch
  /// The learning rates that schedules start from; empty until the first schedule sets them.
  public var initialLearningRates: [Double] = []
  /// The numbers of evaluations of the loss and of iterations since the optimizer was made.
  public private(set) var evaluationCount = 0, iterationCount = 0

  /// One earlier iteration: the change of the gradient, the change of the parameters, and 1 / their scalar
  /// product.
  private struct Pair {
    let slopes: Tensor<Element>, change: Tensor<Element>
    let inverse: Double
  }
  private var history: [Pair] = []
  private var scale = 1.0, length = 0.0
  private var direction: Tensor<Element>?, earlierGradient: Tensor<Element>?

  /// Makes an optimizer of these parameters. The default of `maxEvaluations` is 5/4 of `maxIterations`.
  ///
  /// A learning rate or tolerance below 0 is an error, and so is a count below 1.
  public init(
    _ parameters: [Tensor<Element>], learningRate: Double = 1, maxIterations: Int = 20,
    maxEvaluations: Int? = nil, toleranceGradient: Double = 1e-7, toleranceChange: Double = 1e-9,
    historySize: Int = 100, lineSearch: LineSearch = .none, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(learningRate >= 0, "LBFGS", "the learning rate must be at least 0, not \(learningRate)", file, line)
    check(
      maxIterations > 0 && historySize > 0 && maxEvaluations ?? 1 > 0, "LBFGS",
      "iterations \(maxIterations), evaluations \(maxEvaluations ?? 0) and history \(historySize) must each be at least 1",
      file, line)
    check(
      toleranceGradient >= 0 && toleranceChange >= 0, "LBFGS",
      "tolerances \(toleranceGradient) and \(toleranceChange) must be at least 0", file, line)
    self.parameters = parameters
    self.learningRate = learningRate
    self.maxIterations = maxIterations
    self.maxEvaluations = maxEvaluations ?? maxIterations * 5 / 4
    self.toleranceGradient = toleranceGradient
    self.toleranceChange = toleranceChange
    self.historySize = historySize
    self.lineSearch = lineSearch
  }

  /// Does nothing: ``step(_:)`` prepares its iterations itself.
  public func beginStep() {}

  /// Reports an error: a step has to evaluate the loss, see ``step(_:)``.
  public func update(_ index: Int, gradient: Tensor<Element>) {
    programError(
      "LBFGS", "a step needs the loss; call step { loss }, which evaluates the loss as often as needed")
  }

  /// Reports an error: a step has to evaluate the loss, see ``step(_:)``.
  public func updateAll() {
    programError(
      "LBFGS", "a step needs the loss; call step { loss }, which evaluates the loss as often as needed")
  }

  /// Makes up to ``maxIterations`` iterations, and returns the loss before them.
  ///
  /// `loss` must compute the loss anew whenever it is called. This function calls `backward()` itself and
  /// clears the gradients at the end. If the loss fails, the step ends and the parameters keep the values of
  /// that moment.
  @discardableResult
  public func step(_ loss: () -> Tensor<Element>) -> Double {
    defer { zeroGrad() }
    guard var point = evaluate(loss) else { return .nan }
    let first = point.loss
    evaluationCount += 1
    if largest(point.gradient) <= toleranceGradient { return first }
    var evaluations = 1
    for iteration in 1...maxIterations {
      iterationCount += 1
      noGrad { turn(point.gradient) }
      let direction = direction!
      earlierGradient = point.gradient
      let earlierLoss = point.loss
      length = iterationCount == 1 ? min(1, 1 / point.gradient.powerSum(1)) * learningRate : learningRate
      let slope = dot(point.gradient, direction)
      if slope > -toleranceChange { break }

      var used = 0
      if lineSearch == .strongWolfe {
        var search = WolfeSearch(
          start: SearchPoint(length: 0, loss: point.loss, gradient: point.gradient, slope: slope),
          largest: largest(direction), tolerance: toleranceChange,
          maxEvaluations: maxEvaluations - evaluations)
        let before = parameters.map { $0.detached().cloned() }
        let found = search.run(from: length) { searchPoint($0, direction, before, loss) }
        guard let found else { return first }
        point = (found.loss, found.gradient)
        (length, used) = (found.length, search.evaluations)
        move(length, direction)
      } else {
        move(length, direction)
        if iteration < maxIterations {
          guard let next = evaluate(loss) else { return first }
          point = next
          used = 1
        }
      }
      evaluations += used
      evaluationCount += used
      if iteration == maxIterations || evaluations >= maxEvaluations { break }
      if largest(point.gradient) <= toleranceGradient || length * largest(direction) <= toleranceChange
        || abs(point.loss - earlierLoss) < toleranceChange
      {
        break
      }
    }
    return first
  }

  /// Returns the loss and its gradient at a length along a direction. The parameters are restored afterwards.
  private func searchPoint(
    _ length: Double, _ direction: Tensor<Element>, _ before: [Tensor<Element>], _ loss: () -> Tensor<Element>
  ) -> SearchPoint<Element>? {
    move(length, direction)
    let value = evaluate(loss)
    noGrad { for (parameter, old) in zip(parameters, before) { parameter.assign(old) } }
    guard let value else { return nil }
    let slope = dot(value.gradient, direction)
    return SearchPoint(length: length, loss: value.loss, gradient: value.gradient, slope: slope)
  }

  /// Adds the last iteration to the history, and computes the direction for a gradient.
  private func turn(_ gradient: Tensor<Element>) {
    if iterationCount == 1 {
      direction = -gradient
      (history, scale) = ([], 1)
      return
    }
    guard let earlierGradient, let earlier = direction else { return }
    let slopes = gradient - earlierGradient, change = earlier * Element(length)
    let product = dot(slopes, change)
    if product > 1e-10 {
      if history.count == historySize { history.removeFirst() }
      history.append(Pair(slopes: slopes, change: change, inverse: 1 / product))
      scale = product / dot(slopes, slopes)
    }
    let next = -gradient
    var parts = [Double](repeating: 0, count: history.count)
    for (i, pair) in history.enumerated().reversed() {
      parts[i] = dot(pair.change, next) * pair.inverse
      next.add(pair.slopes, scaledBy: Element(-parts[i]))
    }
    next.multiply(by: .full([], Element(scale)))
    for (i, pair) in history.enumerated() {
      next.add(pair.change, scaledBy: Element(parts[i] - dot(pair.slopes, next) * pair.inverse))
    }
    direction = next
  }

  /// Returns the loss and all gradients in one vector, with zeros for missing gradients; nil if the loss
  /// failed.
  private func evaluate(_ loss: () -> Tensor<Element>) -> (loss: Double, gradient: Tensor<Element>)? {
    zeroGrad()
    let value = loss()
    if value.isFailed { return nil }
    value.backward()
    let parts = parameters.map { $0.grad?.reshaped([$0.count]) ?? .zeros([$0.count]) }
    if parts.contains(where: \.isFailed) { return nil }
    return (value.item.doubleValue, noGrad { Tensor.concatenated(parts) })
  }

  /// Moves all parameters by a length along a direction.
  private func move(_ length: Double, _ direction: Tensor<Element>) {
    noGrad {
      var start = 0
      for parameter in parameters {
        let part = direction[start..<start + parameter.count].reshaped(parameter.shape)
        parameter.add(part, scaledBy: Element(length))
        start += parameter.count
      }
    }
  }

  private func dot(_ a: Tensor<Element>, _ b: Tensor<Element>) -> Double {
    noGrad { (a * b).sum().item.doubleValue }
  }

  private func largest(_ a: Tensor<Element>) -> Double { a.powerSum(.infinity) }

  // MARK: State

  /// A copy of the history, the counts and the learning rate, under PyTorch's names.
  public var state: OptimizerState<Element> {
    var result = OptimizerState<Element>(numbers: [
      "groups.0.lr": learningRate, "func_evals": Double(evaluationCount), "n_iter": Double(iterationCount),
      "H_diag": scale, "t": length, "history": Double(history.count),
    ])
    result.setInitialRates(initialLearningRates)
    if let direction { result.tensors["d"] = direction.cloned() }
    if let earlierGradient { result.tensors["prev_flat_grad"] = earlierGradient.cloned() }
    for (i, pair) in history.enumerated() {
      result.tensors["old_dirs.\(i)"] = pair.slopes.cloned()
      result.tensors["old_stps.\(i)"] = pair.change.cloned()
      result.numbers["ro.\(i)"] = pair.inverse
    }
    return result
  }

  /// Restores the state of an optimizer whose parameters have the same number of elements. All is compared
  /// before anything is changed.
  ///
  /// - Throws: ``OptimizerStateMismatch``, which lists the names that do not fit.
  public func load(_ state: OptimizerState<Element>) throws(OptimizerStateMismatch) {
    var reading = StateReading(state)
    let shape: TensorShape = [parameters.reduce(0) { $0 + $1.count }]
    let numbers = ["groups.0.lr", "H_diag", "t"].map { reading.number($0) }
    let counts = ["func_evals", "n_iter", "history"].map { reading.count($0) }
    let initial = reading.initialRates(1)
    var tensors: [Tensor<Element>?] = [nil, nil]
    if counts[1] > 0 { tensors = ["d", "prev_flat_grad"].map { reading.tensor($0, shape) } }
    var pairs: [Pair] = []
    // A history that claims more than the state has fails at the first tensor that is missing.
    for i in 0..<min(counts[2], state.tensors.count + 1) {
      let slopes = reading.tensor("old_dirs.\(i)", shape), change = reading.tensor("old_stps.\(i)", shape)
      let inverse = reading.number("ro.\(i)")
      if let slopes, let change { pairs.append(Pair(slopes: slopes, change: change, inverse: inverse)) }
    }
    try reading.end()
    (learningRate, scale, length, history) = (numbers[0], numbers[1], numbers[2], pairs)
    (evaluationCount, iterationCount) = (counts[0], counts[1])
    (direction, earlierGradient) = (tensors[0], tensors[1])
    initialLearningRates = initial
  }
}
