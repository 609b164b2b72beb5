"""The cases of convolutions for make_operations.py, whose table describes their form."""

import torch
from torch.nn import functional as F

FUNCTIONS = {}

IMAGES = (2, 3, 5, 6)


def cases(form, axes, *variants):
    """For each of the options the cases with a bias and, of the first, without one and of one image."""
    for options, inputs, weight, bias in variants:
        yield (f"F.{form}{axes}d(a, b, c{options})", inputs, weight, (bias,))
    options, inputs, weight, bias = variants[0]
    yield (f"F.{form}{axes}d(a, b{options})", inputs, weight)
    yield (f"F.{form}{axes}d(a, b{options})", inputs[1:], weight)


CASES = {
    "convolutions": [
        *cases(
            "conv", 1, ("", (2, 3, 7), (4, 3, 3), 4), (", padding=2", (2, 3, 7), (4, 3, 3), 4),
            (", stride=2, padding=1", (2, 3, 8), (2, 3, 3), 2), (", dilation=2", (1, 2, 9), (3, 2, 3), 3),
            (", padding='same'", (2, 2, 5), (2, 2, 3), 2), (", groups=2", (2, 4, 6), (6, 2, 3), 6),
            (", padding=1, groups=3", (2, 3, 6), (3, 1, 3), 3), (", stride=3, padding=3, dilation=2", (2, 2, 9), (2, 2, 4), 2),
            (", padding=1, groups=2", (1, 2, 5), (4, 1, 3), 4)),
        *cases(
            "conv", 2, ("", IMAGES, (4, 3, 3, 3), 4), (", padding=1", IMAGES, (4, 3, 3, 3), 4),
            (", stride=2, padding=1", IMAGES, (2, 3, 3, 3), 2), (", stride=(1, 2), padding=(2, 1)", IMAGES, (2, 3, 3, 2), 2),
            (", padding=(1, 0), dilation=(1, 2)", IMAGES, (2, 3, 2, 3), 2), (", padding='same'", IMAGES, (2, 3, 3, 5), 2),
            (", stride=2", IMAGES, (4, 3, 1, 1), 4), (", groups=3", IMAGES, (6, 1, 2, 2), 6),
            (", stride=2, padding=1, groups=3", IMAGES, (3, 1, 3, 3), 3), (", groups=2", (1, 4, 3, 3), (2, 2, 3, 3), 2)),
        ("F.conv2d(a, b, c)", IMAGES, (4, 3, 1, 1), (4,)), ("F.conv2d(a, b, c)", IMAGES, (2, 3, 5, 6), (2,)),
        ("F.conv2d(a.transpose(2, 3), b, c)", IMAGES, (2, 3, 2, 3), (2,)),
        ("F.conv2d(a, b.flip(0), c)", IMAGES, (2, 3, 2, 3), (2,)),
        *cases(
            "conv", 3, ("", (1, 2, 3, 4, 3), (2, 2, 2, 2, 2), 2), (", padding=1", (2, 2, 2, 3, 3), (2, 2, 3, 3, 3), 2),
            (", stride=(1, 2, 1), padding=(0, 1, 1)", (1, 2, 3, 4, 3), (2, 2, 2, 3, 3), 2),
            (", padding=1, groups=2", (1, 2, 2, 3, 2), (2, 1, 2, 2, 2), 2)),
    ],
    "transposed convolutions": [
        *cases(
            "conv_transpose", 1, ("", (2, 3, 4), (3, 2, 3), 2), (", stride=2, padding=1", (2, 3, 4), (3, 2, 3), 2),
            (", stride=3, output_padding=2", (1, 2, 3), (2, 2, 2), 2), (", groups=2, dilation=2", (1, 4, 3), (4, 3, 2), 6)),
        *cases(
            "conv_transpose", 2, ("", (2, 3, 2, 3), (3, 4, 3, 3), 4), (", padding=1", (2, 3, 4, 3), (3, 2, 3, 3), 2),
            (", stride=2, padding=1, output_padding=1", (2, 3, 2, 3), (3, 2, 3, 3), 2),
            (", stride=(2, 1), padding=(1, 0), dilation=(1, 2)", (1, 2, 3, 2), (2, 2, 3, 2), 2),
            (", stride=2, groups=2", (1, 2, 2, 3), (2, 1, 2, 2), 2)),
        *cases(
            "conv_transpose", 3, ("", (1, 2, 2, 2, 1), (2, 2, 2, 1, 2), 2),
            (", stride=2, padding=1, output_padding=1", (1, 2, 2, 1, 2), (2, 1, 3, 3, 3), 1)),
    ],
}
