"""The cases of linear algebra for make_operations.py, whose table describes their form.

The functions here bring matrices into a state in which single precision compares: far from singular, or with
eigenvalues apart. What a decomposition leaves open is fixed on both sides: a vector by the sign of its first
element, a complex one by its magnitudes. Factors of symmetric matrices are taken of functions of a that are
symmetric, so that the share of either triangle in a gradient does not matter. Where the length of a gradient never
changes, as that of a norm, a function follows, or the second order were rounding alone. What PyTorch lacks stands
behind "#", with an identity for it before; so do cofactors of a singular matrix, where its gradient of det is 0.
"""

import torch


def eye(a):
    return torch.eye(*a.shape[-2:], dtype=a.dtype)


def steady(a):
    """Far from singular, of full rank."""
    return a + 4 * eye(a)


def definite(a):
    return a @ a.mT + eye(a @ a.mT)


def apart(a):
    """Eigenvalues near 1, 2, 3, or as many singular values."""
    return a / 4 + eye(a) * torch.arange(1, a.shape[-1] + 1, dtype=a.dtype)


def symmetric(a):
    return (apart(a) + apart(a).mT) / 2


def turning(a):
    """Eigenvalues near 1 ± 2 i and 3."""
    return a / 4 + torch.tensor([[1, 2, 0], [-2, 1, 0], [0, 0, 3]], dtype=a.dtype)


def signs(q):
    """Of the first element of each column."""
    return q[..., :1, :].detach().sign()


def composed(f, values):
    """The symmetric matrix of a decomposition's vectors and other eigenvalues."""
    return (f.eigenvectors * values) @ f.eigenvectors.mT


def recomposed(f, values):
    """The matrix of a decomposition's vectors and other eigenvalues."""
    return ((f.eigenvectors * values) @ torch.linalg.inv(f.eigenvectors)).real


def condition(a, norm):
    """PyTorch overwrites the inverse within its cond, which then has no derivatives of second order."""
    return torch.linalg.matrix_norm(a, norm) * torch.linalg.matrix_norm(torch.linalg.inv(a), norm)


def sylvester(a, b, c):
    """X of A X + X B = C as one system for all of its elements."""
    system = torch.kron(a, eye(b)) + torch.kron(eye(a), b.mT.contiguous())
    return torch.linalg.solve(system, c.flatten()).reshape(c.shape)


FUNCTIONS = {one.__name__: one for one in (
    steady, definite, apart, symmetric, turning, signs, composed, recomposed, condition, sylvester)}
M, V, BATCH = (3, 3), (3,), (2, 3, 3)

