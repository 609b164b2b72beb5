import MartletCore

// Systems of equations, factorisations and functions of matrices. linear_algebra.py defines the same helper
// functions.

extension Tensor where Element: DifferentiableScalar {
  fileprivate var unit: Tensor {
    let m = shape[-2], n = shape[-1]
    return Tensor.identity(Swift.max(m, n))[0..<m, 0..<n]
  }
  fileprivate var mT: Tensor { transposed() }
  fileprivate var steady: Tensor { self + unit * 4 }
  fileprivate var definite: Tensor {
    let product = matmul(mT)
    return product + product.unit
  }
  fileprivate var apart: Tensor {
    let n = shape[-1]
    return self / 4 + unit * Tensor((1...n).map { Element($0) }, shape: [n])
  }
  fileprivate var symmetric: Tensor { (apart + apart.mT) / 2 }
  fileprivate var turning: Tensor { self / 4 + Tensor([1, 2, 0, -2, 1, 0, 0, 0, 3], shape: [3, 3]) }
  /// The sign of the first element of each column.
  fileprivate var signs: Tensor { self[.ellipsis, 0..<1, 0...].detached().sign() }
  /// The matrix with its columns multiplied by these signs, so that their first elements are positive.
  fileprivate var signed: Tensor { self * signs }

  fileprivate func condition(_ norm: MatrixNorm) throws -> Tensor { try steady.cond(norm) }

  /// `exp` of a matrix from its eigenvalues λ and eigenvectors V: X V = V diag(exp λ), so that X V Vᴴ is real
  /// on both sides.
  fileprivate func recomposedExp() throws -> Tensor {
    let (values, v) = try eig(), size = values.real.exp()
    let cos = (size * values.imaginary.cos()).expandedDims(axis: -2)
    let sin = (size * values.imaginary.sin()).expandedDims(axis: -2)
    let real = v.real * cos - v.imaginary * sin, imaginary = v.real * sin + v.imaginary * cos
    let product = real.matmul(v.real.mT) + imaginary.matmul(v.imaginary.mT)
    return try product.matmul((v.real.matmul(v.real.mT) + v.imaginary.matmul(v.imaginary.mT)).inverse())
  }
}

extension Gold {
  static var linearAlgebra: Table {
    equations.merging(factors) { a, _ in a }.merging(eigenvalues) { a, _ in a }.merging(functions) { a, _ in a
    }
  }

  private static var equations: Table {
    [
      "torch.linalg.solve(steady(a), b)": { try $0.a.steady.solve($0.b) },
      "torch.linalg.solve(steady(a).mT, b.mT)": { try $0.a.steady.mT.solve($0.b.mT) },
      "torch.linalg.solve(steady(a), b, left=False)": { try $0.a.steady.mT.solve($0.b.mT).mT },
      "torch.linalg.solve(a, b)": { try $0.a.solve($0.b) },
      "torch.linalg.solve_triangular(steady(a), b, upper=False)": {
        try $0.a.steady.solve($0.b, assuming: .lowerTriangular())
      },
      "torch.linalg.solve_triangular(steady(a), b, upper=True)": {
        try $0.a.steady.solve($0.b, assuming: .upperTriangular())
      },
      "torch.linalg.solve_triangular(a / 2, b, upper=False, unitriangular=True)": {
        try ($0.a / 2).solve($0.b, assuming: .lowerTriangular(unitDiagonal: true))
      },
      "torch.linalg.solve_triangular(a / 2, b, upper=True, unitriangular=True)": {
        try ($0.a / 2).solve($0.b, assuming: .upperTriangular(unitDiagonal: true))
      },
      "torch.cholesky_solve(b, torch.linalg.cholesky(definite(a)))": {
        try $0.a.definite.solve($0.b, assuming: .positiveDefinite)
      },
      "torch.linalg.inv(steady(a))": { try $0.a.steady.inverse() },
      "torch.linalg.pinv(steady(a))": { try $0.a.steady.pinv() },
      "torch.linalg.pinv(steady(a) @ steady(b), rtol=1e-3)": {
        try $0.a.steady.matmul($0.b.steady).pinv(tolerance: 1e-3)
      },
      "torch.linalg.lstsq(steady(a), b).solution": { try $0.a.steady.lstsq($0.b).solution },
      "torch.linalg.lstsq(steady(a), b[:, None]).solution[:, 0]": { try $0.a.steady.lstsq($0.b).solution },
      "(a @ (torch.linalg.pinv(a) @ b) - b).pow(2).sum(0)  # residuals of lstsq": {
        try $0.a.lstsq($0.b).residuals
      },
    ]
  }

