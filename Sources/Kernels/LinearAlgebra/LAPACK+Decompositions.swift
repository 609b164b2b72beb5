import CLAPACKE

// Orthogonal factors, singular values, eigenvalues and Schur forms of the matrices of a batch. "In
// column-major order" means that an m × n matrix is an operand of the shape [.., n, m].

// Orthogonal factors.
extension LAPACK {
  /// Computes Q [.., m, k] and R [.., k, n] of m × n matrices in column-major order, which are overwritten.
  /// The results are in column-major order too, and must be zero before. m and n are not 0.
  package static func factorQR(_ matrices: Operand, q: Operand, r: Operand) throws(OutOfMemory) {
    if matrices.count == 0 { return }
    let m = matrices.matrixColumns, n = matrices.matrixRows, k = q.matrixRows, least = min(m, n)
    let element = matrices.element, stride = element.size, type = element.lapack
    // One column at a time needs n elements. LAPACK's answer for a row of 2²⁶ elements overflows its integer.
    let size = max(
      n, k,
      workspace(.qr, m, n, of: element) {
        mt_geqrf(type, Int32(m), Int32(n), matrices.address, $0, $0, -1)
      },
      workspace(.orthogonal, m, k, of: element) {
        mt_orgqr(type, Int32(m), Int32(k), Int32(least), q.address, $0, $0, -1)
      })
    _ = try each(
      matrices.matrixCount, multiplications: m * n * least, work: least + size, of: element
    ) { i, tau, _ in
      let matrix = matrices.at(i * m * n), q = q.at(i * k * m), r = r.at(i * n * k)
      let work = tau + least * stride
      _ = mt_geqrf(type, Int32(m), Int32(n), matrix, tau, work, Int32(size))
      for column in 0..<n {
        (r + column * k * stride).copyMemory(
          from: matrix + column * m * stride, byteCount: min(column + 1, least) * stride)
      }
      q.copyMemory(from: matrix, byteCount: m * least * stride)
      return mt_orgqr(type, Int32(m), Int32(k), Int32(least), q, tau, work, Int32(size))
    }
  }

  /// Computes Q [.., m, k] and R [.., k, n] of small matrices, all in row-major order.
  package static func factorSmallQR(_ matrices: Operand, q: Operand, r: Operand) throws(OutOfMemory) {
    let m = matrices.matrixRows, n = matrices.matrixColumns, k = q.matrixColumns
    let loop = matrices.loops.pointee.small.qr!
    _ = try each(matrices.matrixCount, multiplications: m * n * k, of: matrices.element) { i, _, _ in
      loop(matrices.at(i * m * n), q.at(i * m * k), r.at(i * k * n), m, n, k)
      return 0
    }
  }
}

// Singular values.
extension LAPACK {
  /// The singular vectors to compute.
  package enum SingularVectors { case none, thin, full }

  /// Computes U diag(s) Vᴴ of matrices in row-major order, which are overwritten. U and Vᴴ are empty if they
  /// are not requested. LAPACK reads the matrices by columns, as their transposes. Therefore its Vᴴ is Uᵀ,
  /// and each result is in row-major order. No extent of the matrices is 0.
  package static func factorSVD(
    _ matrices: Operand, _ vectors: SingularVectors, u: Operand, s: Operand, vt: Operand
  ) throws(OutOfMemory) -> Refusal? {
    if matrices.count == 0 { return nil }
    let m = matrices.matrixRows, n = matrices.matrixColumns, least = min(m, n)
    let left = u.matrixColumns, right = vt.matrixRows
    let element = matrices.element, type = element.lapack
    let letter = UInt8(ascii: vectors == .none ? "N" : vectors == .thin ? "S" : "A"), job = CChar(letter)
    var number = Int32(0), real = 0.0
    let size = workspace(.singularValues(job: letter), m, n, of: element) { answer in
      mt_gesdd(
        type, job, Int32(n), Int32(m), matrices.address, s.address, vt.address, u.address, answer, -1,
        &real, &number)
    }
    if size > largestSize { return Refusal(matrix: 0, info: tooLarge) }
    let vectorReals = max(5 * least * least + 5 * least, 2 * (m + n) * least + least)
    let reals = element.room(forReals: vectors == .none ? 7 * least : vectorReals)
    return try each(
      matrices.matrixCount, multiplications: 8 * m * n * least, work: size + reals, integers: 8 * least,
      of: element
    ) { i, work, integers in
      mt_gesdd(
        type, job, Int32(n), Int32(m), matrices.at(i * m * n), s.at(i * least), vt.at(i * right * n),
        u.at(i * m * left), work, Int32(size), work + size * element.size, integers)
    }
  }
}

