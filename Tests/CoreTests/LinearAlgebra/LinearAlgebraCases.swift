import Foundation
import MartletCore
import TestSupport
import Testing

// Operations of linear algebra through the shared checker. Matrices are random and then made suitable: 3 is
// added to the diagonal, or B Bᵀ + 1 is used. Undetermined signs are removed on both sides.

extension Tensor where Element: DifferentiableScalar {
  /// The matrix scaled to be far from singular.
  fileprivate var steady: Tensor { self * 0.1 + Tensor.identity(shape[-1]) * 3 }
  /// A symmetric positive definite matrix.
  fileprivate var positive: Tensor { matmul(transposed()) + Tensor.identity(shape[-2]) }
  /// The eigenvalues divided by the largest.
  fileprivate var besideLargest: Tensor { count == 0 ? self : self / max(axis: -1, keepDims: true) }
  /// The matrix with the first element of each column made positive.
  fileprivate var signed: Tensor { self * detached()[.ellipsis, 0..<1, 0...].sign() }
}

extension Matrix {
  fileprivate var steady: Matrix { 0.1 * self + 3 * .identity(rows) }
  fileprivate var positive: Matrix { self * transposed + .identity(rows) }
}

private let squares: [[[Int]]] = [
  [[1, 1]], [[2, 2]], [[3, 3]], [[5, 5]], [[2, 3, 3]], [[2, 2, 4, 4]], [[12, 12]],
]
private let equations: [[[Int]]] = [
  [[1, 1], [1, 1]], [[3, 3], [3, 2]], [[5, 5], [5, 7]], [[2, 3, 3], [2, 3, 2]],
  [[2, 2, 3, 3], [2, 2, 3, 1]],
  [[17, 17], [17, 20]], [[40, 40], [40, 3]], [[2, 40, 40], [2, 40, 2]],
]
/// Martlet's own loops run below 33 rows, and LAPACK from there on.
private let large: [[[Int]]] = [[[16, 16]], [[32, 32]], [[40, 40]], [[2, 33, 33]]]
private let tall: [[[Int]]] = [[[1, 1]], [[3, 2]], [[5, 3]], [[2, 4, 3]], [[4, 4]], [[9, 6]]]
private let wide: [[[Int]]] = [[[2, 3]], [[3, 5]], [[2, 3, 4]]]

struct LinearAlgebraCases {
  /// The backward error is a few roundings times a condition number below a hundred.
  static let bound = Bound.ulps(400, floor: 1)
  static let domain = -1.0...1.0

