"""Writes Fixtures/indexing.json: views, gathers, assignments, reshapes and joins by NumPy.

A case is an input of small integers, the steps that make a view or a copy of it, and what NumPy gives. With a
"value" the last step is assigned to, and the result is the whole input afterwards. Selections along axes are
lists: ["at", i], ["range", from, to], ["through", from, last], ["stride", from, to, by], ["newAxis"] and
["ellipsis"], with null for a bound that is left out. Indices and masks are ["indices", shape, values] and
["mask", shape, values]. A case with them has the gradients of the sum of the result by the weights of `weights`.
"""

import json

import pins

pins.check("numpy")

import numpy as np

NEW = ["newAxis"]
REST = ["ellipsis"]
ALL = ["range", None, None]


def at(i):
    return ["at", i]


def span(start, end):
    return ["range", start, end]


def through(start, last):
    return ["through", start, last]


def by(step, start=None, end=None):
    return ["stride", start, end, step]


def idx(values):
    values = described(np.asarray(values, dtype=np.int64))
    return ["indices", values["shape"], values["values"]]


def msk(values):
    values = described(np.asarray(values, dtype=bool))
    return ["mask", values["shape"], values["values"]]


def selection(item):
    """NumPy's spelling of a selection."""
    kind, *rest = item
    if kind == "at":
        return rest[0]
    if kind == "newAxis":
        return np.newaxis
    if kind == "ellipsis":
        return Ellipsis
    if kind == "through":
        return slice(rest[0], None if rest[1] == -1 else rest[1] + 1)
    if kind in ("indices", "mask"):
        return np.array(rest[1], dtype=np.int64 if kind == "indices" else bool).reshape(rest[0])
    return slice(*rest)


def key(step):
    """What stands between NumPy's brackets for an indexing step."""
    if "index" in step:
        return tuple(selection(item) for item in step["index"])
    if "mask" in step:
        return array(step["mask"]).astype(bool)
    return array(step["rows"])


def array(described):
    return np.array(described["values"], dtype=np.int64).reshape(described["shape"])


def described(values):
    values = np.asarray(values)
    return {"shape": list(values.shape), "values": [int(value) for value in values.ravel()]}


def apply(x, step):
    (name, argument), = step.items()
    if name in ("index", "mask", "rows"):
        return x[key(step)]
    if name == "reshape":
        return x.reshape(argument)
    if name == "transpose":
        return np.swapaxes(x, *argument)
    if name == "permute":
        return x.transpose(argument)
    if name == "expand":
        return np.expand_dims(x, argument)
    if name == "squeeze":
        return np.squeeze(x, tuple(argument) or None)
    if name == "broadcast":
        return np.broadcast_to(x, argument)
    if name == "repeat":
        times, axis = argument
        return np.repeat(np.expand_dims(x, axis), times, axis)
    if name == "split":
        cuts = np.cumsum(argument["sizes"])[:-1]
        return np.split(x, cuts, argument["axis"])[argument["part"]]
    parts = [run(x, steps) for steps in argument["parts"]]
    return (np.concatenate if name == "concatenate" else np.stack)(parts, argument["axis"])


def run(x, steps):
    for step in steps:
        x = apply(x, step)
    return x


def numbers(shape):
    """Different small integers, in no order."""
    count = int(np.prod(shape))
    return ((np.arange(count) * 37 + 11) % 127 - 50).reshape(shape)


def index(*items):
    return {"index": list(items)}


def mask(values):
    return {"mask": described(values)}


def rows(values):
    return {"rows": described(values)}


def join(kind, axis, *parts):
    return {kind: {"axis": axis, "parts": list(parts)}}


def split(sizes, axis, part):
    return {"split": {"sizes": sizes, "axis": axis, "part": part}}


def reshape(*shape):
    return {"reshape": list(shape)}


def swap(a, b):
    return {"transpose": [a, b]}


def permute(*order):
    return {"permute": list(order)}


FLIP = index(by(-1))

