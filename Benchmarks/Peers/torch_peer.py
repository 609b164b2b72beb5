"""PyTorch's side: eager, or through torch.compile."""

import logging

import torch
from torch.nn import functional

import cases

OPERATIONS = {
    "add": lambda x, y, given: x + y,
    "mul": lambda x, y, given: x * y,
    "div": lambda x, y, given: x / y,
    "maximum": lambda x, y, given: torch.maximum(x, y),
    "where": lambda x, y, given: torch.where(given["mask"], x, y),
    "exp": lambda x, y, given: x.exp(),
    "log": lambda x, y, given: x.log(),
    "sqrt": lambda x, y, given: x.sqrt(),
    "tanh": lambda x, y, given: x.tanh(),
    "sigmoid": lambda x, y, given: x.sigmoid(),
    "relu": lambda x, y, given: x.relu(),
    "gelu": lambda x, y, given: functional.gelu(x),
    "erf": lambda x, y, given: x.erf(),
    "sin": lambda x, y, given: x.sin(),
    "cos": lambda x, y, given: x.cos(),
    "abs": lambda x, y, given: x.abs(),
    "clamp": lambda x, y, given: x.clamp(-1, 1),
    "pow 2": lambda x, y, given: x.pow(2),
    "sum": lambda x, y, given: x.sum(),
    "sum axis 0": lambda x, y, given: x.sum(0),
    "sum axis 1": lambda x, y, given: x.sum(1),
    "mean": lambda x, y, given: x.mean(),
    "max": lambda x, y, given: x.max(),
    "max axis 1": lambda x, y, given: x.max(1).values,
    "softmax": lambda x, y, given: x.softmax(1),
    "log-softmax": lambda x, y, given: x.log_softmax(1),
    "cross-entropy": lambda x, y, given: functional.cross_entropy(x, given["columns"]),
    "layer norm": lambda x, y, given: functional.layer_norm(x, y.shape, y, y),
    "copy": lambda x, y, given: x.clone(memory_format=torch.contiguous_format),
    "concat": lambda x, y, given: torch.cat([x, y]),
    "gather rows": lambda x, y, given: x[given["rows"]],
    "matmul": lambda x, y, given: x @ y,
    "solve": lambda x, y, given: torch.linalg.solve(square(x), square(y)),
    "inverse": lambda x, y, given: torch.linalg.inv(square(x)),
    "log-determinant": lambda x, y, given: torch.linalg.slogdet(square(x)).logabsdet,
    "cholesky": lambda x, y, given: torch.linalg.cholesky(square(x)),
    "qr": lambda x, y, given: torch.linalg.qr(square(x)).R,
    "svd": lambda x, y, given: torch.linalg.svd(square(x), full_matrices=False).S,
    "eigh": lambda x, y, given: torch.linalg.eigh(square(x)).eigenvalues,
    **{
        name: lambda x, y, given, name=name: getattr(torch, name)(x)
        for name in ("floor", "round", "square", "reciprocal", "rsqrt", "exp2", "expm1", "log2", "log10", "log1p", "tan",
                     "atan", "sinh", "cosh", "asinh", "erfc", "sinc")
    },
    **{
        name: lambda x, y, given, name=name: getattr(torch, name)(x, y)
        for name in ("hypot", "atan2", "remainder", "logaddexp")
    },
    "product axis 1": lambda x, y, given: x.prod(1),
    "standard deviation axis 1": lambda x, y, given: x.std(1),
    "log-sum-exp axis 1": lambda x, y, given: x.logsumexp(1),
    "cumulative sum axis 0": lambda x, y, given: x.cumsum(0),
    "cumulative sum axis 1": lambda x, y, given: x.cumsum(1),
    "cumulative product axis 1": lambda x, y, given: x.cumprod(1),
    "max with indices axis 1": lambda x, y, given: x.max(1).values,
    "roll axis 1": lambda x, y, given: x.roll(1, 1),
    "flip axis 1": lambda x, y, given: x.flip(1),
    "lower triangle": lambda x, y, given: x.tril(),
    "gather axis 1": lambda x, y, given: x.gather(1, given["places"]),
    "scatter-add axis 1": lambda x, y, given: x.scatter_add(1, given["places"], y),
    "index-add": lambda x, y, given: x.index_add(0, given["rows"], y),
    "sort axis 1": lambda x, y, given: x.sort(dim=1, stable=True).values,
    "argsort axis 1": lambda x, y, given: x.argsort(dim=1, stable=True).float(),
    "top 4 axis 1": lambda x, y, given: x.topk(4, 1).values,
    "unique": lambda x, y, given: x.unique(return_inverse=True, return_counts=True)[0],
    "histogram": lambda x, y, given: x.histc(100, -3, 3),
    "fft axis 1": lambda x, y, given: torch.view_as_real(torch.fft.fft(given["complex"], dim=1)),
    "rfft axis 1": lambda x, y, given: torch.view_as_real(torch.fft.rfft(x, dim=1)),
    **{
        f"einsum {equation}": lambda x, y, given, equation=equation: torch.einsum(
            equation, *[x, y, x][: equation.count(",") + 1])
        for equation in ("ij,ij->i", "ij,kj->ik", "ij,kj,kl->il")
    },
}  # fmt: skip


