"""Writes Fixtures/parity.json: samples of PyTorch's operation database for the entries that parity.txt compares.

A line holds an entry and its samples. A sample has the inputs, which are float32 numbers, and the other arguments;
and, as PyTorch computes them in float64, the outputs, the gradients of Σ output · seed for a fixed seed, and the
gradients of half the sum of the squares of those gradients. "error" is the largest difference between PyTorch's
float32 and its float64: it says how far rounding may lead astray. A sample whose float32 is something else than
its float64, after a jump or a loss of all digits, is marked "double". Numbers are little-endian, in base64.

A sample with "rows" has inputs whose rows are equal, which a broadcast view can hold. Complex numbers are pairs
along a last axis, so that their gradients are those of the pairs, by PyTorch's convention; such an input has
"complex". The entry "name:complex" has the samples of complex numbers of the entry "name".
"""

import base64
import collections
import contextlib
import json
import os
import random
import re
import sys
import warnings
import zlib

import pins

# Some recipes of the database iterate over sets of strings, whose order depends on this seed.
if os.environ.get("PYTHONHASHSEED") != "0":
    os.execve(sys.executable, [sys.executable, "-B", *sys.argv], os.environ | {"PYTHONHASHSEED": "0"})

pins.check("torch", "numpy", "scipy", "expecttest")

import numpy as np
import torch
from torch.testing._internal import common_methods_invocations as database
from torch.utils._pytree import tree_flatten, tree_unflatten

MANIFEST = pins.REQUIREMENTS.with_name("parity.txt")
SAMPLES, NUMBERS, BYTES = 40, 900, 18_500
# If rows are equal, these have several right gradients, or none.
ROWLESS = (
    "median", "nanmedian", "quantile", "nanquantile", "msort", "masked.median", "masked.std", "linalg.cond",
    "linalg.det", "linalg.slogdet", "logdet", "linalg.svdvals", "linalg.matrix_norm", "linalg.norm",
    "linalg.norm.subgradients_at_zero", "linalg.pinv", "linalg.pinv.singular", "pinverse", "norm.nuc",
    "cholesky_inverse", "cholesky_solve", "linalg.cholesky_ex", "linalg.inv_ex", "linalg.solve_ex",
    "linalg.tensorinv", "linalg.tensorsolve", "triangular_solve")
# Arguments that change no number. Of a distance function, PyTorch's samples have the default.
IGNORED = (
    "device", "dtype", "layout", "requires_grad", "memory_format", "return_complex", "options",
    "distance_function")
SECTIONS = ("compared", "composed")
warnings.simplefilter("ignore")
EXTENTS = {"S": (5, 3), "M": (10, 4), "L": (20, 5)}


def draw(entry, dtype, tracked):
    """All samples of an entry, of smaller tensors than PyTorch's own tests draw if its recipe allows that."""
    modules = [one for name, one in sys.modules.items() if name.startswith("torch.testing._internal.")]
    for i in (1, 0):
        for module in modules:
            for letter, extents in EXTENTS.items():
                if getattr(module, letter, None) in extents:
                    setattr(module, letter, extents[i])
        number = zlib.crc32((full_name(entry) + ":complex" * dtype.is_complex).encode())
        random.seed(number), np.random.seed(number), torch.manual_seed(number)
        try:
            return list(entry.sample_inputs("cpu", dtype, requires_grad=tracked))
        except (IndexError, RuntimeError):
            if i == 0:
                raise


class Skip(Exception):
    """A reason why a sample is left out."""


def full_name(entry):
    return entry.name + ("." + entry.variant_test_name if entry.variant_test_name else "")