  static let solving: [OpCase] = [
    OpCase(
      "Solve", inputs: equations, large: [[700, 8, 8], [700, 8, 3]], domain: domain, bound: bound,
      f32: { try! $0[0].steady.solve($0[1]) }, f64: { try! $0[0].steady.solve($0[1]) },
      reference: { Grid.ofMatrices($0) { $0[0].steady.eliminated($0[1]).x } },
      misuse: [
        Misuse(
          "shapes",
          "solve: matrices [3, 3] and right-hand sides [2, 2] do not match; they must be […, n, n] and […, n, k]"
        ) {
          _ = try! Tensor<Float>.identity(3).solve(.ones([2, 2]))
        },
        Misuse("not square", "solve: the matrices must be square, not of shape [2, 3]") {
          _ = try! Tensor<Float>.ones([2, 3]).solve(.ones([2]))
        },
        Misuse("vector", "solve: shape [3] has fewer than 2 axes; the last two must hold matrices") {
          _ = try! Tensor<Float>.ones([3]).solve(.ones([3]))
        },
        Misuse("batch", "solve: matrices [2, 3, 3] and right-hand sides [5, 3, 1]") {
          _ = try! Tensor<Float>.ones([2, 3, 3]).solve(.ones([5, 3, 1]))
        },
      ]),
    OpCase(
      "Solve", "a vector", inputs: [[[3, 3], [3]], [[2, 3, 3], [2, 3]]], domain: domain, bound: bound,
      f32: { try! $0[0].steady.solve($0[1]) }, f64: { try! $0[0].steady.solve($0[1]) },
      reference: { x in
        let columns = Grid.ofMatrices([x[0], Grid(x[1].shape + [1], values: x[1].values)]) {
          $0[0].steady.eliminated($0[1]).x
        }
        return Grid(x[1].shape, values: columns.values)
      }),
    OpCase(
      "Solve", "one matrix for several right-hand sides",
      inputs: [[[3, 3], [4, 3, 2]], [[1, 3, 3], [2, 3, 2]]],
      domain: domain, bound: bound, f32: { try! $0[0].steady.solve($0[1]) },
      f64: { try! $0[0].steady.solve($0[1]) },
      reference: { x in
        Grid.ofMatrices([x[0].broadcast(to: [x[1].shape[0], 3, 3]), x[1]]) {
          $0[0].steady.eliminated($0[1]).x
        }
      }),
    OpCase(
      "Solve", "several matrices for one right-hand side", inputs: [[[4, 3, 3], [3, 2]]], domain: domain,
      bound: bound,
      f32: { try! $0[0].steady.solve($0[1]) }, f64: { try! $0[0].steady.solve($0[1]) },
      reference: { x in
        Grid.ofMatrices([x[0], x[1].broadcast(to: [4, 3, 2])]) { $0[0].steady.eliminated($0[1]).x }
      }),
    OpCase(
      "Solve", "positive definite", inputs: equations, domain: domain, bound: bound,
      f32: { try! $0[0].positive.solve($0[1], assuming: .positiveDefinite) },
      f64: { try! $0[0].positive.solve($0[1], assuming: .positiveDefinite) },
      reference: { Grid.ofMatrices($0) { $0[0].positive.eliminated($0[1]).x } }),
    OpCase(
      "Solve", "lower triangular", inputs: equations, domain: domain, bound: bound,
      f32: { try! $0[0].steady.solve($0[1], assuming: .lowerTriangular()) },
      f64: { try! $0[0].steady.solve($0[1], assuming: .lowerTriangular()) },
      reference: {
        Grid.ofMatrices($0) { x in
          let a = x[0].steady
          return Matrix(a.rows, a.rows) { $0 >= $1 ? a[$0, $1] : 0 }.eliminated(x[1]).x
        }
      },
    ),
    OpCase(
      "Solve", "upper triangular, ones on the diagonal", inputs: equations, domain: domain, bound: bound,
      f32: { try! $0[0].solve($0[1], assuming: .upperTriangular(unitDiagonal: true)) },
      f64: { try! $0[0].solve($0[1], assuming: .upperTriangular(unitDiagonal: true)) },
      reference: {
        Grid.ofMatrices($0) { x in
          let a = x[0]
          return Matrix(a.rows, a.rows) { $0 == $1 ? 1 : $0 < $1 ? a[$0, $1] : 0 }.eliminated(x[1]).x
        }
      }),
    OpCase(
      "Solve", "a transposed view", inputs: equations, domain: domain, bound: bound,
      f32: { try! $0[0].steady.transposed().solve($0[1]) },
      f64: { try! $0[0].steady.transposed().solve($0[1]) },
      reference: { Grid.ofMatrices($0) { $0[0].steady.transposed.eliminated($0[1]).x } }),
    OpCase(
      "Solve", "a transposed triangle", inputs: equations, domain: domain, bound: bound,
      f32: { try! $0[0].steady.transposed().solve($0[1], assuming: .upperTriangular()) },
      f64: { try! $0[0].steady.transposed().solve($0[1], assuming: .upperTriangular()) },
      reference: {
        Grid.ofMatrices($0) { x in
          let a = x[0].steady.transposed
          return Matrix(a.rows, a.rows) { $0 <= $1 ? a[$0, $1] : 0 }.eliminated(x[1]).x
        }
      }),
    OpCase(
      "Inverse", inputs: squares + large, domain: domain, bound: bound, f32: { try! $0[0].steady.inverse() },
      f64: { try! $0[0].steady.inverse() }, reference: { Grid.ofMatrices($0) { $0[0].steady.inverse } }),
    OpCase(
      "PseudoInverse", "tall", inputs: tall, domain: domain, bound: bound,
      f32: { try! $0[0].plusEye.pinv() }, f64: { try! $0[0].plusEye.pinv() },
      reference: { Grid.ofMatrices($0) { $0[0].plusEye.pseudoInverse } }),
    OpCase(
      "PseudoInverse", "wide", inputs: wide, domain: domain, bound: bound,
      f32: { try! $0[0].plusEye.pinv() }, f64: { try! $0[0].plusEye.pinv() },
      reference: { Grid.ofMatrices($0) { $0[0].plusEye.transposed.pseudoInverse.transposed } }),
    OpCase(
      "LeastSquares", "tall", inputs: [[[3, 2], [3, 1]], [[5, 3], [5, 2]], [[2, 4, 3], [2, 4, 2]]],
      domain: domain,
      bound: bound, f32: { try! $0[0].plusEye.lstsq($0[1]).solution },
      f64: { try! $0[0].plusEye.lstsq($0[1]).solution },
      reference: { Grid.ofMatrices($0) { $0[0].plusEye.pseudoInverse * $0[1] } }),
    OpCase(
      "LeastSquares", "wide", inputs: [[[2, 3], [2, 1]], [[3, 5], [3, 2]]], domain: domain, bound: bound,
      f32: { try! $0[0].plusEye.lstsq($0[1]).solution },
      f64: { try! $0[0].plusEye.lstsq($0[1]).solution },
      reference: { Grid.ofMatrices($0) { $0[0].plusEye.transposed.pseudoInverse.transposed * $0[1] } }),
    OpCase(
      "LeastSquares", "rank-deficient", inputs: [[[4, 2], [2, 3], [4, 2]], [[3, 1], [1, 3], [3, 1]]],
      domain: domain,
      bound: bound, f32: { try! $0[0].plusEye.matmul($0[1].plusEye).lstsq($0[2], tolerance: 1e-4).solution },
      f64: { try! $0[0].plusEye.matmul($0[1].plusEye).lstsq($0[2], tolerance: 1e-9).solution },
      reference: {
        Grid.ofMatrices($0) {
          $0[1].plusEye.transposed.pseudoInverse.transposed * ($0[0].plusEye.pseudoInverse * $0[2])
        }
      }),
    OpCase(
      "LeastSquares", "residuals", inputs: [[[5, 3], [5, 2]]], domain: domain, bound: bound,
      f32: { try! $0[0].plusEye.lstsq($0[1]).residuals },
      f64: { try! $0[0].plusEye.lstsq($0[1]).residuals },
      reference: { x in
        let squares = Grid.ofMatrices(x) { x in
          let a = x[0].plusEye, rest = a * (a.pseudoInverse * x[1]) + (-1) * x[1]
          return Matrix(1, rest.columns) { _, j in
            (0..<rest.rows).reduce(0) { $0 + rest[$1, j] * rest[$1, j] }
          }
        }
        return Grid([2], values: squares.values)
      }),
  ]