BASIC = [
    ([5], [at(0)]), ([5], [at(-1)]), ([5], [span(1, 4)]), ([5], [span(-4, -1)]), ([5], [span(2, None)]),
    ([5], [span(-2, None)]), ([5], [span(None, 3)]), ([5], [span(None, -2)]), ([5], [through(1, 3)]),
    ([5], [through(-3, -1)]), ([5], [through(None, 2)]), ([5], [through(None, -1)]), ([5], [span(2, 2)]),
    ([5], [span(5, 5)]), ([5], [span(0, 5)]), ([5], [span(-2, 0)]), ([5], [by(2)]), ([5], [by(2, 1)]),
    ([5], [by(2, 1, 4)]), ([5], [by(3, None, -1)]), ([5], [by(7)]), ([5], [by(-1)]), ([5], [by(-2)]),
    ([5], [by(-1, 3)]), ([5], [by(-1, 3, 0)]), ([5], [by(-2, -1, 0)]), ([5], [by(-1, None, 2)]),
    ([5], [by(-1, 1, 3)]), ([5], [by(2, 4, 1)]), ([5], [by(-9)]), ([5], [NEW]), ([5], [NEW, at(2), NEW]),
    ([5], [REST]), ([5], [REST, at(2)]), ([], [REST]), ([], [NEW]), ([], [NEW, REST, NEW]),
    ([3, 4], [at(1)]), ([3, 4], [at(-1), at(-4)]), ([3, 4], [ALL, at(1)]), ([3, 4], [span(1, 3), by(-1)]),
    ([3, 4], [by(-1), by(-1)]), ([3, 4], [by(2), by(3, 1)]), ([3, 4], [at(2), NEW, span(1, 3)]),
    ([3, 4], [NEW, REST]), ([3, 4], [REST, NEW]), ([3, 4], [NEW, ALL, NEW, at(0)]), ([3, 4], [span(1, 1)]),
    ([3, 4], [span(1, 1), at(3)]), ([0, 4], [ALL, at(3)]), ([0, 4], [by(-1)]), ([4, 0], [at(2)]),
    ([2, 3, 4], [at(1), at(2), at(3)]), ([2, 3, 4], [REST, at(0)]), ([2, 3, 4], [at(0), REST]),
    ([2, 3, 4], [at(0), REST, at(1)]), ([2, 3, 4], [REST, by(-2), at(-1)]), ([2, 3, 4], [ALL, by(2)]),
    ([2, 3, 4], [by(-1), at(1), by(-3)]), ([2, 3, 4], [ALL, NEW, REST, NEW, at(1)]),
    ([2, 3, 4], [REST, span(1, 2), at(1), ALL]), ([2, 1, 3, 2, 2], [at(1), REST, by(-1), at(0)]),
    ([1, 2, 1, 2, 1, 2, 1, 3], [REST, at(0), span(1, None)]),
    ([1, 2, 1, 2, 1, 2, 3], [NEW, at(0), REST, by(-2)]),
]

CHAINS = [
    ([4, 6], [index(by(2)), index(ALL, by(-2)), index(at(-1))]),
    ([4, 6], [swap(0, 1), index(by(-1)), index(at(2))]),
    ([4, 6], [swap(0, 1), index(span(1, 5), by(3)), swap(-1, -2)]),
    ([2, 3, 4], [permute(2, 0, 1), index(by(-2)), index(at(0), REST, by(-1))]),
    ([2, 3], [{"broadcast": [4, 2, 3]}, index(by(-3), at(1))]),
    ([3, 1], [{"broadcast": [3, 4]}, index(ALL, by(2)), swap(0, 1)]),
    ([6], [FLIP, FLIP]), ([7], [index(by(-2)), index(by(-2))]), ([7], [index(by(3)), index(at(-1))]),
]

