"""Writes Fixtures/printing.json: arrays and what NumPy's str makes of them.

A case holds the element type, the shape, the text and the elements: their bits in hexadecimal, one after
another in row-major order, or null where every element is its own row-major index.
"""

import json

import pins

pins.check("numpy")

import numpy as np
rng = np.random.default_rng(20240917)
cases = []


def add(name, values, dtype, shape=None):
    array = np.array(values, dtype=dtype)
    if shape is not None:
        array = array.reshape(shape)
    unsigned = np.uint8 if array.dtype == bool else f"u{array.dtype.itemsize}"
    width = 2 * array.dtype.itemsize
    bits = "".join(f"{int(b):0{width}x}" for b in array.view(unsigned).ravel())
    cases.append(dict(name=name, dtype=str(array.dtype), shape=list(array.shape), bits=bits, text=str(array)))


def add_indices(name, shape, dtype):
    array = np.arange(np.prod(shape), dtype=dtype).reshape(shape)
    cases.append(dict(name=name, dtype=str(array.dtype), shape=list(shape), bits=None, text=str(array)))


floats = ("f4", "f8")
inf, nan = np.inf, np.nan

# Rank 0: all the digits, and other bounds of the exponent form than in arrays.
for value in (0, -0.0, 1, -1.5, 0.1, 1 / 3, 1e-4, 1.0000001e-4, 9.99e-5, 123456.789, 999999.9, 1e6, 16777216,
              1e15, 9999999999999998, 1e16, 1.5e16, 3.4e38, 1e-45, 5e-324, nan, inf, -inf):
    for dtype in floats:
        with np.errstate(over="ignore"):
            add(f"rank 0: {value}", value, dtype)
for value, dtype in ((3, "i8"), (-2**63, "i8"), (-7, "i4"), (255, "u1"), (True, "?"), (False, "?")):
    add(f"rank 0: {value}", value, dtype)

# Nothing to show.
for shape in ((0,), (2, 0, 3), (0, 4), (5, 0)):
    for dtype in ("f4", "f8", "i8", "?"):
        add("empty", np.zeros(shape), dtype)

# Columns of numbers, in both precisions.
columns = {
    "whole": [1, 2, 3],
    "one": [-1.5],
    "mixed widths": [1.5, 22.25, 333.125, -4.0625],
    "more than eight decimals": [np.pi, np.e, -np.sqrt(2), 1 / 3],
    "ties at the eighth decimal": [2.0**-9, 3 * 2.0**-9, 5 * 2.0**-9, 1 + 2.0**-9],
    "carry at the eighth decimal": [0.999999999, 9.9999999996, 1],
    "tenths": [0.1, 0.2, 0.3, 0.7],
    "largest without exponent, single": [999999.9, 1e4],
    "largest with exponent, single": [1e6, 1e4],
    "largest without exponent": [99999999.0, 1e6],
    "largest with exponent": [1e8, 1e6],
    "smallest without exponent": [1e-4, 1e-2],
    "smallest with exponent": [9.9e-5, 1e-2],
    "thousandfold": [0.5, 500],
    "more than thousandfold": [0.5, 500.5],
    "nine digits and few": [0.1, 1234.5677, 16777216, 0.33333334],
    "huge": [1e30, -3.4e38, 1],
    "tiny": [1e-30, -1e-5, 1],
    "three digits of exponent": [1e100, 1, 1e-5],
    "carry into the exponent": [9.99999999996e9, 1],
    "beyond single": [1.7976931348623157e308, 2.2250738585072014e-308],
    "smallest of all": [5e-324, 1.401298464324817e-45],
    "denormals": [1e-310, 1.1754942e-38, 4e-45, -3e-323],
    "powers of two": [2.0**k for k in (-126, -40, -24, -9, -1, 0, 13, 24, 44, 100)],
    "a shortest text that is not the nearest, single": [2.0**-96, 2.0**87],
    "powers of two near one": [2.0**-k for k in range(13)],
    "zeros": [0, 0, 0],
    "negative zeros": [-0.0, 0, -0.0],
    "zeros among others": [0, -0.0, 1e-7, 12],
    "nan alone": [nan],
    "nan first": [nan, 1.5, 2],
    "nan last": [1, 2, nan],
    "infinity in the middle": [1, inf, 2.25],
    "negative infinity": [1, -inf, 2.25],
    "no finite numbers": [nan, inf, -inf],
    "only infinity": [inf, inf],
    "narrow numbers and infinity": [1, 2, -inf],
    "nan among exponents": [1e10, nan, -inf, 1e-10],
    "negative numbers and nan": [-1, -22.5, nan],
    "odd in single": [0.1, 1e-5, 16777216, 3.4e38],
    "near ties in single": [4194304.25, 8388607.5, 8.5899346e9, 33554450],
}
for name, values in columns.items():
    for dtype in floats:
        with np.errstate(over="ignore"):
            add(name, values, dtype)