  static let decomposing: [OpCase] = [
    OpCase(
      "LU", "L", inputs: squares + tall + wide, domain: domain, bound: bound,
      f32: { try! $0[0].dominant.lu().l },
      f64: { try! $0[0].dominant.lu().l }, reference: { Grid.ofMatrices($0) { $0[0].dominant.lu.l } }),
    OpCase(
      "LU", "U", inputs: squares + tall + wide, domain: domain, bound: bound,
      f32: { try! $0[0].dominant.lu().u },
      f64: { try! $0[0].dominant.lu().u }, reference: { Grid.ofMatrices($0) { $0[0].dominant.lu.u } }),
    OpCase(
      "LU", "the product", inputs: squares + tall + wide, domain: domain, bound: bound,
      f32: { x in
        let (p, l, u) = try! x[0].plusEye.lu()
        return p.matmul(l).matmul(u)
      },
      f64: { x in
        let (p, l, u) = try! x[0].plusEye.lu()
        return p.matmul(l).matmul(u)
      }, reference: { Grid.ofMatrices($0) { $0[0].plusEye } }),
    OpCase(
      "Cholesky", inputs: squares + large, domain: domain, bound: bound,
      f32: { try! $0[0].positive.cholesky() },
      f64: { try! $0[0].positive.cholesky() }, reference: { Grid.ofMatrices($0) { $0[0].positive.cholesky } }),
    OpCase(
      "Cholesky", "upper", inputs: squares + large, domain: domain, bound: bound,
      f32: { try! $0[0].positive.cholesky(upper: true) }, f64: { try! $0[0].positive.cholesky(upper: true) },
      reference: { Grid.ofMatrices($0) { $0[0].positive.cholesky.transposed } }),
    OpCase(
      "QR", "Q", inputs: tall + wide + large + [[[45, 40]], [[20, 33]]], domain: domain, bound: bound,
      f32: { x in
        let (q, r) = try! x[0].plusEye.qr()
        return q * r.detached().diagonal().sign().expandedDims(axis: -2)
      },
      f64: { x in
        let (q, r) = try! x[0].plusEye.qr()
        return q * r.detached().diagonal().sign().expandedDims(axis: -2)
      }, reference: { Grid.ofMatrices($0) { $0[0].plusEye.qr.q } }),
    OpCase(
      "QR", "R", inputs: tall + wide + large + [[[45, 40]], [[20, 33]]], domain: domain, bound: bound,
      f32: { x in
        let r = try! x[0].plusEye.qr().r
        return r * r.detached().diagonal().sign().expandedDims(axis: -1)
      },
      f64: { x in
        let r = try! x[0].plusEye.qr().r
        return r * r.detached().diagonal().sign().expandedDims(axis: -1)
      }, reference: { Grid.ofMatrices($0) { $0[0].plusEye.qr.r } }),
    OpCase(
      "SVD", "singular values", inputs: tall, domain: domain, bound: bound,
      f32: { try! $0[0].spread.svd().s },
      f64: { try! $0[0].spread.svd().s },
      reference: { x in
        let rows = Grid.ofMatrices(x) { x in
          let s = x[0].spread.svd.s
          return Matrix(1, s.count) { s[$1] }
        }
        return Grid(x[0].shape.dropLast(2) + [x[0].shape.last!], values: rows.values)
      }),
    OpCase(
      "SVD", "left vectors", inputs: tall, domain: domain, bound: bound,
      f32: { try! $0[0].spread.svd().u.signed },
      f64: { try! $0[0].spread.svd().u.signed },
      reference: { Grid.ofMatrices($0) { $0[0].spread.svd.u.signed } }),
    OpCase(
      "SVD", "right vectors", inputs: tall, domain: domain, bound: bound,
      f32: { try! $0[0].spread.svd().vt.transposed().signed },
      f64: { try! $0[0].spread.svd().vt.transposed().signed },
      reference: { Grid.ofMatrices($0) { $0[0].spread.svd.v.signed } }),
    OpCase(
      "SVD", "a wide matrix", inputs: [[[3, 2]], [[5, 3]]], domain: domain, bound: bound,
      f32: { try! $0[0].spread.transposed().svd().vt.transposed().signed },
      f64: { try! $0[0].spread.transposed().svd().vt.transposed().signed },
      reference: { Grid.ofMatrices($0) { $0[0].spread.svd.u.signed } }),
    OpCase(
      // Every eigenvalue has the absolute error of the largest (Weyl), so they are compared relative to it.
      "SymmetricEigen", "values beside the largest", inputs: squares + large, domain: domain,
      bound: .ulps(32, floor: 1),
      f32: { try! $0[0].spread.positive.eigh().values.besideLargest },
      f64: { try! $0[0].spread.positive.eigh().values.besideLargest },
      reference: { x in
        let rows = Grid.ofMatrices(x) { x in
          let values = x[0].spread.positive.symmetricEigen.values, largest = values.max() ?? 1
          return Matrix(1, values.count) { values[$1] / largest }
        }
        return Grid(Array(x[0].shape.dropLast()), values: rows.values)
      }),
    OpCase(
      "SymmetricEigen", "vectors", inputs: squares + large, domain: domain, bound: bound,
      f32: { try! $0[0].spread.positive.eigh().vectors.signed },
      f64: { try! $0[0].spread.positive.eigh().vectors.signed },
      reference: { Grid.ofMatrices($0) { $0[0].spread.positive.symmetricEigen.vectors.signed } }),
    OpCase(
      "Eigen", "the matrix from its parts", inputs: [[[2, 2]], [[3, 3]], [[2, 4, 4]]], domain: domain,
      bound: bound,
      f32: { $0[0].spread.recomposed }, f64: { $0[0].spread.recomposed },
      reference: { Grid.ofMatrices($0) { $0[0].spread } }),
  ]