def square(x):
    """The square matrices that lie below one another."""
    return x.reshape(-1, x.shape[1], x.shape[1])


def chained(x, y, given):
    for _ in range(100):
        x = x * y
    return x


OPERATIONS["100 chained products"] = chained

OPTIMIZERS = {
    "SGD 0.1": lambda parameters: torch.optim.SGD(parameters, lr=0.1),
    "SGD 0.01": lambda parameters: torch.optim.SGD(parameters, lr=0.01),
    "momentum": lambda parameters: torch.optim.SGD(parameters, lr=0.01, momentum=0.9),
    "Adam": lambda parameters: torch.optim.Adam(parameters),
    "AdamW": lambda parameters: torch.optim.AdamW(parameters),
}


def layers(weights):
    for weight, bias in zip(weights[::2], weights[1::2]):
        layer = torch.nn.Linear(weight.shape[1], weight.shape[0], dtype=torch.from_numpy(weight).dtype)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(weight))
            layer.bias.copy_(torch.from_numpy(bias))
        yield layer


def article(weights):
    hidden, output = layers(weights)
    criterion = torch.nn.MSELoss(reduction="sum")
    return torch.nn.Sequential(hidden, torch.nn.Tanh(), output, torch.nn.Sigmoid()), criterion


def classifier(weights):
    first, *others = layers(weights)
    return torch.nn.Sequential(first, *(part for layer in others for part in (torch.nn.ReLU(), layer))), (
        functional.cross_entropy
    )


class Reader(torch.nn.Module):
    """Characters to the logits of those that follow, [steps, batch] to [steps · batch, characters]."""

    def __init__(self, kind, weights):
        super().__init__()
        (characters, embedding), (_, hidden) = weights[0].shape, weights[2].shape
        self.embedding = torch.nn.Embedding(characters, embedding)
        self.network = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[kind](embedding, hidden)
        self.output = torch.nn.Linear(hidden, characters)

    def forward(self, text):
        return self.output(self.network(self.embedding(text))[0]).flatten(0, 1)


def filled(model, weights):
    model.to(torch.from_numpy(weights[0]).dtype)
    with torch.no_grad():
        for parameter, weight in zip(model.parameters(), weights, strict=True):
            parameter.copy_(torch.from_numpy(weight))
    return model


def reader(kind):
    def make(weights):
        return filled(Reader(kind, weights), weights), lambda logits, text: functional.cross_entropy(logits, text.flatten())

    return make


def cnn(weights):
    nn = torch.nn
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(), nn.Linear(128, 10))  # fmt: skip
    return filled(model, weights), functional.cross_entropy


class GPT(torch.nn.Module):
    """Characters to the logits of those that follow, [batch, steps] to [batch · steps, characters]."""

    def __init__(self, characters, width, steps, layers):
        super().__init__()
        self.characters = torch.nn.Embedding(characters, width)
        self.places = torch.nn.Embedding(steps, width)
        self.layers = torch.nn.ModuleList(
            torch.nn.TransformerEncoderLayer(
                width, 4, 4 * width, 0, functional.gelu, batch_first=True, norm_first=True)
            for _ in range(layers))  # fmt: skip
        self.norm = torch.nn.LayerNorm(width)
        self.output = torch.nn.Linear(width, characters, bias=False)
        self.mask = torch.nn.Transformer.generate_square_subsequent_mask(steps)

    def forward(self, text):
        x = self.characters(text) + self.places.weight
        for layer in self.layers:
            x = layer(x, self.mask, is_causal=True)
        return self.output(self.norm(x)).flatten(0, 1)


