import Martlet

// Mistakes of MistakeTests: special functions. Each closure stands on the line after its message.

extension MistakeTests {
  static let special = [
    Mistake("polygamma", "the order must be in 0...170, not -1", line: #line + 1) {
      ones([2]).polygamma(-1)
    },
    Mistake("multivariateLogGamma", "the dimension must be at least 1, not 0", line: #line + 1) {
      ones([2]).multivariateLogGamma(dimension: 0)
    },
    Mistake(
      "zeta", "s requires a gradient, but there is no derivative by it; detach it", line: #line + 2
    ) {
      leaf().zeta(ones([3]))
    },
    Mistake(
      "regularizedGammaP", "a requires a gradient, but there is no derivative by it; detach it",
      line: #line + 2
    ) {
      leaf().regularizedGammaP(ones([3]))
    },
    Mistake(
      "regularizedGammaQ", "a requires a gradient, but there is no derivative by it; detach it",
      line: #line + 2
    ) {
      leaf().regularizedGammaQ(ones([3]))
    },
    Mistake("orthogonalPolynomial", "the degree must be in 0...1000, not -1", line: #line + 1) {
      ones([2]).orthogonalPolynomial(.legendre, degree: -1)
    },
    Mistake("xlog1py", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      ones([2]).xlog1py(ones([3])).sum()
    },
  ]
}
