"""Writes Fixtures/operations.json and a fixture for each other table of cases in this folder: what PyTorch computes
for single operations, and their derivatives.

A case is an expression of PyTorch's and its inputs: leaves a, b and c that require gradients, indices i and a
mask m. For both precisions it holds, as PyTorch computed them in that precision, the output, the leaves'
gradients for the gradient "seed" of the output, and under "second" the gradients of half the sum of the squares
of those gradients, where they are finite and not 0. An output without history has neither seed nor gradients.
What is not finite is a string.
"""

import json
import math
import warnings
import zlib

import pins

pins.check("torch", "numpy")

import numpy as np
import torch
from torch.nn import functional as F

import attention
import complex_numbers
import convolutions
import linear_algebra
import losses
import normalizing
import resampling
import sampling
from shapes import Positive, positive

DTYPES = {"float32": torch.float32, "float64": torch.float64}
INF, NAN = math.inf, math.nan
warnings.filterwarnings("ignore", r"var\(\): degrees of freedom", UserWarning)


# An expression and its inputs: a shape for drawn numbers, or the numbers themselves, with a word on them.
CASES = {
    "arithmetic": [
        ("a + b", (2, 3), (2, 3)), ("a + b", (2, 3), (3,)), ("a + b", (2, 1), (1, 3)),
        ("a + b", (), (2, 3)), ("a + b", (2, 3), ()), ("a + b", (2, 1, 4), (3, 1)), ("a + b", (0,), (1,)),
        ("a + b", (2, 0, 3), (3,)), ("a + b", (), ()), ("a - b", (2, 3), (2, 3)), ("a - b", (2, 3), (3,)),
        ("a - b", (3, 1), (1, 4)), ("a - b", (), (2, 2)), ("a * b", (2, 3), (2, 3)),
        ("a * b", (2, 3), (2, 1)), ("a * b", (4,), (3, 4)), ("a * b", (2, 1, 2), (3, 1)),
        ("a * b", (), (3,)), ("a * b", (1,), (0,)), ("a / b", (2, 3), positive(2, 3)),
        ("a / b", (2, 3), positive(3)), ("a / b", (3, 1), positive(4)), ("a / b", (), positive(3)),
        ("a / b", [1, -1, 0, 2, INF], [0, 0, 0, -0.5, INF], "zeros and infinities"), ("-a", (2, 3)),
        ("-a", ()), ("a + 2", (2, 3)), ("3 - a", (2, 3)), ("a * 0.5", (2, 3)), ("a / 4", (2, 3)),
        ("1 / a", positive(2, 3)), ("a * a + a", (2, 3)), ("(a * 3) / (a - 1)", [2, 3, 4]),
        ("torch.maximum(a, b)", (2, 3), (3,)), ("torch.maximum(a, b)", (3, 1), (4,)),
        ("torch.maximum(a, b)", [1, 2, 0, -1], [1, 3, 0, -1], "ties"),
        ("torch.maximum(a, b)", [1, NAN, NAN], [NAN, 1, NAN], "NaN"), ("torch.minimum(a, b)", (2, 3), (3,)),
        ("torch.minimum(a, b)", (), (4,)), ("torch.minimum(a, b)", [1, 2, 0, -1], [1, 3, 0, -1], "ties"),
        ("torch.minimum(a, b)", [1, NAN, NAN], [NAN, 1, NAN], "NaN"),
    ],
    "exponentials": [
        ("a.exp()", (2, 3)), ("a.exp()", ()), ("a.exp()", (0,)),
        ("a.exp()", [-INF, INF, NAN, 0, -1000, 1000], "limits"), ("a.log()", positive(2, 3)),
        ("a.log()", [0, -1, INF, NAN, 1], "limits"), ("a.sqrt()", positive(2, 3)),
        ("a.sqrt()", [0, 4, INF, NAN, -1], "limits"), ("a.pow(2)", (2, 3)), ("a.pow(2)", [0, -1, 3], "0"),
        ("a.pow(3)", (2, 3)), ("a.pow(1)", [0, -1, 2], "0"), ("a.pow(0)", [0, -1, 2], "0"),
        ("a.pow(0.5)", [0, 1, 4], "0"), ("a.pow(-1)", [0, 1, -4], "0"), ("a.pow(-2)", positive(2, 3)),
        ("a.pow(1.5)", positive(2, 3)), ("a.pow(b)", positive(2, 3), (2, 3)),
        ("a.pow(b)", positive(2, 1), (3,)), ("a.pow(b)", positive(3), ()),
        ("a.pow(b)", [0, 0, 0, 0, 0], [0, 1, 2, 0.5, 3], "base 0"),
        ("a.pow(b)", [0, 0], [-1, -2], "base 0 below"),
        ("a.pow(b)", [-2, -2, -2, -2], [0, 1, 2, -1], "base below 0"),
        ("a.pow(b)", [1, 1, 1], [0, 2, -3], "base 1"), ("a.abs()", (2, 3)),
        ("a.abs()", [0, -1, 2, -INF], "0"), ("a.abs()", [NAN], "NaN"), ("a.sign() * a", [0, -1, 2, -0.5]),
        ("a.clamp(-1, 1)", (2, 3)), ("a.clamp(-1, 1)", [-2, -1, 0, 1, 2, INF, NAN], "bounds"),
        ("a.sin()", (2, 3)), ("a.sin()", [0, 1e6, INF, NAN], "limits"), ("a.cos()", (2, 3)),
        ("a.cos()", [0, 1e6, -INF, NAN], "limits"), ("a.erf()", (2, 3)),
        ("a.erf()", [-INF, INF, NAN, 0, -30], "limits"), ("a.tanh().exp()", (2, 2)), ("(a * a).sqrt()", [-3, 2]),
    ],
    "activations": [
        ("a.tanh()", (2, 3)), ("a.tanh()", ()), ("a.tanh()", [-100, -20, -1e-3, 0, 20, INF, NAN], "limits"),
        ("a.sigmoid()", (2, 3)), ("a.sigmoid()", (0, 2)),
        ("a.sigmoid()", [-INF, -100, -20, 0, 20, 100, NAN], "limits"), ("a.relu()", (2, 3)),
        ("a.relu()", ()), ("a.relu()", [-1, 0, 1, INF, -INF, NAN], "limits"), ("F.gelu(a)", (2, 3)),
        ("F.gelu(a)", [-8, -3, -0.5, 0, 3, 8], "limits"), ("F.gelu(a, approximate='tanh')", (2, 3)),
        ("F.gelu(a, approximate='tanh')", [-8, -3, -0.5, 0, 3, 8], "limits"), ("a.softmax(0)", (3,)),
        ("a.softmax(0)", (3, 2)), ("a.softmax(1)", (2, 4)), ("a.softmax(1)", (2, 3, 2)),
        ("a.softmax(-1)", (2, 2, 3)), ("a.softmax(1)", (0, 3)), ("a.softmax(1)", (3, 1)),
        ("a.softmax(0)", [1e4, -1e4, 9999, 0], "large"), ("a.softmax(0)", [1, -INF, 2], "-inf"),
        ("a.log_softmax(0)", (3,)), ("a.log_softmax(0)", (3, 2)), ("a.log_softmax(1)", (2, 4)),
        ("a.log_softmax(1)", (2, 3, 2)), ("a.log_softmax(1)", (0, 3)),
        ("a.log_softmax(0)", [1e4, -1e4, 9999, 0], "large"),
    ],
    "normalizing": [
        ("F.layer_norm(a, a.shape[-1:])", (2, 5)), ("F.layer_norm(a, a.shape[-1:])", (2, 3, 4)),
        ("F.layer_norm(a, a.shape[-1:], b, c)", (3, 7), (7,), (7,)),
        ("F.layer_norm(a, a.shape[-1:], b, c)", [[3, 3, 3], [1, 2, 4]], [1, 2, 3], [0, 1, 2], "equal"),
        ("F.layer_norm(a, a.shape[-1:], b, c)", (0, 3), (3,), (3,)),
        ("F.layer_norm(a, a.shape[-1:], b)", (2, 4), (4,)),
        ("F.layer_norm(a, a.shape[-2:], b, c, 1e-3)", (2, 3, 4), (3, 4), (3, 4)),
        ("F.layer_norm(a.t(), a.shape[:1], b, c)", (5, 2), (5,), (5,)),
    ],
    "reductions": [
        ("a.sum()", (2, 3)), ("a.sum()", ()), ("a.sum()", (0, 3)), ("a.sum(0)", (2, 3)),
        ("a.sum(0)", (0, 3)), ("a.sum(-1, keepdim=True)", (2, 3)), ("a.sum((0, 2))", (2, 3, 2)),
        ("a.sum(1)", (2, 3, 2)), ("a.sum((0, 1), keepdim=True)", (2, 3)), ("a.sum() * a", (2, 3)),
        ("a.sum(1, keepdim=True) * a", (2, 3)), ("a.mean()", (2, 3)), ("a.mean()", ()), ("a.mean()", (0,)),
        ("a.mean(0)", (3, 2)), ("a.mean(-1, keepdim=True)", (2, 3)), ("a.mean((0, 2))", (2, 3, 2)),
        ("a - a.mean(0)", (3, 2)), ("a.var()", (2, 3)), ("a.var(correction=0)", (2, 3)),
        ("a.var(0)", (3, 2)), ("a.var(1, correction=0)", (2, 3)),
        ("a.var((0, 2), keepdim=True)", (2, 3, 2)), ("a.var(0, correction=2)", (4, 2)),
        ("a.var(0)", [[2, 5], [2, 5], [2, 5]], "equal"), ("a.var()", [7], "one element"),
        ("a.var(0, correction=0)", (1, 2)), ("a.max()", (2, 3)), ("a.max()", [3, 1, 3, 3], "ties"),
        ("a.max()", [1, NAN, 3, NAN], "NaN"), ("a.max()", ()), ("a.amax((0, 2))", (2, 3, 2)),
        ("a.amax((0, 1))", [[1, 4], [4, 0]], "ties"),
        ("a.amax((0, 1), keepdim=True)", [[1, NAN], [4, 0]], "NaN"), ("a.max(1).values", (2, 3)),
        ("a.max(0).values", (3, 2)), ("a.max(1).values", [[1, 2, 2], [3, 3, 3]], "ties"),
        ("a.max(1).values", [[1, NAN, 2], [NAN, 3, NAN]], "NaN"),
        ("a.max(1, keepdim=True).values", (2, 3, 2)), ("a.max(1).values", (0, 2)), ("a.min()", (2, 3)),
        ("a.min()", [1, 3, 1, 1], "ties"), ("a.amin((0, 2))", (2, 3, 2)), ("a.min(1).values", (2, 3)),
        ("a.min(0).values", [[1, 2], [1, 0], [5, 0]], "ties"),
        ("a.argmax(1).to(a)", [[1, 2, 2], [3, NAN, 5]], "ties and NaN"), ("a.argmin(0).to(a)", (3, 2)),
    ],
    "products": [
        ("a @ b", (3,), (3,)), ("a @ b", (2, 3), (3, 4)), ("a @ b", (3,), (3, 4)), ("a @ b", (2, 3), (3,)),
        ("a @ b", (2, 2, 3), (3, 2)), ("a @ b", (2, 2, 3), (2, 3, 2)), ("a @ b", (2, 3), (2, 3, 2)),
        ("a @ b", (2, 1, 2, 3), (2, 3, 1)), ("a @ b", (1, 2, 3), (2, 3, 2)), ("a @ b", (3,), (2, 3, 2)),
        ("a @ b", (2, 2, 3), (3,)), ("a @ b", (2, 0), (0, 3)), ("a @ b", (0, 3), (3, 2)),
        ("a @ b", (1, 1), (1, 1)), ("a @ b", (0, 2, 3), (3, 2)), ("a @ b @ c", (2, 3), (3, 2), (2, 2)),
        ("a @ a", (3, 3)), ("a @ a.t()", (2, 3)), ("a.t() @ b", (3, 2), (3, 4)),
        ("a @ b.t()", (2, 3), (4, 3)), ("a.t() @ b.t()", (3, 2), (4, 3)),
        ("a.transpose(1, 2) @ b", (2, 3, 2), (2, 3, 2)), ("a[:, ::2] @ b", (2, 5), (3, 2)),
        ("a[1:, 1:] @ b", (3, 4), (3, 2)), ("a.flip(0) @ b", (2, 3), (3, 2)),
        ("a @ b.flip(1)", (2, 3), (3, 2)), ("a.expand(3, 4) @ b", (4,), (4, 2)),
        ("a @ b.expand(2, 3, 2)", (2, 2, 3), (3, 2)), ("F.linear(a, b, c)", (4, 3), (2, 3), (2,)),
        ("F.linear(a, b, c)", (3,), (2, 3), (2,)), ("F.linear(a, b, c)", (2, 2, 3), (2, 3), (2,)),
        ("F.linear(a, b, c)", (0, 3), (2, 3), (2,)), ("F.linear(a, b)", (4, 3), (2, 3)),
        ("F.linear(a.t(), b, c)", (3, 4), (2, 3), (2,)), ("F.linear(a, b.t(), c)", (4, 3), (3, 2), (2,)),
    ],
    "losses": [
        ("F.cross_entropy(a, i)", (3, 4), {"i": [2, 0, 3]}),
        ("F.cross_entropy(a, i, reduction='sum')", (3, 4), {"i": [1, 1, 0]}),
        ("F.cross_entropy(a, i, reduction='none')", (3, 4), {"i": [3, 0, 0]}),
        ("F.cross_entropy(a, i, reduction='none')", [[1e4, -1e4, 0], [-1e4, 1e4, 3]], {"i": [0, 2]}, "large"),
        ("F.cross_entropy(a, i, reduction='sum')", (0, 3), {"i": np.zeros(0, int)}),
        ("F.cross_entropy(a.t(), i)", (4, 3), {"i": [2, 0, 3]}),
        ("F.cross_entropy(a[::2], i)", (4, 3), {"i": [2, 0]}),
        ("F.cross_entropy(a, b)", (3, 4), positive(3, 4)),
        ("F.cross_entropy(a, b)", [[2, 1, -1]], [[1, 0, 0]], "a distribution of one class"),
        ("F.cross_entropy(a, b, reduction='sum')", (2, 3), positive(2, 3)),
        ("F.cross_entropy(a, b, reduction='none')", (2, 3), positive(2, 3)),
        ("F.cross_entropy(a.log(), i)", [[0.66, 0.24, 0.1]], {"i": [0]}, "the article's"),
        ("-(a.log_softmax(1) * b).sum(1)", (2, 3), (2, 3)), ("((a - b) ** 2).mean()", (3, 2), (2,)),
    ],
    "reshaping": [
        ("a.reshape(3, 2)", (2, 3)), ("a.reshape(-1, 2)", (2, 3)), ("a.reshape(())", (1, 1)),
        ("a.reshape(1, 1)", ()), ("a.reshape(3, 0, 5)", (0, 3)), ("a.flatten()", (2, 3)),
        ("a.t().flatten()", (2, 3)), ("a.flip(0).reshape(3, 2)", (2, 3)), ("a.t()", (2, 3)),
        ("a.t()", (0, 3)), ("a.transpose(0, 2)", (2, 3, 2)), ("a.permute(2, 0, 1)", (2, 3, 2)),
        ("a.permute(1, 2, 0).reshape(6, 2)", (2, 3, 2)), ("a.unsqueeze(0)", (3,)),
        ("a.unsqueeze(-1)", (2, 3)), ("a.squeeze(1)", (2, 1, 3)), ("a.squeeze()", (1, 3, 1)),
        ("a.squeeze()", (1, 1)), ("a.expand(4, 3)", (3,)), ("a.expand(2, 3)", (2, 1)),
        ("a.expand(2, 2)", ()), ("a.expand(0, 3)", (3,)), ("a.expand(2, 3).t()", (2, 1)),
        ("a.unsqueeze(0).repeat(4, 1, 1)", (2, 3)), ("a.unsqueeze(1).repeat(1, 3)", (2,)),
        ("a.unsqueeze(-1).repeat(1, 2)", (3,)), ("a.clone()", (2, 3)), ("a.t().clone()", (2, 3)),
    ],
    "slicing": [
        ("a[1]", (3,)), ("a[1]", (3, 2)), ("a[-1]", (3, 2)), ("a[1, 2]", (2, 3)), ("a[:, 1]", (2, 3)),
        ("a[1:3]", (4,)), ("a[1:]", (3, 2)), ("a[:-1]", (4,)), ("a[::2]", (5,)), ("a[1::2, ::3]", (4, 4)),
        ("a[2:2]", (3, 2)), ("a[..., 0]", (2, 2, 3)), ("a[0, ..., 1]", (2, 3, 2)), ("a[None, 0]", (2, 3)),
        ("a[:, None]", (2, 3)), ("a.flip(0)", (4,)), ("a.flip(0, 1)", (2, 3)), ("a.flip(0)[::2]", (5,)),
        ("a.flip(0)[1:3]", (4, 2)), ("a.t()[::2]", (2, 3)), ("a[1][::2]", (2, 4)),
        ("a[0:2] + a[1:3]", (3, 2)), ("a[0] * a[1]", (2, 3)), ("a.expand(3, 4)[1]", (4,)),
    ],
    "gathering": [
        ("a[i]", (3, 2), {"i": [2, 0, 2]}), ("a[i]", (5,), {"i": [1, 1, 1]}),
        ("a[i]", (3, 2), {"i": [-1, 0, -3]}, "negative"), ("a[i]", (3, 2), {"i": [[0, 1], [2, 0]]}),
        ("a[i]", (3, 2), {"i": np.zeros(0, int)}), ("a[i]", (3, 0), {"i": [2, 2]}),
        ("F.embedding(i, a)", (4, 3), {"i": [[1, 3], [1, 1]]}), ("a.t()[i]", (2, 3), {"i": [2, 2]}),
        ("a.flip(0)[i]", (3, 2), {"i": [0, 1, 0]}), ("a[i][i]", (3, 2), {"i": [2, 0, 2]}),
        ("a[i] * a[i]", (3, 2), {"i": [2, 0, 2]}), ("a.expand(3, 2)[i]", (2,), {"i": [2, 0]}),
        ("a[m]", (4,), {"m": [True, False, True, False]}),
        ("a[m]", (2, 2), {"m": [[True, False], [True, True]]}),
        ("a[m]", (3, 2), {"m": [True, False, True]}), ("a[m]", (3,), {"m": [False] * 3}),
        ("a.t()[m]", (2, 2), {"m": [[False, True], [False, True]]}),
        ("a.flip(0)[m]", (3, 2), {"m": [True, False, True]}),
    ],
    "choosing": [
        ("torch.where(m, a, b)", (2, 2), (2, 2), {"m": [[True, False], [False, True]]}),
        ("torch.where(m, a, b)", (2, 1), (3,), {"m": [True, False, True]}),
        ("torch.where(m, a, b)", (), (2,), {"m": [[True, False], [False, False]]}),
        ("torch.where(m, a, 0)", (3,), {"m": [True, False, True]}),
        ("torch.where(a > 0, a, b)", (2, 3), (3,)),
        ("torch.where(a > 0, a, b)", [NAN, 0, 1], [5, 6, 7], "NaN"),
        ("torch.where(m, a.t(), b)", (3, 2), (), {"m": [[True], [False]]}),
        ("a.masked_fill(m, 2)", (2, 2), {"m": [[True, False], [False, True]]}),
        ("(a > b).to(a)", [1, 2, NAN], [1, 1, 1]), ("(a == b).to(a)", [1, 2, NAN], [1, 1, NAN]),
        ("(a <= b).to(a)", (2, 1), (3,)),
    ],
    "joining": [
        ("torch.cat([a, b])", (2, 3), (1, 3)), ("torch.cat([a, b], 1)", (2, 1), (2, 2)),
        ("torch.cat([a, b, a], -1)", (2, 2), (2, 1)), ("torch.cat([a, b])", (0, 2), (2, 2)),
        ("torch.cat([a.t(), b])", (2, 1), (2, 2)),
        ("torch.cat([a.expand(2, 2), b.flip(0)], 1)", (2,), (2, 1)),
        ("torch.stack([a, b])", (2, 2), (2, 2)), ("torch.stack([a, b], 1)", (3,), (3,)),
        ("torch.stack([a, b, a], -1)", (2, 2), (2, 2)), ("torch.stack([a, b])", (), ()),
        ("a.split([1, 2], 1)[1]", (2, 3)), ("a.split([1, 3])[0]", (4,)), ("a.split([0, 2])[0]", (2, 2)),
        ("torch.cat(a.split([1, 2])[::-1])", (3, 2)), ("a.split([2, 2])[0] * a.split([2, 2])[1]", (4,)),
    ],
    "casting": [
        ("a.float().to(a)", [0.1, -2.7, 1e-3]), ("a.double().to(a)", [0.1, -2.7, 1e-3]),
        ("(a.double() * b.double()).to(a)", (2, 2), (2,)),
        ("(a.float() * b.float()).to(a)", [0.5, 3], [2, -1.25]), ("a.t().double().to(a)", (2, 3)),
        ("a.float().to(a) * a", [0.5, -3]),
    ],
    "views": [
        ("a.t().exp()", (2, 3)), ("a.t().tanh() * b", (2, 3), (3, 1)), ("a + b.t()", (2, 3), (3, 2)),
        ("a.t() * b.t()", (2, 3), (2, 3)), ("a.flip(1) / b", (2, 3), positive(3)),
        ("a[::2].sigmoid()", (5,)), ("a.flip(0).relu()", [-1, 0, 2]), ("a[:, 1:].sum(0)", (3, 3)),
        ("a.permute(2, 0, 1).sum((0, 2))", (2, 3, 2)), ("a.t().mean(0)", (2, 3)),
        ("a.flip(0).var(0)", (3, 2)), ("a.t().softmax(0)", (2, 3)), ("a.expand(2, 3).softmax(1)", (3,)),
        ("a[:, ::2].log_softmax(1)", (2, 5)), ("a.t().max()", (2, 3)), ("a.t().max(1).values", (3, 2)),
        ("a.flip(0).max(0).values", [3, 1, 3], "ties"), ("a.expand(2, 3).max()", [1, 2, 2], "ties"),
        ("a.expand(3, 2).max(0).values", [1, 2], "ties"), ("a.expand(3, 2).sum(0) * a", (2,)),
        ("a.t().pow(2).sum(1)", (2, 3)), ("a.expand(2, 2).sqrt()", positive(2)),
        ("a[None, :, 1] - b", (3, 2), (2, 1)), ("torch.maximum(a.t(), b.flip(0))", (2, 3), (3, 2)),
        ("a.t().clamp(-1, 1)", (2, 3)), ("a.permute(1, 0, 2).abs()", (2, 3, 2)),
        ("a.expand(2, 3, 2) * b", (3, 2), (2, 1, 1)), ("a[1:, ::2].reshape(-1) * b", (3, 4), (4,)),
        ("a.t().reshape(2, 3) @ b", (2, 3), (3, 2)), ("a.expand(3, 2).t() @ b", (2,), (3, 2)),
    ],
}

