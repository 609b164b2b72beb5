"""Writes Fixtures/optimizers.json, optimizer_groups.json and schedules.json: what PyTorch's optimizers and schedules do.

optimizers.json: for each precision starting values, the gradients of ten steps (null where a parameter has none), and
for each case the values and the state after each step; runs of L-BFGS with closures; clipped gradients; averaged
weights; optimizers of matrices. Lion, which torch.optim has not, is written here, and Muon, which torch.optim computes
in bfloat16. optimizer_groups.json: optimizers of matrices with two groups. schedules.json: learning rates, and momenta
where they are cycled, by step.
"""

import json
import math
import warnings

import pins

pins.check("torch", "numpy")

import numpy as np
import torch
from torch import optim
from torch.optim import lr_scheduler as lrs
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

# Counters and NAdam's product of momenta are tensors of the default type.
torch.set_default_dtype(torch.float64)
warnings.simplefilter("ignore")

DTYPES = {"float32": torch.float32, "float64": torch.float64}


class Lion(optim.Optimizer):
    """Chen et al. 2023, arXiv:2302.06675, Program 1."""

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0, maximize=False):
        super().__init__(
            params, {"lr": lr, "betas": betas, "weight_decay": weight_decay, "maximize": maximize})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                g = -p.grad if group["maximize"] else p.grad
                state = self.state[p]
                if not state:
                    state["step"] = torch.tensor(0.0)
                    state["exp_avg"] = torch.zeros_like(p)
                state["step"] += 1
                m = state["exp_avg"]
                update = (beta1 * m + (1 - beta1) * g).sign()
                p.sub_(group["lr"] * (update + group["weight_decay"] * p))
                m.mul_(beta2).add_(g, alpha=1 - beta2)


class Muon(optim.Optimizer):
    """torch.optim.Muon in the precision of the parameters."""

    def __init__(self, params, lr=1e-3, weight_decay=0.1, momentum=0.95, nesterov=True, ns_steps=5, match=False):
        super().__init__(params, {
            "lr": lr, "weight_decay": weight_decay, "momentum": momentum, "nesterov": nesterov, "ns_steps": ns_steps,
            "match": match})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                state, momentum, (m, n) = self.state[p], group["momentum"], p.shape
                if not state:
                    state["momentum_buffer"] = torch.zeros_like(p)
                buffer = state["momentum_buffer"].lerp_(p.grad, 1 - momentum)
                x = p.grad.lerp(buffer, momentum) if group["nesterov"] else buffer
                x = (x.T if m > n else x) / x.norm()
                for _ in range(group["ns_steps"]):
                    a = x @ x.T
                    x = 3.4445 * x + (-4.775 * a + 2.0315 * a @ a) @ x
                scale = 0.2 * math.sqrt(max(m, n)) if group["match"] else math.sqrt(max(1, m / n))
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.sub_(group["lr"] * scale * (x.T if m > n else x))


def settings(make, *listed):
    return [(make, options) for options in listed]


