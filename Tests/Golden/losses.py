"""The cases of losses for make_operations.py, whose table describes their form. Targets are leaves too, where PyTorch
differentiates them; else they are made here. "First order" says that PyTorch's second derivative is another at a bound."""

import torch
from torch.nn import functional as F

from shapes import positive


def signs(a):
    """1, -1, -1, 1, -1, -1 … in the shape of a."""
    return torch.where(torch.arange(a.numel()) % 3 == 0, 1.0, -1.0).to(a.dtype).reshape(a.shape)


def shares(a):
    """0, 1/4, 1/2, 3/4, 1, 0 … in the shape of a."""
    return (torch.arange(a.numel()) % 5 / 4).to(a.dtype).reshape(a.shape)


def counts(a):
    """0, 1, 2, 3, 0 … in the shape of a."""
    return (torch.arange(a.numel()) % 4).to(a.dtype).reshape(a.shape)


def weights(a, n):
    """1/2, 1, 3/2 … for n classes."""
    return (torch.arange(n) + 1).to(a.dtype) / 2


def ctc(a, labels, inputs, lengths, **options):
    """PyTorch's gradient is that of the scores behind the log-softmax."""
    return F.ctc_loss(a.log_softmax(2), labels, torch.tensor(inputs), torch.tensor(lengths), **options)


FUNCTIONS = {"signs": signs, "shares": shares, "counts": counts, "weights": weights, "ctc": ctc}

REDUCTIONS = "mean", "sum", "none"


def reduced(call, *given, also=()):
    """A call in every reduction; further options of the mean alone."""
    each = [(f"{call[:-1]}, reduction='{reduction}')" if reduction != "mean" else call, *given) for reduction in REDUCTIONS]
    return each + [(f"{call[:-1]}, {options})", *given) for options in also]


LABELS = {"i": [2, 0, 3, 0, 1]}
ROWS = (5, 4)
IMAGES, MAP = (2, 4, 2, 3), {"i": [[[2, 0, 3], [1, 1, 0]], [[3, 3, 2], [0, 2, 1]]]}
IGNORED = {"i": [2, -100, 3, 0, -100]}

TEXTS = {"i": [[1, 1, 2], [3, 2, 1]]}