// Eigenvalues.
extension LAPACK {
  /// Computes the ascending eigenvalues [.., n] of Hermitian matrices from their lower triangles. The
  /// matrices are overwritten. If the eigenvectors are requested, their conjugates are there in column-major
  /// order: LAPACK reads the transposes, which are the conjugates.
  package static func factorSymmetric(
    _ matrices: Operand, values: Operand, vectors: Bool
  ) throws(OutOfMemory) -> Refusal? {
    if matrices.count == 0 { return nil }
    let n = matrices.matrixRows, element = matrices.element, type = element.lapack
    let job = CChar(UInt8(ascii: vectors ? "V" : "N")), integers = vectors ? 3 + 5 * n : 1
    let reals = !element.isComplex ? 0 : vectors ? 1 + 5 * n + 2 * n * n : n
    var number = Int32(0), real = 0.0
    let size = workspace(.symmetric(vectors: vectors), n, n, of: element) { answer in
      mt_syevd(
        type, job, triangle(upper: true), Int32(n), matrices.address, values.address, answer, -1, &real, -1,
        &number, Int32(integers))
    }
    if size > largestSize || reals > largestSize { return Refusal(matrix: 0, info: tooLarge) }
    return try each(
      matrices.matrixCount, multiplications: 4 * n * n * n, work: size + element.room(forReals: reals),
      integers: integers, of: element
    ) { i, work, integerWork in
      mt_syevd(
        type, job, triangle(upper: true), Int32(n), matrices.at(i * n * n), values.at(i * n), work,
        Int32(size), work + size * element.size, Int32(reals), integerWork, Int32(integers))
    }
  }

  /// Computes the ascending eigenvalues [.., n] of small symmetric matrices from their lower triangles, and
  /// the eigenvectors as columns, in row-major order.
  package static func factorSmallSymmetric(
    _ matrices: Operand, values: Operand, vectors: Operand
  ) throws(OutOfMemory) -> Refusal? {
    if matrices.count == 0 { return nil }
    let n = matrices.matrixRows, loop = matrices.loops.pointee.small.eigen!
    return try each(matrices.matrixCount, multiplications: 20 * n * n * n, of: matrices.element) { i, _, _ in
      loop(matrices.at(i * n * n), values.at(i * n), vectors.at(i * n * n), n)
    }
  }

  /// Computes the eigenvalues [.., n] of real matrices, and their eigenvectors of length 1 as columns, as
  /// real and imaginary parts. The matrices, which are overwritten, and the eigenvectors are in column-major
  /// order. The imaginary parts of the eigenvectors must be zero before.
  package static func factorGeneral(
    _ matrices: Operand, real: Operand, imaginary: Operand, vectorsReal: Operand, vectorsImaginary: Operand
  ) throws(OutOfMemory) -> Refusal? {
    if matrices.count == 0 { return nil }
    let n = matrices.matrixRows, element = matrices.element, type = element.lapack
    let size = workspace(.general, n, n, of: element) { answer in
      mt_geev(
        type, Int32(n), matrices.address, real.address, imaginary.address, vectorsReal.address, answer, -1)
    }
    if size > largestSize { return Refusal(matrix: 0, info: tooLarge) }
    return try each(
      matrices.matrixCount, multiplications: 10 * n * n * n, work: size, of: element
    ) { i, work, _ in
      let parts = imaginary.at(i * n), v = vectorsReal.at(i * n * n), w = vectorsImaginary.at(i * n * n)
      let info = mt_geev(
        type, Int32(n), matrices.at(i * n * n), real.at(i * n), parts, v, work, Int32(size))
      if element == .f32 {
        separatePairs(parts, v, w, n, of: Float.self)
      } else {
        separatePairs(parts, v, w, n, of: Double.self)
      }
      return info
    }
  }

  /// Computes the eigenvalues [.., n] of complex matrices, and their eigenvectors of length 1 as columns. The
  /// matrices, which are overwritten, and the eigenvectors are in column-major order.
  package static func factorGeneral(
    _ matrices: Operand, values: Operand, vectors: Operand
  ) throws(OutOfMemory) -> Refusal? {
    if matrices.count == 0 { return nil }
    let n = matrices.matrixRows, element = matrices.element, type = element.lapack
    var real = 0.0
    let size = workspace(.general, n, n, of: element) { answer in
      mt_complexGeev(
        type, Int32(n), matrices.address, values.address, vectors.address, answer, -1, &real)
    }
    if size > largestSize { return Refusal(matrix: 0, info: tooLarge) }
    return try each(
      matrices.matrixCount, multiplications: 10 * n * n * n, work: size + n, of: element
    ) { i, work, _ in
      mt_complexGeev(
        type, Int32(n), matrices.at(i * n * n), values.at(i * n), vectors.at(i * n * n), work, Int32(size),
        work + size * element.size)
    }
  }

  /// Separates the real and imaginary parts of eigenvectors. LAPACK stores the vectors v + i w and v − i w of
  /// a conjugate pair as the columns v and w.
  private static func separatePairs<Scalar: BinaryFloatingPoint>(
    _ parts: UnsafeMutableRawPointer, _ v: UnsafeMutableRawPointer, _ w: UnsafeMutableRawPointer, _ n: Int,
    of: Scalar.Type
  ) {
    let parts = parts.assumingMemoryBound(to: Scalar.self)
    let vectors = v.assumingMemoryBound(to: Scalar.self), others = w.assumingMemoryBound(to: Scalar.self)
    for column in 0..<n where parts[column] > 0 {
      for row in 0..<n {
        let first = column * n + row, second = first + n
        others[first] = vectors[second]
        others[second] = -vectors[second]
        vectors[second] = vectors[first]
      }
    }
  }
}

