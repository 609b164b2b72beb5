"""Writes Fixtures/*.safetensors with the format's own library.

tensors.safetensors has every element type that Martlet reads, a scalar, empty tensors and difficult names;
foreign.safetensors has element types that it does not read; nothing.safetensors has no tensor.
Several metadata keys would come in a random order, so there is one.
"""

import pins

pins.check("numpy", "safetensors")

import numpy as np
from safetensors import TensorSpec, serialize

TENSORS = {
    "weight": ("float32", np.array([[0.5, -1.25, 3], [1e-45, np.inf, -0.0]], np.float32)),
    "bias": ("float64", np.array([0.1, -1e300])),
    "half": ("float16", np.array([1, -2.5, 65504], np.float16)),
    "brain": ("bfloat16", np.array([0x3F80, 0xC020], np.uint16)),
    "long": ("int64", np.array([-2**63], np.int64)),
    "int": ("int32", np.array([-1, 2**31 - 1], np.int32)),
    "short": ("int16", np.array([[-300]], np.int16)),
    "tiny": ("int8", np.array([-128, 127], np.int8)),
    "byte": ("uint8", np.array([0, 255], np.uint8)),
    "mask": ("bool", np.array([True, False, True])),
    "scalar": ("float32", np.array(7, np.float32)),
    "empty": ("float32", np.zeros((0, 3), np.float32)),
    "": ("int8", np.zeros(0, np.int8)),
    "a \"b\" \\ c/d \u00e9 \u65e5 \U0001F600 \b\t\n\x01\x7f\u2028": ("int32", np.array([42], np.int32)),
}
METADATA = {"format": "x\"y\\z/\u00e9\n"}

FOREIGN = {
    "known": ("float32", np.array([1, 2], np.float32)),
    "unsigned": ("uint16", np.array([1, 2, 3], np.uint16)),
    "eight bits": ("float8_e4m3fn", np.array([0x38], np.uint8)),
}


def write(name, tensors, metadata=None):
    specs = {
        key: TensorSpec(
            dtype=dtype, shape=values.shape, data_ptr=values.ctypes.data, data_len=values.nbytes)
        for key, (dtype, values) in tensors.items()
    }
    (pins.FIXTURES / name).write_bytes(bytes(serialize(specs, metadata=metadata)))


if __name__ == "__main__":
    write("tensors.safetensors", TENSORS, METADATA)
    write("foreign.safetensors", FOREIGN)
    write("nothing.safetensors", {})
