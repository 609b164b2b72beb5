"""Writes Fixtures/layers.json and sequential.safetensors: what PyTorch computes.

layers.json: a list of cases for each precision, of losses and one model, with the tensors that go in, the output,
the gradient "seed" that goes back, and gradients under "d " + the name of the input. sequential.safetensors: a
model's state.
"""

import json

import pins

pins.check("torch", "numpy", "safetensors")

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

DTYPES = {"float32": torch.float32, "float64": torch.float64}
REDUCTIONS = ["none", "sum", "mean"]


class Numbers:
    """Inputs from a stream that NumPy keeps the same over versions."""

    def __init__(self, seed, dtype):
        self.random = np.random.RandomState(seed)
        self.dtype = dtype

    def normal(self, *shape):
        return torch.tensor(self.random.standard_normal(shape), dtype=self.dtype)

    def distributions(self, rows, classes):
        weights = self.random.uniform(0.1, 1, (rows, classes))
        return torch.tensor(weights / weights.sum(1, keepdims=True), dtype=self.dtype)


def plain(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().flatten().tolist()}


def case(name, numbers, function, tensors, indices=None):
    """Runs a function forward and back, and lists all that went in and came out."""
    leaves = {key: value.clone().requires_grad_() for key, value in tensors.items()}
    output = function(**leaves, **(indices or {}))
    seed = numbers.normal(*output.shape)
    output.backward(seed)
    shown = {**leaves, **(indices or {}), "output": output, "seed": seed}
    listed = {key: plain(value) for key, value in shown.items()}
    listed.update({"d " + key: plain(leaf.grad) for key, leaf in leaves.items()})
    return {"name": name, "tensors": listed}


def loss_cases(numbers):
    normal = numbers.normal
    labels = torch.tensor([2, 0, 3, 3, 1])
    extreme = torch.tensor(
        [[1e4, -1e4, 0, 1], [-1e4] * 4, [1e4, 1e4, -1e4, 9999], [0, 1, 2, 1e4], [-1e4, 3, 2, 1]],
        dtype=numbers.dtype)
    for reduction in REDUCTIONS:
        yield case(
            f"mse {reduction}", numbers, lambda input, target: F.mse_loss(input, target, reduction=reduction),
            {"input": normal(5, 4), "target": normal(5, 4)})
        for name, logits in [("", normal(5, 4) * 2), ("extreme ", extreme)]:
            yield case(
                f"cross entropy of {name}labels {reduction}", numbers,
                lambda input, labels: F.cross_entropy(input, labels, reduction=reduction), {"input": logits},
                {"labels": labels})
            yield case(
                f"cross entropy of {name}distributions {reduction}", numbers,
                lambda input, target: F.cross_entropy(input, target, reduction=reduction),
                {"input": logits, "target": numbers.distributions(5, 4)})


def make_sequential(numbers):
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2, bias=False), nn.Sigmoid())
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(numbers.normal(*parameter.shape))
    save_file(model.state_dict(), pins.FIXTURES / "sequential.safetensors")
    return case("sequential", numbers, model.forward, {"input": numbers.normal(5, 3)})


def write(name, contents):
    text = json.dumps(contents, sort_keys=True, separators=(",", ":"), allow_nan=False)
    (pins.FIXTURES / name).write_text(text + "\n")


def main():
    layers = {}
    for name, dtype in DTYPES.items():
        numbers = Numbers(1, dtype)
        layers[name] = list(loss_cases(numbers))
        if name == "float32":
            layers[name].append(make_sequential(numbers))
    write("layers.json", layers)


if __name__ == "__main__":
    main()
