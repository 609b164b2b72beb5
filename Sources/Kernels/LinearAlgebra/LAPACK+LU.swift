import CKernels
import CLAPACKE

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// The factors P L U of square matrices in LAPACK's format, with the pivots, and results from them.

extension LAPACK {
  /// Replaces square matrices in column-major order by their factors, and writes the pivots [.., n].
  package static func factorLU(_ matrices: Operand, pivots: Operand) throws(OutOfMemory) -> Refusal? {
    if matrices.count == 0 { return nil }
    let n = matrices.matrixRows, swaps = pivots.numbers, type = matrices.element.lapack
    let small = isSmall(n, matrices.element) ? matrices.loops.pointee.small.lu : nil
    return try each(matrices.matrixCount, multiplications: n * n * n / 3, of: matrices.element) { i, _, _ in
      let matrix = matrices.at(i * n * n), swaps = swaps + i * n
      return small?(matrix, swaps, n) ?? mt_getrf(type, Int32(n), Int32(n), matrix, swaps)
    }
  }

  /// Computes the determinants [..], their signs and the logarithms of their magnitudes from the factors. The
  /// product is stored as a fraction and an exponent: it overflows only if the determinant does.
  package static func determinants(
    lu factors: Operand, pivots: Operand, into value: Operand, sign: Operand, logMagnitude: Operand
  ) {
    func compute<Scalar: BinaryFloatingPoint>(_: Scalar.Type) {
      let from = factors.address.assumingMemoryBound(to: Scalar.self)
      let values = value.address.assumingMemoryBound(to: Scalar.self)
      let signs = sign.address.assumingMemoryBound(to: Scalar.self)
      let logs = logMagnitude.address.assumingMemoryBound(to: Scalar.self)
      let n = factors.matrixColumns
      for matrix in 0..<value.count {
        let (fraction, exponent) = product(
          ofPivots: from + matrix * n * n, swaps: pivots.numbers + matrix * n, n)
        values[matrix] = Scalar(scalbn(fraction, exponent))
        signs[matrix] = fraction == 0 ? 0 : fraction < 0 ? -1 : 1
        logs[matrix] = Scalar(log(abs(fraction)) + Double(exponent) * log(2.0))
      }
    }
    func computeComplex<Real: BinaryFloatingPoint & Sendable>(_: Real.Type) {
      let from = factors.address.assumingMemoryBound(to: Complex<Real>.self)
      let values = value.address.assumingMemoryBound(to: Complex<Real>.self)
      let signs = sign.address.assumingMemoryBound(to: Complex<Real>.self)
      let logs = logMagnitude.address.assumingMemoryBound(to: Real.self)
      let n = factors.matrixColumns
      for matrix in 0..<value.count {
        let (fraction, exponent) = product(
          ofPivots: from + matrix * n * n, swaps: pivots.numbers + matrix * n, n)
        let length = fraction.magnitude, unit = length == 0 ? fraction : fraction / Complex(length)
        values[matrix] = Complex(fraction.scaled(exponent))
        signs[matrix] = Complex(unit)
        logs[matrix] = Real(log(length) + Double(exponent) * log(2.0))
      }
    }
    switch factors.element {
    case .f32: compute(Float.self)
    case .f64: compute(Double.self)
    case .c64: computeComplex(Float.self)
    default: computeComplex(Double.self)
    }
  }

  /// Returns the product of the diagonal, with the sign of the permutation.
  private static func product<Scalar: BinaryFloatingPoint>(
    ofPivots matrix: UnsafePointer<Scalar>, swaps: UnsafePointer<Int32>, _ n: Int
  ) -> (fraction: Double, exponent: Int) {
    var fraction = 1.0, exponent = 0
    for i in 0..<n {
      let pivot = Double(matrix[i * n + i])
      if swaps[i] != Int32(i + 1) { fraction = -fraction }
      if pivot == 0 { return (0, exponent) }
      if !pivot.isFinite { return (pivot * fraction, 0) }
      fraction *= pivot < 0 ? -pivot.significand : pivot.significand
      exponent += Int(pivot.exponent)
      if fraction.magnitude >= 2 {
        fraction /= 2
        exponent += 1
      }
    }
    return (fraction, exponent)
  }

