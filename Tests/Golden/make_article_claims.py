"""Writes Fixtures/article_claims.json: what PyTorch does where the article says what PyTorch does.

A claim is a function below, named as it is in the fixture; what it returns are PyTorch's own answers: numbers
in row-major order, flags, and names of graph functions as PyTorch numbers them. "refused": that it raised.
"""

import json
import warnings

import pins

pins.check("torch")

import torch
from torch.nn import functional as F

CLAIMS = {}


def claim(function):
    CLAIMS[function.__name__.replace("_", " ")] = function
    return function


def tensor(values, requires_grad=False):
    return torch.tensor(values, dtype=torch.float64, requires_grad=requires_grad)


def leaf(values):
    return tensor(values, requires_grad=True)


def name(x):
    return x.grad_fn.name()


def refused(action):
    try:
        action()
    except RuntimeError:
        return True
    return False


@claim
def a_sum_remembers_its_creators():
    x, y = leaf([1, 2, 3, 4, 5]), leaf([2, 2, 2, 2, 2])
    z = x + y
    found = {
        "x is a leaf": x.is_leaf, "z is a leaf": z.is_leaf, "x has a function": x.grad_fn is not None,
        "z's function": name(z), "its inputs": len(z.grad_fn.next_functions),
    }
    z.backward(tensor([1, 1, 1, 1, 1]))
    return {**found, "dx": x.grad, "dy": y.grad}


@claim
def uses_of_a_tensor_add_up():
    a, b, c = leaf([1, 2, 3, 4, 5]), leaf([2, 2, 2, 2, 2]), leaf([5, 4, 3, 2, 1])
    ((a + b) + (b + c)).backward(tensor([1, 1, 1, 1, 1]))
    return {"da": a.grad, "db": b.grad, "dc": c.grad}


@claim
def gradients_accumulate_until_zeroed():
    x = torch.ones(2, 2, dtype=torch.float64, requires_grad=True)
    y = x + 2
    z = y * y * 3
    out = z.mean()
    found = {"y's function": name(y), "z's function": name(z), "out's function": name(out), "out": out}
    out.backward()
    found["first"] = x.grad.clone()
    x.sum().backward()
    found["second"] = x.grad.clone()
    x.grad.zero_()
    x.sum().backward()
    return {**found, "after zeroing": x.grad}


@claim
def backward_with_a_weight_is_backward_of_a_weighted_sum():
    x, w = leaf([1, 2, 3]), tensor([1, 10, 100])
    (x * x).backward(w)
    direct = x.grad.clone()
    x.grad = None
    (x * x * w).sum().backward()
    return {"with a weight": direct, "of the sum": x.grad}


@claim
def backward_wants_a_scalar_or_a_gradient():
    x = leaf([1, 2, 3])
    return {
        "a vector refused": refused(lambda: (x * x).backward()),
        "a vector with its gradient refused": refused(lambda: (x * x).backward(tensor([1, 1, 1]))),
        "a gradient of another shape refused": refused(lambda: (x * x).backward(tensor([1, 1]))),
        "a sum refused": refused(lambda: (x * x).sum().backward()),
        "no history refused": refused(lambda: tensor([1, 2]).sum().backward()),
    }


@claim
def requires_grad_is_off_and_spreads():
    a = tensor([2, 3, 4])
    b = (a * 3) / (a - 1)
    found = {"at first": a.requires_grad, "of a result": b.requires_grad, "the result is a leaf": b.is_leaf}
    b.requires_grad_(True)
    mixed = a * b
    found.update({
        "turned on": b.requires_grad, "the sum's function": name((b * b).sum()),
        "of one input of two": mixed.requires_grad, "the product is a leaf": mixed.is_leaf,
    })
    mixed.sum().backward()
    return {**found, "a has a gradient": a.grad is not None, "db": b.grad}


@claim
def a_result_keeps_no_gradient():
    x = leaf([1, 2])
    y = x * x
    y.sum().backward()
    with warnings.catch_warnings(action="ignore"):
        kept = y.grad
    return {"x has one": x.grad is not None, "y is a leaf": y.is_leaf, "y has one": kept is not None}


@claim
def no_grad_records_nothing():
    x = leaf([1])
    with torch.no_grad():
        inside = (x * 2).requires_grad
    return {"x": x.requires_grad, "inside": inside, "outside": (x * 2).requires_grad}


@claim
def data_changes_without_the_graph():
    x = leaf([1])
    y = 2 * x
    x.data *= 100
    y.backward()
    return {"x": x, "dx": x.grad}


@claim
def a_leaf_is_not_changed_while_recording():
    x = leaf([1])
    return {"refused": refused(lambda: x.mul_(100)), "x": x}


@claim
def what_was_saved_is_not_changed():
    x, w = leaf([1, 2]), tensor([3, 4])
    y = (x * w).sum()
    w.mul_(2)
    return {"refused": refused(lambda: y.backward())}


@claim
def detach_shares_storage_and_stops_gradients():
    x = leaf([1, 2, 3])
    (x.detach() * x).sum().backward()
    gradient = x.grad.clone()
    d = x.detach()
    d.fill_(7)
    return {
        "dx": gradient, "d requires": d.requires_grad, "d is a leaf": d.is_leaf, "x": x,
    }


@claim
def a_second_pass_wants_a_retained_graph():
    x = leaf([1, 2, 3])
    y, kept, sums = (x * x).sum(), (x * x).sum(), (x + x).sum()
    y.backward()
    kept.backward(retain_graph=True)
    sums.backward()
    return {
        "refused": refused(lambda: y.backward()), "refused when retained": refused(lambda: kept.backward()),
        "refused after that": refused(lambda: kept.backward()),
        "refused where nothing was saved": refused(lambda: sums.backward()),
    }


@claim
def softmax_and_cross_entropy():
    p, onehot = tensor([0.66, 0.24, 0.10]), tensor([1, 0, 0])
    logits = p.log()
    return {
        "by hand": -(onehot * p.log()).sum(), "softmax": logits.softmax(0),
        "of the label": F.cross_entropy(logits.reshape(1, 3), torch.tensor([0])),
        "of the distribution": F.cross_entropy(logits.reshape(1, 3), onehot.reshape(1, 3)),
    }


@claim
def sum_expand_transpose_and_product_carry_gradients():
    bias, m, k = leaf([1, 2, 3]), leaf([[1, 2], [3, 4]]), leaf([[1, 2], [3, 4]])
    bias.expand(4, 3).sum().backward()
    (m.t() * tensor([[1, 2], [3, 4]])).sum().backward()
    (k @ tensor([[1, 0], [1, 1]])).sum().backward()
    return {"dbias": bias.grad, "dm": m.grad, "dk": k.grad}


@claim
def an_optimizer_steps_and_zeroes():
    w = leaf([1])
    optimizer = torch.optim.SGD([w], lr=0.1)
    (w * w).sum().backward()
    optimizer.step()
    found = {"w": w.detach().clone(), "dw": w.grad.clone()}
    optimizer.zero_grad()
    found["a gradient is left"] = w.grad is not None
    (w * 1).sum().backward()
    optimizer.step()
    return {**found, "w again": w}


def plain(value):
    return value.detach().flatten().tolist() if isinstance(value, torch.Tensor) else value


def main():
    lines = []
    for title, function in CLAIMS.items():
        found = {key: plain(value) for key, value in function().items()}
        lines.append(f"{json.dumps(title)}: {json.dumps(found, allow_nan=False)}")
    (pins.FIXTURES / "article_claims.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