// Least squares.
extension LAPACK {
  /// Computes the X of least norm among those that minimise ‖A X − B‖, the singular values of A and its
  /// effective rank. Singular values of at most `least` times the largest count as 0. The m × n matrices are
  /// in column-major order and are overwritten. `x` is [.., k, max(m, n)]: each row holds a right-hand side
  /// before, and a solution afterwards. k is not 0.
  package static func solveLeastSquares(
    _ matrices: Operand, _ x: Operand, least: Double, values: Operand, ranks: Operand
  ) throws(OutOfMemory) -> Refusal? {
    if matrices.count == 0 { return nil }
    let m = matrices.matrixColumns, n = matrices.matrixRows, k = x.matrixRows, rows = x.matrixColumns
    let small = min(m, n), element = matrices.element, type = element.lapack
    var number = Int32(0), counted = Int32(0), real = 0.0
    let size = workspace(.leastSquares(columns: k), m, n, of: element) { answer in
      mt_gelsd(
        type, Int32(m), Int32(n), Int32(k), matrices.address, x.address, Int32(rows), values.address, least,
        &counted, answer, -1, &real, &number)
    }
    if size > largestSize { return Refusal(matrix: 0, info: tooLarge) }
    // The depth of the routine's divide-and-conquer tree, whose leaves have 25 rows.
    var depth = 1
    while 26 << depth <= small { depth += 1 }
    let leafReals = 3 * 25 * k + max(26 * 26, small * (1 + k) + 2 * k)
    let reals = element.room(forReals: small * (60 + 8 * depth) + leafReals)
    return try each(
      matrices.matrixCount, multiplications: 8 * m * n * small, work: size + reals,
      integers: 1 + small * (3 * depth + 11), of: element
    ) { i, work, integers in
      let info = mt_gelsd(
        type, Int32(m), Int32(n), Int32(k), matrices.at(i * m * n), x.at(i * k * rows), Int32(rows),
        values.at(i * small), least, integers, work, Int32(size), work + size * element.size, integers + 1)
      if info != 0 { return 1 }
      ranks.indices[i] = Int64(integers[0])
      return 0
    }
  }
}

// Schur forms.
extension LAPACK {
  /// Replaces matrices by T of Z T Zᵀ, which is quasi-triangular, and computes Z, all in column-major order.
  package static func factorSchur(_ matrices: Operand, z: Operand) throws(OutOfMemory) -> Refusal? {
    if matrices.count == 0 { return nil }
    let n = matrices.matrixRows, element = matrices.element, type = element.lapack
    let size = workspace(.schur, n, n, of: element) { answer in
      mt_gees(type, Int32(n), matrices.address, answer, answer, z.address, answer, -1)
    }
    if size > largestSize { return Refusal(matrix: 0, info: tooLarge) }
    return try each(
      matrices.matrixCount, multiplications: 10 * n * n * n, work: 2 * n + size, of: element
    ) { i, work, _ in
      mt_gees(
        type, Int32(n), matrices.at(i * n * n), work, work + n * element.size, z.at(i * n * n),
        work + 2 * n * element.size, Int32(size))
    }
  }

  /// Replaces C by the solution of S X + X T = C, or Sᵀ X + X Tᵀ = C, for Schur forms S and T. All matrices
  /// are in column-major order. If S and −T have common eigenvalues, LAPACK perturbs them and reports it.
  package static func solveSylvester(
    _ s: Operand, _ t: Operand, _ c: Operand, transposed: Bool
  ) throws(OutOfMemory) -> Refusal? {
    if c.count == 0 { return nil }
    let m = c.matrixColumns, n = c.matrixRows, element = c.element, type = element.lapack
    return try each(c.matrixCount, multiplications: m * n * (m + n), of: element) { i, _, _ in
      let matrix = c.at(i * m * n)
      var scale = 1.0
      let info = mt_trsyl(
        type, flag(transposed), flag(transposed), 1, Int32(m), Int32(n), s.at(i * m * m), t.at(i * n * n),
        matrix, &scale)
      if scale != 1 { divide(matrix, count: m * n, by: scale, of: element) }
      return info
    }
  }

  private static func divide(
    _ elements: UnsafeMutableRawPointer, count: Int, by scale: Double, of element: ElementType
  ) {
    func divide<Scalar: BinaryFloatingPoint>(_: Scalar.Type) {
      let numbers = elements.assumingMemoryBound(to: Scalar.self)
      for j in 0..<count { numbers[j] /= Scalar(scale) }
    }
    if element == .f32 { divide(Float.self) } else { divide(Double.self) }
  }
}
