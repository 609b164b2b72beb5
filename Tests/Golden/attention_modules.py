"""The cases of attention's modules for make_modules.py, which describes their form.

PyTorch's masks of modules say what is kept out, those here what takes part.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F


def turned(x, interleaved):
    """Rotary positions of [..., t, d]: pairs as complex numbers, times exp(i angle)."""
    t, d = x.shape[-2:]
    angles = torch.arange(t).double()[:, None] * 10000.0 ** (-torch.arange(0, d, 2).double() / d)
    a, b = (x[..., ::2], x[..., 1::2]) if interleaved else x.chunk(2, -1)
    y = torch.complex(a, b) * torch.polar(torch.ones_like(angles), angles).to(torch.complex(a, b).dtype)
    return torch.stack([y.real, y.imag], -1).flatten(-2) if interleaved else torch.cat([y.real, y.imag], -1)


class Rotary(nn.Module):
    def __init__(self, interleaved):
        super().__init__()
        self.interleaved = interleaved

    def forward(self, x):
        return turned(x, self.interleaved)


class Sinusoidal(nn.Module):
    def forward(self, x):
        t, d = x.shape[-2:]
        angles = torch.tensor([[p / 10000 ** (i // 2 * 2 / d) for i in range(d)] for p in range(t)], dtype=torch.double)
        return x + torch.where(torch.arange(d) % 2 == 0, angles.sin(), angles.cos()).to(x.dtype)


class Grouped(nn.Module):
    """Attention whose heads share keys and values, and may be turned by their positions."""

    def __init__(self, dimensions, heads, shared, rotary=False):
        super().__init__()
        self.heads, self.shared, self.rotary, self.size = heads, shared, rotary, dimensions // heads
        rows = dimensions + 2 * shared * self.size
        self.in_proj_weight = nn.Parameter(torch.zeros(rows, dimensions))
        self.in_proj_bias = nn.Parameter(torch.zeros(rows))
        self.out_proj = nn.Linear(dimensions, dimensions)

    def forward(self, x, causal=False):
        n, t, d = x.shape
        rows = F.linear(x, self.in_proj_weight, self.in_proj_bias)
        q, k, v = rows.split([d, self.shared * self.size, self.shared * self.size], -1)
        q, k, v = (one.reshape(n, t, -1, self.size).transpose(1, 2) for one in (q, k, v))
        k, v = (one.repeat_interleave(self.heads // self.shared, 1) for one in (k, v))
        if self.rotary:
            q, k = turned(q, False), turned(k, False)
        scores = q @ k.mT / math.sqrt(self.size)
        if causal:
            scores = scores.masked_fill(torch.ones(t, t).triu(1).bool(), -math.inf)
        return self.out_proj((scores.softmax(-1) @ v).transpose(1, 2).reshape(n, t, d))


FUNCTIONS = {"Rotary": Rotary, "Sinusoidal": Sinusoidal, "Grouped": Grouped}

X, Y = (2, 3, 4), (2, 5, 4)
CAUSAL = [[True, False, False], [True, True, False], [True, True, True]]
KEYS, OTHERS = [[True, True, False], [True, False, True]], [[True, True, False, True, True], [False, True, True, True, False]]
SOME = [[True, False, True, True, False], [False, True, True, False, True], [True, True, True, True, True]]
ATTENTION = "nn.MultiheadAttention(4, 2, batch_first=True)"
OTHER = "nn.MultiheadAttention(4, 2, kdim=3, vdim=5, batch_first=True)"
PLAIN, HALF = "  # m(a, a, a, need_weights=False)[0]", "  # m(a / 2, b / 2, c / 2, need_weights=False)[0]"
ENCODER = "nn.TransformerEncoderLayer(4, 2, 6, 0.0, batch_first=True)"
DECODER = "nn.TransformerDecoderLayer(4, 2, 6, 0.0, batch_first=True)"
# Norms that do not magnify small rows: single precision compares after two layers.
MILD = "nn.TransformerDecoderLayer(4, 2, 6, 0.0, layer_norm_eps=0.5, batch_first=True)"


def encoder(layer, options):
    return f"nn.TransformerEncoder({layer}, 2{options}, enable_nested_tensor=False)"


CASES = {
    "attention": [
        (ATTENTION + PLAIN, X), (ATTENTION + PLAIN, (3, 4)), (ATTENTION + PLAIN, X, "eval"),
        (ATTENTION + HALF, X, Y, Y),
        ("nn.MultiheadAttention(4, 4, batch_first=True, bias=False)" + PLAIN, X),
        ("nn.MultiheadAttention(6, 1, batch_first=True)" + PLAIN, (1, 2, 6)),
        (OTHER + HALF, X, (2, 5, 3), (2, 5, 5)), (OTHER + HALF, (3, 4), (5, 3), (5, 5)),
        (ATTENTION + "  # m(a, a, a, attn_mask=~b, need_weights=False)[0]", X, CAUSAL),
        (ATTENTION + "  # m(a, a, a, attn_mask=~b, is_causal=True, need_weights=False)[0]", X, CAUSAL),
        (ATTENTION + "  # m(a, a, a, key_padding_mask=~b, need_weights=False)[0]", X, KEYS),
        (ATTENTION + "  # m(a, b, b, attn_mask=~c, key_padding_mask=~d, need_weights=False)[0]", X, Y, SOME, OTHERS),
        (ATTENTION + "  # m(a, a, a, attn_mask=b, need_weights=False)[0]", X, (3, 3)),
        (ATTENTION + "  # m(a, a, a, attn_mask=b.flatten(0, 1), need_weights=False)[0]", X, (2, 2, 3, 3)),
        ("Grouped(8, 4, 2)  # m(a / 2)", (2, 3, 8)), ("Grouped(8, 4, 1)  # m(a / 2, True)", (2, 3, 8)),
        ("Grouped(8, 2, 1, True)  # m(a / 2, True)", (2, 3, 8)),
        ("Rotary(False)", (2, 3, 4)), ("Rotary(True)", (2, 3, 4)), ("Rotary(True)", (1, 2, 5, 6)), ("Sinusoidal()", (2, 5, 6)),
    ],
    "transformers": [
        (ENCODER, X), (ENCODER, (3, 4)), (ENCODER, X, "eval"),
        ("nn.TransformerEncoderLayer(4, 2, 6, 0.5, batch_first=True)", X, "eval"),
        ("nn.TransformerEncoderLayer(4, 2, 6, 0.0, 'gelu', batch_first=True, norm_first=True)", X),
        ("nn.TransformerEncoderLayer(4, 1, 3, 0.0, layer_norm_eps=0.1, batch_first=True, bias=False)", X),
        (ENCODER + "  # m(a, ~b, ~c)", X, CAUSAL, KEYS), (ENCODER + "  # m(a, ~b, is_causal=True)", X, CAUSAL),
        (DECODER, X, Y), (DECODER, (3, 4), (5, 4)), (DECODER, X, Y, "eval"),
        ("nn.TransformerDecoderLayer(4, 2, 6, 0.0, 'gelu', batch_first=True, norm_first=True)", X, Y),
        (DECODER + "  # m(a, b, ~c, ~d, ~e, ~f)", X, Y, CAUSAL, SOME, KEYS, OTHERS),
        (encoder(ENCODER, ""), X), (encoder(ENCODER, ", nn.LayerNorm(4)"), X),
        (encoder(ENCODER, "") + "  # m(a, ~b, ~c)", X, CAUSAL, KEYS),
        (f"nn.TransformerDecoder({MILD}, 2)", X, Y), (f"nn.TransformerDecoder({MILD}, 2, nn.LayerNorm(4))", X, Y),
    ],
}
