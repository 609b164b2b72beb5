"""Writes Fixtures/Files with the libraries of the formats: NumPy's npy and npz, PyTorch's zip files, sharded
safetensors, IDX; and hostile pickles by hand. The expected values stand in the tests.
"""

import pins

pins.check("numpy", "torch", "safetensors")

import collections
import gzip
import json
import pickle
import struct
import zipfile

import numpy as np
import torch
from safetensors.torch import save_file

FOLDER = pins.FIXTURES / "Files"

ARRAYS = {
    "fortran": np.asfortranarray(np.arange(24, dtype="<f8").reshape(2, 3, 4)),
    "big": np.array([1, -2, 2**31 - 1], ">i4"),
    "half": np.array([1, -2.5, 65504, 2**-24, np.inf], "<f2"),
    "bool": np.array([True, False, True]),
    "scalar": np.array(0.1, "<f8"),
    "byte": np.array([0, 255], "u1"),
    "complex": np.array([1 + 2j, -0.5j], ">c16"),
    "empty": np.zeros((0, 3), "<f4"),
    "caf\u00e9/weight": np.array([[1.5, -1]], "<f4"),
    "record": np.zeros(2, [("a", "<f4")]),
    "text": np.array(["ab"]),
}


class Code:
    """An object whose pickle calls a function of the system."""

    def __reduce__(self):
        import os

        return os.system, ("touch /tmp/martlet-ran-code",)


def numpy_files():
    np.savez(FOLDER / "arrays.npz", **ARRAYS)
    np.savez_compressed(FOLDER / "deflated.npz", ones=np.ones((200, 50), "<f4"), ramp=np.arange(5))
    np.save(FOLDER / "big.npy", np.arange(6, dtype=">f8").reshape(3, 2))
    np.save(FOLDER / "small.npy", np.array([[1, 2.5, -3], [4, 5, 6]], "<f4"))


def save(value, name, **options):
    torch.save(value, FOLDER / name, **options)


def pytorch_files():
    base = torch.arange(12.0).reshape(3, 4)
    state = collections.OrderedDict(
        transposed=base.t(), column=base[:, 1], rows=base[1:], expanded=torch.ones(1).expand(2, 3),
        brain=torch.tensor([1.5, -2], dtype=torch.bfloat16), half=torch.tensor([0.1], dtype=torch.half),
        parameter=torch.nn.Parameter(torch.ones(2)), wide=torch.tensor([1, 65535], dtype=torch.uint16),
        complex=torch.tensor([1 + 2j]), flag=torch.tensor([True, False]), count=torch.tensor(5),
        empty=torch.zeros(0, 3), base=base)
    checkpoint = {
        "state": state, "epoch": 3, "rate": 0.1, "large": 2**70, "below": -3, "nothing": None,
        "list": [torch.zeros(1), {7: torch.ones(1)}], "size": torch.Size([2]), "device": torch.device("cpu")}
    save(checkpoint, "checkpoint.pt")
    for protocol in (3, 4, 5):
        tensors = {"a": torch.tensor([1.0, 2.0]), "b": {"c": torch.zeros(1)}}
        save(tensors, f"protocol{protocol}.pt", pickle_protocol=protocol)
    layer = {"0.weight": torch.tensor([[1.0, 2, 3], [4, 5, 6]]), "0.bias": torch.tensor([7.0, 8])}
    save(layer, "layer.pt")
    save({"a": torch.ones(1), "best": np.float64(3)}, "scalar.pt")
    save_file({"0.weight": layer["0.weight"]}, FOLDER / "part-1.safetensors")
    save_file({"0.bias": layer["0.bias"]}, FOLDER / "part-2.safetensors")
    map = {"0.bias": "part-2.safetensors", "0.weight": "part-1.safetensors"}
    index = {"metadata": {"total_size": 32}, "weight_map": map}
    (FOLDER / "model.safetensors.index.json").write_text(json.dumps(index, indent=2))


def archive(name, data):
    """A zip archive of an entry data.pkl of these bytes, with a fixed date."""
    with zipfile.ZipFile(FOLDER / name, "w") as file:
        file.writestr(zipfile.ZipInfo("archive/data.pkl"), data)


def hostile_files():
    archive("code.pt", pickle.dumps({"weight": Code()}, protocol=2))
    # A list that contains itself, and 2^40 paths to nothing.
    archive("cycle.pt", b"\x80\x02]q\x00h\x00a.")
    doubled = b"".join(b"](h%ch%ceq%c0" % (i, i, i + 1) for i in range(40))
    archive("bomb.pt", b"\x80\x02]q\x000" + doubled + b"h\x28.")


def outside_file():
    """A tensor of three elements in a storage of two."""
    text = b"X%b%b"
    storage, key, device = (text % (struct.pack("<I", len(t)), t) for t in (b"storage", b"0", b"cpu"))
    identifier = b"(" + storage + b"ctorch\nFloatStorage\n" + key + device + b"K\x02tQ"
    arguments = b"(" + identifier + b"K\x00K\x03\x85K\x01\x85\x89ccollections\nOrderedDict\n)Rt"
    archive("outside.pt", b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n" + arguments + b"R.")


def idx_files():
    data = struct.pack(">BBBBII", 0, 0, 8, 2, 2, 3) + bytes([1, 2, 3, 4, 5, 255])
    (FOLDER / "images.idx").write_bytes(data)
    (FOLDER / "images.idx.gz").write_bytes(gzip.compress(data, mtime=0))
    (FOLDER / "numbers.idx").write_bytes(struct.pack(">BBBBIff", 0, 0, 13, 1, 2, 1.5, -2))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    numpy_files()
    pytorch_files()
    hostile_files()
    outside_file()
    idx_files()
