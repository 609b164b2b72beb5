import Foundation
import Martlet
import TestSupport

/// The contents of optimizers.json for a precision.
struct TorchOptimizers: Decodable {
  struct Numbers: Decodable {
    let shape: [Int]
    let values: [Double]
  }

  struct Step: Decodable {
    let values: [[Double]]
    let state: [String: [Double]]
  }

  struct Case: Decodable, CustomStringConvertible {
    let name: String, optimizer: String
    let options: [String: [Double]]
    let group: [String: [Double]]?
    let steps: [Step]
    var description: String { name }
  }

  /// Five steps of an optimizer of matrices, with parameters of its own.
  struct Matrices: Decodable, CustomStringConvertible {
    let name: String, optimizer: String
    let options: [String: [Double]]
    /// The options of the group of all parameters but the first, or nil if there is one group.
    let group: [String: [Double]]?
    let start: [Numbers]
    let gradients: [[[Double]?]]
    let steps: [Step]
    var description: String { name }
  }

  struct Search: Decodable, CustomStringConvertible {
    struct Step: Decodable {
      let loss: Double
      let values: [[Double]]
      let evaluations: Int, iterations: Int
    }
    let name: String, problem: String
    let options: [String: [Double]]
    let rows: Numbers, labels: Numbers
    let start: [Numbers]
    let steps: [Step]
    var description: String { name }
  }

  struct Clipped: Decodable {
    let most: Double
    let p: String?, norm: String?
    let gradients: [[String]], clipped: [[String]]
  }

  struct Averaged: Decodable {
    let decay: Double
    let walks: [[Numbers]]
    let steps: [[[Double]]]
  }

  let start: [Numbers]
  let gradients: [[[Double]?]]
  let cases: [Case]
  let lbfgs: [Search]
  let clipped: [Clipped]
  let averaged: [Averaged]
  let matrices: [Matrices]

  static let all = try! JSONDecoder().decode([String: Self].self, from: Golden.data("optimizers.json"))

  /// Optimizers of matrices with two groups, by precision.
  static let groups = try! JSONDecoder().decode(
    [String: [Matrices]].self, from: Golden.data("optimizer_groups.json"))

  /// The optimizers of matrices for a precision, first those with one group.
  static func matrices(of type: Any.Type) -> [Matrices] {
    of(type).matrices + groups[type == Float.self ? "float32" : "float64"]!
  }

  /// The fixture for a precision.
  static func of(_ type: Any.Type) -> Self { all[type == Float.self ? "float32" : "float64"]! }

  static let names = of(Double.self).cases.map(\.name)

  subscript(name: String) -> Case { cases.first { $0.name == name }! }
}

extension Tensor where Element: DifferentiableScalar {
  /// A tensor of the numbers of a fixture.
  convenience init(_ numbers: TorchOptimizers.Numbers, requiresGrad: Bool = false) {
    self.init(
      numbers.values.map { Element($0) }, shape: TensorShape(numbers.shape), requiresGrad: requiresGrad)
  }

  /// Sets the gradient of a leaf to exactly these values.
  func setGradient(_ values: [Double]) {
    zeroGrad()
    backward(Tensor(values.map { Element($0) }, shape: shape))
  }
}

extension TorchOptimizers.Case {
  /// The optimizer of the case, of one group or of the first parameter and the rest.
  func make<E: DifferentiableScalar>(_ parameters: [Tensor<E>]) -> any Optimizer<E> {
    guard let group else { return make([ParameterGroup(parameters)]) }
    return make([
      ParameterGroup([parameters[0]]),
      ParameterGroup(
        Array(parameters.dropFirst()), learningRate: group["lr"]?[0], weightDecay: group["weight_decay"]?[0],
        momentum: group["momentum"]?[0], betas: group["betas"].map { ($0[0], $0[1]) },
        epsilon: group["eps"]?[0]),
    ])
  }

  private func number(_ name: String, _ usual: Double) -> Double { options[name]?[0] ?? usual }
  private func flag(_ name: String) -> Bool { options[name]?[0] == 1 }
  private func betas(_ usual: (Double, Double)) -> (Double, Double) {
    options["betas"].map { ($0[0], $0[1]) } ?? usual
  }