# Fixtures, the families of each, and the names of Python that expressions use besides torch and F.
FIXTURES = {
    "operations": (CASES, {}),
    "attention": (attention.CASES, attention.FUNCTIONS),
    "complex_numbers": (complex_numbers.CASES, complex_numbers.FUNCTIONS),
    "convolutions": (convolutions.CASES, convolutions.FUNCTIONS),
    "linear_algebra": (linear_algebra.CASES, linear_algebra.FUNCTIONS),
    "losses": (losses.CASES, losses.FUNCTIONS),
    "normalizing": (normalizing.CASES, normalizing.FUNCTIONS),
    "resampling": (resampling.CASES, {}),
    "sampling": (sampling.CASES, {}),
}


def numbers(random, given):
    """A leaf's numbers: three decimals, so that the precisions begin with different roundings of them."""
    if not isinstance(given, tuple):
        return np.array(given, float)
    least = 0.25 if isinstance(given, Positive) else -2
    return np.round(random.uniform(least, 2, given), 3)


def shortest(value, dtype):
    """The fewest digits that give the number of a precision back, or a string."""
    if not math.isfinite(value):
        return str(value)
    if dtype == torch.float64:
        return value
    shown = float(str(np.float32(value)))
    assert np.float32(shown) == np.float32(value)
    return shown