  static let functions: [OpCase] = [
    OpCase(
      "Determinant", inputs: squares + large, domain: domain, bound: .ulps(400, floor: 1),
      f32: { try! $0[0].steady.determinant() }, f64: { try! $0[0].steady.determinant() },
      reference: { Grid.ofNumbers($0[0]) { $0.steady.eliminated(.identity($0.rows)).determinant } }),
    OpCase(
      "LogDeterminant", inputs: squares + large, domain: domain, bound: bound,
      f32: { try! $0[0].steady.logDeterminant().logMagnitude },
      f64: { try! $0[0].steady.logDeterminant().logMagnitude },
      reference: {
        Grid.ofNumbers($0[0]) { log($0.steady.eliminated(.identity($0.rows)).determinant.magnitude) }
      }),
    OpCase(
      "MatrixExp", inputs: squares, domain: domain, bound: .ulps(400, floor: 4),
      f32: { try! $0[0].matrixExp() },
      f64: { try! $0[0].matrixExp() }, reference: { Grid.ofMatrices($0) { $0[0].exponential } }),
    OpCase(
      "MatrixLog", inputs: [[[1, 1]], [[3, 3]], [[2, 3, 3]]], domain: domain, bound: .ulps(4000, floor: 1),
      f32: { try! ($0[0] * 0.5).matrixExp().matrixLog() },
      f64: { try! ($0[0] * 0.5).matrixExp().matrixLog() },
      reference: { Grid.ofMatrices($0) { 0.5 * $0[0] } }),
    OpCase(
      "MatrixSquareRoot", inputs: squares, domain: domain, bound: .ulps(4000, floor: 1),
      f32: { x in try! x[0].steady.matmul(x[0].steady).matrixSquareRoot() },
      f64: { x in try! x[0].steady.matmul(x[0].steady).matrixSquareRoot() },
      reference: { Grid.ofMatrices($0) { $0[0].steady } }),
    OpCase(
      "Sylvester", inputs: [[[3, 3], [2, 2], [3, 2]], [[2, 3, 3], [2, 4, 4], [2, 3, 4]]], domain: domain,
      bound: bound,
      f32: { try! $0[0].steady.sylvester($0[1].steady, $0[2]) },
      f64: { try! $0[0].steady.sylvester($0[1].steady, $0[2]) },
      reference: {
        Grid.ofMatrices($0) { x in
          // Solves one linear system for the elements of X.
          let a = x[0].steady, b = x[1].steady, c = x[2], m = a.rows, n = b.rows
          let system = Matrix(m * n, m * n) { row, column in
            (row % n == column % n ? a[row / n, column / n] : 0)
              + (row / n == column / n ? b[column % n, row % n] : 0)
          }
          let x = system.eliminated(Matrix(m * n, 1) { row, _ in c[row / n, row % n] }).x
          return Matrix(m, n) { x[$0 * n + $1, 0] }
        }
      }),
    OpCase(
      "Tril", inputs: squares + tall + wide, large: [[300, 250]], f32: { $0[0].tril(diagonal: -1) },
      f64: { $0[0].tril(diagonal: -1) },
      reference: {
        Grid.ofMatrices($0) { x in Matrix(x[0].rows, x[0].columns) { $1 - $0 <= -1 ? x[0][$0, $1] : 0 } }
      }),
    OpCase(
      "Triu", inputs: squares + tall + wide, f32: { $0[0].triu(diagonal: 1) },
      f64: { $0[0].triu(diagonal: 1) },
      reference: {
        Grid.ofMatrices($0) { x in Matrix(x[0].rows, x[0].columns) { $1 - $0 >= 1 ? x[0][$0, $1] : 0 } }
      }),
    OpCase(
      "Diagonal", inputs: squares + tall + wide, f32: { $0[0].diagonal() }, f64: { $0[0].diagonal() },
      reference: { x in
        let m = x[0].shape[x[0].shape.count - 2], n = x[0].shape.last!
        return Grid(x[0].shape.dropLast(2) + [min(m, n)]) { x[0][$0 + [$0.last!]] }
      }),
    OpCase(
      "DiagonalMatrix", inputs: [[[1]], [[3]], [[2, 4]]], f32: { $0[0].diagonalMatrix() },
      f64: { $0[0].diagonalMatrix() },
      reference: { x in
        Grid(x[0].shape + [x[0].shape.last!]) {
          $0.last! == $0[$0.count - 2] ? x[0][Array($0.dropLast())] : 0
        }
      }),
  ]