RESHAPES = [
    ([6], [reshape(2, 3)]), ([6], [reshape(-1, 2)]), ([6], [reshape(1, 6, 1)]), ([1], [reshape()]),
    ([], [reshape(1, 1)]), ([], [reshape(-1)]), ([0, 3], [reshape(3, 0, 5)]), ([0, 3], [reshape(-1, 3)]),
    ([2, 3, 4], [reshape(-1)]), ([2, 3, 4], [reshape(4, 3, 2)]), ([2, 3, 4], [reshape(2, -1, 2)]),
    ([2, 3, 4], [swap(0, 1), reshape(6, 4)]), ([2, 3, 4], [swap(1, 2), reshape(2, -1)]),
    ([2, 3, 4], [permute(2, 0, 1), reshape(4, 6)]), ([2, 3, 4], [permute(2, 0, 1), reshape(8, 3)]),
    ([2, 3, 4], [permute(1, 2, 0), reshape(12, 2)]), ([4, 6], [index(ALL, span(0, 3)), reshape(12)]),
    ([4, 6], [index(ALL, span(0, 4)), reshape(4, 2, 2)]), ([4, 6], [index(by(2)), reshape(3, 4)]),
    ([4, 6], [index(by(2)), reshape(2, 2, 3)]), ([4, 6], [FLIP, reshape(2, 2, 6)]),
    ([4, 6], [FLIP, reshape(24)]),
    ([4, 6], [index(by(-1), by(-1)), reshape(-1)]), ([4, 6], [index(by(-1), by(-1)), reshape(2, 12)]),
    ([12], [index(by(-1)), reshape(3, 4)]), ([12], [index(by(2)), reshape(2, 3)]),
    ([3, 1], [{"broadcast": [3, 4]}, reshape(12)]), ([3, 1], [{"broadcast": [3, 4]}, reshape(3, 2, 2)]),
    ([4], [{"broadcast": [6, 4]}, reshape(2, 3, 4)]), ([4], [{"broadcast": [6, 4]}, reshape(3, 8)]),
    ([4], [{"broadcast": [2, 3, 4]}, reshape(6, 4)]),
    ([2, 1, 4], [swap(0, 1), reshape(8)]), ([4, 6], [index(ALL, at(2)), reshape(2, 2)]),
    ([4, 6], [index(span(1, 3)), reshape(12)]), ([2, 2, 2, 2], [permute(0, 2, 1, 3), reshape(4, 4)]),
    ([2, 2, 2, 2], [permute(3, 2, 1, 0), reshape(16)]),
    ([2, 3], [swap(0, 1)]), ([2, 3, 4], [swap(0, -1)]), ([2, 3, 4], [swap(1, 1)]),
    ([2, 3, 4], [permute(-1, 0, 1)]), ([2, 3, 4, 5], [permute(3, 1, 0, 2)]), ([0, 3], [swap(0, 1)]),
    ([2, 3], [{"expand": 0}]), ([2, 3], [{"expand": 1}]), ([2, 3], [{"expand": -1}]),
    ([2, 3], [{"expand": -2}]),
    ([], [{"expand": 0}]), ([1, 3, 1], [{"squeeze": [0]}]), ([1, 3, 1], [{"squeeze": [-1]}]),
    ([1, 3, 1], [{"squeeze": []}]), ([1, 1], [{"squeeze": []}]), ([0, 1], [{"squeeze": [1]}]),
    ([2, 3, 1], [swap(0, 2), {"squeeze": [0]}]), ([3, 2], [swap(0, 1), {"expand": 1}]),
    ([3], [{"broadcast": [2, 3]}]), ([2, 1], [{"broadcast": [2, 3]}]),
    ([1, 2, 1], [{"broadcast": [3, 2, 2]}]),
    ([], [{"broadcast": [2, 2]}]), ([1], [{"broadcast": [0]}]), ([2, 3], [{"broadcast": [2, 2, 3]}]),
    ([3, 2], [swap(0, 1), {"broadcast": [2, 2, 3]}]), ([1, 3], [{"broadcast": [0, 3]}]),
    ([2, 3], [{"repeat": [2, 0]}]), ([2, 3], [{"repeat": [2, 1]}]), ([2, 3], [{"repeat": [3, -1]}]),
    ([2], [{"repeat": [0, 0]}]), ([], [{"repeat": [4, 0]}]), ([3, 2], [swap(0, 1), {"repeat": [2, 1]}]),
]