def listed(tensor, dtype=torch.float64):
    return [shortest(value, dtype) for value in tensor.detach().flatten().tolist()]


def second_order(gradients, leaves):
    """The gradients of Σ g² / 2, or none of them if any is not finite."""
    tracked = [g for g in gradients if g.requires_grad]
    if not tracked or not all(g.isfinite().all() for g in gradients):
        return {}
    penalty = sum((g * g).sum() for g in tracked) / 2
    try:
        found = dict(zip(leaves, torch.autograd.grad(penalty, list(leaves.values()), allow_unused=True)))
    except RuntimeError as error:
        if "is not implemented" in str(error):  # PyTorch has no second derivative.
            return {}
        raise
    found = {name: g for name, g in found.items() if g is not None and g.any()}
    return found if all(g.isfinite().all() for g in found.values()) else {}


def results(expression, functions, inputs, others, seed, dtype):
    """What PyTorch makes of an expression, and the output's tensor."""
    leaves = {
        name: torch.tensor(value, dtype=dtype, requires_grad=True) for name, value in inputs.items()
    }
    output = eval(expression, {"torch": torch, "F": F, **functions, **leaves, **others})
    assert output.dtype == dtype
    made = {"output": listed(output, dtype)}
    if output.requires_grad:
        seed = seed(output.shape)
        gradients = torch.autograd.grad(
            output, list(leaves.values()), torch.tensor(seed, dtype=dtype), create_graph=True)
        second = second_order(gradients, leaves)
        made["gradients"] = {name: listed(g, dtype) for name, g in zip(leaves, gradients)}
        made["second"] = {name: listed(g, dtype) for name, g in second.items()}
    return made, output


