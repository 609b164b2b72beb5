"""The cases of activations for make_modules.py, which describes their form."""

from torch import nn
from torch.nn import functional as F

KINKS = [-8, -6, -3, -1, -0.5, -0.25, 0.0, 0.25, 0.5, 1, 3, 6, 8]
FAR = [-1000.0, -100, -30, 30, 100, 1000]
X = (3, 4)


class Hardsigmoid(nn.Module):
    """In operations: the slope of PyTorch's own is a sixth as a float32, in float64 too."""

    def forward(self, x):
        return F.relu6(x + 3) / 6


FUNCTIONS = {"Hardsigmoid": Hardsigmoid}

EACH = [
    "ReLU6()", "SELU()", "SiLU()", "Mish()", "LogSigmoid()", "Hardswish()", "Softsign()", "Tanhshrink()",
    "LeakyReLU()", "LeakyReLU(0.2)", "ELU()", "ELU(alpha=1.5)", "CELU()", "CELU(alpha=0.5)", "Softplus()",
    "Softplus(beta=2.0)", "Softshrink()", "Softshrink(1.0)", "Hardshrink()", "Hardshrink(0.25)", "Hardtanh()",
    "Hardtanh(-0.5, 3.0)", "Threshold(0.5, -2.0)", "PReLU()",
]  # fmt: skip

CASES = {
    "activations": [
        *((f"nn.{name}", KINKS) for name in EACH), *((f"nn.{name}", X) for name in EACH),
        *((f"nn.{name}", FAR) for name in EACH if name[:4] in ("SELU", "SiLU", "Mish", "LogS", "Soft", "ELU(")),
        ("Hardsigmoid()", KINKS), ("Hardsigmoid()", X), ("nn.PReLU(4)", X), ("nn.PReLU(3)", (2, 3, 2, 2)), ("nn.PReLU()", (2, 3, 2)),
        ("nn.GLU()", X), ("nn.GLU(dim=1)", (2, 4, 3)), ("nn.Softmax(dim=1)", (2, 3, 2)), ("nn.Softmax(dim=-1)", X),
        ("nn.LogSoftmax(dim=1)", X), ("nn.Softmin(dim=1)", X), ("nn.Softmax(dim=0)", (4,)),
    ],
}
