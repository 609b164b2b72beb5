"""Writes Fixtures/resnet.json: the logits of torchvision's ResNet-18 and ResNet-50 in evaluation, with weights and an
image of NumPy's legacy stream.

Of the 1,000,003 numbers u that the stream of seed 0 begins with, uniform in 0 ..< 1, the tensors of the state take one after
the other, in their order and from the start again when they are used up; counts are left out, and the image comes last.
Convolutions and the last layer are (2u − 1) √(3 / fan in), weights of norms (1 + u) / 2, variances 1/2 + u; all else is
(2u − 1) / 5, and the image 4u − 2.
"""

import json

import pins

pins.check("torch", "torchvision", "numpy")

import numpy as np
import torch
from vision import models

NUMBERS = np.random.RandomState(0).random_sample(1_000_003)


class Stream:
    """The numbers, round and round."""

    def __init__(self):
        self.at = 0

    def take(self, shape):
        count = int(np.prod(shape))
        places = (self.at + np.arange(count)) % NUMBERS.size
        self.at += count
        return NUMBERS[places].reshape(shape)


def filled(model, stream):
    state = model.state_dict()
    for name, tensor in state.items():
        if name.endswith("num_batches_tracked"):
            continue
        u = stream.take(tuple(tensor.shape))
        if tensor.dim() > 1:
            value = (2 * u - 1) * np.sqrt(3 / np.prod(tensor.shape[1:]))
        elif name.endswith("running_var"):
            value = 0.5 + u
        elif name.endswith("weight"):
            value = (1 + u) / 2
        else:
            value = (2 * u - 1) / 5
        tensor.copy_(torch.tensor(value))
    return model.eval()


def main():
    made = {}
    for name, make, size in ("resnet18", models.resnet18, 64), ("resnet50", models.resnet50, 224):
        for precision, dtype in ("float64", torch.float64), ("float32", torch.float32):
            stream = Stream()
            with torch.no_grad():
                model = filled(make().to(dtype), stream)
                image = torch.tensor(4 * stream.take((1, 3, size, size)) - 2, dtype=dtype)
                logits = model(image)[0]
            digits = 17 if precision == "float64" else 9
            made[f"{name} {precision}"] = [float(f"{x:.{digits}g}") for x in logits.tolist()]
    (pins.FIXTURES / "resnet.json").write_text(json.dumps(made, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