def manifest():
    """The compared entries with their parameters and section, and the sections and reasons of the others."""
    section, compared, reasons = "", {}, {}
    for line in MANIFEST.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section = line.strip("[]")
        elif section in SECTIONS:
            line, _, rest = line.partition(" unless ")
            condition, _, reason = rest.rpartition(" : ")
            name, parameters = re.fullmatch(r"([^(]+?)(?:\((.*)\))?", line).groups()
            positional, _, named = (parameters or "").partition(";")
            split = [[one.strip() for one in part.split(",") if one.strip()] for part in (positional, named)]
            assert name not in compared, name
            compared[name] = (*split, condition, reason, section)
        else:
            names, _, reason = line.partition(": ")
            for name in names.split(", "):
                assert name not in reasons, name
                reasons[name] = (section, reason)
    both = {name.partition(":")[0] for name in compared} & reasons.keys()
    assert not both, both
    return compared, reasons


def parts(tensor):
    """A tensor, of complex numbers the pairs of their parts."""
    return torch.view_as_real(tensor.resolve_conj()) if tensor.is_complex() else tensor


def plain(value):
    """An argument as JSON."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if np.isfinite(value) else str(value)
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    raise Skip(f"an argument of type {type(value).__name__}")


def described(tensor):
    """A tensor as JSON; integers are int64."""
    tensor = parts(tensor.detach())
    kind = "f8" if tensor.is_floating_point() else "b1" if tensor.dtype == torch.bool else "i8"
    array = np.ascontiguousarray(tensor.numpy(force=True))
    if kind == "f8" and np.array_equal(array.astype("<f4").astype("<f8"), array, equal_nan=True):
        kind = "f4"
    data = array.astype("<" + kind if kind != "b1" else "u1").tobytes()
    return {"type": kind, "shape": list(tensor.shape), "values": base64.b64encode(data).decode()}


def arguments(sample, positional, named):
    """A sample's tensors and its other arguments, by their names."""
    if len(sample.args) > len(positional):
        raise Skip("more arguments: " + str(len(sample.args)))
    given = {"input": sample.input, **dict(zip(positional, sample.args))}
    for name, value in sample.kwargs.items():
        if name in IGNORED or value is None:
            continue
        if name not in named:
            raise Skip(f"the argument {name}")
        given[name] = value
    tensors, others = {}, {}
    for name, value in given.items():
        if isinstance(value, torch.Tensor):
            tensors[name] = value
        elif isinstance(value, (list, tuple)) and value and isinstance(value[0], torch.Tensor):
            tensors.update({f"{name}.{i}": one for i, one in enumerate(value)})
        elif value is not None:
            others[name] = plain(value)
    return tensors, others


def narrower(index, tensor, axis):
    """True if an index has other extents than the tensor along the other axes."""
    return index.dim() != tensor.dim() or any(
        a != b for i, (a, b) in enumerate(zip(index.shape, tensor.shape)) if i != axis % max(tensor.dim(), 1))


def repeated(index):
    """True if an index appears twice in the image of a channel."""
    return any(len(one.unique()) < len(one) for one in index.flatten(2).flatten(0, 1))


def check(sample, names, tensors, others, condition, reason):
    """Raises an error for a sample that Martlet has no counterpart of."""
    first = sample.input if isinstance(sample.input, torch.Tensor) else next(iter(tensors.values()), None)
    if first is not None and first.dim() == 0 and any(name.startswith(("dim", "axis")) for name in others):
        raise Skip("a scalar has no axis")
    if sum(one.numel() for one in tensors.values()) > NUMBERS:
        raise Skip("large")
    known = dict.fromkeys(names) | others | dict.fromkeys(tensors, "tensor")
    if condition and eval(condition, known | {
            "input": first, "given": list(tensors.values()), "torch": torch, "narrower": narrower,
            "repeated": repeated}):
        raise Skip(reason)


def seed(output, k):
    """A fixed gradient of an output: eighths other than 0, whose sums are exact."""
    numbers = [((7 * i + 3 * k) % 11 - 5.5) / 4 for i in range(output.numel())]
    return torch.tensor(numbers, dtype=output.dtype).reshape(output.shape)


def flat(outputs):
    outputs = [torch.tensor(one) if isinstance(one, bool) else one for one in tree_flatten(outputs)[0]]
    if not all(isinstance(one, torch.Tensor) for one in outputs):
        raise Skip("outputs that are no tensors")
    return [parts(one) for one in outputs]