  /// The optimizer of a case. Its options override PyTorch's defaults; without options the optimizer's own
  /// defaults apply.
  private func make<E>(_ groups: [ParameterGroup<E>]) -> any Optimizer<E> {
    let isPlain = options.isEmpty, up = flag("maximize"), decay = number("weight_decay", 0)
    let eps = number("eps", 1e-8), usual = betas((0.9, 0.999)), decoupled = flag("decoupled_weight_decay")
    switch optimizer {
    case "SGD":
      return SGD(
        groups, learningRate: number("lr", 0), momentum: number("momentum", 0),
        dampening: number("dampening", 0), weightDecay: decay, nesterov: flag("nesterov"), maximize: up)
    case "Adam":
      return isPlain
        ? Adam(groups)
        : Adam(
          groups, learningRate: number("lr", 1e-3), betas: usual, epsilon: eps, weightDecay: decay,
          amsgrad: flag("amsgrad"), maximize: up)
    case "AdamW":
      return isPlain
        ? AdamW(groups)
        : AdamW(
          groups, learningRate: number("lr", 1e-3), betas: usual, epsilon: eps,
          weightDecay: number("weight_decay", 1e-2), amsgrad: flag("amsgrad"), maximize: up)
    case "RMSprop":
      return isPlain
        ? RMSprop(groups)
        : RMSprop(
          groups, learningRate: number("lr", 1e-2), alpha: number("alpha", 0.99), epsilon: eps,
          weightDecay: decay, momentum: number("momentum", 0), centered: flag("centered"), maximize: up)
    case "Adagrad":
      return isPlain
        ? Adagrad(groups)
        : Adagrad(
          groups, learningRate: number("lr", 1e-2), learningRateDecay: number("lr_decay", 0),
          weightDecay: decay, initialAccumulator: number("initial_accumulator_value", 0),
          epsilon: number("eps", 1e-10), maximize: up)
    case "Adadelta":
      return isPlain
        ? Adadelta(groups)
        : Adadelta(
          groups, learningRate: number("lr", 1), rho: number("rho", 0.9), epsilon: number("eps", 1e-6),
          weightDecay: decay, maximize: up)
    case "Adamax":
      return isPlain
        ? Adamax(groups)
        : Adamax(
          groups, learningRate: number("lr", 2e-3), betas: usual, epsilon: eps, weightDecay: decay,
          maximize: up)
    case "NAdam":
      return isPlain
        ? NAdam(groups)
        : NAdam(
          groups, learningRate: number("lr", 2e-3), betas: usual, epsilon: eps, weightDecay: decay,
          momentumDecay: number("momentum_decay", 4e-3), decoupledWeightDecay: decoupled, maximize: up)
    case "RAdam":
      return isPlain
        ? RAdam(groups)
        : RAdam(
          groups, learningRate: number("lr", 1e-3), betas: usual, epsilon: eps, weightDecay: decay,
          decoupledWeightDecay: decoupled, maximize: up)
    case "Lion":
      return isPlain
        ? Lion(groups)
        : Lion(
          groups, learningRate: number("lr", 1e-4), betas: betas((0.9, 0.99)), weightDecay: decay,
          maximize: up)
    case "Rprop":
      let (factors, sizes) = (options["etas"] ?? [0.5, 1.2], options["step_sizes"] ?? [1e-6, 50])
      return isPlain
        ? Rprop(groups)
        : Rprop(
          groups, learningRate: number("lr", 1e-2), factors: (factors[0], factors[1]),
          stepSizes: sizes[0]...sizes[1], maximize: up)
    case "ASGD":
      return isPlain
        ? ASGD(groups)
        : ASGD(
          groups, learningRate: number("lr", 1e-2), decay: number("lambd", 1e-4),
          power: number("alpha", 0.75),
          averagingStart: number("t0", 1e6), weightDecay: decay, maximize: up)
    default: fatalError("no optimizer \(optimizer)")
    }
  }
}
