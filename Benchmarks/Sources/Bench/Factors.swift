import CBareBLAS
import CBareLAPACK
import Martlet
import Runs

/// Measures linear algebra on one matrix, forward and backward, and the bare calls of LAPACK and BLAS that it
/// makes. Bare calls that overwrite their matrix work on a copy, as any caller's would.
func benchFactors(_ session: Session) {
  let n = 512
  let wanted = Bare(n).workloads.filter { session.wants($0.name) }
  if wanted.isEmpty { return }
  session.show(
    "\nmatrices of \(n) × \(n), Float\n\n" + padded("", 34, right: false)
      + ["Martlet", "bare", "ratio", "to reach"].map { padded($0, 14) }.joined())
  for workload in wanted {
    session.announce(workload.name)
    let times = [("martlet", workload.martlet), ("bare", workload.bare)].map { path, body in
      let row = Row(
        workload.name, section: "factors", Row.Parameters(type: "Float", path: path, m: n, n: n, k: n),
        session.measure(body))
      session.record(row)
      return row
    }
    let ratio = times[0].median / times[1].median
    session.show(
      padded(workload.name, 34, right: false)
        + [times[0].cell, times[1].cell, "\((ratio * 100).rounded() / 100)", "≤ 1.1"].map { padded($0, 14) }
        .joined())
  }
}

private struct FactorWorkload {
  let name: String
  let martlet: () -> Void, bare: () -> Void
}

/// The memory of the bare calls, and a symmetric positive definite matrix.
private final class Bare {
  let n: Int32
  let matrix: [Float], right: [Float]
  var a: [Float], b: [Float], c: [Float], values: [Float], work: [Float]
  var pivots: [Int32], integers: [Int32]

  init(_ size: Int) {
    n = Int32(size)
    var random = RandomGenerator(seed: 1)
    let x: Tensor<Float> = random.normal([size, size]), y: Tensor<Float> = random.normal([size, size])
    matrix = (x + x.transposed() + Tensor.identity(size) * Float(2 * size)).scalars
    right = y.scalars
    (a, b, c) = (matrix, right, matrix)
    values = Array(repeating: 0, count: size)
    work = Array(repeating: 0, count: 16 * size * size)
    pivots = Array(repeating: 0, count: size)
    integers = Array(repeating: 0, count: 16 * size)
  }

