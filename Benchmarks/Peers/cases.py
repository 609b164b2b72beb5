"""What is measured, on every side, and what is to be reached."""

import dataclasses
import functools
import math

import numpy

ROWS = {4: (1, 4), 1000: (10, 100), 10**5: (100, 1000), 10**6: (320, 3125), 4 * 10**7: (2000, 20000)}
LARGE = 4 * 10**7


@dataclasses.dataclass(frozen=True)
class Step:
    """A training step, or without an optimizer a forward pass. Martlet's workload of that name draws the same numbers in
    the same order."""

    name: str
    target: float | None  # microseconds; without it PyTorch's own time
    kind: str  # the function that builds it, on each side
    sizes: tuple
    batch: int
    optimizer: str | None
    dtype: str = "float32"

    is_large = False

    @property
    def row_name(self):
        return self.name

    def shapes(self):
        """The parameters' shapes, in PyTorch's order."""
        if self.kind in GATES:
            vocabulary, embedding, hidden, _ = self.sizes
            width = GATES[self.kind] * hidden
            return [
                (vocabulary, embedding), (width, embedding), (width, hidden), (width,), (width,), (vocabulary, hidden),
                (vocabulary,),
            ]  # fmt: skip
        if self.kind == "cnn":
            return [(32, 1, 3, 3), (32,), (64, 32, 3, 3), (64,), (128, 3136), (128,), (10, 128), (10,)]
        if self.kind == "resnet":
            shapes, inputs = [(64, 3, 7, 7), (64,), (64,)], 64
            for width, blocks, _ in RESNET:
                for block in range(blocks):
                    kernels = [(width, inputs, 1, 1), (width, width, 3, 3), (4 * width, width, 1, 1)]
                    kernels += [(4 * width, inputs, 1, 1)] if block == 0 else []
                    shapes += [shape for kernel in kernels for shape in (kernel, kernel[:1], kernel[:1])]
                    inputs = 4 * width
            return [*shapes, (self.sizes[-1], inputs), self.sizes]
        if self.kind == "gpt":
            characters, width, layers, steps = self.sizes
            layer = [
                (3 * width, width), (3 * width,), (width, width), (width,), (4 * width, width), (4 * width,),
                (width, 4 * width), *[(width,)] * 5,
            ]  # fmt: skip
            return [(characters, width), (steps, width), *layer * layers, (width,), (width,), (characters, width)]
        return [shape for inputs, outputs in zip(self.sizes, self.sizes[1:]) for shape in ((outputs, inputs), (outputs,))]

    def weights(self, stream):
        """Uniform in ±1/√fan, where the fan of a vector is that of the weight before it."""
        for shape in self.shapes():
            if len(shape) > 1:
                bound = 1 / numpy.sqrt(math.prod(shape[1:]))
            yield (stream.random_sample(shape) * (2 * bound) - bound).astype(self.dtype)

    def arrays(self):
        """Weights, inputs and targets."""
        stream = numpy.random.RandomState(0)
        weights = list(self.weights(stream))
        if self.kind == "article":
            inputs = numpy.array([[0, 0], [0, 1], [1, 0], [1, 1]], self.dtype)
            return weights, inputs, numpy.array([[0], [1], [0], [1]], self.dtype)
        if self.kind in GATES:
            # A text that repeats itself: [steps, batch] characters, and those that follow.
            steps, characters = self.sizes[-1], self.sizes[0]
            text = numpy.arange((steps + 1) * self.batch).reshape(-1, self.batch) * 7919 % characters
            return weights, text[:-1], text[1:]
        if self.kind == "gpt":
            steps, characters = self.sizes[-1], self.sizes[0]
            text = numpy.arange(self.batch * (steps + 1)).reshape(self.batch, -1) * 7919 % characters
            return weights, text[:, :-1], text[:, 1:]
        shape = {"cnn": (1, 28, 28), "resnet": (3, 224, 224)}.get(self.kind, self.sizes[:1])
        inputs = stream.standard_normal((self.batch, *shape)).astype(self.dtype)
        return weights, inputs, numpy.arange(self.batch) % self.sizes[-1]