LINEAR_ALGEBRA = [
    ("torch.linalg.solve(steady(a), b)", M, (3, 2)), ("torch.linalg.solve(steady(a), b)", M, V),
    ("torch.linalg.solve(steady(a), b)", BATCH, (2, 3, 2)),
    ("torch.linalg.solve(steady(a), b)", BATCH, (2, 3)),
    ("torch.linalg.solve(steady(a), b)", M, (2, 3, 2), "one matrix for all"),
    ("torch.linalg.solve(steady(a), b)", (2, 1, 3, 3), (3, 3, 2)),
    ("torch.linalg.solve(steady(a), b)", BATCH, V),
    ("torch.linalg.solve(steady(a), b)", (0, 3, 3), (0, 3, 2)),
    ("torch.linalg.solve(steady(a), b)", M, (3, 0)),
    ("torch.linalg.solve(steady(a).mT, b.mT)", M, (2, 3)),
    ("torch.linalg.solve(steady(a), b, left=False)", M, (2, 3)), ("torch.linalg.solve(a, b)", [[-4]], [0.5]),
    ("torch.linalg.solve_triangular(steady(a), b, upper=False)", M, (3, 2)),
    ("torch.linalg.solve_triangular(steady(a), b, upper=False)", BATCH, (3, 2)),
    ("torch.linalg.solve_triangular(steady(a), b, upper=True)", M, (3, 2)),
    ("torch.linalg.solve_triangular(a / 2, b, upper=False, unitriangular=True)", M, (3, 2)),
    ("torch.linalg.solve_triangular(a / 2, b, upper=True, unitriangular=True)", BATCH, (2, 3, 1)),
    ("torch.cholesky_solve(b, torch.linalg.cholesky(definite(a)))", M, (3, 2)),
    ("torch.cholesky_solve(b, torch.linalg.cholesky(definite(a)))", BATCH, (2, 3, 1)),
    ("torch.linalg.inv(steady(a))", M), ("torch.linalg.inv(steady(a))", BATCH),
    ("torch.linalg.pinv(steady(a))", (4, 2)), ("torch.linalg.pinv(steady(a))", (2, 2, 4)),
    ("torch.linalg.pinv(steady(a) @ steady(b), rtol=1e-3)", (4, 2), (2, 3), "rank 2"),
    ("torch.linalg.lstsq(steady(a), b).solution", (5, 3), (5, 2)),
    ("torch.linalg.lstsq(steady(a), b).solution", (2, 5, 3), (2, 5, 1)),
    ("torch.linalg.lstsq(steady(a), b[:, None]).solution[:, 0]", (2, 4), (2,)),
    ("(a @ (torch.linalg.pinv(a) @ b) - b).pow(2).sum(0)  # residuals of lstsq", (4, 2), (4, 3)),
    # Factors.
    ("torch.linalg.cholesky(definite(a))", M), ("torch.linalg.cholesky(definite(a))", BATCH),
    ("torch.linalg.cholesky(definite(a))", (3, 2)), ("torch.linalg.cholesky(definite(a), upper=True)", M),
    ("torch.linalg.lu(a).P", M), ("torch.linalg.lu(steady(a).flip(-2)).L", M),
    ("torch.linalg.lu(steady(a).flip(-2)).U", BATCH), ("torch.linalg.lu(steady(a)).L", (4, 3)),
    ("torch.linalg.lu(steady(a)).U", (4, 3)),
    ("torch.linalg.lu(steady(a)).L", (3, 4)),
    ("torch.linalg.lu(steady(a)).U", (3, 4)),
    ("(f := torch.linalg.lu(steady(a).flip(-2))).P @ f.L @ f.U.exp()", M),
    ("(f := torch.linalg.qr(steady(a))).Q * signs(f.Q)", M),
    ("(f := torch.linalg.qr(steady(a))).Q * signs(f.Q)", BATCH),
    ("(f := torch.linalg.qr(steady(a))).R * signs(f.Q).mT", M),
    ("(f := torch.linalg.qr(steady(a))).Q * signs(f.Q)", (4, 2)),
    ("(f := torch.linalg.qr(steady(a))).R * signs(f.Q).mT", (4, 2)),
    ("(f := torch.linalg.qr(steady(a))).Q * signs(f.Q)", (2, 4)),
    ("(f := torch.linalg.qr(steady(a))).R * signs(f.Q).mT", (2, 5)),
    ("(f := torch.linalg.qr(a.detach(), 'complete')).Q * signs(f.Q)", (3, 2)),
    ("(f := torch.linalg.qr(a.detach(), 'complete')).R * signs(f.Q).mT", (3, 2)),
    ("(f := torch.linalg.qr(steady(a), 'complete')).R * signs(f.Q).mT", (2, 3)),
    # Singular values and eigenvalues.
    ("torch.linalg.svd(apart(a)).S.pow(2)", M), ("torch.linalg.svdvals(apart(a)).pow(2)", BATCH),
    ("torch.linalg.svdvals(apart(a)).pow(2)", (4, 2)),
    ("(f := torch.linalg.svd(apart(a))).U * signs(f.U)", M),
    ("(f := torch.linalg.svd(apart(a))).Vh * signs(f.U).mT", BATCH),
    ("(f := torch.linalg.svd(apart(a), False)).U * signs(f.U)", (4, 2)),
    ("(f := torch.linalg.svd(apart(a), False)).Vh * signs(f.U).mT", (2, 4)),
    ("(f := torch.linalg.svd(a.detach())).U * signs(f.U)", (3, 2)),
    ("((f := torch.linalg.svd(apart(a / 4))).U * f.S.sqrt()) @ f.Vh", M),
    ("torch.linalg.eigvalsh(symmetric(a)).exp()", M),
    ("torch.linalg.eigh(symmetric(a)).eigenvalues.exp()", BATCH),
    ("(f := torch.linalg.eigh(symmetric(a))).eigenvectors * signs(f.eigenvectors)", M),
    ("(f := torch.linalg.eigh(symmetric(a))).eigenvectors * signs(f.eigenvectors)", BATCH),
    ("composed(f := torch.linalg.eigh(symmetric(a)), f.eigenvalues.sin())", M),
    ("torch.linalg.eigvalsh(a @ a.mT)", [[1, 0, 2], [0, 3, 0], [0, 0, 1]], "given"),
    ("torch.linalg.eigvals(apart(a)).real.exp()", M), ("torch.linalg.eigvals(apart(a)).real.exp()", BATCH),
    ("torch.linalg.eigvals(turning(a)).real", M), ("torch.linalg.eigvals(turning(a)).imag", M),
    ("torch.linalg.eigvals(turning(a)).imag", BATCH),
    ("torch.linalg.eig(apart(a)).eigenvectors.real.pow(2)", M),
    ("torch.linalg.eig(turning(a)).eigenvectors.abs().pow(2)", M),
    ("recomposed(f := torch.linalg.eig(apart(a)), f.eigenvalues.exp())", M),
    ("recomposed(f := torch.linalg.eig(turning(a)), f.eigenvalues.exp())", M),
    # Numbers of a matrix.
    ("torch.linalg.det(a)", M), ("torch.linalg.det(a)", BATCH), ("torch.linalg.det(a)", (0, 0)),
    ("torch.linalg.cross(a[[1, 2, 0]], a[[2, 0, 1]]).detach()  # cofactors, d det", [[1, 2, 0], [2, 4, 1], [3, 6, 5]], "singular"),
    ("torch.linalg.slogdet(steady(a)).logabsdet", M),
    ("torch.linalg.slogdet(-steady(a)).logabsdet", BATCH),
    ("torch.linalg.slogdet(-steady(a)).sign.detach()", BATCH),
    ("torch.linalg.matrix_norm(a).log()", M), ("torch.linalg.matrix_norm(a).log()", (2, 3, 4)),
    ("torch.linalg.matrix_norm(a)", [[0, 0], [0, 0]], "0"),
    ("torch.linalg.matrix_norm(apart(a), 'nuc').log()", M),
    ("torch.linalg.matrix_norm(apart(a), 'nuc').log()", BATCH), ("torch.linalg.matrix_norm(a, 1)", (2, 3, 4)),
    ("torch.linalg.matrix_norm(apart(a), 2).log()", BATCH),
    ("torch.linalg.matrix_norm(a, float('inf'))", (2, 3, 4)),
    ("torch.linalg.cond(apart(a))", M), ("condition(steady(a), 'fro')  # cond", M),
    ("condition(steady(a), 1)  # cond", BATCH), ("condition(steady(a), float('inf'))  # cond", M),
    ("torch.linalg.cond(apart(a), 'nuc')", M), ("torch.linalg.matrix_rank(a).to(a)", (2, 4, 3)),
    ("torch.linalg.matrix_rank(a).to(a)", [[1, 2, 3], [2, 4, 6], [0, 0, 1]], "rank 2"),
    # Functions of matrices.
    ("torch.linalg.matrix_power(a, 3)", M), ("torch.linalg.matrix_power(a, 6)", BATCH),
    ("torch.linalg.matrix_power(steady(a), -2)", M), ("a * torch.linalg.matrix_power(a, 0)", BATCH),
    ("torch.linalg.matrix_exp(a)", M), ("torch.linalg.matrix_exp(a)", BATCH),
    ("torch.linalg.matrix_exp(a)", [[0, 1], [0, 0]], "nilpotent"),
    ("torch.linalg.matrix_exp(a * 4)", [[0.1, -1.9], [2, 0.2]], "scaled down"),
    ("composed(f := torch.linalg.eigh(symmetric(a)), f.eigenvalues.log())  # matrixLog", M),
    ("recomposed(f := torch.linalg.eig(turning(a)), f.eigenvalues.log())  # matrixLog", M),
    ("a / 4  # matrixLog of matrixExp", BATCH),
    ("composed(f := torch.linalg.eigh(symmetric(a)), f.eigenvalues.sqrt())  # matrixSquareRoot", M),
    ("recomposed(f := torch.linalg.eig(turning(a)), f.eigenvalues.sqrt())  # matrixSquareRoot", M),
    ("sylvester(steady(a), b, c)", M, (2, 2), (3, 2)),
    ("sylvester(steady(a), steady(a).mT, b)  # lyapunov", M, M),
]

TRIANGLES = [
    ("a.diagonal(dim1=-2, dim2=-1).sum(-1)  # trace", M),
    ("a.diagonal(dim1=-2, dim2=-1).sum(-1)  # trace", (2, 3, 4)),
    ("a.diagonal(dim1=-2, dim2=-1)", (3, 2)), ("a.diagonal(dim1=-2, dim2=-1)", (2, 2, 3)),
    ("a.diagonal(dim1=-2, dim2=-1) * b", (2, 3, 3), V), ("a.mT.diagonal(dim1=-2, dim2=-1)", (2, 2, 3)),
    ("a.tril()", M), ("a.tril(1)", (2, 3, 4)), ("a.tril(-1) @ a.mT", M), ("a.triu()", (4, 3)),
    ("a.triu(-1)", (2, 3, 3)), ("a.mT.triu(1)", (3, 4)), ("a.triu(5)", M), ("torch.diag_embed(a)", V),
    ("torch.diag_embed(a)", (2, 3)),
    ("torch.diag_embed(a)", (0,)),
    ("torch.diag_embed(a) @ b", (2, 3), (3, 2)),
]

CASES = {"linear algebra": LINEAR_ALGEBRA, "triangles": TRIANGLES}
