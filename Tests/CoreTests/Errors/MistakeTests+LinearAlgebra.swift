import Martlet

// Mistakes of linear algebra for MistakeTests. Errors that depend on the data are thrown: see
// LinearAlgebraInputTests.

extension MistakeTests {
  private static func unit() -> Tensor<Float> {
    let unit = Tensor<Float>.identity(3)
    unit.requiresGrad = true
    return unit
  }
  private static func singular() -> Tensor<Float> { Tensor([[1, 2], [2, 4]], requiresGrad: true) }
  private static func tall() -> Tensor<Float> { Tensor([[1, 2], [3, 4], [5, 7]], requiresGrad: true) }
  private static func weights() -> Tensor<Float> { Tensor([[1, 2, 4], [8, 16, 32], [64, 128, 256]]) }

  /// Shapes that do not match, and derivatives that do not exist.
  static let linearAlgebra = [
    Mistake("tril", "shape [3] has fewer than 2 axes; the last two must hold matrices", line: #line + 1) {
      ones([3]).tril()
    },
    Mistake("triu", "shape [] has fewer than 2 axes; the last two must hold matrices", line: #line + 1) {
      ones([]).triu()
    },
    Mistake("diagonal", "shape [2] has fewer than 2 axes; the last two must hold matrices", line: #line + 1) {
      ones([2]).diagonal()
    },
    Mistake("trace", "shape [4] has fewer than 2 axes; the last two must hold matrices", line: #line + 1) {
      ones([4]).trace().exp()
    },
    Mistake("diagonalMatrix", "shape [] has no axis; at least 1 is needed", line: #line + 1) {
      ones([]).diagonalMatrix()
    },
    Mistake("inverse", "the matrices must be square, not of shape [2, 3]", line: #line + 1) {
      try! ones([2, 3]).inverse()
    },
    Mistake(
      "solve",
      "matrices [3, 3] and right-hand sides [2, 1] do not match; they must be […, n, n] and […, n, k]",
      line: #line + 2
    ) {
      try! unit().solve(ones([2, 1]))
    },
    Mistake(
      "lstsq",
      "matrices [3, 2] and right-hand sides [2, 1] do not match; they must be […, m, n] and […, m, k]",
      line: #line + 2
    ) {
      try! tall().lstsq(ones([2, 1])).solution
    },
    Mistake(
      "sylvester",
      "A [3, 3], B [2, 2] and C [2, 3] do not match; they must be […, m, m], […, n, n] and […, m, n]",
      line: #line + 2
    ) {
      try! unit().sylvester(singular(), ones([2, 3]))
    },
    Mistake("backward", "LU of a singular matrix has no derivative: U has a pivot of zero", line: #line + 1) {
      try! singular().lu().u.sum().backward()
    },
    Mistake("backward", "full QR of more rows than columns has no derivative", line: #line + 1) {
      try! tall().qr(full: true).q.sum().backward()
    },
    Mistake(
      "backward", "QR of a matrix whose leading columns are linearly dependent has no derivative",
      line: #line + 4
    ) {
      let zero = Tensor<Float>.zeros([2, 2])
      zero.requiresGrad = true
      try! zero.qr().q.sum().backward()
      return zero
    },
    Mistake("backward", "the singular vectors of a full SVD have no derivative; take svd()", line: #line + 2)
    {
      try! tall().svd(full: true).u.mean().backward()
    },
    Mistake("backward", "the vectors of a singular value of zero have no derivative", line: #line + 2) {
      let flat = Tensor<Float>([[1, 0], [0, 0], [0, 0]], requiresGrad: true)
      try! flat.svd().u[2, 1].backward()
      return flat
    },
    Mistake(
      "backward",
      "the gradient depends on the vectors of equal singular values or eigenvalues, which are not determined",
      line: #line + 2
    ) {
      (try! unit().eigh().vectors * weights()).sum().backward()
    },
    Mistake(
      "backward", "the gradient depends on the vectors of equal eigenvalues, which are not determined",
      line: #line + 2
    ) {
      (try! unit().eig().vectors.real * weights()).mean().backward()
    },
    Mistake(
      "backward", "the gradient depends on the phases of complex eigenvectors, which are not determined",
      line: #line + 3
    ) {
      let turn = Tensor<Float>([[0, -1], [1, 0]], requiresGrad: true)
      (try! turn.eig().vectors.real * Tensor([[1, 2], [3, 4]])).sum().backward()
      return turn
    },
    Mistake(
      "backward", "eig has no derivative: the matrix has fewer independent eigenvectors than rows",
      line: #line + 3
    ) {
      let shear = Tensor<Float>([[0, 1], [0, 0]], requiresGrad: true)
      try! shear.eig().values.real.sum().backward()
      return shear
    },
    Mistake(
      "backward", "the second derivative of the determinant of a singular matrix cannot be computed",
      line: #line + 3
    ) {
      let matrix = singular()
      try! matrix.determinant().backward(createGraph: true)
      return matrix
    },
    Mistake("backward", "the log-determinant of a singular matrix has no derivative", line: #line + 1) {
      try! singular().logDeterminant().logMagnitude.backward()
    },
    Mistake("norm", "shape [] has fewer than 2 axes; the last two must hold matrices", line: #line + 1) {
      ones([]).norm()
    },
    Mistake("norm", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).norm(axis: 2)
    },
    Mistake("norm", "p must be a number or an infinity, not nan", line: #line + 1) {
      ones([2]).norm(p: .nan)
    },
    Mistake(
      "norm", "shape [2, 0] has no elements along the axes; the norm for p = inf needs some", line: #line + 2
    ) {
      ones([2, 0]).norm(p: .infinity, axis: 1)
    },
    Mistake("backward", "the square root of a singular matrix has no derivative", line: #line + 2) {
      let flat = Tensor<Float>([[0, 0], [0, 4]], requiresGrad: true)
      try! flat.matrixSquareRoot().sum().backward()
      return flat
    },
    Mistake(
      "backward",
      "the gradient comes through equal singular values or eigenvalues and through their vectors, and does not determine a derivative; use one of the two, or a function of the matrix",
      line: #line + 3
    ) {
      let (values, v) = try! unit().eigh(), turned = ones([3]).matmul(v)
      (values.log() + turned * turned / values).sum().backward()
      return v
    },
    Mistake(
      "backward",
      "the second derivative of the vectors of equal singular values or eigenvalues cannot be computed",
      line: #line + 3
    ) {
      let (values, v) = try! unit().eigh()
      ((v * (values + 1)).matmul(v.transposed()) * weights()).sum().backward(createGraph: true)
      return v
    },
    Mistake(
      "backward",
      "matrixSquareRoot: the right-hand side has an element that is NaN or infinite, at [0, 0]",
      line: #line + 2
    ) {
      try! unit().matrixSquareRoot().backward(.full([3, 3], .nan))
    },
  ]
}