  /// Returns the product of the diagonal, with the sign of the permutation. The larger part of the fraction
  /// is in 1..<2.
  private static func product<Real: BinaryFloatingPoint & Sendable>(
    ofPivots matrix: UnsafePointer<Complex<Real>>, swaps: UnsafePointer<Int32>, _ n: Int
  ) -> (fraction: Complex<Double>, exponent: Int) {
    var fraction = Complex<Double>(1), exponent = 0
    func normalize() {
      let shift = Int(max(fraction.real.magnitude, fraction.imaginary.magnitude).exponent)
      fraction = fraction.scaled(-shift)
      exponent += shift
    }
    for i in 0..<n {
      let pivot = matrix[i * n + i], sign = swaps[i] == Int32(i + 1) ? 1.0 : -1
      if pivot == 0 { return (0, 0) }
      if !pivot.isFinite { return (Complex<Double>(Double(pivot.real), Double(pivot.imaginary)), 0) }
      // Both factors are normalized, so that their product neither overflows nor vanishes.
      let rest = fraction
      fraction = Complex(Double(pivot.real), Double(pivot.imaginary))
      normalize()
      fraction = fraction * rest * Complex(sign)
      normalize()
    }
    return (fraction, exponent)
  }

  /// True if a matrix has a pivot that is 0 within rounding, relative to the largest pivot.
  package static func isSingular(lu factors: Operand) -> Bool {
    func hasTinyPivot<Scalar: Numeric>(_: Scalar.Type) -> Bool where Scalar.Magnitude: BinaryFloatingPoint {
      let n = factors.matrixColumns, from = factors.address.assumingMemoryBound(to: Scalar.self)
      return (0..<factors.matrixCount).contains { matrix in
        let pivots = (0..<n).lazy.map { from[(matrix * n + $0) * n + $0].magnitude }
        guard let least = pivots.min(), let most = pivots.max() else { return false }
        return !(least > most * (Scalar.Magnitude(n) * Scalar.Magnitude.ulpOfOne))
      }
    }
    return switch factors.element {
    case .f32: hasTinyPivot(Float.self)
    case .f64: hasTinyPivot(Double.self)
    case .c64: hasTinyPivot(Complex<Float>.self)
    default: hasTinyPivot(Complex<Double>.self)
    }
  }

  /// Solves A X = B, or Aᵀ X = B, with the factors of A. There are the factors of one matrix, or of one for
  /// each matrix of B. Unless ``isSmall(_:_:)`` X must lie in B's memory.
  package static func solve(
    lu factors: Operand, pivots: Operand, transposed: Bool, _ b: Operand, into x: Operand
  ) throws(OutOfMemory) {
    let small = isSmall(factors.matrixRows, factors.element) ? factors.loops.pointee.small.solve : nil
    try eachSystem(of: factors, b, into: x) { system in
      let n = system.n, lu = factors.at(system.matrix * n * n), swaps = pivots.numbers + system.matrix * n
      if let small {
        small(lu, swaps, system.b, system.x, n, system.columns, system.row, transposed ? 1 : 0)
      } else {
        solveLarge(system, lu, swaps, transposed: transposed, of: x.element)
      }
    }
  }

  private static func solveLarge(
    _ system: System, _ lu: UnsafeMutableRawPointer, _ swaps: UnsafePointer<Int32>, transposed: Bool,
    of element: ElementType
  ) {
    // In row-major order these are the factors of the transpose: Uᵀ below, and Lᵀ with a unit diagonal above.
    func solve(upper: Bool) {
      BLAS.solveTriangle(
        lu, upper: upper, transposed: !transposed, unitDiagonal: upper, system.x, n: system.n,
        columns: system.columns, row: system.row, of: element)
    }
    func swap(_ k: Int) {
      let other = Int(swaps[k]) - 1, row = system.row * element.size
      if other == k { return }
      exchange(system.x + k * row, system.x + other * row, count: system.columns, of: element)
    }
    if transposed {
      solve(upper: false)
      solve(upper: true)
      for k in (0..<system.n).reversed() { swap(k) }
    } else {
      for k in 0..<system.n { swap(k) }
      solve(upper: true)
      solve(upper: false)
    }
  }

  /// Exchanges `count` elements at two addresses.
  private static func exchange(
    _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer, count: Int, of element: ElementType
  ) {
    func exchange<Scalar>(_: Scalar.Type) {
      let a = a.assumingMemoryBound(to: Scalar.self), b = b.assumingMemoryBound(to: Scalar.self)
      for j in 0..<count { (a[j], b[j]) = (b[j], a[j]) }
    }
    switch element {
    case .f32: exchange(Float.self)
    case .c128: exchange(Complex<Double>.self)
    default: exchange(Double.self)
    }
  }