def described(array):
    """A leaf's, an index's or a mask's shape and numbers."""
    return {"shape": list(array.shape), "values": listed(torch.tensor(array, dtype=torch.float64))}


def case(functions, family, expression, *given):
    """The fixture's entry for a line of the table; its numbers do not depend on the other lines."""
    note = given[-1] if isinstance(given[-1], str) else ""
    given = [one for one in given if not isinstance(one, str)]
    chosen = given.pop() if isinstance(given[-1], dict) else {}
    shapes = [list(one if isinstance(one, tuple) else np.shape(one)) for one in [*given, *chosen.values()]]
    name = f"{expression} of " + ", ".join([*map(str, shapes), *([note] if note else [])])
    random = np.random.RandomState(zlib.crc32(name.encode()))
    inputs = {letter: numbers(random, one) for letter, one in zip("abc", given)}
    others = {letter: torch.tensor(one) for letter, one in chosen.items()}
    start = random.get_state()

    def seed(shape):
        """Quarters: sums of a few are exact."""
        random.set_state(start)
        return random.choice([-8, -6, -5, -3, -2, 1, 2, 3, 4, 7], tuple(shape)) / 4

    made, outputs = {}, {}
    for precision, dtype in DTYPES.items():
        made[precision], outputs[precision] = results(expression, functions, inputs, others, seed, dtype)
        if note.endswith("first order"):
            made[precision].pop("second", None)
    output = outputs["float64"]
    entry = {
        "family": family, "name": name, "expression": expression,
        "inputs": {letter: described(value) for letter, value in inputs.items()},
        "shape": list(output.shape), **made,
    }
    if chosen:
        entry["others"] = {letter: described(np.asarray(value)) for letter, value in chosen.items()}
    if output.requires_grad:
        entry["seed"] = listed(torch.tensor(seed(output.shape)))
    return entry


def main():
    names = []
    for fixture, (families, functions) in FIXTURES.items():
        made = [case(functions, family, *line) for family, lines in families.items() for line in lines]
        names += [entry["name"] for entry in made]
        lines = ",\n".join(json.dumps(one, separators=(",", ":"), allow_nan=False) for one in made)
        (pins.FIXTURES / f"{fixture}.json").write_text("[\n" + lines + "\n]\n")
    twice = {name for name in names if names.count(name) > 1}
    assert not twice, twice


if __name__ == "__main__":
    main()