JOINS = [
    ([2, 3], [join("concatenate", 0, [], [])]), ([2, 3], [join("concatenate", 1, [], [FLIP], [])]),
    ([2, 3], [join("concatenate", -1, [index(ALL, by(-1))], [index(ALL, span(0, 1))])]),
    ([3, 3], [join("concatenate", 0, [swap(0, 1)], [index(span(1, 1))], [index(span(2, 3))])]),
    ([2, 2, 2], [join("concatenate", 1, [permute(2, 1, 0)], [index(ALL, at(0), NEW)])]),
    ([1, 3], [join("concatenate", 0, [{"broadcast": [2, 3]}], [])]),
    ([0, 3], [join("concatenate", 0, [], [])]),
    ([4], [join("concatenate", 0, [])]), ([2, 3], [join("stack", 0, [], [FLIP])]),
    ([2, 3], [join("stack", 1, [], [FLIP], [])]), ([2, 3], [join("stack", -1, [], [index(ALL, by(-1))])]),
    ([2, 2], [join("stack", 2, [], [swap(0, 1)])]), ([], [join("stack", 0, [], [], [])]),
    ([0, 2], [join("stack", 1, [], [])]),
    ([2, 5], [split([1, 2, 2], 1, 0)]), ([2, 5], [split([1, 2, 2], 1, 1)]),
    ([2, 5], [split([1, 2, 2], -1, 2)]),
    ([4, 2], [split([4, 0], 0, 1)]), ([4, 2], [swap(0, 1), split([1, 3], 1, 1)]),
    ([4, 2], [FLIP, split([2, 2], 0, 0)]), ([2, 3, 4], [split([1, 2], 1, 1)]),
]


def striped(shape, period=3):
    return np.arange(int(np.prod(shape))).reshape(shape) % period == 0


GATHERS = [
    ([5], [mask(striped([5]))]), ([5], [mask(np.zeros(5, bool))]), ([5], [mask(np.ones(5, bool))]),
    ([3, 4], [mask(striped([3, 4]))]), ([3, 4], [mask([True, False, True])]), ([3, 4], [mask([False] * 3)]),
    ([3, 4], [swap(0, 1), mask(striped([4, 3]))]), ([3, 4], [swap(0, 1), mask([True, False, False, True])]),
    ([3, 4], [index(by(-1), by(2)), mask(striped([3, 2], 2))]), ([2, 3, 4], [mask(striped([2, 3], 2))]),
    ([4], [{"broadcast": [3, 4]}, mask(striped([3, 4], 5))]), ([0, 3], [mask(np.zeros([0], bool))]),
    ([], [mask(np.array(True))]), ([], [mask(np.array(False))]), ([2, 3], [mask(np.array(True))]),
    ([5], [rows([0, 4, 2])]), ([5], [rows([1, 1, 1])]), ([5], [rows([-1, 0, -5])]), ([5], [rows([])]),
    ([5], [rows([[0, 1], [-1, 3]])]), ([5], [rows(3)]), ([3, 4], [rows([2, 0, 2])]),
    ([3, 4], [rows([-1, -3])]),
    ([3, 4], [rows([[1], [0]])]), ([3, 4], [swap(0, 1), rows([3, 0, 3])]), ([3, 4], [FLIP, rows([0, 0, 1])]),
    ([3, 4], [index(ALL, by(-1)), rows([2, 1])]), ([3, 4], [index(by(2), by(2)), rows([1, -1, 0])]),
    ([4], [{"broadcast": [3, 4]}, rows([2, 0])]), ([3, 1], [{"broadcast": [3, 4]}, rows([2, 0])]),
    ([2, 3, 4], [rows([1, 1, -2])]), ([2, 3, 4], [permute(1, 2, 0), rows([2, 0])]), ([3, 0], [rows([2, 2])]),
    ([0, 3], [rows(np.zeros([0, 2], int))]),
]

