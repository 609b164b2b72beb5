import CKernels
import CLAPACKE

// Orthogonal factors, singular values, eigenvalues and Schur forms of the matrices of a batch.

extension Tensor where Element: DifferentiableScalar {
  /// Computes Q with min(m, n) columns, or with m, and R with as many rows.
  func factoredQR(full: Bool) -> (q: Tensor, r: Tensor) {
    let m = matrixRows, n = matrixColumns, least = Swift.min(m, n), k = full ? m : least
    if least > 0, Swift.max(m, n) <= LAPACK.smallSize { return factoredSmallQR(k) }
    let columns = turned.copied(), q = Tensor.zeroed(batched(k, m)), r = Tensor.zeroed(batched(n, k))
    if columns.isFailed || q.isFailed || r.isFailed { return (columns, columns) }
    let wide = Element.isWide, stride = MemoryLayout<Element>.stride
    let a = columns.address, to = q.address, upper = r.address
    if least == 0 {
      for i in 0..<matrixCount * k { (to + (i * m + i % k) * stride).storeBytes(of: 1, as: Element.self) }
      return (q.turned, r.turned)
    }
    let size = Swift.max(
      LAPACK.workspace(.qr, m, n, of: Element.self) { mt_geqrf(wide, Int32(m), Int32(n), a, $0, $0, -1) },
      LAPACK.workspace(.orthogonal, m, k, of: Element.self) {
        mt_orgqr(wide, Int32(m), Int32(k), Int32(least), to, $0, $0, -1)
      })
    let refusal = LAPACK.each(
      matrixCount, multiplications: m * n * least, work: least + size, of: Element.self
    ) { i, tau, _ in
      let matrix = a + i * m * n * stride, q = to + i * k * m * stride, r = upper + i * n * k * stride
      let work = tau + least * stride
      _ = mt_geqrf(wide, Int32(m), Int32(n), matrix, tau, work, Int32(size))
      for column in 0..<n {
        (r + column * k * stride).copyMemory(
          from: matrix + column * m * stride, byteCount: Swift.min(column + 1, least) * stride)
      }
      q.copyMemory(from: matrix, byteCount: m * least * stride)
      return mt_orgqr(wide, Int32(m), Int32(k), Int32(least), q, tau, work, Int32(size))
    }
    if refusal?.info == LAPACK.noMemory {
      return (.failed(by: Failure.current), .failed(by: Failure.current))
    }
    return (q.turned, r.turned)
  }

  private func factoredSmallQR(_ k: Int) -> (q: Tensor, r: Tensor) {
    let m = matrixRows, n = matrixColumns, matrices = contiguous()
    let q = Tensor(uninitialized: batched(m, k)), r = Tensor(uninitialized: batched(k, n))
    if let failed = [matrices, q, r].first(where: { $0.isFailed }) { return (failed, failed) }
    let a = matrices.address, toQ = q.address, toR = r.address, stride = MemoryLayout<Element>.stride
    let loop = Element.kernels.loops.pointee.small.qr!
    _ = LAPACK.each(matrixCount, multiplications: m * n * k, of: Element.self) { i, _, _ in
      loop(a + i * m * n * stride, toQ + i * m * k * stride, toR + i * k * n * stride, m, n, k)
      return 0
    }
    return (q, r)
  }

  /// The singular vectors to compute.
  enum SingularVectors { case none, thin, full }

