public import MartletCore

/// L-BFGS (Liu & Nocedal 1989, DOI 10.1007/BF01589116): steps by an estimate of the curvature, from the changes of
/// parameters and gradients in the steps before. PyTorch's algorithm, names and defaults.
///
/// It wants exact losses, of all data at once, and evaluates them several times in a step:
/// `optimizer.step { criterion(model(x), y) }`. The direction is the two-loop recursion's, d = −Hg; the length is
/// ``learningRate``, in the very first iteration times min(1, 1 / Σ|g|), or what a search along d finds that meets the
/// strong conditions of Wolfe.
public final class LBFGS<Element: DifferentiableScalar>: Optimizer {
  /// How long the steps are.
  public enum LineSearch: Sendable {
    /// The learning rate.
    case none
    /// As long as the strong conditions of Wolfe are met (Nocedal & Wright 2006, algorithms 3.5 and 3.6).
    case strongWolfe
  }

  /// The tensors that a step changes.
  public let parameters: [Tensor<Element>]
  /// η, the first length that is tried.
  public var learningRate: Double
  /// The most iterations of a step.
  public let maxIterations: Int
  /// The number of evaluations after which a step begins no other iteration.
  public let maxEvaluations: Int
  /// A step ends where no element of the gradient is larger.
  public let toleranceGradient: Double
  /// A step ends where the parameters or the loss change by no more.
  public let toleranceChange: Double
  /// How many earlier iterations are remembered.
  public let historySize: Int
  /// How the lengths are found.
  public let lineSearch: LineSearch
  /// The learning rates that schedules start from; empty until the first schedule sets them.
  public var initialLearningRates: [Double] = []
  /// Evaluations of the loss, and iterations, since the beginning.
  public private(set) var evaluationCount = 0, iterationCount = 0

  /// What is remembered between iterations: a change of the gradient, that of the parameters, 1 / their product.
  private struct Pair {
    let slopes: Tensor<Element>, change: Tensor<Element>
    let inverse: Double
  }
  private var history: [Pair] = []
  private var scale = 1.0, length = 0.0
  private var direction: Tensor<Element>?, earlierGradient: Tensor<Element>?

  /// An optimizer of these parameters; `maxEvaluations` is 5/4 of the iterations unless given.
  ///
  /// A rate or tolerance below 0 is an error, and so is a count below 1.
  public init(
    _ parameters: [Tensor<Element>], learningRate: Double = 1, maxIterations: Int = 20,
    maxEvaluations: Int? = nil, toleranceGradient: Double = 1e-7, toleranceChange: Double = 1e-9,
    historySize: Int = 100, lineSearch: LineSearch = .none, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(learningRate >= 0, "LBFGS", "learning rate \(learningRate); at least 0", file, line)
    check(
      maxIterations > 0 && historySize > 0 && maxEvaluations ?? 1 > 0, "LBFGS",
      "iterations \(maxIterations), evaluations \(maxEvaluations ?? 0), history \(historySize); at least 1 of each",
      file, line)
    check(
      toleranceGradient >= 0 && toleranceChange >= 0, "LBFGS",
      "tolerances \(toleranceGradient) and \(toleranceChange); at least 0", file, line)
    self.parameters = parameters
    self.learningRate = learningRate
    self.maxIterations = maxIterations
    self.maxEvaluations = maxEvaluations ?? maxIterations * 5 / 4
    self.toleranceGradient = toleranceGradient
    self.toleranceChange = toleranceChange
    self.historySize = historySize
    self.lineSearch = lineSearch
  }

  /// Nothing is common to the parameters of a step.
  public func beginStep() {}

  /// An error: a step evaluates the loss, see ``step(_:)``.
  public func update(_ index: Int, gradient: Tensor<Element>) {
    programError("LBFGS", "a step without a loss; step { loss } evaluates it as often as it needs")
  }

  /// An error: a step evaluates the loss, see ``step(_:)``.
  public func updateAll() {
    programError("LBFGS", "a step without a loss; step { loss } evaluates it as often as it needs")
  }

  /// Makes up to ``maxIterations`` iterations, and returns the loss before them. `loss` computes it anew whenever it is
  /// called; its gradients are taken here, and are forgotten at the end. Where it fails the parameters stay as they
  /// are then.
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

  /// The loss and its gradient along a direction, after which the parameters are what they were before.
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

  /// Remembers the iteration before, and sets the direction for a gradient.
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

  /// The loss and all gradients in a row, those that are missing 0; nil where the loss failed.
  private func evaluate(_ loss: () -> Tensor<Element>) -> (loss: Double, gradient: Tensor<Element>)? {
    zeroGrad()
    let value = loss()
    if value.isFailed { return nil }
    value.backward()
    let parts = parameters.map { $0.grad?.reshaped([$0.count]) ?? .zeros([$0.count]) }
    if parts.contains(where: \.isFailed) { return nil }
    return (value.item.doubleValue, noGrad { Tensor.concatenated(parts) })
  }

  /// Moves all parameters along a direction.
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

  /// A copy of what is remembered, by PyTorch's names.
  public var state: OptimizerState<Element> {
    var result = OptimizerState<Element>(numbers: [
      "groups.0.lr": learningRate, "func_evals": Double(evaluationCount), "n_iter": Double(iterationCount),
      "H_diag": scale, "t": length, "history": Double(history.count),
    ])
    if let rate = initialLearningRates.first { result.numbers["groups.0.initial_lr"] = rate }
    if let direction { result.tensors["d"] = direction.cloned() }
    if let earlierGradient { result.tensors["prev_flat_grad"] = earlierGradient.cloned() }
    for (i, pair) in history.enumerated() {
      result.tensors["old_dirs.\(i)"] = pair.slopes.cloned()
      result.tensors["old_stps.\(i)"] = pair.change.cloned()
      result.numbers["ro.\(i)"] = pair.inverse
    }
    return result
  }

  /// Takes over what an optimizer of parameters with as many elements remembered. All is compared before anything is
  /// changed.
  ///
  /// - Throws: ``OptimizerStateMismatch``, which names what does not fit.
  public func load(_ state: OptimizerState<Element>) throws(OptimizerStateMismatch) {
    var reading = StateReading(state)
    let shape: TensorShape = [parameters.reduce(0) { $0 + $1.count }]
    let names = ["groups.0.lr", "func_evals", "n_iter", "H_diag", "t", "history"]
    let numbers = names.map { reading.number($0) }
    let initial = reading.has("groups.0.initial_lr") ? [reading.number("groups.0.initial_lr")] : []
    var tensors: [Tensor<Element>?] = [nil, nil]
    if numbers[2] > 0 { tensors = ["d", "prev_flat_grad"].map { reading.tensor($0, shape) } }
    var pairs: [Pair] = []
    for i in 0..<max(0, Int(numbers[5])) {
      let slopes = reading.tensor("old_dirs.\(i)", shape), change = reading.tensor("old_stps.\(i)", shape)
      let inverse = reading.number("ro.\(i)")
      if let slopes, let change { pairs.append(Pair(slopes: slopes, change: change, inverse: inverse)) }
    }
    try reading.end()
    (learningRate, scale, length, history) = (numbers[0], numbers[3], numbers[4], pairs)
    (evaluationCount, iterationCount) = (Int(numbers[1]), Int(numbers[2]))
    (direction, earlierGradient) = (tensors[0], tensors[1])
    initialLearningRates = initial
  }
}