  private static var factors: Table {
    [
      "torch.linalg.cholesky(definite(a))": { try $0.a.definite.cholesky() },
      "torch.linalg.cholesky(definite(a), upper=True)": { try $0.a.definite.cholesky(upper: true) },
      "torch.linalg.lu(a).P": { try $0.a.lu().p },
      "torch.linalg.lu(steady(a).flip(-2)).L": { try $0.a.steady[.ellipsis, .stride(by: -1), 0...].lu().l },
      "torch.linalg.lu(steady(a).flip(-2)).U": { try $0.a.steady[.ellipsis, .stride(by: -1), 0...].lu().u },
      "torch.linalg.lu(steady(a)).L": { try $0.a.steady.lu().l },
      "torch.linalg.lu(steady(a)).U": { try $0.a.steady.lu().u },
      "(f := torch.linalg.lu(steady(a).flip(-2))).P @ f.L @ f.U.exp()": {
        let (p, l, u) = try $0.a.steady[.stride(by: -1)].lu()
        return p.matmul(l).matmul(u.exp())
      },
      "(f := torch.linalg.qr(steady(a))).Q * signs(f.Q)": { try $0.a.steady.qr().q.signed },
      "(f := torch.linalg.qr(steady(a))).R * signs(f.Q).mT": {
        let (q, r) = try $0.a.steady.qr()
        return r * q.signs.mT
      },
      "(f := torch.linalg.qr(a.detach(), 'complete')).Q * signs(f.Q)": {
        try $0.a.detached().qr(full: true).q.signed
      },
      "(f := torch.linalg.qr(a.detach(), 'complete')).R * signs(f.Q).mT": {
        let (q, r) = try $0.a.detached().qr(full: true)
        return r * q.signs.mT
      },
      "(f := torch.linalg.qr(steady(a), 'complete')).R * signs(f.Q).mT": {
        let (q, r) = try $0.a.steady.qr(full: true)
        return r * q.signs.mT
      },
      "torch.linalg.svd(apart(a)).S.pow(2)": { try $0.a.apart.svd(full: true).s.pow(2) },
      "torch.linalg.svdvals(apart(a)).pow(2)": { try $0.a.apart.svdvals().pow(2) },
      "(f := torch.linalg.svd(apart(a))).U * signs(f.U)": { try $0.a.apart.svd(full: true).u.signed },
      "(f := torch.linalg.svd(apart(a))).Vh * signs(f.U).mT": {
        let (u, _, vt) = try $0.a.apart.svd(full: true)
        return vt * u.signs.mT
      },
      "(f := torch.linalg.svd(apart(a), False)).U * signs(f.U)": { try $0.a.apart.svd().u.signed },
      "(f := torch.linalg.svd(apart(a), False)).Vh * signs(f.U).mT": {
        let (u, _, vt) = try $0.a.apart.svd()
        return vt * u.signs.mT
      },
      "(f := torch.linalg.svd(a.detach())).U * signs(f.U)": { try $0.a.detached().svd(full: true).u.signed },
      "((f := torch.linalg.svd(apart(a / 4))).U * f.S.sqrt()) @ f.Vh": {
        let (u, s, vt) = try ($0.a / 4).apart.svd()
        return (u * s.sqrt()).matmul(vt)
      },
    ]
  }

  private static var eigenvalues: Table {
    [
      "torch.linalg.eigvalsh(symmetric(a)).exp()": { try $0.a.symmetric.eigvalsh().exp() },
      "torch.linalg.eigh(symmetric(a)).eigenvalues.exp()": { try $0.a.symmetric.eigh().values.exp() },
      "(f := torch.linalg.eigh(symmetric(a))).eigenvectors * signs(f.eigenvectors)": {
        try $0.a.symmetric.eigh().vectors.signed
      },
      "composed(f := torch.linalg.eigh(symmetric(a)), f.eigenvalues.sin())": {
        let (values, vectors) = try $0.a.symmetric.eigh()
        return (vectors * values.sin()).matmul(vectors.mT)
      },
      "torch.linalg.eigvalsh(a @ a.mT)": { try $0.a.matmul($0.a.mT).eigvalsh() },
      "torch.linalg.eigvals(apart(a)).real.exp()": { try $0.a.apart.eigvals().real.exp() },
      "torch.linalg.eigvals(turning(a)).real": { try $0.a.turning.eigvals().real },
      "torch.linalg.eigvals(turning(a)).imag": { try $0.a.turning.eigvals().imaginary },
      "torch.linalg.eig(apart(a)).eigenvectors.real.pow(2)": { try $0.a.apart.eig().vectors.real.pow(2) },
      "torch.linalg.eig(turning(a)).eigenvectors.abs().pow(2)": {
        let vectors = try $0.a.turning.eig().vectors
        return vectors.real.pow(2) + vectors.imaginary.pow(2)
      },
      "recomposed(f := torch.linalg.eig(apart(a)), f.eigenvalues.exp())": { try $0.a.apart.recomposedExp() },
      "recomposed(f := torch.linalg.eig(turning(a)), f.eigenvalues.exp())": {
        try $0.a.turning.recomposedExp()
      },
    ]
  }

