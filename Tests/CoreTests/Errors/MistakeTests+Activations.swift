import Martlet

// Mistakes of MistakeTests: activations with invalid arguments.

extension MistakeTests {
  static let activations = [
    Mistake("softplus", "beta 0.0; a number above 0 is expected", line: #line + 1) {
      ones([2]).softplus(beta: 0)
    },
    Mistake("celu", "alpha 0.0; a number above 0 is expected", line: #line + 1) {
      ones([2]).celu(alpha: 0)
    },
    Mistake(
      "softshrink", "bound -1.0; a number of at least 0 is expected", in: "Softshrink(-1.0)", line: #line + 2
    ) {
      Softshrink(-1)(ones([2]))
    },
    Mistake(
      "glu", "axis -1 of shape [2, 3]; an axis that is there, of an even extent, is expected",
      in: "GLU(axis: -1)",
      line: #line + 2
    ) {
      GLU()(ones([2, 3]))
    },
    Mistake("PReLU", "0 channels; 1 at least", line: #line + 1) {
      PReLU(channels: 0)
    },
    Mistake(
      "prelu", "a weight of shape [4] for inputs of shape [2, 3]; [], [1] or [3] is expected",
      in: "PReLU(channels: 4)",
      line: #line + 2
    ) {
      PReLU(channels: 4)(ones([2, 3]))
    },
  ]
}

extension MistakeTests {
  static let initializers = [
    Mistake("kaimingNormal", "a parameter of shape [3]; [out, in, …] is expected", line: #line + 1) {
      Linear(2, 3).bias!.initialize(.kaimingNormal())
    },
    Mistake(
      "dirac", "a parameter of shape [3, 2]; [out, in, …] with a kernel is expected", line: #line + 2
    ) {
      Linear(2, 3).weight.initialize(.dirac)
    },
  ]
}