def gpt(weights):
    (characters, width), (steps, _) = weights[0].shape, weights[1].shape
    model = GPT(characters, width, steps, (len(weights) - 5) // 12)
    return filled(model, weights), lambda logits, text: functional.cross_entropy(logits, text.flatten())


class Block(torch.nn.Module):
    """Three convolutions beside a shortcut."""

    def __init__(self, inputs, width, stride):
        super().__init__()
        sizes = [(inputs, width, 1, 1), (width, width, 3, stride), (width, 4 * width, 1, 1)]
        sizes += [(inputs, 4 * width, 1, stride)] if stride > 1 or inputs != 4 * width else []
        self.parts = torch.nn.ModuleList(
            torch.nn.Sequential(
                torch.nn.Conv2d(i, o, k, s, k // 2, bias=False), torch.nn.BatchNorm2d(o)) for i, o, k, s in sizes
        )  # fmt: skip

    def forward(self, x):
        y = x
        for i, part in enumerate(self.parts[:3]):
            y = part(y if i == 0 else functional.relu(y, inplace=True))
        return functional.relu(y + (self.parts[3](x) if len(self.parts) > 3 else x), inplace=True)


def resnet(weights):
    nn, blocks, inputs = torch.nn, [], 64
    for width, count, stride in cases.RESNET:
        for block in range(count):
            blocks.append(Block(inputs, width, stride if block == 0 else 1))
            inputs = 4 * width
    model = nn.Sequential(
        nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1),
        *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 1000))  # fmt: skip
    return filled(model, weights).eval(), functional.cross_entropy


MODELS = {"resnet": resnet, "cnn": cnn, "gpt": gpt, "article": article, "classifier": classifier, **{kind: reader(kind) for kind in cases.GATES}}


class Torch:
    """Eager or compiled."""

    def __init__(self, compiles, threads):
        torch.set_num_threads(threads)
        self.compiles = compiles
        # What it warns of concerns profiling.
        torch._logging.set_logs(dynamo=logging.ERROR)

    def compiled(self, function):
        return torch.compile(function, dynamic=False) if self.compiles else function

    def step(self, step):
        """A training step that returns its loss. Compiled are the loss with its backward, and the update."""
        torch.compiler.reset()
        weights, *data = step.arrays()
        inputs, targets = map(torch.from_numpy, data)
        model, criterion = MODELS[step.kind](weights)
        if step.optimizer is None:
            return torch.no_grad()(self.compiled(lambda: criterion(model(inputs), targets)))
        optimizer = OPTIMIZERS[step.optimizer](model.parameters())
        loss_of = self.compiled(lambda: criterion(model(inputs), targets))
        update = self.compiled(lambda: optimizer.step())

        def run():
            loss = loss_of()
            loss.backward()
            update()
            optimizer.zero_grad()
            return loss

        return run

    def operation(self, case):
        """The call that is timed, and a function for its result and gradients as arrays."""
        torch.compiler.reset()
        base, y = map(torch.from_numpy, case.data())
        leaves = [base, y][: case.inputs]
        given = {
            "mask": (base.t() if case.layout == "transposed" else base) > 0,
            "columns": torch.from_numpy(case.scattered(case.columns)),
            "rows": torch.from_numpy(case.scattered(case.rows)),
            "places": torch.from_numpy(case.places()),
            "complex": torch.complex(base, y) if case.name == "fft axis 1" else None,
        }
        function = OPERATIONS[case.name]
        turned = case.layout == "transposed"
        apply = self.compiled(lambda: function(base.t() if turned else base, y, given))
        for leaf in leaves:
            leaf.requires_grad_(case.mode != "forward")
        if case.mode != "both":
            return apply, lambda: [apply().detach().numpy()]
        seed = torch.from_numpy(cases.seed(tuple(apply().shape)))

        def run():
            result = apply()
            result.backward(seed)
            gradients = [leaf.grad for leaf in leaves]
            for leaf in leaves:
                leaf.grad = None
            return result, gradients

        def arrays():
            result, gradients = run()
            return [tensor.detach().numpy() for tensor in (result, *gradients)]

        return run, arrays

    def finish(self, result):
        """Nothing is computed behind the caller's back."""
