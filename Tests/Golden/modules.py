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


FUNCTIONS = {"OutputCell": OutputCell}

RAMP = [-4, -2.5, -1, -0.25, 0.0, 0.001, 0.5, 1, 3]

CASES = {
    "simple": [
        ("nn.Linear(3, 5)", (4, 3)), ("nn.Linear(3, 5)", (2, 4, 3)), ("nn.Linear(3, 5)", (3,)),
        ("nn.Linear(3, 5, bias=False)", (4, 3)), ("nn.Embedding(5, 3)", [[1, 4, 1, 1], [0, 4, 2, 1]]),
        ("nn.Tanh()", RAMP), ("nn.Sigmoid()", RAMP), ("nn.ReLU()", RAMP),
        ("nn.GELU()", RAMP), ("nn.GELU(approximate='tanh')", RAMP),
        ("nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2, bias=False), nn.Sigmoid())", (5, 3)),
        ("nn.Dropout(0.5)", (2, 3), "eval"),
    ],
    "recurrent": [
        ("nn.RNNCell(4, 5)", (3, 4), (3, 5)), ("nn.RNNCell(4, 5, nonlinearity='relu')", (3, 4), (3, 5)),
        ("OutputCell(4, 5, 2)", (3, 4), (3, 5)),
    ],
    "normalization": [
        ("nn.LayerNorm(5)", (2, 3, 5)), ("nn.LayerNorm([3, 4], eps=1e-3)", (2, 3, 4)),
        ("nn.LayerNorm(5, bias=False)", (4, 5)), ("nn.LayerNorm(5, elementwise_affine=False)", (4, 5)),
    ],
}