OPTIMIZERS = [
    *settings(
        optim.SGD, {"lr": 0.1}, {"lr": 0.1, "momentum": 0.9}, {"lr": 0.1, "momentum": 0.9, "dampening": 0.4},
        {"lr": 0.1, "momentum": 0.9, "nesterov": True}, {"lr": 0.1, "weight_decay": 0.2},
        {"lr": 0.1, "momentum": 0.8, "weight_decay": 0.2, "nesterov": True},
        {"lr": 0.1, "momentum": 0.8, "weight_decay": 0.2, "dampening": 0.3}, {"lr": 0.1, "maximize": True},
        {"lr": 0.1, "momentum": 0.8, "weight_decay": 0.2, "maximize": True}),
    *settings(
        optim.Adam, {"lr": 0.01}, {"lr": 0.01, "weight_decay": 0.3}, {},
        {"lr": 0.01, "betas": (0.7, 0.95), "eps": 1e-3}, {"lr": 0.01, "amsgrad": True},
        {"lr": 0.01, "betas": (0.5, 0.6), "amsgrad": True, "weight_decay": 0.3},
        {"lr": 0.01, "weight_decay": 0.3, "maximize": True}),
    *settings(
        optim.AdamW, {}, {"lr": 0.01, "betas": (0.7, 0.95), "eps": 1e-3, "weight_decay": 0.3},
        {"lr": 0.01, "betas": (0.5, 0.6), "amsgrad": True}, {"lr": 0.01, "weight_decay": 0},
        {"lr": 0.01, "maximize": True}),
    *settings(
        optim.RMSprop, {}, {"alpha": 0.9, "eps": 1e-3}, {"momentum": 0.9}, {"centered": True, "alpha": 0.8},
        {"centered": True, "alpha": 0.8, "momentum": 0.7}, {"weight_decay": 0.3},
        {"weight_decay": 0.3, "momentum": 0.5, "centered": True, "alpha": 0.7, "lr": 0.02},
        {"momentum": 0.5, "maximize": True}),
    *settings(
        optim.Adagrad, {}, {"lr": 0.1, "lr_decay": 0.2}, {"lr": 0.1, "weight_decay": 0.3},
        {"lr": 0.1, "initial_accumulator_value": 0.5}, {"lr": 0.1, "eps": 0.1, "lr_decay": 0.05, "maximize": True}),
    *settings(
        optim.Adadelta, {}, {"rho": 0.5, "eps": 1e-3}, {"lr": 0.3, "weight_decay": 0.3}, {"maximize": True}),
    *settings(
        optim.Adamax, {}, {"lr": 0.05, "betas": (0.5, 0.7)}, {"weight_decay": 0.3, "eps": 1e-3},
        {"lr": 0.05, "maximize": True}),
    *settings(
        optim.NAdam, {}, {"lr": 0.05, "betas": (0.5, 0.7)}, {"weight_decay": 0.3}, {"momentum_decay": 0.5},
        {"weight_decay": 0.3, "decoupled_weight_decay": True, "eps": 1e-3}, {"lr": 0.05, "maximize": True}),
    *settings(
        optim.RAdam, {}, {"lr": 0.05, "betas": (0.8, 0.9)}, {"lr": 0.01, "betas": (0.8, 0.99), "weight_decay": 0.3},
        {"lr": 0.01, "betas": (0.8, 0.99), "weight_decay": 0.3, "decoupled_weight_decay": True, "eps": 1e-3},
        {"lr": 0.01, "maximize": True}),
    *settings(
        Lion, {}, {"lr": 0.05, "betas": (0.5, 0.7)}, {"lr": 0.05, "weight_decay": 0.3},
        {"lr": 0.05, "weight_decay": 0.3, "maximize": True}),
    *settings(
        optim.Rprop, {}, {"lr": 0.1, "etas": (0.3, 1.5)}, {"lr": 0.1, "step_sizes": (0.04, 0.12)},
        {"lr": 0.05, "maximize": True}),
    *settings(
        optim.ASGD, {}, {"lr": 0.1, "lambd": 0.05, "alpha": 0.6}, {"lr": 0.1, "t0": 3.0, "weight_decay": 0.3},
        {"lr": 0.1, "t0": 0.0, "maximize": True}),
]

# The second of the two groups, [the first parameter] and [the others].
GROUPS = [
    (optim.SGD, {"lr": 0.1, "momentum": 0.9}, {"lr": 0.01, "weight_decay": 0.1}),
    (optim.SGD, {"lr": 0.1}, {"momentum": 0.5}),
    (optim.Adam, {"lr": 0.1}, {"lr": 0.01, "betas": (0.5, 0.7)}),
    (optim.AdamW, {"lr": 0.1}, {"weight_decay": 0.0, "eps": 1e-3}),
    (optim.RMSprop, {"lr": 0.1}, {"lr": 0.01, "momentum": 0.5}),
    (Lion, {"lr": 0.1}, {"lr": 0.01, "weight_decay": 0.1}),
]


class Numbers:
    """Inputs from a stream that NumPy keeps the same over versions."""

    def __init__(self, seed, dtype):
        self.random = np.random.RandomState(seed)
        self.dtype = dtype

    def normal(self, *shape):
        return torch.tensor(self.random.standard_normal(shape), dtype=self.dtype)


def short(values, dtype):
    """Floats in as few digits as tell them apart."""
    return [float(str(np.float32(value))) if dtype == torch.float32 else value for value in values]


def plain(tensor):
    tensor = tensor.detach()
    return {"shape": list(tensor.shape), "values": short(tensor.flatten().tolist(), tensor.dtype)}


def numbers_of(options):
    return {key: [float(x) for x in value] if isinstance(value, tuple) else [float(value)]
            for key, value in options.items()}


