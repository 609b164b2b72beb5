"""Reads files that Martlet wrote with the libraries of their formats:

    python3 Tests/Golden/check_files.py FOLDER

The folder holds own.npy, own.npz, deflated.npz, own.pt and own.safetensors.index.json, as the test
ForeignReaderTests writes them if MARTLET_PYTHON names an interpreter with the pinned libraries.
"""

import json
import pathlib
import sys

import pins

pins.check("numpy", "torch", "safetensors")

import numpy as np
import torch
from safetensors.torch import load_file

EXPECTED = {
    "weight": np.arange(6, dtype="f4").reshape(2, 3),
    "bias": np.array([0.1, -1e300]),
    "count": np.array(-7),
    "flag": np.array([True, False]),
    "half": np.array([1, -2.5, np.inf], "f2"),
    "caf\u00e9": np.zeros((3, 0), "f4"),
}


def compare(name, found):
    assert found.keys() == EXPECTED.keys(), f"{name}: names {sorted(found)}"
    for key, expected in EXPECTED.items():
        values = np.asarray(found[key])
        same = values.dtype == expected.dtype and values.shape == expected.shape
        assert same and values.tobytes() == expected.tobytes(), f"{name}: {key} is {values!r}"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    array = np.load(folder / "own.npy")
    assert array.dtype == np.float32 and (array == EXPECTED["weight"]).all(), f"own.npy: {array!r}"
    for name in ("own.npz", "deflated.npz"):
        compare(name, dict(np.load(folder / name)))
    compare("own.pt", torch.load(folder / "own.pt", weights_only=True))
    index = json.loads((folder / "own.safetensors.index.json").read_text())
    files = sorted(set(index["weight_map"].values()))
    compare("own.safetensors.index.json", {k: v for file in files for k, v in load_file(folder / file).items()})
    print(f"{folder}: NumPy, PyTorch and safetensors read every file as expected")


main()
