import Martlet

// Mistakes of MistakeTests: linear algebra of complex matrices. Each closure stands on the line after its
// message.

extension MistakeTests {
  private typealias Z = Tensor<Complex<Float>>
  private static func hermitian() -> Z {
    let i = Complex<Float>.i
    let matrix = Z([1, 2 * i, -2 * i, 4], shape: [2, 2])
    matrix.requiresGrad = true
    return matrix
  }

  static let complexAlgebra = [
    Mistake(
      "adjoint", "shape [3] has fewer than 2 axes; the last two must hold matrices", line: #line + 2
    ) {
      Z.ones([3]).adjoint()
    },
    Mistake("eig", "the matrices must be square, not of shape [2, 3]", line: #line + 1) {
      try! Z.ones([2, 3]).eig().values
    },
    Mistake("eigh", "the matrices must be square, not of shape [2, 3]", line: #line + 1) {
      try! Z.ones([2, 3]).eigh().values
    },
    Mistake(
      "lstsq", "matrices [3, 2] and right-hand sides [4] do not match; they must be […, m, n] and […, m, k]",
      line: #line + 2
    ) {
      try! Z.ones([3, 2]).lstsq(.ones([4])).residuals
    },
    Mistake(
      "backward", "the gradient depends on the phases of complex vectors, which are not determined",
      line: #line + 2
    ) {
      try! hermitian().eigh().vectors.real().sum().backward()
    },
    Mistake(
      "backward", "the gradient depends on the phases of complex eigenvectors, which are not determined",
      line: #line + 2
    ) {
      try! hermitian().eig().vectors.real().sum().backward()
    },
    Mistake("backward", "heaviside has no derivative; use detached() before it", line: #line + 1) {
      Tensor<Float>.ones([2], requiresGrad: true).heaviside(0).sum().backward()
    },
    Mistake("variance", "axis 2 is out of range for shape [3]; an axis is in -1...0", line: #line + 1) {
      Z.ones([3]).variance(axis: 2)
    },
    Mistake(
      "standardDeviation", "axis 2 is out of range for shape [3]; an axis is in -1...0", line: #line + 2
    ) {
      Z.ones([3]).standardDeviation(axis: 2).count
    },
  ]
}