# Where the value goes, and its shape.
ASSIGNMENTS = [
    ([5], [index(at(2))], []), ([5], [index(at(-5))], []), ([5], [index(span(1, 4))], [3]),
    ([5], [index(span(1, 4))], []), ([5], [index(span(1, 4))], [1]), ([5], [index(by(-2))], [3]),
    ([5], [index(span(2, 2))], []), ([5], [index(REST)], [5]), ([5], [index(NEW, span(0, 3), NEW)], [3, 1]),
    ([5], [FLIP, index(span(1, 3))], [2]), ([], [index(REST)], []), ([3, 4], [index(at(1))], [4]),
    ([3, 4], [index(at(-1))], []), ([3, 4], [index(ALL, at(2))], [3]),
    ([3, 4], [index(ALL, span(1, 3))], [3, 1]),
    ([3, 4], [index(ALL, span(1, 3))], [2]), ([3, 4], [index(by(-1), by(2))], [3, 2]),
    ([3, 4], [swap(0, 1), index(at(3))], [3]), ([3, 4], [swap(0, 1), index(by(2))], [3]),
    ([3, 4], [index(at(1)), index(span(2, 4))], [2]), ([3, 4], [index(NEW, at(0), REST)], [1, 4]),
    ([2, 3, 4], [index(REST, at(0))], [2, 3]), ([2, 3, 4], [index(at(0), REST, by(-3))], [3, 1]),
    ([2, 3, 4], [permute(2, 0, 1), index(span(1, 3), at(1))], [2, 3]),
    ([2, 3, 4], [reshape(6, 4), index(by(-2), at(1))], [3]), ([2, 3], [{"expand": 1}, index(at(1))], [1, 3]),
    ([2, 5], [split([2, 3], 1, 1), index(at(0))], [3]), ([1, 3], [{"squeeze": [0]}, index(by(2))], [2]),
    ([5], [mask(striped([5]))], []), ([5], [mask(striped([5]))], [2]), ([5], [mask(striped([5]))], [1]),
    ([5], [mask([False] * 5)], []), ([3, 4], [mask(striped([3, 4]))], []),
    ([3, 4], [mask(striped([3, 4]))], [4]),
    ([3, 4], [mask([True, False, True])], [4]), ([3, 4], [mask([True, False, True])], [2, 1]),
    ([3, 4], [mask([True, False, True])], [2, 4]), ([3, 4], [mask([True, False, True])], []),
    ([3, 4], [swap(0, 1), mask(striped([4, 3], 2))], [6]),
    ([3, 4], [swap(0, 1), mask(striped([4, 3], 2))], []),
    ([3, 4], [index(ALL, by(-2)), mask(striped([3, 2], 4))], [2]), ([], [mask(np.array(True))], []),
    ([5], [rows([0, 4, 2])], [3]), ([5], [rows([0, -1])], []), ([5], [rows([1, 3, 1])], [3]),
    ([5], [rows([])], []),
    ([5], [rows([[0, 1], [2, -1]])], [2, 2]), ([5], [rows([[0, 1], [2, -1]])], [2]),
    ([3, 4], [rows([2, 0])], [4]), ([3, 4], [rows([2, 0])], [2, 4]), ([3, 4], [rows([2, 0])], [2, 1]),
    ([3, 4], [rows([-1, 2, -1])], [3, 4]), ([3, 4], [swap(0, 1), rows([3, 1])], [2, 3]),
    ([3, 4], [FLIP, rows([0, 2])], [4]), ([2, 3, 4], [rows([1, 0])], [3, 1]),
]