  private var size: Int32 { Int32(work.count) }
  private func lu() { _ = LAPACKE_sgetrf_work(LAPACK_COL_MAJOR, n, n, &a, n, &pivots) }
  private func invert() { _ = LAPACKE_sgetri_work(LAPACK_COL_MAJOR, n, &a, n, pivots, &work, size) }
  private func solve(_ triangle: CBLAS_UPLO, _ transposed: CBLAS_TRANSPOSE, _ diagonal: CBLAS_DIAG) {
    cblas_strsm(CblasRowMajor, CblasLeft, triangle, transposed, diagonal, n, n, 1, a, n, &b, n)
  }
  private func multiply() {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, matrix, n, right, n, 0, &c, n)
  }
  private func fresh() { a.withUnsafeMutableBufferPointer { _ = $0.update(from: matrix) } }
  private func freshRight() { b.withUnsafeMutableBufferPointer { _ = $0.update(from: right) } }

  var workloads: [FactorWorkload] {
    let size = Int(n)
    let x = Tensor(matrix, shape: [size, size]), y = Tensor(right, shape: [size, size])
    let leaf = x.cloned(), seed = y.cloned(), apart = y.cloned()
    leaf.requiresGrad = true
    // The gradients of singular vectors and eigenvectors need values that lie far apart relative to their
    // size.
    apart.requiresGrad = true
    func backward(_ result: Tensor<Float>) -> () -> Void {
      let seed = result.rank == 0 ? Tensor<Float>(1) : seed
      return {
        result.backward(seed, retainGraph: true)
        leaf.zeroGrad()
        apart.zeroGrad()
      }
    }
    return [
      FactorWorkload(
        name: "log-determinant", martlet: { _ = try! x.logDeterminant() },
        bare: { [self] in
          fresh()
          lu()
        }),
      FactorWorkload(
        name: "solve", martlet: { _ = try! x.solve(y) },
        bare: { [self] in
          fresh()
          freshRight()
          lu()
          solve(CblasLower, CblasNoTrans, CblasNonUnit)
          solve(CblasUpper, CblasNoTrans, CblasUnit)
        }),
      FactorWorkload(
        name: "inverse", martlet: { _ = try! x.inverse() },
        bare: { [self] in
          fresh()
          lu()
          invert()
        }),
      FactorWorkload(
        name: "cholesky", martlet: { _ = try! x.cholesky() },
        bare: { [self] in
          fresh()
          _ = LAPACKE_spotrf_work(LAPACK_COL_MAJOR, 85, n, &a, n)
        }),
      FactorWorkload(
        name: "qr", martlet: { _ = try! x.qr() },
        bare: { [self] in
          fresh()
          _ = LAPACKE_sgeqrf_work(LAPACK_COL_MAJOR, n, n, &a, n, &values, &work, self.size)
          _ = LAPACKE_sorgqr_work(LAPACK_COL_MAJOR, n, n, n, &a, n, values, &work, self.size)
        }),
      FactorWorkload(
        name: "svd", martlet: { _ = try! x.svd() },
        bare: { [self] in
          fresh()
          _ = LAPACKE_sgesdd_work(
            LAPACK_COL_MAJOR, 83, n, n, &a, n, &values, &b, n, &c, n, &work, self.size, &integers)
        }),
      FactorWorkload(
        name: "eigh", martlet: { _ = try! x.eigh() },
        bare: { [self] in
          fresh()
          _ = LAPACKE_ssyevd_work(
            LAPACK_COL_MAJOR, 86, 85, n, &a, n, &values, &work, self.size, &integers, Int32(integers.count))
        }),
      FactorWorkload(
        name: "log-determinant, backward", martlet: backward(try! leaf.logDeterminant().logMagnitude),
        bare: { [self] in
          fresh()
          invert()
        }),
      FactorWorkload(
        name: "inverse, backward", martlet: backward(try! leaf.inverse()),
        bare: { [self] in
          multiply()
          multiply()
        }),
      FactorWorkload(
        name: "solve, backward", martlet: backward(try! leaf.solve(y)),
        bare: { [self] in
          freshRight()
          solve(CblasUpper, CblasTrans, CblasUnit)
          solve(CblasLower, CblasTrans, CblasNonUnit)
          multiply()
        }),
      FactorWorkload(
        name: "cholesky, backward", martlet: backward(try! leaf.cholesky()),
        bare: { [self] in
          multiply()
          freshRight()
          solve(CblasLower, CblasTrans, CblasNonUnit)
          solve(CblasLower, CblasTrans, CblasNonUnit)
        }),
      FactorWorkload(
        name: "qr, R, backward", martlet: backward(try! leaf.qr().r),
        bare: { [self] in
          for _ in 0..<2 { multiply() }
          freshRight()
          solve(CblasUpper, CblasNoTrans, CblasNonUnit)
        }),
      FactorWorkload(
        name: "svd, values, backward", martlet: backward(try! leaf.svd().s.sum()),
        bare: { [self] in multiply() }),
      FactorWorkload(
        name: "svd, U, backward", martlet: backward(try! apart.svd().u),
        bare: { [self] in
          for _ in 0..<3 { multiply() }
        }),
      FactorWorkload(
        name: "eigh, vectors, backward", martlet: backward(try! apart.eigh().vectors),
        bare: { [self] in
          for _ in 0..<3 { multiply() }
        }),
      FactorWorkload(
        name: "eigh, values, backward", martlet: backward(try! leaf.eigh().values.sum()),
        bare: { [self] in multiply() }),
    ]
  }
}