# Numbers that a recurrence computes for each of its state's.
GATES = {"rnn": 1, "lstm": 4, "gru": 3}
# The width, the number of blocks and the first stride of each stage of a ResNet-50.
RESNET = [(64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)]
STEPS = [
    Step("article net 2-3-1, batch 4, Double, SGD", 4, "article", (2, 3, 1), 4, "SGD 0.1", "float64"),
    Step("digits 64-128-10, batch 64, SGD", 45, "classifier", (64, 128, 10), 64, "SGD 0.01"),
    Step("digits 64-128-10, batch 64, Adam", 60, "classifier", (64, 128, 10), 64, "Adam"),
    Step("MNIST 784-512-256-10, batch 128, momentum", 2000, "classifier", (784, 512, 256, 10), 128, "momentum"),
    Step("MNIST 784-512-256-10, batch 128, Adam", 2200, "classifier", (784, 512, 256, 10), 128, "Adam"),
    Step("char RNN e64 h256, 64 steps, batch 32, Adam", 11000, "rnn", (65, 64, 256, 64), 32, "Adam"),
    Step("char LSTM e64 h256, 64 steps, batch 32, Adam", 26000, "lstm", (65, 64, 256, 64), 32, "Adam"),
    Step("char GRU e64 h256, 64 steps, batch 32, Adam", 24000, "gru", (65, 64, 256, 64), 32, "Adam"),
    Step("CNN 1-32-64, 3136-128-10, batch 64, Adam", 15000, "cnn", (10,), 64, "Adam"),
    Step("GPT 4 layers d128, 64 steps, batch 12, AdamW", 28000, "gpt", (65, 128, 4, 64), 12, "AdamW"),
    Step("ResNet-50 forward, one image of 224 × 224", None, "resnet", (1000,), 1, None),
]
START = STEPS[1]
START_TARGET = 0.05  # seconds from the start of the process to the end of its first step


@functools.cache
def normals():
    return numpy.random.RandomState(0).standard_normal(2 * 10**6).reshape(2, -1)


@functools.cache
def operands(values, count):
    """The elements of x and of y: a million numbers for each, repeated for more."""
    blocks = normals()[:, :count]
    if values == "positive":
        blocks = abs(blocks) + 0.5
    elif values == "unit":
        blocks = 1 + blocks / 1000
    return [numpy.resize(block, count) for block in blocks.astype("float32")]


def seed(shape):
    """The gradient that a backward pass starts from: -2, -1, 0, 1, 2, -2 …"""
    return numpy.resize(numpy.arange(-2, 3, dtype="float32"), shape)