# Indices and masks together with other selections.
PICKS = [
    ([3, 4], [idx([0, 2]), idx([1, -1])]), ([3, 4], [idx([[0], [2]]), idx([1, 3, 0])]),
    ([3, 4], [idx([1, 1, 1]), idx([2, 2, 2])]), ([3, 4], [ALL, idx([0, 2])]),
    ([3, 4], [ALL, idx([[0, 1], [2, -1]])]), ([3, 4], [idx([2, 0]), ALL]), ([3, 4], [idx([1, 1]), by(-2)]),
    ([3, 4], [span(1, 3), idx([3, 0, 0])]), ([3, 4], [idx(1), idx([0, 3])]), ([3, 4], [idx(-1), idx(2)]),
    ([2, 3, 4], [ALL, idx([0, 2]), ALL]), ([2, 3, 4], [ALL, idx([0, 2]), idx([1, 1])]),
    ([2, 3, 4], [idx([0, 1]), ALL, idx([3, 0])]), ([2, 3, 4], [idx([0, 1]), at(1)]),
    ([2, 3, 4], [at(1), idx([0, 2])]), ([2, 3, 4], [at(0), ALL, idx([1, 2])]),
    ([2, 3, 4], [ALL, at(1), idx([0, 3, 3])]), ([2, 3, 4], [ALL, idx([[0, 2]]), at(-1)]),
    ([2, 3, 4], [REST, idx([0, 3])]), ([2, 3, 4], [idx([1]), REST, at(2)]),
    ([2, 3, 4], [NEW, idx([0, 1]), idx([2, 0])]), ([2, 3, 4], [idx([0, 1]), NEW, idx([2, 0])]),
    ([2, 3, 4], [ALL, NEW, idx([2, 0, 1]), idx([1, 1, 3])]), ([3, 4, 2], [ALL, idx([0, 1]), REST, idx([1, 0])]),
    ([2, 3, 4], [idx([0, 1]), idx([2, 0]), idx([3, 3])]), ([2, 3, 4], [idx([[0], [1]]), idx([2, 0]), by(3)]),
    ([2, 3, 2, 2], [ALL, idx([0, 2, 1]), idx([1, 0, 1])]), ([2, 3, 2, 2], [idx([0, 1]), ALL, ALL, idx([1, 0])]),
    ([2, 3, 2, 2], [at(1), idx([0, 2]), by(-1), at(0)]), ([3, 4], [msk([True, False, True]), ALL]),
    ([3, 4], [msk([True, False, True]), idx([1, 2])]), ([3, 4], [msk([True, False, True]), at(1)]),
    ([3, 4], [ALL, msk([False, True, True, False])]), ([3, 4], [by(-1), msk([False, True, True, False])]),
    ([2, 3, 4], [msk(striped([2, 3])), at(1)]), ([2, 3, 4], [at(1), msk(striped([3, 4]))]),
    ([2, 3, 4], [ALL, msk(striped([3, 4]))]), ([2, 3, 4], [msk(striped([2, 3])), ALL]),
    ([2, 3, 4], [msk(striped([2, 3])), idx([3, 0])]), ([2, 3, 4], [msk(striped([2], 2)), ALL, idx([3, 0, 3])]),
    ([2, 3, 4], [NEW, msk(striped([2, 3, 4], 5))]), ([3, 4], [msk([False] * 3), ALL]), ([3, 4], [idx([]), ALL]),
    ([3, 4], [idx([]), idx([])]), ([3, 4], [ALL, idx(np.zeros([0, 2]))]), ([3, 0], [idx([0, 2]), ALL]),
    ([3, 0], [ALL, idx([])]), ([3, 4], [msk(True), idx([0, 1])]), ([3, 4], [idx([1]), msk(False)]),
]
PICKS_OF_VIEWS = [
    ([4, 3], [swap(0, 1), index(idx([0, 2]), idx([3, 1]))]), ([4, 3], [swap(0, 1), index(ALL, idx([3, 1]))]),
    ([3, 4], [FLIP, index(ALL, idx([0, 0]))]), ([2, 3, 4], [permute(2, 0, 1), index(ALL, ALL, idx([2, 0]))]),
    ([2, 3, 4], [permute(2, 0, 1), index(idx([3, 0]), ALL, idx([2, 0]))]),
    ([4, 6], [index(by(2), by(-2)), index(idx([1, 0]), idx([2, 2]))]),
    ([3, 1], [{"broadcast": [3, 4]}, index(idx([2, 2]), idx([1, 3]))]),
    ([3, 4], [index(ALL, idx([0, 2])), index(idx([1, 0]), ALL)]),
]
PICKED_ASSIGNMENTS = [
    ([3, 4], [index(idx([0, 2]), idx([1, -1]))], []), ([3, 4], [index(idx([0, 2]), idx([1, -1]))], [2]),
    ([3, 4], [index(idx([0, 2, 0]), idx([1, -1, 1]))], [3]), ([3, 4], [index(idx([[0], [2]]), idx([1, 3]))], [2]),
    ([3, 4], [index(ALL, idx([0, 2]))], [3, 2]), ([3, 4], [index(ALL, idx([0, 2, 0]))], [3]),
    ([3, 4], [index(ALL, idx([0, 2]))], [3, 1]), ([3, 4], [index(by(-2), idx([0, 2]))], [2, 2]),
    ([2, 3, 4], [index(idx([0, 1]), ALL, idx([3, 0]))], [2, 3]), ([2, 3, 4], [index(at(0), ALL, idx([1, 2]))], [3]),
    ([2, 3, 4], [index(ALL, at(1), idx([0, 3]))], [2, 1]), ([2, 3, 4], [index(REST, idx([0, 3]))], [2]),
    ([2, 3, 4], [index(idx([0, 1]), NEW, idx([2, 0]))], [2, 1, 4]), ([3, 4], [index(msk([True, False, True]), at(1))], [2]),
    ([3, 4], [index(msk([True, False, True]), at(1))], []), ([2, 3, 4], [index(ALL, msk(striped([3, 4])))], [4]),
    ([2, 3, 4], [index(msk(striped([2, 3])), idx([3, 0]))], [2]), ([3, 4], [index(idx([]), ALL)], [4]),
    ([3, 4], [index(msk([False] * 3), ALL)], []), ([4, 3], [swap(0, 1), index(idx([0, 2]), idx([3, 1]))], [2]),
    ([4, 3], [swap(0, 1), index(ALL, idx([3, 1]))], [3, 2]), ([3, 4], [FLIP, index(ALL, idx([0, 0]))], [2]),
    ([2, 3, 4], [permute(2, 0, 1), index(idx([3, 0]), ALL, idx([2, 0]))], [2, 2]),
    ([4, 6], [index(by(2), by(-2)), index(idx([1, 0]), idx([2, 2]))], [2]),
]


