import MartletCore

// Complex numbers, whose parts are the last axis of the inputs and of the results. complex_numbers.py defines
// the same helper functions.

extension Tensor {
  fileprivate func eye<Real: DifferentiableScalar>() -> Tensor where Element == Complex<Real> {
    let m = shape[-2], n = shape[-1]
    return Tensor(Tensor<Real>.identity(Swift.max(m, n))[0..<m, 0..<n])
  }
  fileprivate func steady<Real: DifferentiableScalar>() -> Tensor where Element == Complex<Real> {
    self + eye() * 4
  }
  fileprivate func apart<Real: DifferentiableScalar>() -> Tensor where Element == Complex<Real> {
    let n = shape[-1]
    return self / 4 + eye() * Tensor(Tensor<Real>((1...n).map { Real($0) }, shape: [n]))
  }
  fileprivate func positive<Real: DifferentiableScalar>() -> Tensor where Element == Complex<Real> {
    let product = matmul(adjoint())
    return product + product.eye()
  }
  fileprivate func hermitian<Real: DifferentiableScalar>() -> Tensor where Element == Complex<Real> {
    (apart() + apart().adjoint()) / 2
  }
  fileprivate func squares<Real: DifferentiableScalar>() -> Tensor<Real> where Element == Complex<Real> {
    abs().pow(2)
  }
  /// The Hermitian matrix of these eigenvectors and of some eigenvalues.
  fileprivate func composed<Real: DifferentiableScalar>(_ values: Tensor) -> Tensor
  where Element == Complex<Real> {
    (self * values.expandedDims(axis: -2)).matmul(adjoint())
  }
}

extension GoldInputs {
  fileprivate typealias Z = Tensor<Complex<Element>>
  fileprivate var z: Z { a.viewAsComplex() }
  fileprivate var w: Z { b.viewAsComplex() }

  /// Q and R, whose diagonal is made positive.
  fileprivate func factors() throws -> (q: Z, r: Z) {
    let (q, r) = try z.steady().qr(), signs = Z(r.diagonal().real().sign().detached())
    return (q * signs, r * signs.expandedDims(axis: -1))
  }
}

extension Gold {
  static var complexAlgebra: Table {
    solving.merging(factors) { a, _ in a }.merging(spectra) { a, _ in a }
  }

  private static var solving: Table {
    [
      "r(z(a).mH)": { $0.z.adjoint().viewAsReal() },
      "r(torch.linalg.solve(steady(z(a)), z(b)))": { try $0.z.steady().solve($0.w).viewAsReal() },
      "r(torch.linalg.solve(steady(z(a)).mH, z(b)))": {
        try $0.z.steady().adjoint().solve($0.w).viewAsReal()
      },
      "r(torch.linalg.solve_triangular(steady(z(a)), z(b), upper=False))": {
        try $0.z.steady().solve($0.w, assuming: .lowerTriangular()).viewAsReal()
      },
      "r(torch.linalg.solve_triangular(steady(z(a)), z(b), upper=True))": {
        try $0.z.steady().solve($0.w, assuming: .upperTriangular()).viewAsReal()
      },
      "r(torch.linalg.solve_triangular(z(a) / 2, z(b), upper=True, unitriangular=True))": {
        try ($0.z / 2).solve($0.w, assuming: .upperTriangular(unitDiagonal: true)).viewAsReal()
      },
      "r(torch.cholesky_solve(z(b), torch.linalg.cholesky(positive(z(a)))))": {
        try $0.z.positive().solve($0.w, assuming: .positiveDefinite).viewAsReal()
      },
      "r(torch.linalg.inv(steady(z(a))))": { try $0.z.steady().inverse().viewAsReal() },
      "r(torch.linalg.pinv(steady(z(a))))": { try $0.z.steady().pinv().viewAsReal() },
      "r(torch.linalg.lstsq(steady(z(a)), z(b)).solution)": {
        try $0.z.steady().lstsq($0.w).solution.viewAsReal()
      },
      "r(torch.linalg.det(z(a)))": { try $0.z.determinant().viewAsReal() },
      "torch.linalg.slogdet(steady(z(a))).logabsdet": { try $0.z.steady().logDeterminant().logMagnitude },
      "r(torch.linalg.slogdet(steady(z(a))).sign)": { try $0.z.steady().logDeterminant().sign.viewAsReal() },
    ]
  }

  private static var factors: Table {
    [
      "r(torch.linalg.cholesky(positive(z(a))))": { try $0.z.positive().cholesky().viewAsReal() },
      "r(torch.linalg.cholesky(positive(z(a)), upper=True))": {
        try $0.z.positive().cholesky(upper: true).viewAsReal()
      },
      "r(torch.linalg.lu(steady(z(a)).flip(-2)).L)": {
        try $0.z.steady().flipped(axis: -2).lu().l.viewAsReal()
      },
      "r(torch.linalg.lu(steady(z(a)).flip(-2)).U)": {
        try $0.z.steady().flipped(axis: -2).lu().u.viewAsReal()
      },
      "r(torch.linalg.lu(steady(z(a))).L)": { try $0.z.steady().lu().l.viewAsReal() },
      "r(torch.linalg.lu(steady(z(a))).U)": { try $0.z.steady().lu().u.viewAsReal() },
      "r((f := torch.linalg.qr(steady(z(a)))).Q * signs(f))": { try $0.factors().q.viewAsReal() },
      "r((f := torch.linalg.qr(steady(z(a)))).R * signs(f)[:, None])": { try $0.factors().r.viewAsReal() },
    ]
  }