  private static var functions: Table {
    [
      "torch.linalg.det(a)": { try $0.a.determinant() },
      "torch.linalg.cross(a[[1, 2, 0]], a[[2, 0, 1]]).detach()  # cofactors, d det": {
        try $0.a.determinant().gradient(of: $0.a)
      },
      "torch.linalg.slogdet(steady(a)).logabsdet": { try $0.a.steady.logDeterminant().logMagnitude },
      "torch.linalg.slogdet(-steady(a)).logabsdet": { try (-$0.a.steady).logDeterminant().logMagnitude },
      "torch.linalg.slogdet(-steady(a)).sign.detach()": { try (-$0.a.steady).logDeterminant().sign },
      "torch.linalg.matrix_norm(a).log()": { $0.a.norm().log() },
      "torch.linalg.matrix_norm(a)": { $0.a.norm() },
      "torch.linalg.matrix_norm(apart(a), 'nuc').log()": { try $0.a.apart.norm(.nuclear).log() },
      "torch.linalg.matrix_norm(a, 1)": { try $0.a.norm(.one) },
      "torch.linalg.matrix_norm(apart(a), 2).log()": { try $0.a.apart.norm(.two).log() },
      "torch.linalg.matrix_norm(a, float('inf'))": { try $0.a.norm(.infinity) },
      "torch.linalg.cond(apart(a))": { try $0.a.apart.cond() },
      "condition(steady(a), 'fro')  # cond": { try $0.a.condition(.frobenius) },
      "condition(steady(a), 1)  # cond": { try $0.a.condition(.one) },
      "condition(steady(a), float('inf'))  # cond": { try $0.a.condition(.infinity) },
      "torch.linalg.cond(apart(a), 'nuc')": { try $0.a.apart.cond(.nuclear) },
      "torch.linalg.matrix_rank(a).to(a)": { Tensor<Element>(try $0.a.matrixRank()) },
      "torch.linalg.matrix_power(a, 3)": { try $0.a.matrixPower(3) },
      "torch.linalg.matrix_power(a, 6)": { try $0.a.matrixPower(6) },
      "torch.linalg.matrix_power(steady(a), -2)": { try $0.a.steady.matrixPower(-2) },
      "a * torch.linalg.matrix_power(a, 0)": { try $0.a * $0.a.matrixPower(0) },
      "torch.linalg.matrix_exp(a)": { try $0.a.matrixExp() },
      "torch.linalg.matrix_exp(a * 4)": { try ($0.a * 4).matrixExp() },
      "composed(f := torch.linalg.eigh(symmetric(a)), f.eigenvalues.log())  # matrixLog": {
        try $0.a.symmetric.matrixLog()
      },
      "recomposed(f := torch.linalg.eig(turning(a)), f.eigenvalues.log())  # matrixLog": {
        try $0.a.turning.matrixLog()
      },
      "a / 4  # matrixLog of matrixExp": { try ($0.a / 4).matrixExp().matrixLog() },
      "composed(f := torch.linalg.eigh(symmetric(a)), f.eigenvalues.sqrt())  # matrixSquareRoot": {
        try $0.a.symmetric.matrixSquareRoot()
      },
      "recomposed(f := torch.linalg.eig(turning(a)), f.eigenvalues.sqrt())  # matrixSquareRoot": {
        try $0.a.turning.matrixSquareRoot()
      },
      "sylvester(steady(a), b, c)": { try $0.a.steady.sylvester($0.b, $0.c) },
      "sylvester(steady(a), steady(a).mT, b)  # lyapunov": { try $0.a.steady.lyapunov($0.b) },
    ]
  }

  static var triangles: Table {
    [
      "a.diagonal(dim1=-2, dim2=-1).sum(-1)  # trace": { $0.a.trace() },
      "a.diagonal(dim1=-2, dim2=-1)": { $0.a.diagonal() },
      "a.diagonal(dim1=-2, dim2=-1) * b": { $0.a.diagonal() * $0.b },
      "a.mT.diagonal(dim1=-2, dim2=-1)": { $0.a.mT.diagonal() },
      "a.tril()": { $0.a.tril() },
      "a.tril(1)": { $0.a.tril(diagonal: 1) },
      "a.tril(-1) @ a.mT": { $0.a.tril(diagonal: -1).matmul($0.a.mT) },
      "a.triu()": { $0.a.triu() },
      "a.triu(-1)": { $0.a.triu(diagonal: -1) },
      "a.mT.triu(1)": { $0.a.mT.triu(diagonal: 1) },
      "a.triu(5)": { $0.a.triu(diagonal: 5) },
      "torch.diag_embed(a)": { $0.a.diagonalMatrix() },
      "torch.diag_embed(a) @ b": { $0.a.diagonalMatrix().matmul($0.b) },
    ]
  }
}