  /// Computes U diag(s) Vᵀ; U and Vᵀ are empty if they are not requested. LAPACK reads the matrices by
  /// columns, as their transposes. Therefore its V is U, and each result is in row-major order.
  func factoredSVD(_ vectors: SingularVectors) -> (u: Tensor, s: Tensor, vt: Tensor, refusal: Refusal?) {
    let m = matrixRows, n = matrixColumns, least = Swift.min(m, n)
    let rows = copied(), s = Tensor(uninitialized: batched(least))
    let (left, right) = vectors == .none ? (0, 0) : vectors == .thin ? (least, least) : (m, n)
    let u = Tensor.zeroed(batched(m, left)), vt = Tensor.zeroed(batched(right, n))
    if let failed = [rows, s, u, vt].first(where: { $0.isFailed }) { return (failed, failed, failed, nil) }
    let wide = Element.isWide, stride = MemoryLayout<Element>.stride
    let a = rows.address, values = s.address, toU = u.address, toV = vt.address
    if least == 0 {
      for i in 0..<matrixCount * left { (toU + (i * m + i % m) * stride).storeBytes(of: 1, as: Element.self) }
      for i in 0..<matrixCount * right {
        (toV + (i * n + i % n) * stride).storeBytes(of: 1, as: Element.self)
      }
      return (u, s, vt, nil)
    }
    let letter = UInt8(ascii: vectors == .none ? "N" : vectors == .thin ? "S" : "A"), job = CChar(letter)
    var number = Int32(0)
    let size = LAPACK.workspace(.singularValues(job: letter), m, n, of: Element.self) { answer in
      mt_gesdd(wide, job, Int32(n), Int32(m), a, values, toV, toU, answer, -1, &number)
    }
    if size > LAPACK.largestSize { return (u, s, vt, Refusal(matrix: 0, info: LAPACK.tooLarge)) }
    let refusal = LAPACK.each(
      matrixCount, multiplications: 8 * m * n * least, work: size, integers: 8 * least, of: Element.self
    ) { i, work, integers in
      mt_gesdd(
        wide, job, Int32(n), Int32(m), a + i * m * n * stride, values + i * least * stride,
        toV + i * right * n * stride, toU + i * m * left * stride, work, Int32(size), integers)
    }
    return (u, s, vt, refusal)
  }

  /// Computes the eigenvalues of symmetric matrices from their lower triangles, ascending, and the
  /// eigenvectors as columns.
  func factoredSymmetric(vectors: Bool) -> (values: Tensor, vectors: Tensor, refusal: Refusal?) {
    let n = matrixRows
    if n <= LAPACK.smallSize { return factoredSmallSymmetric() }
    let matrices = copied(), values = Tensor(uninitialized: batched(n))
    if matrices.isFailed || values.isFailed || layout.count == 0 { return (values, matrices, nil) }
    let wide = Element.isWide, stride = MemoryLayout<Element>.stride
    let a = matrices.address, to = values.address
    let job = CChar(UInt8(ascii: vectors ? "V" : "N")), integers = vectors ? 3 + 5 * n : 1
    var number = Int32(0)
    let size = LAPACK.workspace(.symmetric(vectors: vectors), n, n, of: Element.self) { answer in
      mt_syevd(wide, job, LAPACK.triangle(upper: true), Int32(n), a, to, answer, -1, &number, Int32(integers))
    }
    if size > LAPACK.largestSize { return (values, matrices, Refusal(matrix: 0, info: LAPACK.tooLarge)) }
    let refusal = LAPACK.each(
      matrixCount, multiplications: 4 * n * n * n, work: size, integers: integers, of: Element.self
    ) { i, work, integerWork in
      mt_syevd(
        wide, job, LAPACK.triangle(upper: true), Int32(n), a + i * n * n * stride, to + i * n * stride, work,
        Int32(size), integerWork, Int32(integers))
    }
    return (values, matrices.turned, refusal)
  }

  private func factoredSmallSymmetric() -> (values: Tensor, vectors: Tensor, refusal: Refusal?) {
    let n = matrixRows, matrices = contiguous()
    let values = Tensor(uninitialized: batched(n)), vectors = Tensor(uninitialized: layout.shape)
    if let failed = [matrices, values, vectors].first(where: { $0.isFailed }) {
      return (failed, failed, nil)
    }
    if layout.count == 0 { return (values, vectors, nil) }
    let a = matrices.address, to = values.address, toV = vectors.address,
      stride = MemoryLayout<Element>.stride
    let loop = Element.kernels.loops.pointee.small.eigen!
    let refusal = LAPACK.each(matrixCount, multiplications: 20 * n * n * n, of: Element.self) { i, _, _ in
      loop(a + i * n * n * stride, to + i * n * stride, toV + i * n * n * stride, n)
    }
    return (values, vectors, refusal)
  }