CASES = {
    "class losses": [
        *reduced("F.cross_entropy(a, i, weights(a, 4))", ROWS, LABELS, also=["label_smoothing=0.2"]),
        *reduced("F.cross_entropy(a, i)", ROWS, IGNORED, also=["label_smoothing=0.2"]),
        *reduced("F.cross_entropy(a, i, weights(a, 4), label_smoothing=0.3)", ROWS, IGNORED),
        *reduced("F.cross_entropy(a, i, label_smoothing=0.1)", ROWS, LABELS),
        *reduced("F.cross_entropy(a, i)", IMAGES, MAP, also=["label_smoothing=0.1"]),
        *reduced("F.cross_entropy(a, i, weights(a, 4))", IMAGES, MAP),
        ("F.cross_entropy(a, i)", (4,), {"i": 2}), ("F.cross_entropy(a, i, weights(a, 4))", (4,), {"i": 3}),
        *reduced("F.cross_entropy(a, b, weights(a, 4))", ROWS, ROWS, also=["label_smoothing=0.2"]),
        *reduced("F.cross_entropy(a, b, label_smoothing=0.1)", ROWS, ROWS),
        *reduced("F.cross_entropy(a, b)", IMAGES, IMAGES), ("F.cross_entropy(a, b)", (4,), (4,)),
        *reduced("F.nll_loss(a, i)", ROWS, LABELS), *reduced("F.nll_loss(a, i, weights(a, 4))", ROWS, IGNORED),
        *reduced("F.nll_loss(a, i)", IMAGES, MAP), ("F.nll_loss(a, i)", (4,), {"i": 1}),
        *reduced("F.multi_margin_loss(a, i)", ROWS, LABELS, also=["margin=0.5", "p=2", "weight=weights(a, 4)"]),
        ("F.multi_margin_loss(a, i, p=2, margin=2.0)", (4,), {"i": 1}),
    ],
    "number losses": [
        *reduced("F.mse_loss(a, b)", (3, 4), (3, 4)), *reduced("F.l1_loss(a, b)", (3, 4), (3, 4)),
        *reduced("F.huber_loss(a, b)", (3, 4), (3, 4), also=["delta=0.4", "delta=3.0"]),
        *reduced("F.smooth_l1_loss(a, b)", (3, 4), (3, 4), also=["beta=0.4", "beta=0.0"]),
        *reduced("F.kl_div(a, shares(a))", (3, 5)), ("F.kl_div(a, b)", (3, 4), positive(3, 4)),
        *reduced("F.kl_div(a, b, log_target=True)", (2, 5), (2, 5)),
        *reduced("F.poisson_nll_loss(a, counts(a))", (3, 4), also=["full=True"]),
        ("F.poisson_nll_loss(a, counts(a), log_input=False)", positive(3, 4)),
        ("F.poisson_nll_loss(a, counts(a), log_input=False, full=True, eps=0.1)", positive(3, 4)),
        *reduced("F.gaussian_nll_loss(a, b, c)", (3, 4), (3, 4), positive(3, 4), also=["full=True"]),
        ("F.gaussian_nll_loss(a, b, c)", (3, 4), (3, 4), positive(3, 1)),
        ("F.gaussian_nll_loss(a, b, c)", (3, 4), (3, 4), positive(3)),
        ("F.gaussian_nll_loss(a, b, c, eps=0.5)", (3,), (3,), [0, 0.25, 2.0]),
    ],
    "probability losses": [
        *reduced("F.binary_cross_entropy(a.sigmoid(), shares(a))", (3, 4)),
        ("F.binary_cross_entropy(a.sigmoid(), shares(a), weights(a, 4))", (3, 4)),
        ("F.binary_cross_entropy(a, b)", [0.1, 0.9, 0.5], [0.25, 1, 0]),
        ("F.binary_cross_entropy(a, shares(a))", [0.0, 1, 0, 1, 0.5], "certain, first order"),
        *reduced("F.binary_cross_entropy_with_logits(a, shares(a))", (3, 4), also=["weight=weights(a, 4)"]),
        ("F.binary_cross_entropy_with_logits(a, b)", (3, 4), (3, 4)),
        ("F.binary_cross_entropy_with_logits(a, shares(a), pos_weight=weights(a, 4))", (3, 4)),
        ("F.binary_cross_entropy_with_logits(a, shares(a))", [0.0, 100, -100, 1e4, -1e4], "limits"),
        *reduced("F.soft_margin_loss(a, signs(a))", (3, 4)),
        *reduced("F.multilabel_soft_margin_loss(a, counts(a) % 2)", (3, 4), also=["weight=weights(a, 4)"]),
    ],
    "temporal classification": [
        *reduced("ctc(a, i, [6, 4], [3, 2])", (6, 2, 4), TEXTS, also=["blank=0, zero_infinity=True"]),
        *reduced("ctc(a, i, [6, 6], [0, 3])", (6, 2, 4), TEXTS),
        ("ctc(a, i, [6, 4], [3, 2], blank=3)", (6, 2, 4), {"i": [[1, 1, 0], [2, 0, 0]]}),
        ("ctc(a, i, [5, 5, 3], [2, 1, 3])", (5, 3, 4), {"i": [1, 2, 3, 1, 2, 1]}, "joined"),
        ("ctc(a, i, [6, 2], [3, 3], zero_infinity=True, reduction='none')", (6, 2, 4), TEXTS),
    ],
    "pair losses": [
        *reduced("F.hinge_embedding_loss(a, signs(a))", (3, 4), also=["margin=0.3"]),
        *reduced("F.margin_ranking_loss(a, b, signs(a))", (3, 4), (3, 4), also=["margin=0.5"]),
        *reduced("F.triplet_margin_loss(a, b, c)", (3, 4), (3, 4), (3, 4), also=["margin=3.0", "p=1.0", "p=3.0", "swap=True"]),
        ("F.triplet_margin_loss(a, b, c, margin=5.0, swap=True)", (4,), (4,), (4,)),
        *reduced("F.cosine_embedding_loss(a, b, signs(a[:, 0]))", (4, 3), (4, 3), also=["margin=-0.5"]),
        ("F.cosine_embedding_loss(a, b, signs(a[0]))", (3,), (3,)),
        ("F.cosine_similarity(a, b)", (3, 4), (3, 4)), ("F.cosine_similarity(a, b, dim=0)", (3, 4), (3, 4)),
        ("F.cosine_similarity(a, b, dim=-1)", (2, 3, 4), (3, 4)), ("F.cosine_similarity(a, b, eps=10.0)", (3, 4), (3, 4)),
        ("F.pairwise_distance(a, b).pow(2)", (3, 4), (3, 4)), ("F.pairwise_distance(a, b, p=1.0)", (3, 4), (4,)),
        ("F.pairwise_distance(a, b, p=float('inf'))", (3, 4), (3, 4)),
        ("F.pairwise_distance(a, b, p=3.0, eps=0.01, keepdim=True)", (2, 3, 4), (2, 3, 4)),
        ("F.normalize(a)", (3, 4)), ("F.normalize(a, p=1.0, dim=0)", (3, 4)), ("F.normalize(a, p=3.0, dim=-1)", (2, 3, 4)),
        ("F.normalize(a, p=float('inf'))", (3, 4)), ("F.normalize(a, eps=10.0)", (3, 4)),
    ],
}  # fmt: skip