  private static var spectra: Table {
    [
      "torch.linalg.svd(apart(z(a))).S.pow(2)": { try $0.z.apart().svd().s.pow(2) },
      "torch.linalg.svdvals(apart(z(a))).pow(2)": { try $0.z.apart().svdvals().pow(2) },
      "torch.linalg.svd(apart(z(a)), False).U.abs().pow(2)": { try $0.z.apart().svd().u.squares() },
      "torch.linalg.svd(apart(z(a)), False).Vh.abs().pow(2)": { try $0.z.apart().svd().vt.squares() },
      "r(((f := torch.linalg.svd(apart(z(a)), False)).U * f.S.sqrt()) @ f.Vh)": {
        let (u, s, vt) = try $0.z.apart().svd()
        return (u * Tensor<Complex<Element>>(s.sqrt())).matmul(vt).viewAsReal()
      },
      "torch.linalg.eigvalsh(hermitian(z(a))).exp()": { try $0.z.hermitian().eigvalsh().exp() },
      "torch.linalg.eigh(hermitian(z(a))).eigenvalues.exp()": { try $0.z.hermitian().eigh().values.exp() },
      "torch.linalg.eigh(hermitian(z(a))).eigenvectors.abs().pow(2)": {
        try $0.z.hermitian().eigh().vectors.squares()
      },
      "r(composed(f := torch.linalg.eigh(hermitian(z(a))), f.eigenvalues.sin()))": {
        let (values, vectors) = try $0.z.hermitian().eigh()
        return vectors.composed(Tensor<Complex<Element>>(values.sin())).viewAsReal()
      },
      "r(torch.linalg.eigvals(apart(z(a))))": { try $0.z.apart().eigvals().viewAsReal() },
      "torch.linalg.eig(apart(z(a))).eigenvectors.abs().pow(2)": { try $0.z.apart().eig().vectors.squares() },
      "r(composed(f := torch.linalg.eig(apart(z(a))), f.eigenvalues.exp()))": {
        let (values, vectors) = try $0.z.apart().eig()
        return vectors.composed(values.exp()).viewAsReal()
      },
    ]
  }

  static var complexFunctions: Table {
    functions.merging(scans) { a, _ in a }.merging(mixed) { a, _ in a }
  }

  private static var functions: Table {
    [
      "r(torch.sin(z(a)))": { $0.z.sin().viewAsReal() },
      "r(torch.cos(z(a)))": { $0.z.cos().viewAsReal() },
      "r(torch.tan(z(a)))": { $0.z.tan().viewAsReal() },
      "r(torch.sinh(z(a)))": { $0.z.sinh().viewAsReal() },
      "r(torch.cosh(z(a)))": { $0.z.cosh().viewAsReal() },
      "r(torch.tanh(z(a)))": { $0.z.tanh().viewAsReal() },
      "r(torch.log(z(a)))": { $0.z.log().viewAsReal() },
      "r(torch.exp(z(a)))": { $0.z.exp().viewAsReal() },
      "r(z(a).pow(0))": { $0.z.pow(0).viewAsReal() },
      "r(z(a).pow(2))": { $0.z.pow(2).viewAsReal() },
      "r(z(a).pow(0.5))": { $0.z.pow(0.5).viewAsReal() },
      "r(z(a).pow(-1.5))": { $0.z.pow(-1.5).viewAsReal() },
      "r(z(a).pow(0.5 - 2j))": { $0.z.pow(Complex(0.5, -2)).viewAsReal() },
      "r(z(a).pow(z(b)))": { $0.z.pow($0.w).viewAsReal() },
    ]
  }

  private static var scans: Table {
    [
      "r(z(a).cumsum(0))": { $0.z.cumulativeSum(axis: 0).viewAsReal() },
      "r(z(a).cumsum(1))": { $0.z.cumulativeSum(axis: 1).viewAsReal() },
      "r(z(a).cumprod(0))": { $0.z.cumulativeProduct(axis: 0).viewAsReal() },
      "r(z(a).cumprod(1))": { $0.z.cumulativeProduct(axis: 1).viewAsReal() },
      "r(z(a).mean(0))": { $0.z.mean(axis: 0).viewAsReal() },
      "z(a).var()": { $0.z.variance() },
      "z(a).var(0)": { $0.z.variance(axis: 0) },
      "z(a).var((0, 2), correction=0, keepdim=True)": {
        $0.z.variance(axes: [0, 2], correction: 0, keepDims: true)
      },
      "z(a).std()": { $0.z.standardDeviation() },
      "z(a).std(0)": { $0.z.standardDeviation(axis: 0) },
    ]
  }

  private static var mixed: Table {
    [
      "r(z(a) * b)": { ($0.z * $0.b).viewAsReal() },
      "r(b * z(a))": { ($0.b * $0.z).viewAsReal() },
      "r(z(a) + b)": { ($0.z + $0.b).viewAsReal() },
      "r(b + z(a))": { ($0.b + $0.z).viewAsReal() },
      "r(z(a) - b)": { ($0.z - $0.b).viewAsReal() },
      "r(b - z(a))": { ($0.b - $0.z).viewAsReal() },
      "r(z(a) / b)": { ($0.z / $0.b).viewAsReal() },
      "r(b / z(a))": { ($0.b / $0.z).viewAsReal() },
    ]
  }
}