@dataclasses.dataclass(frozen=True)
class Operation:
    """An operation on matrices [rows, columns]: x and, when it takes two, y."""

    name: str
    layout: str  # contiguous, broadcast (y is one row) or transposed (x is a transposed view)
    rows: int
    columns: int
    mode: str  # forward, recorded (forward with history) or both (forward and backward)
    values: str = "normal"

    @property
    def count(self):
        return self.rows * self.columns

    @property
    def is_large(self):
        return self.count == LARGE

    @property
    def inputs(self):
        """How many tensors gradients are asked for."""
        return 2 if self.name in BINARY or self.name in BREADTH_BINARY else 1

    @property
    def is_linear_algebra(self):
        """Whether it works on square matrices, [rows / columns, columns, columns]."""
        return self.name in LINEAR_ALGEBRA

    @property
    def extents(self):
        matrices = self.rows // self.columns if self.is_linear_algebra else 1
        return f"{matrices} of {self.columns}×{self.columns}" if matrices > 1 else f"{self.rows}×{self.columns}"

    @property
    def row_name(self):
        return f"{self.name}, {self.layout}, {self.extents}, {self.mode}"

    @property
    def has_common_size(self):
        """Whether it is one of those that are measured on all sizes alike."""
        return self.name in (*NAMES, *BREADTH) and self.mode != "recorded" and ROWS.get(self.count) == (self.rows, self.columns)

    @property
    def ratio_target(self):
        """How many times as long PyTorch is to take at least."""
        if self.is_linear_algebra:
            # LAPACK itself decides on large matrices; there the ratio is told.
            return 2 if self.rows > self.columns else 0
        if self.mode == "forward" and self.layout != "transposed":
            if self.name in ("exp", "tanh") and self.count in (10**5, 10**6):
                return 3
            if self.name == "gelu" and self.count in (10**5, 10**6):
                return 1.2
            if (self.name, self.rows, self.columns) in (("softmax", 128, 10000), ("layer norm", 768, 512)):
                return 1.5
        return 0.95

    @property
    def time_target(self):
        """Microseconds that Martlet may take, where they are bounded; else None."""
        if self.mode == "recorded":
            return 0.2
        return 40 if self.name == "100 chained products" and self.mode == "both" else None

    @property
    def bytes_moved(self):
        """Bytes an element that a forward pass reads and writes and that bound it; None for what computes."""
        if self.mode != "forward" or not self.is_large or self.name not in MOVED:
            return None
        return 8 if self.layout == "broadcast" else MOVED[self.name]

    @property
    def only_reads(self):
        return self.bytes_moved == 4

    def data(self):
        """x, or the matrix that x is the transposed view of, and y."""
        x, y = operands(self.values, self.count)
        if self.values == "dominant":
            n = self.columns
            # Symmetric and positive definite: some read one triangle alone, some both.
            x = x.reshape(-1, n, n)
            x = (x + x.transpose(0, 2, 1)) / 2 + n * numpy.eye(n, dtype="float32")
        shape = (self.columns, self.rows) if self.layout == "transposed" else (self.rows, self.columns)
        return x.reshape(shape), y[: self.columns] if self.layout == "broadcast" else y.reshape(self.rows, -1)

    def places(self):
        """A column for each element."""
        return (numpy.arange(self.count) * 7919 % self.columns).reshape(self.rows, -1)

    def scattered(self, bound):
        """For each row a number below `bound`."""
        return numpy.arange(self.rows) * 7 % bound


# What only moves memory, and how many bytes an element.
MOVED = {
    "add": 12, "mul": 12, "maximum": 12, "where": 13, "relu": 8, "abs": 8, "clamp": 8, "pow 2": 8, "sum": 4,
    "sum axis 0": 4, "sum axis 1": 4, "mean": 4, "max": 4, "max axis 1": 4, "copy": 8, "concat": 16,
    "gather rows": 8,
}  # fmt: skip

