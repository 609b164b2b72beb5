"""Writes Fixtures/modules.json and rarer_modules.json: whole modules, their state and their derivatives, as PyTorch
computes them.

A line of a table is the expression that makes a module and its inputs: a shape for drawn numbers, or the numbers
themselves (with a decimal point for numbers that ask for gradients; integers are indices or lengths, booleans a
mask). "eval" among them sets the mode, another string is a note that tells two cases apart. A module that is not
just called with its inputs, one after the other, has its call after "#": "nn.LSTM(3, 4)  # m(a, (b, c))[0]", m the
module and a, b, c the inputs. Outputs may be nested: they are listed as they come.

The state, that is parameters and buffers under the names of state_dict, is drawn before the call: variances above 0,
counts of 3. A case holds it, the inputs, the gradient "seed" of each output (null for one without history), and
for both precisions what PyTorch computed in that precision: outputs, gradients of inputs and parameters (null for
one that nothing depends on), and the entries of the state that the call has changed.

batchnorm.safetensors: the state of a model whose statistics have seen one batch.
"""

import json
import zlib

import pins

pins.check("torch", "numpy", "safetensors")

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

import activations
import attention_modules
import further
import modules
import pooling
import rarer
import recurrences
from make_operations import DTYPES, listed

FIXTURES = {
    "modules": [activations, modules, pooling, recurrences, attention_modules, further],
    "rarer_modules": [rarer],
}
LETTERS = "abcdefgh"


def drawn(random, shape, least=-2):
    """Three decimals, so that the precisions begin with different roundings of them."""
    return np.round(random.uniform(least, 2, shape), 3)


def given_input(random, given):
    if isinstance(given, tuple):
        return drawn(random, given)
    return np.array(given)


def starting_state(random, module):
    state = {}
    for name, tensor in module.state_dict().items():
        if not tensor.is_floating_point():
            state[name] = np.full(tensor.shape, 3)
        else:
            state[name] = drawn(random, tuple(tensor.shape), 0.25 if name.endswith("var") else -2)
    return state


def flattened(outputs):
    if isinstance(outputs, torch.Tensor):
        return [outputs]
    return [tensor for part in outputs if part is not None for tensor in flattened(part)]


def plain(array):
    array = np.asarray(array)
    kind = {"f": "number", "i": "index", "b": "mask"}[array.dtype.kind]
    return {"kind": kind, "shape": list(array.shape), "values": array.astype(float).flatten().tolist()}


def tensor_of(array, dtype):
    return torch.tensor(array, dtype=dtype if array.dtype.kind == "f" else None)


def results(expression, functions, mode, state, inputs, draw_seeds, dtype):
    """What PyTorch makes of a module in one precision; and the outputs' shapes and seeds."""
    make, _, call = expression.partition("#")
    module = eval(make, {"torch": torch, "nn": nn, "F": F, **functions}).to(dtype).train(mode == "train")
    module.load_state_dict({name: tensor_of(array, dtype) for name, array in state.items()})
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    given = [tensor_of(array, dtype) for array in inputs]
    leaves = [tensor.requires_grad_() for tensor in given if tensor.is_floating_point()]
    parameters = dict(module.named_parameters())
    names = {"m": module, **functions, **dict(zip(LETTERS, given))}
    outputs = flattened(eval(call.strip(), names) if call else module(*given))
    seeds = draw_seeds(outputs)
    differentiable = [i for i, seed in enumerate(seeds) if seed is not None]
    gradients = [None] * (len(leaves) + len(parameters))
    if differentiable and gradients:
        gradients = torch.autograd.grad(
            [outputs[i] for i in differentiable], [*leaves, *parameters.values()],
            [torch.tensor(seeds[i], dtype=dtype) for i in differentiable], allow_unused=True)
    numbers = [None if gradient is None else listed(gradient, dtype) for gradient in gradients]
    after = module.state_dict()
    made = {
        "outputs": [listed(output.to(dtype), dtype) for output in outputs],
        "inputGradients": numbers[:len(leaves)],
        "gradients": dict(zip(parameters, numbers[len(leaves):])),
        "after": {
            name: listed(tensor.to(dtype), dtype) for name, tensor in after.items()
            if not torch.equal(tensor, before[name])},
    }
    return made, [list(output.shape) for output in outputs], seeds


def case(functions, family, expression, *given):
    """The fixture's entry for a line of a table; its numbers do not depend on the other lines."""
    words = [one for one in given if isinstance(one, str)]
    given = [one for one in given if not isinstance(one, str)]
    mode = "eval" if "eval" in words else "train"
    shapes = [list(one if isinstance(one, tuple) else np.shape(one)) for one in given]
    name = f"{expression} of " + ", ".join([*map(str, shapes), *words])
    seed_of_name = zlib.crc32(name.encode())
    random = np.random.RandomState(seed_of_name)
    inputs = [given_input(random, one) for one in given]
    state = starting_state(random, eval(expression.partition("#")[0], {"nn": nn, "torch": torch, **functions}))

    def draw_seeds(outputs):
        """Quarters: sums of a few are exact."""
        random = np.random.RandomState(seed_of_name + 1)
        seeds = [random.choice([-8, -6, -5, -3, -2, 1, 2, 3, 4, 7], tuple(one.shape)) / 4 for one in outputs]
        return [seed if one.requires_grad else None for one, seed in zip(outputs, seeds)]

    made = {}
    for precision, dtype in DTYPES.items():
        made[precision], shapes, seeds = results(
            expression, functions, mode, state, inputs, draw_seeds, dtype)
    return {
        "family": family, "name": name, "expression": expression, "isTraining": mode == "train",
        "state": {name: plain(array) for name, array in state.items()}, "inputs": [plain(one) for one in inputs],
        "shapes": shapes, "seeds": [None if seed is None else seed.flatten().tolist() for seed in seeds], **made,
    }


def write_tracked_model():
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    with torch.no_grad():
        for i, parameter in enumerate(model.parameters()):
            parameter.copy_(torch.arange(parameter.numel()).reshape(parameter.shape) / 8 + i)
        model(torch.tensor([[0.5, 1, -1], [2, 0.25, 0], [1, 1, 3]]))
    save_file(model.state_dict(), pins.FIXTURES / "batchnorm.safetensors")


def main():
    write_tracked_model()
    names = []
    for fixture, tables in FIXTURES.items():
        made = [
            case(table.FUNCTIONS, family, *line)
            for table in tables for family, lines in table.CASES.items() for line in lines
        ]
        names += [entry["name"] for entry in made]
        lines = ",\n".join(json.dumps(one, separators=(",", ":"), allow_nan=False) for one in made)
        (pins.FIXTURES / f"{fixture}.json").write_text("[\n" + lines + "\n]\n")
    twice = {name for name in names if names.count(name) > 1}
    assert not twice, twice


if __name__ == "__main__":
    main()
