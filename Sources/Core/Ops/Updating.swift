// The steps of optimizers: one pass over a parameter's memory each, in place, not recorded.

extension Tensor where Element: DifferentiableScalar {
  /// One step of gradient descent: `g += λw`, `v = μv + (1 − τ)g` (`v = g` at first), `w −= ηv`, or `η(g + μv)`
  /// with Nesterov's momentum. Without a velocity `w −= ηg`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package func descend(
    _ gradient: Tensor, velocity: Tensor?, isFirst: Bool, learningRate: Double, momentum: Double,
    dampening: Double, weightDecay: Double, nesterov: Bool
  ) {
    descend(
      gradient, velocity: velocity,
      .init(
        learningRate: learningRate, momentum: momentum, dampening: dampening, weightDecay: weightDecay,
        nesterov: nesterov ? 1 : 0, first: isFirst ? 1 : 0))
  }

  /// One step of Adam with the running means of the gradient and of its square. A decoupled weight decay is one of
  /// the parameter alone.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package func adapt(
    _ gradient: Tensor, first: Tensor, second: Tensor, learningRate: Double, beta1: Double, beta2: Double,
    epsilon: Double, weightDecay: Double, isDecoupled: Bool, correction1: Double, correction2: Double
  ) {
    adapt(
      gradient, first: first, second: second,
      .init(
        learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
        correction1: correction1, correction2: correction2, decoupled: isDecoupled ? 1 : 0))
  }
}