BINARY = {
    "add", "mul", "div", "maximum", "where", "concat", "layer norm", "matmul", "100 chained products", "solve",
}  # fmt: skip
LINEAR_ALGEBRA = ("solve", "inverse", "log-determinant", "cholesky", "qr", "svd", "eigh")
POSITIVE = {"log", "sqrt", "div", "sum", "sum axis 0", "sum axis 1", "mean"}
LAYOUTS = {
    "add": ("contiguous", "broadcast", "transposed"),
    "mul": ("contiguous", "broadcast", "transposed"),
    "exp": ("contiguous", "transposed"),
    "relu": ("contiguous", "transposed"),
    "sum": ("contiguous", "transposed"),
    "sum axis 1": ("contiguous", "transposed"),
    "copy": ("contiguous", "transposed"),
    # The row is its weight, and its bias.
    "layer norm": ("broadcast",),
}
NAMES = [
    "add", "mul", "div", "maximum", "where", "exp", "log", "sqrt", "tanh", "sigmoid", "relu", "gelu", "erf", "sin",
    "cos", "abs", "clamp", "pow 2", "sum", "sum axis 0", "sum axis 1", "mean", "max", "max axis 1", "softmax",
    "log-softmax", "cross-entropy", "layer norm", "copy", "concat", "gather rows",
]  # fmt: skip
# Operations that are measured beside PyTorch alone, on up to a million elements or ten million, and their values.
BREADTH = {
    **dict.fromkeys(
        ["floor", "round", "square", "exp2", "expm1", "tan", "atan", "sinh", "cosh", "asinh", "erfc", "sinc", "hypot",
         "atan2", "remainder", "logaddexp", "standard deviation axis 1", "log-sum-exp axis 1", "cumulative sum axis 0",
         "cumulative sum axis 1", "max with indices axis 1", "roll axis 1", "flip axis 1", "lower triangle",
         "gather axis 1", "scatter-add axis 1", "index-add", "sort axis 1", "argsort axis 1", "top 4 axis 1", "unique",
         "histogram", "einsum ij,ij->i", "einsum ij,kj->ik", "einsum ij,kj,kl->il"],
        "normal"),
    **dict.fromkeys(["reciprocal", "rsqrt", "log2", "log10", "log1p"], "positive"),
    **dict.fromkeys(["product axis 1", "cumulative product axis 1"], "unit"),
}  # fmt: skip
BREADTH_BINARY = {
    "hypot", "atan2", "remainder", "logaddexp", "scatter-add axis 1", "index-add", "einsum ij,ij->i", "einsum ij,kj->ik",
    "einsum ij,kj,kl->il",
}  # fmt: skip
# Operations without a gradient, and operations that are measured on ten million elements too.
WITHOUT_GRADIENT = {"argsort axis 1", "unique", "histogram"}
TO_TEN_MILLION = {
    "sort axis 1", "argsort axis 1", "top 4 axis 1", "unique", "histogram", "cumulative sum axis 0",
    "cumulative sum axis 1", "scatter-add axis 1", "gather axis 1",
}  # fmt: skip
TRANSFORMS = ["fft axis 1", "rfft axis 1"]
LENGTHS = [64, 1024, 2**14, 2**17, 2**20]
LARGE_BACKWARD = ("mul", "tanh", "sum", "softmax")
SHAPED = [
    ("softmax", "contiguous", 128, 10000), ("log-softmax", "contiguous", 128, 10000),
    ("cross-entropy", "contiguous", 128, 10000), ("layer norm", "broadcast", 768, 512),
]  # fmt: skip
SQUARES = [4, 16, 64, 256, 512, 1024]
RECORDED = ["add", "mul", "tanh"]


def breadth(quick):
    """The cases of BREADTH and of TRANSFORMS; in a hurry on one size only."""
    for name, values in BREADTH.items():
        shapes = [ROWS[count] for count in ([10**6] if quick else [4, 1000, 10**5, 10**6])]
        if name in TO_TEN_MILLION and not quick:
            shapes.append((1000, 10000))
        for mode in ["forward"] if name in WITHOUT_GRADIENT else ["forward", "both"]:
            for rows, columns in shapes:
                yield Operation(name, "contiguous", rows, columns, mode, values)
    for name in TRANSFORMS:
        for length in LENGTHS[-1:] if quick else LENGTHS:
            yield Operation(name, "contiguous", 1, length, "forward")


def operations(quick, full):
    """All cases; in a hurry on two sizes only, and on the largest size few of them backward unless asked for."""
    sizes = {count: ROWS[count] for count in (4, 10**5)} if quick else ROWS
    for name in NAMES:
        values = "positive" if name in POSITIVE else "normal"
        for layout in LAYOUTS.get(name, ("contiguous",)):
            for mode in "forward", "both":
                for rows, columns in sizes.values():
                    case = Operation(name, layout, rows, columns, mode, values)
                    if full or not (case.is_large and mode == "both") or name in LARGE_BACKWARD:
                        yield case
    for mode in "forward", "both":
        for name, layout, rows, columns in SHAPED:
            yield Operation(name, layout, rows, columns, mode)
        for layout in "contiguous", "transposed":
            for n in SQUARES:
                yield Operation("matmul", layout, n, n, mode)
    for name in LINEAR_ALGEBRA:
        for rows, columns in (512, 512), (8000, 8):
            for mode in "forward", "both":
                yield Operation(name, "contiguous", rows, columns, mode, "dominant")
    for name in RECORDED:
        yield Operation(name, "contiguous", 1, 4, "recorded")
    yield Operation("100 chained products", "contiguous", 1, 4, "both", "unit")