  /// Replaces the factors of matrices by the inverses.
  package static func invert(lu factors: Operand, pivots: Operand) throws(OutOfMemory) {
    if factors.count == 0 { return }
    let n = factors.matrixColumns, swaps = pivots.numbers, type = factors.element.lapack
    let size = workspace(.inverse, n, n, of: factors.element) {
      mt_getri(type, Int32(n), factors.address, swaps, $0, -1)
    }
    _ = try each(
      factors.matrixCount, multiplications: n * n * n, work: size, of: factors.element
    ) { i, work, _ in
      mt_getri(type, Int32(n), factors.at(i * n * n), swaps + i * n, work, Int32(size))
    }
  }

  /// Computes L and U of m × n matrices in column-major order, where L has k = min(m, n) columns, and the
  /// source row of each row of P L. The matrices are overwritten. The results are `order` [.., m], and L and
  /// U in column-major order, which must be zero before.
  package static func factorRectangularLU(
    _ matrices: Operand, order: Operand, l: Operand, u: Operand
  ) throws(OutOfMemory) {
    if matrices.matrixCount == 0 { return }
    let m = matrices.matrixColumns, n = matrices.matrixRows, k = min(m, n)
    let element = matrices.element, size = element.size
    _ = try each(
      matrices.matrixCount, multiplications: m * n * k / 3, integers: k, of: element
    ) { i, _, swaps in
      let matrix = matrices.at(i * m * n), rows = order.indices + i * m
      // The factors are correct even if a pivot is zero.
      if m > 0, n > 0 { _ = mt_getrf(element.lapack, Int32(m), Int32(n), matrix, swaps) }
      for row in 0..<m { rows[row] = Int64(row) }
      for row in 0..<k {
        let other = Int(swaps[row]) - 1
        (rows[row], rows[other]) = (rows[other], rows[row])
      }
      for column in 0..<k {
        let start = column * m + column, diagonal = l.at(i * m * k + start)
        element.storeOne(at: diagonal)
        (diagonal + size).copyMemory(from: matrix + (start + 1) * size, byteCount: (m - column - 1) * size)
      }
      for column in 0..<n {
        u.at((i * n + column) * k).copyMemory(
          from: matrix + column * m * size, byteCount: min(column + 1, k) * size)
      }
      return 0
    }
  }

  /// Returns an estimate of the reciprocal condition number in the 1-norm of a matrix, from its factors and
  /// its norm.
  package static func reciprocalCondition(lu factors: Operand, norm: Double) throws(OutOfMemory) -> Double {
    let n = factors.matrixRows
    var result = 0.0
    _ = try each(1, multiplications: 1, work: 4 * n, integers: n, of: factors.element) { _, work, integers in
      result = mt_gecon(factors.element.lapack, Int32(n), factors.address, norm, work, integers)
      return 0
    }
    return result
  }

  /// Returns the 1-norm of the transpose of a square matrix: the largest sum of magnitudes of a row.
  package static func normOfTranspose(_ matrix: Operand) -> Double {
    func norm<Scalar: Numeric>(_: Scalar.Type) -> Double where Scalar.Magnitude: BinaryFloatingPoint {
      let numbers = matrix.address.assumingMemoryBound(to: Scalar.self), n = matrix.matrixRows
      return (0..<n).map { row in
        (0..<n).reduce(0) { $0 + Double(numbers[row * n + $1].magnitude) }
      }.max() ?? 0
    }
    return switch matrix.element {
    case .f32: norm(Float.self)
    case .f64: norm(Double.self)
    case .c64: norm(Complex<Float>.self)
    default: norm(Complex<Double>.self)
    }
  }
}

extension ElementType {
  /// Stores the number 1 as an element of this floating-point type.
  fileprivate func storeOne(at place: UnsafeMutableRawPointer) {
    switch self {
    case .f32: place.storeBytes(of: 1, as: Float.self)
    case .f64: place.storeBytes(of: 1, as: Double.self)
    case .c64: place.storeBytes(of: 1, as: Complex<Float>.self)
    default: place.storeBytes(of: 1, as: Complex<Double>.self)
    }
  }
}

extension Complex where Real == Double {
  /// This number times a power of 2.
  fileprivate func scaled(_ exponent: Int) -> Complex {
    Complex(scalbn(real, exponent), scalbn(imaginary, exponent))
  }
}

extension Complex {
  /// The nearest number with parts of this type.
  fileprivate init(_ z: Complex<Double>) { self.init(Real(z.real), Real(z.imaginary)) }
}