def name_of(make, options):
    return " ".join([make.__name__, *(f"{key}={value}" for key, value in options.items())])


def run(make, listed, options, gradients):
    parameters = [p for group in listed for p in (group["params"] if isinstance(group, dict) else [group])]
    optimizer = make(listed, **options) if make in (Lion, Muon) else make(listed, foreach=False, **options)
    steps = []
    for step in gradients:
        for parameter, gradient in zip(parameters, step):
            parameter.grad = None if gradient is None else gradient.clone()
        optimizer.step()
        state = {}
        for index, parameter in enumerate(parameters):
            for key, value in optimizer.state[parameter].items():
                if value is not None and key not in ("eta", "mu"):  # of ASGD, which follow from the step
                    state[f"{index}.{key}"] = plain(torch.as_tensor(value))["values"]
        steps.append({"values": [plain(parameter)["values"] for parameter in parameters], "state": state})
    return steps


def optimizer_cases(numbers):
    """Three parameters, the second without a gradient in steps 1, 2 and 6, the third without elements; one gradient
    stays 0, and in step 5 all are."""
    shapes = [(2, 3), (4,), (0, 2)]
    start = [numbers.normal(*shape) for shape in shapes]
    gradients = [[numbers.normal(*shape) for shape in shapes] for _ in range(10)]
    for step in gradients:
        step[0][1, 1] = 0
    for gradient in gradients[4]:
        gradient.zero_()
    for step in [0, 1, 5]:
        gradients[step][1] = None
    cases = []
    for make, options in OPTIMIZERS:
        parameters = [value.clone().requires_grad_() for value in start]
        cases.append({
            "name": name_of(make, options), "optimizer": make.__name__, "options": numbers_of(options),
            "steps": run(make, parameters, options, gradients)})
    for make, options, own in GROUPS:
        parameters = [value.clone().requires_grad_() for value in start]
        groups = [{"params": parameters[:1]}, {"params": parameters[1:], **own}]
        name = f"{name_of(make, options)} | {' '.join(f'{key}={value}' for key, value in own.items())}"
        cases.append({
            "name": name, "optimizer": make.__name__, "options": numbers_of(options), "group": numbers_of(own),
            "steps": run(make, groups, options, gradients)})
    return {
        "start": [plain(value) for value in start],
        "gradients": [[None if g is None else plain(g)["values"] for g in step] for step in gradients],
        "cases": cases,
    }


MATRICES = [
    (Muon, {}), (Muon, {"lr": 0.1, "momentum": 0.8, "nesterov": False, "weight_decay": 0.0}),
    (Muon, {"lr": 0.05, "match": True, "ns_steps": 3}),
    (optim.Adafactor, {}), (optim.Adafactor, {"lr": 0.3, "weight_decay": 0.2, "beta2_decay": -0.5}),
    (optim.Adafactor, {"lr": 0.5, "d": 1.5, "eps": (1e-3, 0.1), "maximize": True}),
]
MATRIX_GROUPS = [
    (Muon, {"lr": 0.1}, {"lr": 0.02, "weight_decay": 0.5, "momentum": 0.6}),
    (Muon, {"lr": 0.1, "nesterov": False}, {"momentum": 0.5}),
    (optim.Adafactor, {"lr": 0.3}, {"lr": 0.02, "weight_decay": 0.4}),
]


def matrix_cases(numbers, listed):
    """Optimizers of whole matrices: five steps, without a gradient of the second parameter in the first. The first
    parameter is a group of its own where the others have options of their own."""
    for make, options, *own in listed:
        shapes = [(3, 2), (2, 5)] if make is Muon else [(3, 2), (4,), (2, 3, 2)]
        start = [numbers.normal(*shape) for shape in shapes]
        gradients = [[numbers.normal(*shape) for shape in shapes] for _ in range(5)]
        if make is not Muon:
            gradients[0][1] = None
        parameters = [value.clone().requires_grad_() for value in start]
        groups = [{"params": parameters[:1]}, {"params": parameters[1:], **own[0]}] if own else parameters
        yield {
            "name": name_of(make, options), "optimizer": make.__name__, "options": numbers_of(options),
            "start": [plain(value) for value in start],
            "gradients": [[None if g is None else plain(g)["values"] for g in step] for step in gradients],
            "steps": run(make, groups, options, gradients), **({"group": numbers_of(own[0])} if own else {})}


