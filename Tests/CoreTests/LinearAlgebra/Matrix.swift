import TestSupport

/// A matrix for references, in extended precision and with plain algorithms.
struct Matrix {
  let rows: Int, columns: Int
  private var values: [Extended]

  init(_ rows: Int, _ columns: Int, _ value: (Int, Int) -> Extended) {
    self.rows = rows
    self.columns = columns
    values = (0..<rows).flatMap { row in (0..<columns).map { value(row, $0) } }
  }

  static func identity(_ n: Int) -> Matrix { Matrix(n, n) { $0 == $1 ? 1 : 0 } }

  subscript(row: Int, column: Int) -> Extended {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  var transposed: Matrix { Matrix(columns, rows) { self[$1, $0] } }

  static func * (a: Matrix, b: Matrix) -> Matrix {
    Matrix(a.rows, b.columns) { i, j in (0..<a.columns).reduce(0) { $0 + a[i, $1] * b[$1, j] } }
  }
  static func + (a: Matrix, b: Matrix) -> Matrix { Matrix(a.rows, a.columns) { a[$0, $1] + b[$0, $1] } }
  static func * (a: Extended, b: Matrix) -> Matrix { Matrix(b.rows, b.columns) { a * b[$0, $1] } }

  /// Gaussian elimination with the largest pivot of each column. Returns the solution and the determinant.
  func eliminated(_ b: Matrix) -> (x: Matrix, determinant: Extended) {
    var a = self, x = b, determinant: Extended = 1
    for column in 0..<rows {
      let pivot = (column..<rows).max { a[$0, column].magnitude < a[$1, column].magnitude }!
      for j in 0..<rows where pivot != column {
        (a[column, j], a[pivot, j]) = (a[pivot, j], a[column, j])
      }
      for j in 0..<b.columns where pivot != column {
        (x[column, j], x[pivot, j]) = (x[pivot, j], x[column, j])
      }
      determinant *= pivot == column ? a[column, column] : -a[column, column]
      for row in 0..<rows where row != column {
        let share = a[row, column] / a[column, column]
        for j in column..<rows { a[row, j] -= share * a[column, j] }
        for j in 0..<b.columns { x[row, j] -= share * x[column, j] }
      }
    }
    return (Matrix(rows, b.columns) { x[$0, $1] / a[$0, $0] }, determinant)
  }

  var inverse: Matrix { eliminated(.identity(rows)).x }

  /// The Cholesky factor L in L Lᵀ.
  var cholesky: Matrix {
    var l = Matrix(rows, rows) { _, _ in 0 }
    for j in 0..<rows {
      for i in j..<rows {
        let rest = (0..<j).reduce(self[i, j]) { $0 - l[i, $1] * l[j, $1] }
        l[i, j] = i == j ? rest.squareRoot() : rest / l[j, j]
      }
    }
    return l
  }

  /// The ascending eigenvalues of a symmetric matrix, and the eigenvectors as columns, by Jacobi rotations.
  var symmetricEigen: (values: [Extended], vectors: Matrix) {
    var a = self, v = Matrix.identity(rows)
    for _ in 0..<40 {
      for p in 0..<rows {
        for q in p + 1..<max(rows, p + 1) where a[p, q] != 0 {
          let ratio = (a[q, q] - a[p, p]) / (2 * a[p, q])
          let t = (ratio < 0 ? -1 : 1) / (ratio.magnitude + (ratio * ratio + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot(), s = t * c
          for i in 0..<rows {
            (a[i, p], a[i, q]) = (c * a[i, p] - s * a[i, q], s * a[i, p] + c * a[i, q])
          }
          for i in 0..<rows {
            (a[p, i], a[q, i]) = (c * a[p, i] - s * a[q, i], s * a[p, i] + c * a[q, i])
            (v[i, p], v[i, q]) = (c * v[i, p] - s * v[i, q], s * v[i, p] + c * v[i, q])
          }
        }
      }
    }
    let order = (0..<rows).sorted { a[$0, $0] < a[$1, $1] }
    return (order.map { a[$0, $0] }, Matrix(rows, rows) { v[$0, order[$1]] })
  }

  /// The matrix with columns whose first elements are made positive.
  var signed: Matrix { Matrix(rows, columns) { self[$0, $1] * (self[0, $1] < 0 ? -1 : 1) } }

  /// U, descending s and V in U diag(s) Vᵀ, for a matrix with at least as many rows as columns.
  var svd: (u: Matrix, s: [Extended], v: Matrix) {
    let (values, vectors) = (transposed * self).symmetricEigen
    let s = values.reversed().map { $0.squareRoot() }
    let v = Matrix(columns, columns) { vectors[$0, columns - 1 - $1] }, av = self * v
    return (Matrix(rows, columns) { av[$0, $1] / s[$1] }, s, v)
  }

  /// Q, and R with a positive diagonal, by the Gram–Schmidt process applied twice.
  var qr: (q: Matrix, r: Matrix) {
    let k = min(rows, columns)
    var q = Matrix(rows, k) { self[$0, $1] }
    for j in 0..<k {
      for _ in 0..<2 {
        for i in 0..<j {
          let along = (0..<rows).reduce(0) { $0 + q[$1, i] * q[$1, j] }
          for row in 0..<rows { q[row, j] -= along * q[row, i] }
        }
      }
      let length = (0..<rows).reduce(0) { $0 + q[$1, j] * q[$1, j] }.squareRoot()
      for row in 0..<rows { q[row, j] /= length }
    }
    return (q, q.transposed * self)
  }

  /// The series Σ Aᵏ / k! of a quarter of the matrix, squared twice.
  var exponential: Matrix {
    let x = 0.25 * self
    var term = Matrix.identity(rows), sum = term
    for k in 1..<60 {
      term = (1 / Extended(k)) * (term * x)
      sum = sum + term
    }
    sum = sum * sum
    return sum * sum
  }
}

extension Grid {
  /// The grid of the matrices that `f` computes from the matrices on the last two axes of inputs with equal
  /// leading axes.
  static func ofMatrices(_ inputs: [Grid], _ f: ([Matrix]) -> Matrix) -> Grid {
    let batch = Array(inputs[0].shape.dropLast(2)), count = batch.reduce(1, *)
    let results = (0..<count).map { number in
      f(
        inputs.map { input in
          let rows = input.shape[input.shape.count - 2], columns = input.shape.last!
          return Matrix(rows, columns) { input.values[(number * rows + $0) * columns + $1] }
        })
    }
    let shape = batch + (results.first.map { [$0.rows, $0.columns] } ?? [0, 0])
    return Grid(
      shape,
      values: results.flatMap { m in (0..<m.rows).flatMap { row in (0..<m.columns).map { m[row, $0] } } })
  }

  /// A grid with one number per matrix.
  static func ofNumbers(_ input: Grid, _ f: (Matrix) -> Extended) -> Grid {
    let matrices = ofMatrices([input]) { inputs in Matrix(1, 1) { _, _ in f(inputs[0]) } }
    return Grid(Array(input.shape.dropLast(2)), values: matrices.values)
  }
}