def run(entry, sample, dtype, rows, constants):
    """Outputs, gradients and second gradients of a sample in one precision; the leaves by position."""
    leaves, structure = tree_flatten((sample.input, tuple(sample.args), dict(sample.kwargs)))
    variables = []
    for i, leaf in enumerate(leaves):
        if isinstance(leaf, torch.dtype) and leaf == torch.float64:
            leaves[i] = dtype
        if not isinstance(leaf, torch.Tensor):
            continue
        value = leaf.detach().clone(memory_format=torch.contiguous_format)
        if value.is_floating_point() or value.is_complex():
            single, own = (torch.complex64, dtype.to_complex()) if value.is_complex() else (torch.float32, dtype)
            value = value.to(single).to(own)
            if rows and value.dim() and leaf.requires_grad:
                value = value[:1].expand_as(value).clone()
            tracked = leaf.requires_grad and not any(leaf is one for one in constants)
            value.requires_grad_(tracked)
            if tracked:
                variables.append(i)
        leaves[i] = value
    first, args, kwargs = tree_unflatten(leaves, structure)
    outputs = flat(entry.op(first, *args, **kwargs))
    total = [(one * seed(one, k)).sum() for k, one in enumerate(o for o in outputs if o.is_floating_point())
             if one.requires_grad]
    inputs, gradients, second = [leaves[i] for i in variables], [], []
    if total and inputs:
        gradients = torch.autograd.grad(
            sum(total), inputs, create_graph=True, allow_unused=True, materialize_grads=True)
        gradients = [parts(one) for one in gradients]
        penalty = [(one * one).sum() / 2 for one in gradients if one.requires_grad]
        if penalty and all(one.isfinite().all() for one in gradients):
            # Some derivatives of PyTorch's have none of their own.
            with contextlib.suppress(RuntimeError):
                second = torch.autograd.grad(sum(penalty), inputs, allow_unused=True, materialize_grads=True)
                second = [parts(one) for one in second]
    return leaves, variables, outputs, gradients, second


def compared_numbers(exact, rough):
    """A result with the error of float32, and whether float32 is nearly the same."""
    made = described(exact)
    if not exact.is_floating_point():
        return made, torch.equal(exact, rough)
    if exact.shape != rough.shape or not torch.equal(exact.isfinite(), rough.isfinite()):
        return made, False
    difference = (exact - rough.double()).abs()[exact.isfinite()]
    error = difference.max().item() if difference.numel() else 0
    if error:
        made["error"] = float(f"{error:.1e}")
    return made, not error or error <= 1e-3 * max(exact[exact.isfinite()].abs().max().item(), 1)


def results(exact, rough, names):
    """Outputs and gradients for the fixture, and whether float32 has the same. The gradients have these names."""
    made, fits = {}, True
    for key, ours, theirs in zip(("outputs", "gradients", "second"), exact, rough):
        if key == "second" and not all(one.isfinite().all() and (one.abs() < 1e9).all() for one in ours):
            continue
        pairs = [compared_numbers(*pair) for pair in zip(ours, theirs if len(theirs) == len(ours) else ours)]
        if pairs:
            made[key] = [one for one, _ in pairs]
            fits = fits and (key == "second" or all(same for _, same in pairs))
        if pairs and key != "outputs":
            made[key] = dict(zip(names, made[key]))
    return made, fits


