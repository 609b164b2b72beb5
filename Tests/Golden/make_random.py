"""Writes Fixtures/numpy_random.json: streams of NumPy's legacy RandomState.

A case is a seed, a list of draws made one after the other, and the state they leave (its 624 words only for
the mixed cases, to keep the file small). Doubles are the sixteen hexadecimal digits of their bits.
"""

import json
import struct

import pins

pins.check("numpy")

import numpy as np

SEEDS = [0, 1, 42, 2**32 - 1]
BOUNDS = [1, 2, 3, 10, 100000, 2**31, 2**32, 2**32 + 1, 2**40]


def bits(values):
    return [struct.pack(">d", value).hex() for value in np.atleast_1d(values)]


def integers(values):
    return [int(value) for value in values]


def draw(stream, kind, argument, count):
    """One step: what was asked, and what NumPy gave."""
    if kind == "rand":
        values = bits(stream.rand(count))
    elif kind == "randn":
        values = bits(stream.randn(count))
    elif kind == "randint":
        values = integers(stream.randint(0, argument, count, dtype=np.int64))
    elif kind == "permutation":
        values = integers(stream.permutation(count))
    elif kind == "shuffle":
        array = np.arange(count) * 7 + 3
        stream.shuffle(array)
        values = integers(array)
    return {"kind": kind, "bound": argument, "count": count, "values": values}


def case(name, seed, steps):
    stream = np.random.RandomState(seed)
    draws = [draw(stream, *step) for step in steps]
    _, words, position, has_gauss, gauss = stream.get_state()
    return {
        "name": name,
        "seed": seed,
        "draws": draws,
        "words": integers(words) if name == "mixed" else None,
        "position": int(position),
        "gaussian": bits(gauss)[0] if has_gauss else None,
    }


def cases(seed):
    # 701 doubles pass two refills of the 624 words; 7 and 5 normals leave one of a pair over.
    yield case("rand", seed, [("rand", 0, 7), ("rand", 0, 701)])
    yield case("randn", seed, [("randn", 0, 7), ("randn", 0, 1), ("randn", 0, 101)])
    yield case("interleaved", seed, [("randn", 0, 5), ("rand", 0, 3), ("randn", 0, 2), ("rand", 0, 1)])
    yield case("randint", seed, [("randint", bound, 25) for bound in BOUNDS])
    yield case("permutation", seed, [("permutation", 0, count) for count in [0, 1, 2, 10, 257]])
    yield case("shuffle", seed, [("shuffle", 0, count) for count in [0, 1, 2, 33]])
    yield case(
        "mixed",
        seed,
        [
            ("permutation", 0, 9),
            ("randn", 0, 3),
            ("randint", 1, 4),
            ("randint", 2**32 + 1, 3),
            ("rand", 0, 5),
            ("shuffle", 0, 12),
            ("randint", 10, 11),
            ("randn", 0, 2),
        ],
    )


fixture = {"numpy": np.__version__, "cases": [one for seed in SEEDS for one in cases(seed)]}
text = json.dumps(fixture, sort_keys=True, separators=(",", ":"))
(pins.FIXTURES / "numpy_random.json").write_text(text + "\n")