def lbfgs_cases(numbers):
    """Rosenbrock's valley, and a logistic regression with two parameters: the values and losses after each step."""
    rows, labels = numbers.normal(12, 3), (numbers.normal(12) > 0).to(numbers.dtype)

    def valley(x):
        return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2

    def regression(weight, bias):
        z = rows @ weight + bias
        return (torch.log(1 + torch.exp(z)) - labels * z).mean() + 0.05 * (weight * weight).sum()

    problems = {
        "valley": (valley, [torch.tensor([-1.2, 1.0], dtype=numbers.dtype)]),
        "regression": (regression, [torch.zeros(3, dtype=numbers.dtype), torch.zeros(1, dtype=numbers.dtype)]),
    }
    listed = [
        ("valley", 3, {"max_iter": 4, "lr": 1e-3}), ("valley", 4, {"max_iter": 5, "line_search_fn": "strong_wolfe"}),
        ("valley", 3, {"line_search_fn": "strong_wolfe", "history_size": 2, "max_iter": 8}),
        ("valley", 2, {"line_search_fn": "strong_wolfe", "max_iter": 6, "max_eval": 7}),
        ("regression", 3, {"max_iter": 3}), ("regression", 3, {"max_iter": 4, "lr": 0.5, "history_size": 3}),
        ("regression", 2, {"max_iter": 4, "line_search_fn": "strong_wolfe"}),
        ("regression", 4, {"max_iter": 2, "line_search_fn": "strong_wolfe", "history_size": 1}),
        ("regression", 2, {"tolerance_grad": 1e-2}), ("regression", 2, {"tolerance_change": 1e-2}),
    ]
    for problem, count, options in listed:
        loss, start = problems[problem]
        parameters = [value.clone().requires_grad_() for value in start]
        optimizer = optim.LBFGS(parameters, **options)

        def closure():
            optimizer.zero_grad()
            value = loss(*parameters)
            value.backward()
            return value

        steps = []
        for _ in range(count):
            value = optimizer.step(closure)
            state = optimizer.state[parameters[0]]
            steps.append({
                "loss": float(value), "values": [plain(parameter)["values"] for parameter in parameters],
                "evaluations": state["func_evals"], "iterations": state["n_iter"]})
        yield {
            "name": f"{problem} {name_of(optim.LBFGS, options)}", "problem": problem, "rows": plain(rows),
            "options": numbers_of({key: value == "strong_wolfe" or value for key, value in options.items()}),
            "labels": plain(labels), "start": [plain(value) for value in start], "steps": steps}


def clip_cases(numbers):
    shapes = [(2, 3), (4,), (0,)]
    ordinary = [numbers.normal(*shape) for shape in shapes]
    nan, infinite, zero = ([g.clone() for g in ordinary] for _ in range(3))
    nan[1][2], infinite[1][2] = math.nan, math.inf
    zero = [g * 0 for g in zero]
    listed = [
        (ordinary, 1.0, 2.0), (ordinary, 100.0, 2.0), (ordinary, 0.5, 1.0), (ordinary, 0.5, 3.0),
        (ordinary, 0.5, math.inf), (ordinary, 0.0, 2.0), (ordinary, 0.7, 0.5), (zero, 1.0, 2.0), (nan, 1.0, 2.0),
        (infinite, 1.0, 2.0), (nan, 1.0, math.inf), (ordinary, 0.5, None), (nan, 0.5, None), (infinite, 0.25, None),
    ]
    for gradients, most, p in listed:
        parameters = [torch.zeros_like(g).requires_grad_() for g in gradients]
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = gradient.clone()
        if p is None:
            torch.nn.utils.clip_grad_value_(parameters, most)
            norm = None
        else:
            # PyTorch has no largest of no elements.
            used = [q for q in parameters if q.numel() > 0] if p == math.inf else parameters
            norm = float(torch.nn.utils.clip_grad_norm_(used, most, p))
        yield {
            "most": most, "p": None if p is None else str(p), "norm": None if norm is None else str(norm),
            "gradients": [[str(x) for x in short(g.flatten().tolist(), g.dtype)] for g in gradients],
            "clipped": [[str(x) for x in plain(q.grad)["values"]] for q in parameters]}


