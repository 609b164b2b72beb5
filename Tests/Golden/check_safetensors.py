"""Reads a file that Martlet wrote with the format's own library and compares it with the contents of
Fixtures/tensors.safetensors, which are in make_safetensors.py:

    python3 Tests/Golden/check_safetensors.py FILE
"""

import sys

import pins

pins.check("numpy", "safetensors")

import numpy as np
from safetensors import deserialize, safe_open

from make_safetensors import METADATA, TENSORS

NAMES = {
    "F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "I64": "int64",
    "I32": "int32", "I16": "int16", "I8": "int8", "U8": "uint8", "BOOL": "bool",
}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    path = sys.argv[1]
    with safe_open(path, framework="np") as file:
        metadata = file.metadata()
    with open(path, "rb") as file:
        found = dict(deserialize(file.read()))
    faults = []
    if metadata != METADATA:
        faults.append(f"metadata {metadata}; {METADATA} expected")
    if found.keys() != TENSORS.keys():
        faults.append(f"names {sorted(found)}; {sorted(TENSORS)} expected")
    for name in found.keys() & TENSORS.keys():
        dtype, values = TENSORS[name]
        tensor = found[name]
        have = (NAMES.get(tensor["dtype"]), tuple(tensor["shape"]), bytes(tensor["data"]))
        want = (dtype, values.shape, np.ascontiguousarray(values).tobytes())
        if have != want:
            faults.append(f"{name!r}: {have}; {want} expected")
    if faults:
        sys.exit("\n".join(f"{path}: {fault}" for fault in faults))
    print(f"{path}: {len(found)} tensors and the metadata are as expected")


main()
