"""The cases of rarer modules for make_modules.py, which describes their form."""

import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm, weight_norm


class Smooth(nn.Module):
    """Resampling with antialias."""

    def __init__(self, size, mode, align_corners):
        super().__init__()
        self.options = {"size": size, "mode": mode, "align_corners": align_corners}

    def forward(self, x):
        return nn.functional.interpolate(x, antialias=True, **self.options)


FUNCTIONS = {
    "Smooth": Smooth,
    "spectral_norm": spectral_norm, "weight_norm": weight_norm, "LATER": torch.ones(4, 4).triu(1).bool(),
}

LINE, IMAGE, VOLUME = (2, 3, 9), (2, 3, 6, 7), (1, 2, 4, 5, 4)

CASES = {
    "further": [
        ("nn.RReLU(0.1, 0.3)", [-4, -2.5, -1, 0.0, 0.5, 1], "eval"), ("nn.RReLU(0.25, 0.25)", (3, 4)),
        ("nn.LocalResponseNorm(3)", (2, 5, 4)), ("nn.LocalResponseNorm(9, alpha=1.0)", (2, 3, 4)),
        ("nn.LocalResponseNorm(2, alpha=0.5, beta=0.6, k=2.0)", (2, 5, 3, 2)),
        ("nn.ChannelShuffle(2)", (2, 6, 3, 2)), ("nn.ChannelShuffle(3)", (1, 6, 2, 2)),
        ("nn.Upsample(scale_factor=2.5, mode='nearest-exact')", (2, 3, 4, 3)),
        ("nn.Upsample(size=(3, 7), mode='nearest-exact')", (2, 3, 4, 3)),
        ("nn.Upsample(scale_factor=2.5, mode='bicubic')", (2, 3, 4, 3)),
        ("nn.Upsample(size=(9, 2), mode='bicubic', align_corners=True)", (2, 2, 4, 5)),
        ("nn.Upsample(size=(3, 4), mode='bicubic')", (1, 2, 1, 2)),
        ("Smooth((3, 7), 'bilinear', False)", (2, 2, 7, 4)), ("Smooth((3, 7), 'bicubic', False)", (2, 2, 7, 4)),
        ("Smooth((2, 3), 'bicubic', True)", (1, 2, 7, 9)), ("Smooth((1, 4), 'bilinear', True)", (1, 2, 6, 1)),
        ("nn.EmbeddingBag(5, 3)", [[1, 4], [0, 4], [2, 2]]),
        ("nn.EmbeddingBag(5, 3)  # m(a, b)", [1, 4, 0, 2, 4], [0, 3]),
        ("nn.EmbeddingBag(5, 3, mode='sum')  # m(a, b)", [1, 4, 0, 2], [0, 1, 1]),
        ("nn.EmbeddingBag(5, 3, mode='max')  # m(a, b)", [1, 4, 0, 2, 1], [0, 2, 2]),
        ("nn.EmbeddingBag(5, 3, mode='sum')  # m(a, b, c)", [1, 4, 0, 2], [0, 3], (4,)),
        ("nn.EmbeddingBag(5, 3, padding_idx=1)", [[1, 4], [1, 1]]),
        ("nn.EmbeddingBag(5, 3, mode='max', padding_idx=-1)", [[1, 4], [2, 3]]),
        ("nn.MultiLabelMarginLoss()", (3, 4), [[3, 0, -1, 1], [1, -1, 0, 0], [-1, 1, 2, 3]]),
        ("nn.MultiLabelMarginLoss(reduction='none')", (2, 3), [[0, 1, 2], [2, -1, 0]]),
        ("nn.MultiLabelMarginLoss(reduction='sum')", (4,), [2, 0, -1, 3]),
        ("weight_norm(nn.Linear(3, 5))", (4, 3)), ("weight_norm(nn.Conv2d(3, 4, 3, padding=1))", (2, 3, 4, 4)),
        ("weight_norm(nn.ConvTranspose1d(3, 2, 3, bias=False))", (2, 3, 4)),
        ("spectral_norm(nn.Linear(3, 5))", (4, 3)), ("spectral_norm(nn.Linear(3, 5))", (4, 3), "eval"),
        ("spectral_norm(nn.Conv2d(3, 4, 2), n_power_iterations=3)", (2, 3, 4, 4)),
        ("spectral_norm(nn.ConvTranspose1d(3, 2, 3))", (2, 3, 4)),
        ("nn.MultiheadAttention(8, 2, batch_first=True)  # m(a, b, b)", (2, 3, 8), (2, 5, 8)),
        ("nn.MultiheadAttention(8, 2, batch_first=True)  # m(a, a, a, average_attn_weights=False, attn_mask=LATER)",
         (2, 4, 8)),
    ],
    "windows": [
        ("nn.LPPool1d(2.0, 3, stride=2)", LINE), ("nn.LPPool1d(1.0, 2)", (3, 9)), ("nn.LPPool2d(2.0, 2)", IMAGE),
        ("nn.LPPool2d(4.0, (3, 2), stride=(1, 2))", IMAGE), ("nn.LPPool2d(2.0, 3, stride=2, ceil_mode=True)", IMAGE),
        ("nn.LPPool3d(2.0, 2)", VOLUME),
        ("nn.MaxUnpool1d(3, stride=2, padding=1)  # m(a, b)", (2, 1, 3), [[[0, 2, 4]], [[1, 3, 4]]]),
        ("nn.MaxUnpool2d(2)  # m(a, b)", (1, 2, 2, 2), [[[[0, 3], [9, 14]], [[5, 2], [8, 15]]]]),
        ("nn.MaxUnpool2d(2)  # m(a, b, output_size=(5, 5))", (1, 1, 2, 2), [[[[0, 3], [12, 24]]]]),
        ("nn.MaxUnpool2d(2)  # m(a, b)", (1, 1, 2), [[[1, 6]]]),
        ("nn.MaxUnpool3d(2)  # m(a, b)", (1, 1, 1, 2, 1), [[[[[3], [12]]]]]),
        ("nn.Conv1d(3, 4, 3, padding=2, padding_mode='circular')", (2, 3, 7)),
        ("nn.Conv2d(3, 4, 3, padding=(1, 2), padding_mode='reflect')", (2, 3, 5, 6)),
        ("nn.Conv2d(3, 4, 3, padding=(1, 2), padding_mode='reflect')", (3, 5, 6)),
        ("nn.Conv2d(3, 4, 3, padding='same', dilation=2, padding_mode='replicate')", (2, 3, 5, 6)),
        ("nn.Conv3d(2, 3, 2, padding=1, padding_mode='replicate')", (1, 2, 3, 2, 3)),
        ("nn.Conv1d(3, 4, 4, padding='same', padding_mode='circular', bias=False)", (2, 3, 7)),
    ],
}