def weights(shape):
    """Small integers for the sum whose gradients are tested."""
    return ((np.arange(int(np.prod(shape))) * 13 + 5) % 11 - 5).reshape(shape)


def picked(topic, shape, steps):
    """A case of elements that are read, with the gradient of the input."""
    x, places = numbers(shape), np.arange(int(np.prod(shape))).reshape(shape)
    result, sources = run(x, steps), run(places, steps)
    gradient = np.bincount(sources.ravel(), weights(result.shape).ravel(), x.size)
    return {
        "topic": topic, "input": described(x), "steps": steps, "expected": described(result),
        "gradient": [int(value) for value in gradient],
    }


def assigned(shape, steps, value_shape):
    """A case of elements that are assigned, with the gradients of the input and of the value."""
    x, value = numbers(shape), numbers(value_shape) + 60
    target = x.copy()
    run(target, steps[:-1])[key(steps[-1])] = value
    # The number of the value that each element has, or -1.
    sources = np.full(shape, -1)
    run(sources, steps[:-1])[key(steps[-1])] = np.arange(value.size).reshape(value_shape)
    given = weights(shape).ravel()
    kept, taken = np.where(sources.ravel() < 0, given, 0), sources.ravel() >= 0
    gradient = np.bincount(sources.ravel()[taken], given[taken], value.size)
    return {
        "topic": "picked assignment", "input": described(x), "steps": steps, "value": described(value),
        "expected": described(target), "gradient": [int(value) for value in kept],
        "valueGradient": [int(value) for value in gradient],
    }


def cases():
    for topic, described_cases in [
        ("basic", [(shape, [index(*items)]) for shape, items in BASIC]), ("chain", CHAINS),
        ("reshape", RESHAPES), ("join", JOINS), ("gather", GATHERS),
    ]:
        for shape, steps in described_cases:
            x = numbers(shape)
            result = described(run(x, steps))
            yield {"topic": topic, "input": described(x), "steps": steps, "expected": result}
    for shape, steps, value_shape in ASSIGNMENTS:
        x = numbers(shape)
        value = numbers(value_shape) + 60
        case = {"topic": "assign", "input": described(x), "steps": steps, "value": described(value)}
        run(x, steps[:-1])[key(steps[-1])] = value
        case["expected"] = described(x)
        yield case
    for shape, items in PICKS:
        yield picked("picks", shape, [index(*items)])
    for shape, steps in PICKS_OF_VIEWS:
        yield picked("picks", shape, steps)
    for shape, steps, value_shape in PICKED_ASSIGNMENTS:
        yield assigned(shape, steps, value_shape)


made = list(cases())
lines = ",\n".join(json.dumps(case, sort_keys=True, separators=(",", ":")) for case in made)
(pins.FIXTURES / "indexing.json").write_text("[\n" + lines + "\n]\n")