def average_cases(numbers):
    shapes = [(2, 3), (4,)]
    walks = [[numbers.normal(*shape) for shape in shapes] for _ in range(8)]
    for decay in [0.999, 0.9, 0.3, 0.0, 1.0]:
        model = torch.nn.ParameterList([value.clone() for value in walks[0]])
        averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay))
        steps = []
        for walk in walks:
            with torch.no_grad():
                for parameter, value in zip(model, walk):
                    parameter.copy_(value)
            averaged.update_parameters(model)
            steps.append([plain(p)["values"] for p in averaged.module.parameters()])
        yield {"decay": decay, "walks": [[plain(v) for v in walk] for walk in walks], "steps": steps}


def warmup(start, count, total, minimum=0.0):
    def make(optimizer):
        return lrs.SequentialLR(optimizer, [
            lrs.LinearLR(optimizer, start_factor=start, total_iters=count),
            lrs.CosineAnnealingLR(optimizer, T_max=total - count, eta_min=minimum)], [count])
    return make


def warmup_from_zero(count, total):
    def factor(step):
        if step < count:
            return step / count
        return 0.5 * (1 + math.cos(math.pi * min(1, (step - count) / (total - count))))
    return lambda optimizer: lrs.LambdaLR(optimizer, factor)


def simple(make, **options):
    return lambda optimizer: make(optimizer, **options)


METRICS = [1, .9, .8, .8, .8, .79999, .81, .9, .7, .7, .7, .7, .7, .7, .6, .6, .6, .61, .6, .6, .6, .6, .6, .6, .5, .5,
           .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .4]

SCHEDULES = {
    "step 10": simple(lrs.StepLR, step_size=10), "step 7 0.5": simple(lrs.StepLR, step_size=7, gamma=0.5),
    "step 1 0.9": simple(lrs.StepLR, step_size=1, gamma=0.9),
    "milestones 5 20 30": simple(lrs.MultiStepLR, milestones=[5, 20, 30]),
    "milestones 10 10 25 0.5": simple(lrs.MultiStepLR, milestones=[10, 10, 25], gamma=0.5),
    "exponential 0.95": simple(lrs.ExponentialLR, gamma=0.95),
    "exponential 1.02": simple(lrs.ExponentialLR, gamma=1.02),
    "constant": simple(lrs.ConstantLR), "constant 0.25 12": simple(lrs.ConstantLR, factor=0.25, total_iters=12),
    "linear": simple(lrs.LinearLR),
    "linear 0.1 20": simple(lrs.LinearLR, start_factor=0.1, total_iters=20),
    "linear 1 0.2 30": simple(lrs.LinearLR, start_factor=1.0, end_factor=0.2, total_iters=30),
    "polynomial 30 1": simple(lrs.PolynomialLR, total_iters=30),
    "polynomial 40 2": simple(lrs.PolynomialLR, total_iters=40, power=2.0),
    "polynomial 25 0.5": simple(lrs.PolynomialLR, total_iters=25, power=0.5),
    "cosine 60": simple(lrs.CosineAnnealingLR, T_max=60),
    "cosine 50 0.01": simple(lrs.CosineAnnealingLR, T_max=50, eta_min=0.01),
    "cosine warmup 5 50 from 0.1": warmup(0.1, 5, 50),
    "cosine warmup 10 55 from 0.25 to 0.01": warmup(0.25, 10, 55, 0.01),
    "cosine warmup 8 40": warmup_from_zero(8, 40), "cosine warmup 1 60": warmup_from_zero(1, 60),
    "restarts 10": simple(lrs.CosineAnnealingWarmRestarts, T_0=10),
    "restarts 5 2 0.01": simple(lrs.CosineAnnealingWarmRestarts, T_0=5, T_mult=2, eta_min=0.01),
    "restarts 1 3": simple(lrs.CosineAnnealingWarmRestarts, T_0=1, T_mult=3),
    "one cycle": simple(lrs.OneCycleLR, max_lr=1.0, total_steps=50),
    "one cycle linear": simple(lrs.OneCycleLR, max_lr=0.5, total_steps=47, anneal_strategy="linear", pct_start=0.4),
    "one cycle three phases": simple(
        lrs.OneCycleLR, max_lr=0.5, total_steps=50, three_phase=True, base_momentum=0.8, max_momentum=0.9),
    "one cycle without momentum": simple(
        lrs.OneCycleLR, max_lr=0.5, total_steps=46, cycle_momentum=False, div_factor=10.0, final_div_factor=100.0),
    "lambda": simple(lrs.LambdaLR, lr_lambda=lambda step: 1 / (1 + step)),
    "lambda root": simple(lrs.LambdaLR, lr_lambda=lambda step: min((step + 1) ** -0.5, (step + 1) * 10 ** -1.5)),
    "multiplicative": simple(lrs.MultiplicativeLR, lr_lambda=lambda step: 0.9 if step % 3 else 1.1),
    "chained": lambda o: lrs.ChainedScheduler(
        [lrs.ConstantLR(o, factor=0.1, total_iters=20), lrs.ExponentialLR(o, gamma=0.9)]),
    "cycle of triangles": simple(lrs.CyclicLR, base_lr=0.01, max_lr=0.1, step_size_up=7),
    "cycle of halves": simple(
        lrs.CyclicLR, base_lr=0.01, max_lr=0.1, step_size_up=4, step_size_down=6, mode="triangular2",
        base_momentum=0.7, max_momentum=0.95),
    "cycle of powers": simple(
        lrs.CyclicLR, base_lr=0.01, max_lr=0.1, step_size_up=5, step_size_down=2, mode="exp_range", gamma=0.98,
        cycle_momentum=False),
    "sequential": lambda o: lrs.SequentialLR(
        o, [lrs.ConstantLR(o, factor=0.1, total_iters=5), lrs.ExponentialLR(o, gamma=0.9)], [5]),
    "sequential of three": lambda o: lrs.SequentialLR(
        o, [lrs.LinearLR(o, start_factor=0.2, total_iters=6), lrs.StepLR(o, step_size=4, gamma=0.5),
            lrs.PolynomialLR(o, total_iters=15)], [8, 30]),
    "plateau": simple(lrs.ReduceLROnPlateau, patience=3),
    "plateau cooldown": simple(
        lrs.ReduceLROnPlateau, factor=0.5, patience=1, cooldown=4, min_lr=0.02, threshold=1e-2),
    "plateau absolute": simple(
        lrs.ReduceLROnPlateau, factor=0.5, patience=2, threshold=0.05, threshold_mode="abs"),
    "plateau of the largest": simple(lrs.ReduceLROnPlateau, mode="max", factor=0.8, patience=2),
    "plateau of the largest absolute": simple(
        lrs.ReduceLROnPlateau, mode="max", factor=0.8, patience=2, threshold_mode="abs", threshold=0.1),
}