  @Test(arguments: solving + decomposing + functions)
  func behaves(_ op: OpCase) { verify(op) }
}

extension Tensor where Element: DifferentiableScalar {
  /// The identity with the extents of another matrix.
  fileprivate static func eye(_ other: Tensor) -> Tensor {
    let size = Swift.max(other.shape[-1], other.shape[-2])
    return Tensor.identity(size)[0..<other.shape[-2], 0..<other.shape[-1]]
  }
  /// A matrix of full rank.
  fileprivate var plusEye: Tensor { self * 0.5 + Tensor.eye(self) * 2 }
  /// A matrix whose pivots stay on the diagonal.
  fileprivate var dominant: Tensor { self * 0.1 + Tensor.eye(self) }
  /// A matrix with separated singular values: 3, 6, 9 … on the diagonal.
  fileprivate var spread: Tensor {
    self * 0.5 + Tensor.eye(self) * (Tensor.arange(1, Element(shape[-1] + 1)) * 3)
  }
  /// V diag(λ) V⁻¹, for real eigenvalues.
  fileprivate var recomposed: Tensor {
    let (values, vectors) = try! eig()
    let v = vectors.real
    return try! v.transposed().solve((v * values.real.expandedDims(axis: -2)).transposed()).transposed()
  }
}

extension Matrix {
  fileprivate var plusEye: Matrix { Matrix(rows, columns) { 0.5 * self[$0, $1] + ($0 == $1 ? 2 : 0) } }
  fileprivate var dominant: Matrix { Matrix(rows, columns) { 0.1 * self[$0, $1] + ($0 == $1 ? 1 : 0) } }
  fileprivate var spread: Matrix {
    Matrix(rows, columns) { 0.5 * self[$0, $1] + ($0 == $1 ? Extended(3 * ($1 + 1)) : 0) }
  }
  fileprivate var pseudoInverse: Matrix { (transposed * self).inverse * transposed }
  fileprivate var squares: Extended {
    (0..<rows).reduce(0) { sum, i in (0..<columns).reduce(sum) { $0 + self[i, $1] * self[i, $1] } }
  }
  /// The factors L and U without pivoting.
  fileprivate var lu: (l: Matrix, u: Matrix) {
    let k = min(rows, columns)
    var u = self, l = Matrix(rows, k) { $0 == $1 ? 1 : 0 }
    for j in 0..<k {
      for i in j + 1..<max(rows, j + 1) {
        l[i, j] = u[i, j] / u[j, j]
        for column in j..<columns { u[i, column] -= l[i, j] * u[j, column] }
      }
    }
    return (l, Matrix(k, columns) { u[$0, $1] })
  }
}
