"""The cases of normalisation for make_operations.py, whose table describes their form.

Groups have more than two elements: two are −1 and 1 whatever they were, and their gradients rounding. Running
statistics have no gradients and are made here; what a call does to them is
tested with whole modules.
"""

import torch
from torch.nn import functional as F


def means(a):
    """A running mean for each channel."""
    return torch.linspace(-1, 1, a.shape[1], dtype=a.dtype)


def variances(a):
    """A running variance for each channel."""
    return torch.linspace(0.5, 2, a.shape[1], dtype=a.dtype)


FUNCTIONS = {"means": means, "variances": variances}

TRAINING = "F.batch_norm(a, None, None, b, c, training=True)"
EVALUATING = "F.batch_norm(a, means(a), variances(a), b, c)"
IMAGES, VECTOR = (2, 3, 2, 4), (3,)

CASES = {
    "batch norm": [
        (TRAINING, (5, 3), VECTOR, VECTOR), (TRAINING, (4, 3, 5), VECTOR, VECTOR),
        (TRAINING, IMAGES, VECTOR, VECTOR), (TRAINING, (2, 3, 2, 2, 2), VECTOR, VECTOR),
        (TRAINING, (3, 1, 2), (1,), (1,)),
        ("F.batch_norm(a, None, None, training=True)", (4, 3)),
        ("F.batch_norm(a, None, None, training=True)", IMAGES),
        ("F.batch_norm(a, None, None, b, training=True, eps=0.1)", IMAGES, VECTOR),
        ("F.batch_norm(a.transpose(1, 2), None, None, b, c, training=True)", (2, 4, 3), VECTOR, VECTOR),
        ("F.batch_norm(a[:, ::2], None, None, b, c, training=True)", (3, 5, 2), VECTOR, VECTOR),
        (EVALUATING, (5, 3), VECTOR, VECTOR), (EVALUATING, (1, 3), VECTOR, VECTOR),
        (EVALUATING, IMAGES, VECTOR, VECTOR), (EVALUATING, (0, 3), VECTOR, VECTOR),
        ("F.batch_norm(a, means(a), variances(a))", IMAGES),
        ("F.batch_norm(a, means(a), variances(a), eps=0.1)", (4, 3)),
        ("F.batch_norm(a.mT, means(a.mT), variances(a.mT), b)", (2, 4, 3), VECTOR),
    ],
    "group norm": [
        ("F.group_norm(a, 2, b, c)", (3, 8), (8,), (8,)), ("F.group_norm(a, 2, b, c)", (2, 4, 3), (4,), (4,)),
        ("F.group_norm(a, 2, b, c)", (2, 6, 2, 2), (6,), (6,)),
        ("F.group_norm(a, 1, b, c)", (2, 3, 4), VECTOR, VECTOR),
        ("F.group_norm(a, 3, b, c)", (2, 3, 4), VECTOR, VECTOR), ("F.group_norm(a, 2)", (2, 4, 3)),
        ("F.group_norm(a, 2, b, eps=0.1)", (2, 4, 3), (4,)),
        ("F.group_norm(a.transpose(1, 2), 2, b, c)", (2, 3, 4), (4,), (4,)),
        ("F.instance_norm(a)", (2, 3, 4)), ("F.instance_norm(a)", IMAGES),
        ("F.instance_norm(a, weight=b, bias=c)", (2, 3, 4), VECTOR, VECTOR),
        ("F.instance_norm(a, weight=b, bias=c, eps=0.1)", IMAGES, VECTOR, VECTOR),
        ("F.instance_norm(a, means(a), variances(a), b, c, use_input_stats=False)", (2, 3, 4), VECTOR, VECTOR),
    ],
    "rms norm": [
        ("F.rms_norm(a, a.shape[-1:])", (2, 5)), ("F.rms_norm(a, a.shape[-1:])", (2, 3, 4)),
        ("F.rms_norm(a, a.shape[-1:], b)", (3, 7), (7,)), ("F.rms_norm(a, a.shape[-1:], b)", (0, 3), VECTOR),
        ("F.rms_norm(a, a.shape[-2:], b, 1e-3)", (2, 3, 4), (3, 4)),
        ("F.rms_norm(a.t(), a.shape[:1], b)", (5, 2), (5,)),
    ],
}
