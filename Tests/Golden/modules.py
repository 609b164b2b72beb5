"""The cases of modules for make_modules.py, which describes their form."""

import torch
from torch import nn


class OutputCell(nn.Module):
    """A recurrent cell of three layers: an input and a state to an output and the next state."""

    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        self.w_ih, self.w_hh = nn.Linear(inputs, hidden), nn.Linear(hidden, hidden)
        self.w_ho = nn.Linear(hidden, outputs)

    def forward(self, input, state):
        state = torch.sigmoid(self.w_ih(input) + self.w_hh(state))
        return self.w_ho(state), state


class Residual(nn.Module):
    """A block beside a shortcut."""

    def __init__(self, *layers, shortcut=None):
        super().__init__()
        self.block, self.shortcut = nn.Sequential(*layers), shortcut

    def forward(self, x):
        return (x if self.shortcut is None else self.shortcut(x)) + self.block(x)


FUNCTIONS = {"OutputCell": OutputCell, "Residual": Residual}

IMAGES = (2, 3, 4, 3)
RAMP = [-4, -2.5, -1, -0.25, 0.0, 0.001, 0.5, 1, 3]

CASES = {
    "simple": [
        ("nn.Linear(3, 5)", (4, 3)), ("nn.Linear(3, 5)", (2, 4, 3)), ("nn.Linear(3, 5)", (3,)),
        ("nn.Linear(3, 5, bias=False)", (4, 3)), ("nn.Embedding(5, 3)", [[1, 4, 1, 1], [0, 4, 2, 1]]),
        ("nn.Tanh()", RAMP), ("nn.Sigmoid()", RAMP), ("nn.ReLU()", RAMP),
        ("nn.GELU()", RAMP), ("nn.GELU(approximate='tanh')", RAMP),
        ("nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2, bias=False), nn.Sigmoid())", (5, 3)),
        ("nn.Dropout(0.5)", (2, 3), "eval"), ("nn.Dropout(0.0)", (2, 3)),
        ("nn.Dropout1d(0.5)", (2, 3, 4), "eval"), ("nn.Dropout2d(0.5)", IMAGES, "eval"),
        ("nn.Dropout3d(0.5)", (1, 2, 2, 2, 2), "eval"), ("nn.AlphaDropout(0.5)", (2, 3), "eval"),
        ("nn.FeatureAlphaDropout(0.5)", (2, 3), "eval"),
        ("nn.Bilinear(3, 4, 5)", (2, 3), (2, 4)), ("nn.Bilinear(3, 4, 5)", (2, 6, 3), (2, 6, 4)),
        ("nn.Bilinear(3, 4, 2, bias=False)", (3,), (4,)),
        ("nn.Embedding(5, 3, padding_idx=1)", [[1, 4, 1, 0], [0, 4, 2, 1]]),
        ("nn.Embedding(5, 3, padding_idx=1)", [0, 2, 2]), ("nn.Embedding(5, 3, padding_idx=-1)", [4, 1]),
        ("nn.Embedding(5, 3, max_norm=1.0)", [[1, 4, 1], [0, 4, 2]]),
        ("nn.Embedding(5, 3, max_norm=1.5, norm_type=1.0)", [[1, 4, 1], [0, 4, 2]]),
        ("nn.Embedding(5, 3, max_norm=1.5, norm_type=float('inf'))", [3, 1]),
        ("nn.Embedding(5, 3, padding_idx=2, max_norm=1.0, norm_type=3.0)", [2, 1, 2]),
        ("nn.Identity()", (2, 3)), ("Residual(nn.Linear(3, 3), nn.Tanh())", (4, 3)),
        ("Residual(nn.Linear(3, 5), nn.Tanh(), shortcut=nn.Linear(3, 5, bias=False))", (4, 3)),
    ],
    "shaping": [
        ("nn.Flatten()", IMAGES), ("nn.Flatten(0)", IMAGES), ("nn.Flatten(-2)", IMAGES),
        ("nn.Flatten(1, 2)", IMAGES), ("nn.Unflatten(1, (2, 3))", (2, 6, 2)),
        ("nn.Unflatten(-1, (2, 2, 1))", (3, 4)), ("nn.Upsample(scale_factor=2)", IMAGES),
        ("nn.Upsample(scale_factor=2.5, mode='bilinear')", IMAGES),
        ("nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True)", IMAGES),
        ("nn.Upsample(size=(3, 7), mode='bilinear')", IMAGES), ("nn.PixelShuffle(2)", (2, 8, 2, 3)),
        ("nn.PixelUnshuffle(2)", (2, 3, 4, 2)), ("nn.ZeroPad1d((1, 2))", (2, 3, 4)),
        ("nn.ZeroPad2d((1, 2, 0, 3))", IMAGES), ("nn.ConstantPad1d((1, 2), 3.5)", (2, 3, 4)),
        ("nn.ReflectionPad1d((1, 2))", (2, 3, 4)), ("nn.ReflectionPad2d((1, 2, 3, 0))", IMAGES),
        ("nn.ReplicationPad1d((1, 2))", (2, 3, 4)), ("nn.ReplicationPad2d((1, 2, 4, 0))", IMAGES),
        ("nn.CircularPad1d((1, 2))", (2, 3, 4)), ("nn.CircularPad2d((1, 2, 4, 0))", IMAGES),
    ],
    "recurrent": [
        ("nn.RNNCell(4, 5)", (3, 4), (3, 5)), ("nn.RNNCell(4, 5, nonlinearity='relu')", (3, 4), (3, 5)),
        ("OutputCell(4, 5, 2)", (3, 4), (3, 5)),
    ],
    "normalization": [
        ("nn.LayerNorm(5)", (2, 3, 5)), ("nn.LayerNorm([3, 4], eps=1e-3)", (2, 3, 4)),
        ("nn.LayerNorm(5, bias=False)", (4, 5)), ("nn.LayerNorm(5, elementwise_affine=False)", (4, 5)),
        ("nn.BatchNorm1d(3)", (5, 3)), ("nn.BatchNorm1d(3)", (5, 3), "eval"), ("nn.BatchNorm1d(3)", (2, 3, 4)),
        ("nn.BatchNorm1d(70)", (9, 70)), ("nn.BatchNorm2d(3)", IMAGES), ("nn.BatchNorm2d(3)", IMAGES, "eval"),
        ("nn.BatchNorm3d(3)", (2, 3, 2, 2, 3)), ("nn.BatchNorm2d(3, eps=1e-2, momentum=0.7)", IMAGES),
        ("nn.BatchNorm2d(3, momentum=None)", IMAGES), ("nn.BatchNorm2d(3, affine=False)", IMAGES),
        ("nn.BatchNorm2d(3, affine=False)", IMAGES, "eval"),
        ("nn.BatchNorm2d(3, track_running_stats=False)", IMAGES),
        ("nn.BatchNorm2d(3, track_running_stats=False)", IMAGES, "eval"),
        ("nn.GroupNorm(2, 4)", (2, 4, 5)), ("nn.GroupNorm(1, 3)", (4, 3)), ("nn.GroupNorm(3, 6)", (2, 6, 3, 2)),
        ("nn.GroupNorm(2, 4, eps=0.1, affine=False)", (2, 4, 2, 2)),
        ("nn.InstanceNorm1d(3)", (2, 3, 5)), ("nn.InstanceNorm2d(3, affine=True)", IMAGES),
        ("nn.InstanceNorm3d(2, eps=0.1)", (2, 2, 2, 2, 2)),
        ("nn.InstanceNorm2d(3, momentum=0.3, affine=True, track_running_stats=True)", IMAGES),
        ("nn.InstanceNorm2d(3, momentum=0.3, affine=True, track_running_stats=True)", IMAGES, "eval"),
        ("nn.RMSNorm(5)", (2, 3, 5)), ("nn.RMSNorm([3, 4], eps=1e-3)", (2, 3, 4)),
        ("nn.RMSNorm(5, elementwise_affine=False)", (4, 5)),
        ("nn.Sequential(nn.Linear(3, 4, bias=False), nn.BatchNorm1d(4), nn.ReLU(), nn.BatchNorm1d(4))", (6, 3)),
    ],
    "convolutions": [
        ("nn.Conv1d(3, 4, 3)", (2, 3, 7)), ("nn.Conv1d(4, 6, 3, stride=2, padding=1, groups=2)", (2, 4, 8)),
        ("nn.Conv1d(2, 3, 5, padding='same', dilation=2)", (2, 2, 9)),
        ("nn.Conv2d(3, 4, 3)", (2, 3, 5, 6)), ("nn.Conv2d(3, 4, 3)", (3, 5, 6)),
        ("nn.Conv2d(3, 4, (3, 2), stride=(2, 1), padding=(1, 0))", (2, 3, 5, 6)),
        ("nn.Conv2d(3, 6, 3, padding=1, groups=3, bias=False)", (2, 3, 4, 5)),
        ("nn.Conv2d(3, 4, 1, stride=2)", (2, 3, 5, 6)), ("nn.Conv3d(2, 3, 2, padding=1)", (1, 2, 3, 2, 3)),
        ("nn.ConvTranspose1d(3, 2, 3, stride=2, output_padding=1)", (2, 3, 4)),
        ("nn.ConvTranspose2d(3, 4, 3)", (2, 3, 2, 3)),
        ("nn.ConvTranspose2d(4, 6, 2, stride=2, groups=2, bias=False)", (1, 4, 2, 3)),
        ("nn.ConvTranspose3d(2, 2, 2, dilation=2)", (1, 2, 2, 1, 2)),
        ("nn.Sequential(nn.Conv2d(1, 3, 3, padding=1, bias=False), nn.BatchNorm2d(3), nn.ReLU(), nn.Conv2d(3, 2, 3))",
         (2, 1, 5, 5)),
    ],
}
