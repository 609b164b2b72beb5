import Martlet

// Mistakes of MistakeTests: activations with invalid arguments.

extension MistakeTests {
  static let activations = [
    Mistake("softplus", "beta must be above 0, not 0.0", line: #line + 1) {
      ones([2]).softplus(beta: 0)
    },
    Mistake("celu", "alpha must be above 0, not 0.0", line: #line + 1) {
      ones([2]).celu(alpha: 0)
    },
    Mistake(
      "softshrink", "the bound must be at least 0, not -1.0", in: "Softshrink(-1.0)", line: #line + 2
    ) {
      Softshrink(-1)(ones([2]))
    },
    Mistake(
      "glu", "shape [2, 3] has no axis -1 of even extent",
      in: "GLU(axis: -1)",
      line: #line + 2
    ) {
      GLU()(ones([2, 3]))
    },
    Mistake("PReLU", "the number of channels must be at least 1, not 0", line: #line + 1) {
      PReLU(channels: 0)
    },
    Mistake(
      "prelu", "a weight of shape [4] does not fit inputs of shape [2, 3]; its shape must be [], [1] or [3]",
      in: "PReLU(channels: 4)",
      line: #line + 2
    ) {
      PReLU(channels: 4)(ones([2, 3]))
    },
  ]
}

extension MistakeTests {
  static let initializers = [
    Mistake(
      "kaimingNormal", "a parameter of shape [3] does not fit; the shape must be [out, in, …]",
      line: #line + 2
    ) {
      Linear(2, 3).bias!.initialize(.kaimingNormal())
    },
    Mistake(
      "dirac", "a parameter of shape [3, 2] does not fit; the shape must be [out, in, …] with a kernel",
      line: #line + 2
    ) {
      Linear(2, 3).weight.initialize(.dirac)
    },
  ]
}