def made_sample(entry, sample, line, rows):
    """The fixture's text of a sample."""
    positional, named, condition, reason, _ = line
    constant = {one.strip("!") for one in positional if one.endswith("!")}
    positional = [one.strip("!") for one in positional]
    tensors, others = arguments(sample, positional, named)
    check(sample, positional + named, tensors, others, condition, reason)
    constants = [tensors[name] for name in constant & tensors.keys()]
    leaves, variables, *exact = run(entry, sample, torch.float64, rows, constants)
    given = tree_flatten((sample.input, tuple(sample.args), dict(sample.kwargs)))[0]
    named_leaves = {
        next(name for name in tensors if tensors[name] is one): leaf
        for one, leaf in zip(given, leaves) if isinstance(one, torch.Tensor)}
    if len(named_leaves) < len(tensors):
        raise Skip("one tensor given twice")
    if rows and (any(not one.dim() for one in named_leaves.values())
                 or all(leaves[i].shape[0] < 2 for i in variables)):
        raise Skip("no rows")
    rough = run(entry, sample, torch.float32, rows, constants)[2:]
    made = {"inputs": {
        name: described(leaf) | ({"complex": True} if leaf.is_complex() else {})
        for name, leaf in named_leaves.items()}}
    if others:
        made["arguments"] = others
    made_results, fits = results(exact, rough, [n for n, leaf in named_leaves.items() if leaf.requires_grad])
    if rows and any(one["type"] == "i8" for one in made_results["outputs"]):
        raise Skip("ties")
    if sum(one.numel() for one in exact[0]) > NUMBERS:
        raise Skip("large")
    return made | made_results | ({"rows": True} if rows else {}) | ({} if fits else {"double": True})


def element(entry, name):
    """The element type of an entry's samples."""
    types = [torch.complex128] if name.endswith(":complex") else [torch.float64, torch.int64, torch.bool]
    return next((one for one in types if entry.supports_dtype(one, "cpu")), None)


def made_entry(entry, name, line, reasons):
    """The samples of an entry, and why the others are left out."""
    dtype = element(entry, name)
    samples = draw(entry, dtype, entry.supports_autograd and (dtype == torch.float64 or dtype.is_complex))
    random.Random(name).shuffle(samples)
    made, size, rowed = [], 0, name in ROWLESS or dtype.is_complex
    for sample in samples:
        for rows in (False, True)[: 2 - rowed]:
            if len(made) >= SAMPLES or size > BYTES:
                reasons["enough samples"] += 1
                continue
            try:
                one = made_sample(entry, sample, line, rows)
            except (Skip, RuntimeError) as error:
                if rows:
                    continue
                reasons[str(error) if isinstance(error, Skip) else "PyTorch refuses the smaller tensor"] += 1
                break
            length = len(json.dumps(one))
            if size + length > 1.5 * BYTES:
                reasons["enough samples"] += 1
                continue
            rowed = rowed or rows
            size += length
            made.append(one)
    return made


def main():
    compared, reasons = manifest()
    entries = {full_name(one): one for one in database.op_db}
    internal = {name for name, (section, _) in reasons.items() if section == "internal"}
    plain_names = {name.partition(":")[0] for name in compared}
    unknown = sorted((plain_names | reasons.keys()) - entries.keys())
    missing = sorted(entries.keys() - plain_names - reasons.keys())
    if unknown or missing:
        sys.exit(f"unknown in parity.txt: {unknown}\nmissing in parity.txt: {missing}")
    lines, left_out = [], collections.Counter()
    for name in sorted(compared):
        skipped = collections.Counter()
        samples = made_entry(entries[name.partition(":")[0]], name, compared[name], skipped)
        if not samples:
            sys.exit(f"{name} has no samples: {skipped}")
        left_out.update(skipped)
        if "-v" in sys.argv:
            print(name, len(samples), dict(skipped))
        lines.append(json.dumps({"name": name, "samples": samples}, separators=(",", ":"), allow_nan=False))
    (pins.FIXTURES / "parity.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")
    single = {name.partition(":")[0] for name, line in compared.items() if line[-1] == "compared"}
    counts = collections.Counter(section for section, _ in reasons.values())
    print(f"{len(entries) - len(internal)} entries that are not internal, by one call: {len(single)} compared, "
          f"{counts['elsewhere']} tested elsewhere; by a composition: {len(plain_names - single)} compared, "
          f"{counts['composition']} not; {counts['absent']} absent")
    for reason, count in left_out.most_common():
        print(f"{count:6} samples left out: {reason}")


if __name__ == "__main__":
    main()
