"""Writes Fixtures/reductions.json: sums, means, variances, extremes and their places by NumPy.

A case is a rank-3 layout of small integers with ties, described by the shape in memory and what makes the
view: the order of the axes, the step along each, and the shape to broadcast to. Results are given for every
set of axes, and for one axis where an index is asked for; null stands for NaN.
"""

import itertools
import json
import math
import warnings

import pins

pins.check("numpy")

import numpy as np
warnings.simplefilter("ignore", RuntimeWarning)

# Name, shape in memory, permutation, steps, broadcast.
LAYOUTS = [
    ("contiguous", [2, 3, 4], [0, 1, 2], [1, 1, 1], None),
    ("transposed", [4, 3, 2], [2, 1, 0], [1, 1, 1], None),
    ("rotated", [3, 4, 2], [2, 0, 1], [1, 1, 1], None),
    ("stepped", [4, 3, 7], [0, 1, 2], [2, 1, 2], None),
    ("reversed", [2, 3, 4], [0, 1, 2], [-1, -1, -1], None),
    ("one axis reversed", [2, 3, 4], [0, 1, 2], [1, -1, 1], None),
    ("transposed and reversed", [4, 3, 2], [2, 1, 0], [1, -1, 1], None),
    ("broadcast rows", [1, 3, 4], [0, 1, 2], [1, 1, 1], [2, 3, 4]),
    ("broadcast columns", [2, 3, 1], [0, 1, 2], [1, 1, 1], [2, 3, 4]),
    ("broadcast middle", [2, 1, 4], [0, 1, 2], [1, 1, 1], [2, 3, 4]),
    ("broadcast and transposed", [4, 1, 2], [2, 1, 0], [1, 1, 1], [2, 3, 4]),
    ("extents of one", [1, 5, 1], [0, 1, 2], [1, 1, 1], None),
]


def view(shape, order, steps, target):
    count = math.prod(shape)
    memory = ((np.arange(count) * 5 + 3) % 7 - 3).reshape(shape)
    result = memory.transpose(order)[tuple(slice(None, None, step) for step in steps)]
    return memory, result if target is None else np.broadcast_to(result, target)


def numbers(values):
    flat = np.atleast_1d(values).ravel()
    if flat.dtype.kind in "iu":
        return [int(value) for value in flat]
    return [None if math.isnan(value) else float(value) for value in flat]


def results(x):
    operations = {
        "sum": lambda axes, keep: x.sum(axis=axes, keepdims=keep),
        "mean": lambda axes, keep: x.mean(axis=axes, keepdims=keep),
        "variance": lambda axes, keep: x.var(axis=axes, ddof=1, keepdims=keep),
        "population variance": lambda axes, keep: x.var(axis=axes, ddof=0, keepdims=keep),
        "max": lambda axes, keep: x.max(axis=axes, keepdims=keep),
        "min": lambda axes, keep: x.min(axis=axes, keepdims=keep),
    }
    subsets = [axes for size in range(x.ndim + 1) for axes in itertools.combinations(range(x.ndim), size)]
    for name, operation in operations.items():
        for axes in subsets:
            values = operation(axes, False)
            yield {
                "operation": name, "axes": list(axes), "shape": list(np.shape(values)),
                "kept": list(np.shape(operation(axes, True))), "values": numbers(values),
            }
    for name, operation in [("argmax", np.argmax), ("argmin", np.argmin)]:
        for axis in [None, *range(x.ndim)]:
            values = operation(x, axis=axis)
            shape = list(np.shape(values))
            axes = [] if axis is None else [axis]
            yield {"operation": name, "axes": axes, "shape": shape, "kept": shape, "values": numbers(values)}


made = []
for name, shape, order, steps, target in LAYOUTS:
    memory, x = view(shape, order, steps, target)
    made.append(
        {
            "name": name, "shape": shape, "memory": numbers(memory), "order": order, "steps": steps,
            "broadcast": target, "elements": numbers(x), "results": list(results(x)),
        }
    )
lines = ",\n".join(json.dumps(case, sort_keys=True, separators=(",", ":")) for case in made)
(pins.FIXTURES / "reductions.json").write_text("[\n" + lines + "\n]\n")
