"""The cases of modules that few models need for make_modules.py, which describes their form."""

import torch
from torch import nn

from recurrences import packed


def called(module, *shape):
    """A module after its first call, which makes its parameters."""
    module(torch.zeros(shape))
    return module


def city(x, y):
    return (x - y).abs().sum(-1)


def apart(x, y):
    return 1 - torch.cosine_similarity(x, y)


FUNCTIONS = {"packed": packed, "called": called, "city": city, "apart": apart}

X, SHORT = (5, 2, 3), (4, 3, 3)
ROWS, LABELS = (6, 8), [0, 11, 4, 2, 8, 3]
TRIPLE = ((4, 3), (4, 3), (4, 3))


def projected(*options):
    return f"nn.LSTM({', '.join(['3, 4', *options, 'proj_size=2'])})"


def adaptive(cutoffs, *options):
    return f"nn.AdaptiveLogSoftmaxWithLoss({', '.join(['8, 12', cutoffs, *options])})"


DEEP = ("num_layers=2", "bidirectional=True", "batch_first=True")

CASES = {
    "projections": [
        (projected(), X), (projected("bias=False"), (5, 3)),
        (f"{projected()}  # m(a, (b, c))", X, (1, 2, 2), (1, 2, 4)),
        (f"{projected(*DEEP)}  # m(a, (b, c))", (2, 5, 3), (4, 2, 2), (4, 2, 4)),
        (f"{projected()}  # packed(m, a, b)", SHORT, [2, 4, 1]),
        (f"{projected(*DEEP)}  # packed(m, a, b, (c, d))", (3, 4, 3), [3, 1, 4], (4, 3, 2), (4, 3, 4)),
    ],
    "adaptive": [
        (adaptive("[3, 7]", "div_value=2.0"), ROWS, LABELS), (adaptive("[4]"), ROWS, LABELS),
        (adaptive("[2, 5, 9]", "div_value=1.5", "head_bias=True"), ROWS, LABELS),
        (adaptive("[3, 7]", "div_value=2.0"), ROWS, [0, 2, 1, 1, 0, 2], "frequent"),
        (adaptive("[3, 7]", "div_value=2.0"), (8,), 5),
        (f"{adaptive('[3, 7]', 'div_value=2.0')}  # m.log_prob(a)", ROWS),
        (f"{adaptive('[3, 7]', 'div_value=2.0')}  # m.predict(a)", ROWS),
    ],
    "distances": [
        ("nn.TripletMarginWithDistanceLoss()", *TRIPLE),
        ("nn.TripletMarginWithDistanceLoss(distance_function=city, margin=2.0)", *TRIPLE),
        ("nn.TripletMarginWithDistanceLoss(distance_function=city, swap=True, reduction='none')", *TRIPLE),
        ("nn.TripletMarginWithDistanceLoss(distance_function=apart, margin=0.5, reduction='sum')", *TRIPLE),
    ],
    "lazy": [
        ("called(nn.LazyLinear(5), 2, 3)", (4, 3)), ("called(nn.LazyConv2d(4, 3), 1, 2, 5, 5)", (2, 2, 4, 5)),
        ("called(nn.LazyConvTranspose1d(3, 2, bias=False), 1, 4, 3)", (2, 4, 3)),
        ("called(nn.Sequential(nn.LazyConv1d(4, 3, bias=False), nn.LazyBatchNorm1d(), nn.ReLU(), nn.Flatten(), nn.LazyLinear(2)), "
         "2, 3, 5)", (3, 3, 5)),
    ],
}
