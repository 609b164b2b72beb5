"""The cases of complex numbers for make_operations.py, whose table describes their form.

The leaves are the parts of complex numbers along a last axis: z(a) is the complex tensor, and r(…) the parts of a
result. What a decomposition leaves open is fixed on both sides: the phases of vectors by their magnitudes or by a
function of the matrix, the signs of Q by the diagonal of R.
"""

import torch
from linear_algebra import eye, steady
from shapes import positive as positive_numbers


def z(a):
    return torch.view_as_complex(a)


def r(x):
    return torch.view_as_real(x.resolve_conj())


def apart(a):
    """Eigenvalues near 1, 2, 3, or as many singular values."""
    return a / 4 + eye(a) * torch.arange(1, a.shape[-1] + 1)


def positive(a):
    """Hermitian and positive definite."""
    return a @ a.mH + eye(a @ a.mH)


def hermitian(a):
    """Eigenvalues near 1, 2, 3."""
    return (apart(a) + apart(a).mH) / 2


def signs(f):
    """The signs of the diagonal of R."""
    return f.R.diagonal(dim1=-2, dim2=-1).real.sign().detach()


def composed(f, values):
    """The Hermitian matrix of a decomposition's vectors and other eigenvalues."""
    return (f.eigenvectors * values.unsqueeze(-2)) @ f.eigenvectors.mH


FUNCTIONS = {one.__name__: one for one in (z, r, steady, apart, positive, hermitian, signs, composed)}
M, V, BATCH, TALL, WIDE = (3, 3, 2), (3, 2), (2, 3, 3, 2), (4, 2, 2), (2, 4, 2)

ALGEBRA = [
    ("r(z(a).mH)", (2, 3, 2)),
    ("r(torch.linalg.solve(steady(z(a)), z(b)))", M, (3, 2, 2)),
    ("r(torch.linalg.solve(steady(z(a)), z(b)))", M, V),
    ("r(torch.linalg.solve(steady(z(a)), z(b)))", BATCH, (2, 3, 1, 2)),
    ("r(torch.linalg.solve(steady(z(a)), z(b)))", M, (2, 3, 2, 2), "one matrix for all"),
    ("r(torch.linalg.solve(steady(z(a)), z(b)))", (6, 6, 2), (6, 2, 2)),
    ("r(torch.linalg.solve(steady(z(a)).mH, z(b)))", M, (3, 2, 2)),
    ("r(torch.linalg.solve_triangular(steady(z(a)), z(b), upper=False))", M, (3, 2, 2)),
    ("r(torch.linalg.solve_triangular(steady(z(a)), z(b), upper=True))", BATCH, (2, 3, 1, 2)),
    ("r(torch.linalg.solve_triangular(z(a) / 2, z(b), upper=True, unitriangular=True))", M, (3, 2, 2)),
    ("r(torch.cholesky_solve(z(b), torch.linalg.cholesky(positive(z(a)))))", M, (3, 2, 2)),
    ("r(torch.linalg.inv(steady(z(a))))", M), ("r(torch.linalg.inv(steady(z(a))))", BATCH),
    ("r(torch.linalg.pinv(steady(z(a))))", TALL), ("r(torch.linalg.pinv(steady(z(a))))", WIDE),
    ("r(torch.linalg.lstsq(steady(z(a)), z(b)).solution)", (5, 3, 2), (5, 2, 2)),
    ("r(torch.linalg.lstsq(steady(z(a)), z(b)).solution)", WIDE, (2, 1, 2)),
    ("r(torch.linalg.cholesky(positive(z(a))))", M), ("r(torch.linalg.cholesky(positive(z(a))))", BATCH),
    ("r(torch.linalg.cholesky(positive(z(a)), upper=True))", M),
    ("r(torch.linalg.lu(steady(z(a)).flip(-2)).L)", M), ("r(torch.linalg.lu(steady(z(a)).flip(-2)).U)", M),
    ("r(torch.linalg.lu(steady(z(a))).L)", TALL), ("r(torch.linalg.lu(steady(z(a))).U)", WIDE),
    ("r((f := torch.linalg.qr(steady(z(a)))).Q * signs(f))", M),
    ("r((f := torch.linalg.qr(steady(z(a)))).R * signs(f)[:, None])", M),
    ("r((f := torch.linalg.qr(steady(z(a)))).Q * signs(f))", TALL),
    ("r((f := torch.linalg.qr(steady(z(a)))).R * signs(f)[:, None])", TALL),
    ("r((f := torch.linalg.qr(steady(z(a)))).Q * signs(f))", WIDE),
    ("r((f := torch.linalg.qr(steady(z(a)))).R * signs(f)[:, None])", WIDE),
    ("torch.linalg.svd(apart(z(a))).S.pow(2)", M), ("torch.linalg.svdvals(apart(z(a))).pow(2)", BATCH),
    ("torch.linalg.svd(apart(z(a)), False).U.abs().pow(2)", M),
    ("torch.linalg.svd(apart(z(a)), False).U.abs().pow(2)", TALL),
    ("torch.linalg.svd(apart(z(a)), False).Vh.abs().pow(2)", WIDE),
    ("r(((f := torch.linalg.svd(apart(z(a)), False)).U * f.S.sqrt()) @ f.Vh)", M),
    ("r(((f := torch.linalg.svd(apart(z(a)), False)).U * f.S.sqrt()) @ f.Vh)", TALL),
    ("r(((f := torch.linalg.svd(apart(z(a)), False)).U * f.S.sqrt()) @ f.Vh)", WIDE),
    ("torch.linalg.eigvalsh(hermitian(z(a))).exp()", M),
    ("torch.linalg.eigh(hermitian(z(a))).eigenvalues.exp()", BATCH),
    ("torch.linalg.eigh(hermitian(z(a))).eigenvectors.abs().pow(2)", M),
    ("r(composed(f := torch.linalg.eigh(hermitian(z(a))), f.eigenvalues.sin()))", M),
    ("r(composed(f := torch.linalg.eigh(hermitian(z(a))), f.eigenvalues.sin()))", BATCH),
    ("r(torch.linalg.eigvals(apart(z(a))))", M),
    ("torch.linalg.eig(apart(z(a))).eigenvectors.abs().pow(2)", M),
    ("r(composed(f := torch.linalg.eig(apart(z(a))), f.eigenvalues.exp()))", M),
    ("r(torch.linalg.det(z(a)))", M), ("r(torch.linalg.det(z(a)))", BATCH),
    ("torch.linalg.slogdet(steady(z(a))).logabsdet", M), ("torch.linalg.slogdet(steady(z(a))).logabsdet", BATCH),
    ("r(torch.linalg.slogdet(steady(z(a))).sign)", M),
]

