public import MartletCore

/// Adam (Kingma & Ba 2015, arXiv:1412.6980), with PyTorch's defaults.
///
/// The update is `g += λw`, `m = β₁m + (1 − β₁)g`, `u = β₂u + (1 − β₂)g²`, `w −= η m̂ / (√û + ε)` with
/// `m̂ = m / (1 − β₁ᵗ)` and `û = u / (1 − β₂ᵗ)`. t counts the steps of each parameter. With `amsgrad` the
/// largest u so far replaces u (Reddi, Kale & Kumar 2018, arXiv:1904.09237). Elements of m that would be
/// subnormal become 0, because CPUs compute slowly with subnormal numbers.
///
/// ```swift
/// let model = Linear<Float>(4, 3)
/// let optimizer = Adam(model.parameters, learningRate: 3e-3)
/// let x = Tensor<Float>.normal([2, 4]), labels = Tensor<Int>([0, 2])
/// model(x).crossEntropy(labels).backward()
/// optimizer.step()
/// ```
public class Adam<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// Makes an optimizer of parameters, or of groups of parameters.
  ///
  /// A learning rate, ε or weight decay below 0 is an error. A β outside of 0 ..< 1 is an error too. With
  /// `maximize` the parameters move along the gradient, so that the loss grows.
  public convenience init<Part: Optimizable>(
    _ parameters: [Part], learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, weightDecay: Double = 0, amsgrad: Bool = false, maximize: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) where Part.Scalar == Element {
    let settings = UpdateSettings(
      learningRate: learningRate, weightDecay: weightDecay, betas: betas, epsilon: epsilon, maximize: maximize
    )
    self.init("Adam", parameters, settings, amsgrad, file, line)
  }

  fileprivate init<Part: Optimizable>(
    _ name: StaticString, _ parameters: [Part], _ settings: UpdateSettings, _ amsgrad: Bool,
    _ file: StaticString, _ line: UInt
  ) where Part.Scalar == Element {
    let kept = Kept(
      first: "exp_avg", second: "exp_avg_sq", third: amsgrad ? "max_exp_avg_sq" : nil, momentum: .beta1,
      numbers: Self.betasAndEpsilon)
    super.init(name, parameters, .adam, settings, keeping: kept, file, line)
  }

  /// β₁ and β₂ of the first group, the decay factors of the running means.
  public final var betas: (Double, Double) { (current.beta1, current.beta2) }
  /// ε of the first group. It is added to the root, to keep the divisor above 0.
  public final var epsilon: Double { current.epsilon }
  /// λ, the weight decay of the first group.
  public final var weightDecay: Double { current.weightDecay }
}

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019, arXiv:1711.05101), with PyTorch's defaults.
///
/// The update is that of ``Adam``, but the weight decay does not enter the running means: `w −= ηλw` replaces
/// `g += λw`.
///
/// ```swift
/// let model = Linear<Float>(4, 3)
/// let optimizer = AdamW(model.parameters, learningRate: 2e-3, weightDecay: 0.1)
/// let schedule = CosineSchedule(optimizer, warmup: 20, total: 300)
/// model(Tensor<Float>.normal([2, 4])).crossEntropy(Tensor<Int>([0, 2])).backward()
/// optimizer.step()
/// schedule.step()
/// ```
public final class AdamW<Element: DifferentiableScalar>: Adam<Element> {
  /// Makes an optimizer of parameters, or of groups of parameters.
  ///
  /// A learning rate, ε or weight decay below 0 is an error. A β outside of 0 ..< 1 is an error too. With
  /// `maximize` the parameters move along the gradient, so that the loss grows.
  public init<Part: Optimizable>(
    _ parameters: [Part], learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, weightDecay: Double = 1e-2, amsgrad: Bool = false, maximize: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) where Part.Scalar == Element {
    var settings = UpdateSettings(
      learningRate: learningRate, weightDecay: weightDecay, betas: betas, epsilon: epsilon, maximize: maximize
    )
    settings.decoupled = true
    super.init("AdamW", parameters, settings, amsgrad, file, line)
  }
}

extension UpdateSettings {
  /// Makes the settings of Adam and its variants.
  init(
    learningRate: Double, weightDecay: Double, betas: (Double, Double), epsilon: Double = 0, maximize: Bool
  ) {
    self.init(learningRate: learningRate, weightDecay: weightDecay)
    (beta1, beta2) = betas
    self.epsilon = epsilon
    self.maximize = maximize
  }
}

extension ElementwiseOptimizer {
  /// The saved settings of Adam and its variants, under PyTorch's names.
  static var betasAndEpsilon: [(name: String, path: WritableKeyPath<UpdateSettings, Double>)] {
    [("betas.0", \.beta1), ("betas.1", \.beta2), ("eps", \.epsilon)]
  }
}