# Integers and masks.
add("integers", [1, -22, 333], "i8")
add("extremes", [2**63 - 1, -2**63, 0], "i8")
add("extremes", [2**31 - 1, -2**31, 0], "i4")
add("a short negative", [-1, 100], "i4")
add("a long negative", [-100, 1], "i4")
add("bytes", [0, 7, 255], "u1")
add("table of integers", np.arange(-6, 6), "i8", (3, 4))
add("table of bytes", np.arange(12), "u1", (2, 3, 2))
add("mask", [True, False, True], "?")
add("only true", [True, True], "?")
add("table of masks", np.arange(6) % 3 == 0, "?", (2, 3))

# Lines and brackets.
for count in (17, 18, 19, 25, 26, 37, 38, 100):
    add("wrapped integers", np.arange(count), "i4")
for count in (12, 13, 15, 24, 25, 60):
    add("wrapped masks", np.arange(count) % 2 == 0, "?")
add("wrapped whole numbers", np.arange(60), "f4")
add("wrapped with padding at the ends", np.where(np.arange(40) % 5, np.arange(40) / 8, np.arange(40)), "f8")
# Read, not computed: NumPy's power rounds as the CPU's vectors do.
add("wrapped exponents", [float(f"1e{k}") for k in range(-9, 9)], "f8")
for shape in ((4, 30), (2, 2, 25), (1, 1, 1, 40)):
    add("wrapped rows", rng.normal(size=shape), "f4")
for shape in ((1,), (3, 1), (1, 3), (2, 3), (2, 3, 4), (2, 1, 2, 3), (2, 1, 3, 1, 2), (1, 1, 1, 1, 1)):
    for dtype in floats:
        add("random", rng.normal(size=shape) * 10, dtype)
    add("random integers", rng.integers(-1000, 1000, shape), "i8")
for exponent in (-12, -4, -1, 2, 5, 8):
    for dtype in floats:
        add("random of one size", rng.normal(size=(3, 4)) * 10.0**exponent, dtype)

# Summaries.
add_indices("just not summarised", (1000,), "i4")
add_indices("just summarised", (1001,), "i4")
for shape in ((40, 40), (2, 600), (600, 2), (6, 200), (7, 200), (11, 12, 13), (3, 4, 5, 60), (7, 1, 7, 3, 8)):
    add_indices("summarised indices", shape, "f8")
add_indices("a wide number outside the summary does not count", (1005, 1), "i8")
add_indices("a hundred million elements", (10_000, 10_000), "i4")
add("summarised", rng.normal(size=1001), "f4")
add("summarised table", rng.normal(size=(40, 40)) * 100, "f4")
add("summarised mask", rng.random((40, 40)) < 0.5, "?")
hidden = np.ones(1200)
hidden[600] = 1e20
add("a large number outside the summary does not count", hidden, "f4")

path = pins.FIXTURES / "printing.json"
lines = ",\n".join(json.dumps(case, sort_keys=True) for case in cases)
path.write_text(f"[\n{lines}\n]\n")
print(f"{path.name}: {len(cases)} cases, {path.stat().st_size} bytes")
