"""Writes Fixtures/starts.json: how PyTorch's layers begin.

For each layer and each of its parameters: the shape, the mean of the numbers, of their squares and of their fourth powers,
and the largest magnitude, in float64. The layers are wide, so that a sample's moments say which distribution it is of.
"""

import json

import pins

pins.check("torch")

import torch
from torch import nn

LAYERS = [
    "nn.Linear(300, 1500)", "nn.Bilinear(30, 20, 1500)", "nn.Conv1d(40, 1500, 3)", "nn.Conv2d(24, 1600, 3, groups=2)",
    "nn.Conv3d(5, 1500, 2)", "nn.ConvTranspose1d(40, 1500, 3)", "nn.ConvTranspose2d(24, 1600, 3, groups=2)",
    "nn.ConvTranspose3d(5, 1500, 2)", "nn.Embedding(400, 50, padding_idx=3)", "nn.RNN(40, 1500)",
    "nn.LSTM(30, 400, num_layers=2)", "nn.GRU(30, 500, bidirectional=True)", "nn.RNNCell(30, 1500)", "nn.LSTMCell(30, 400)",
    "nn.GRUCell(30, 500)", "nn.MultiheadAttention(120, 4)", "nn.MultiheadAttention(120, 4, kdim=60, vdim=40)",
    "nn.BatchNorm2d(7)", "nn.LayerNorm([3, 5])", "nn.GroupNorm(2, 6)", "nn.InstanceNorm2d(4, affine=True)", "nn.RMSNorm(6)",
    "nn.PReLU(3)", "nn.TransformerEncoderLayer(100, 4, dim_feedforward=1600)",
]

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)


def described(parameter):
    x = parameter.detach()
    return {
        "shape": list(x.shape), "mean": x.mean().item(), "square": (x**2).mean().item(), "fourth": (x**4).mean().item(),
        "largest": x.abs().max().item(),
    }


cases = []
for expression in LAYERS:
    module = eval(expression)
    cases.append({
        "layer": expression,
        "parameters": {name: described(parameter) for name, parameter in module.named_parameters()},
    })
(pins.FIXTURES / "starts.json").write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