def schedule_cases():
    """Two groups, of rates 0.1 and 0.03."""
    for name, make in SCHEDULES.items():
        for kind in ["SGD", "Adam"] if "cycle" in name else ["SGD"]:
            parameters = [torch.zeros(1, requires_grad=True) for _ in range(2)]
            groups = [{"params": [parameters[0]], "lr": 0.1}, {"params": [parameters[1]], "lr": 0.03}]
            more = {"momentum": 0.9} if kind == "SGD" else {}
            optimizer = getattr(optim, kind)(groups, lr=0.1, **more)
            schedule = make(optimizer)
            rates, momenta = [], []
            for step in range(45):
                rates.append([group["lr"] for group in optimizer.param_groups])
                momenta.append([
                    group["momentum"] if kind == "SGD" else group["betas"][0] for group in optimizer.param_groups])
                optimizer.step()
                schedule.step(*([METRICS[step]] if "plateau" in name else []))
            yield {"name": name, "optimizer": kind, "rates": rates, "momenta": momenta}


def write(name, contents):
    text = json.dumps(contents, sort_keys=True, separators=(",", ":"), allow_nan=False)
    (pins.FIXTURES / name).write_text(text + "\n")


def write_groups():
    write("optimizer_groups.json", {
        name: list(matrix_cases(Numbers(7, dtype), MATRIX_GROUPS)) for name, dtype in DTYPES.items()})


def main():
    optimizers = {}
    for name, dtype in DTYPES.items():
        optimizers[name] = {
            **optimizer_cases(Numbers(2, dtype)), "lbfgs": list(lbfgs_cases(Numbers(3, dtype))),
            "clipped": list(clip_cases(Numbers(4, dtype))), "averaged": list(average_cases(Numbers(5, dtype))),
            "matrices": list(matrix_cases(Numbers(6, dtype), MATRICES))}
    write("optimizers.json", optimizers)
    write_groups()
    write("schedules.json", {"metrics": METRICS, "cases": list(schedule_cases())})


if __name__ == "__main__":
    main()