# Functions of elements, scans, reductions, and arithmetic with real tensors.
FUNCTIONS_OF_ELEMENTS = [
    *((f"r(torch.{name}(z(a)))", (2, 3, 2)) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "log", "exp")),
    ("r(z(a).pow(2))", (2, 3, 2)), ("r(z(a).pow(0.5))", (2, 3, 2)), ("r(z(a).pow(-1.5))", (2, 3, 2)),
    ("r(z(a).pow(0.5 - 2j))", (2, 3, 2)), ("r(z(a).pow(z(b)))", (2, 3, 2), (3, 2)),
    ("r(z(a).pow(0))", [[0, 0], [1, 2]], "0"), ("r(z(a).pow(2))", [[0, 0], [1, 2]], "0"),
    ("r(z(a).cumsum(0))", (3, 2)), ("r(z(a).cumsum(1))", (2, 3, 2, 2)),
    ("r(z(a).cumprod(0))", (4, 2)), ("r(z(a).cumprod(1))", (2, 3, 2, 2)),
    ("r(z(a).cumprod(0))", [[1, 2], [0, 0], [3, -1], [0.5, 1]], "a zero, first order"),
    ("r(z(a).mean(0))", (3, 2, 2)), ("z(a).var()", (2, 3, 2)), ("z(a).var(0)", (3, 2, 2)),
    ("z(a).var((0, 2), correction=0, keepdim=True)", (2, 3, 2, 2)), ("z(a).std()", (2, 3, 2), "first order"),
    ("z(a).std(0)", (3, 2, 2), "first order"),
    ("r(z(a) * b)", (2, 3, 2), (3,)), ("r(b * z(a))", (3, 2), (2, 1)), ("r(z(a) + b)", (2, 3, 2), (3,)),
    ("r(b + z(a))", (3, 2), (2, 3)), ("r(z(a) - b)", (2, 3, 2), (3,)), ("r(b - z(a))", (3, 2), ()),
    ("r(z(a) / b)", (2, 3, 2), positive_numbers(3)), ("r(b / z(a))", (2, 3, 2), (3,)),
]

CASES = {"complex algebra": ALGEBRA, "complex functions": FUNCTIONS_OF_ELEMENTS}