  /// Computes the eigenvalues of matrices, and their eigenvectors of length 1 as columns, as real and
  /// imaginary parts.
  func factoredGeneral() -> (
    real: Tensor, imaginary: Tensor, vectorsReal: Tensor, vectorsImaginary: Tensor, refusal: Refusal?
  ) {
    let n = matrixRows, columns = turned.copied()
    let real = Tensor(uninitialized: batched(n)), imaginary = Tensor(uninitialized: batched(n))
    let v = Tensor(uninitialized: columns.layout.shape), w = Tensor.zeroed(columns.layout.shape)
    if let failed = [columns, real, imaginary, v, w].first(where: { $0.isFailed }) {
      return (failed, failed, failed, failed, nil)
    }
    if layout.count == 0 { return (real, imaginary, v.turned, w.turned, nil) }
    let wide = Element.isWide, stride = MemoryLayout<Element>.stride
    let a = columns.address, re = real.address, im = imaginary.address, toV = v.address, toW = w.address
    let size = LAPACK.workspace(.general, n, n, of: Element.self) { answer in
      mt_geev(wide, Int32(n), a, re, im, toV, answer, -1)
    }
    if size > LAPACK.largestSize { return (real, imaginary, v, w, Refusal(matrix: 0, info: LAPACK.tooLarge)) }
    let refusal = LAPACK.each(matrixCount, multiplications: 10 * n * n * n, work: size, of: Element.self) {
      i, work, _ in
      let im = im + i * n * stride, v = toV + i * n * n * stride, w = toW + i * n * n * stride
      let info = mt_geev(
        wide, Int32(n), a + i * n * n * stride, re + i * n * stride, im, v, work, Int32(size))
      let parts = im.assumingMemoryBound(to: Element.self)
      let vectors = v.assumingMemoryBound(to: Element.self), others = w.assumingMemoryBound(to: Element.self)
      // LAPACK stores the vectors v + i w and v − i w of a conjugate pair as the columns v and w.
      for column in 0..<n where parts[column] > 0 {
        for row in 0..<n {
          let first = column * n + row, second = first + n
          others[first] = vectors[second]
          others[second] = -vectors[second]
          vectors[second] = vectors[first]
        }
      }
      return info
    }
    return (real, imaginary, v.turned, w.turned, refusal)
  }

  /// Computes the X of least norm among those that minimise ‖A X − B‖, the singular values of A and its
  /// effective rank.
  func solvedByLeastSquares(_ b: Tensor, _ least: Double) -> (
    x: Tensor, values: Tensor, rank: Tensor<Int>, refusal: Refusal?
  ) {
    let m = matrixRows, n = matrixColumns, k = b.matrixColumns, both = Swift.max(m, n),
      small = Swift.min(m, n)
    let columns = turned.copied(), x = Tensor.zeroed(b.batched(k, both))
    let values = Tensor(uninitialized: batched(small)), rank = Tensor<Int>.zeroed(batched())
    if let failed = [columns, x, values].first(where: { $0.isFailed }) { return (failed, failed, rank, nil) }
    var extents = x.layout.shape
    extents.extents[extents.rank - 1] = m
    x.viewed(Layout(extents, strides: x.layout.strides, offset: 0)).overwrite(with: b.turned)
    extents.extents[extents.rank - 1] = n
    let solution = x.viewed(Layout(extents, strides: x.layout.strides, offset: 0)).turned
    if layout.count == 0 || k == 0 { return (Tensor.zeroed(solution.layout.shape), values, rank, nil) }
    let wide = Element.isWide, stride = MemoryLayout<Element>.stride
    let a = columns.address, to = x.address, s = values.address
    let ranks = rank.address.assumingMemoryBound(to: Int.self)
    var number = Int32(0), counted = Int32(0)
    let size = LAPACK.workspace(.leastSquares(columns: k), m, n, of: Element.self) { answer in
      mt_gelsd(
        wide, Int32(m), Int32(n), Int32(k), a, to, Int32(both), s, least, &counted, answer, -1, &number)
    }
    if size > LAPACK.largestSize {
      return (solution, values, rank, Refusal(matrix: 0, info: LAPACK.tooLarge))
    }
    // The depth of the routine's divide-and-conquer tree, whose leaves have 25 rows.
    var depth = 1
    while 26 << depth <= small { depth += 1 }
    let refusal = LAPACK.each(
      matrixCount, multiplications: 8 * m * n * small, work: size, integers: 1 + small * (3 * depth + 11),
      of: Element.self
    ) { i, work, integers in
      mt_gelsd(
        wide, Int32(m), Int32(n), Int32(k), a + i * m * n * stride, to + i * k * both * stride, Int32(both),
        s + i * small * stride, least, integers, work, Int32(size), integers + 1) == 0
        ? {
          ranks[i] = Int(integers[0]); return 0
        }() : 1
    }
    return (solution, values, rank, refusal)
  }

  /// Computes Z T Zᵀ with T quasi-triangular, both in column-major order.
  func factoredSchur() -> (t: Tensor, z: Tensor, refusal: Refusal?) {
    let n = matrixRows, t = turned.copied(), z = Tensor(uninitialized: t.layout.shape)
    if t.isFailed || z.isFailed || layout.count == 0 { return (t.turned, z.turned, nil) }
    let wide = Element.isWide, stride = MemoryLayout<Element>.stride, a = t.address, to = z.address
    let size = LAPACK.workspace(.schur, n, n, of: Element.self) { answer in
      mt_gees(wide, Int32(n), a, answer, answer, to, answer, -1)
    }
    if size > LAPACK.largestSize { return (t, z, Refusal(matrix: 0, info: LAPACK.tooLarge)) }
    let refusal = LAPACK.each(
      matrixCount, multiplications: 10 * n * n * n, work: 2 * n + size, of: Element.self
    ) { i, work, _ in
      mt_gees(
        wide, Int32(n), a + i * n * n * stride, work, work + n * stride, to + i * n * n * stride,
        work + 2 * n * stride, Int32(size))
    }
    return (t.turned, z.turned, refusal)
  }

  /// Solves S X + X T = C, or Sᵀ X + X Tᵀ = C, for Schur forms S and T in column-major order. If S and −T
  /// have common eigenvalues, LAPACK perturbs them and reports it.
  static func solvedSylvester(_ s: Tensor, _ t: Tensor, _ c: Tensor, transposed: Bool) -> (
    x: Tensor, refusal: Refusal?
  ) {
    let x = c.turned.copied(), m = c.matrixRows, n = c.matrixColumns
    if x.isFailed || x.layout.count == 0 { return (x.turned, nil) }
    let left = s.turned.contiguous(), right = t.turned.contiguous()
    let wide = Element.isWide, stride = MemoryLayout<Element>.stride
    let a = left.address, b = right.address, to = x.address
    let refusal = LAPACK.each(c.matrixCount, multiplications: m * n * (m + n), of: Element.self) { i, _, _ in
      let matrix = to + i * m * n * stride
      var scale = 1.0
      let info = mt_trsyl(
        wide, LAPACK.flag(transposed), LAPACK.flag(transposed), 1, Int32(m), Int32(n), a + i * m * m * stride,
        b + i * n * n * stride, matrix, &scale)
      if scale != 1 {
        let numbers = matrix.assumingMemoryBound(to: Element.self)
        for j in 0..<m * n { numbers[j] /= Element(scale) }
      }
      return info
    }
    return (x.turned, refusal)
  }
}
