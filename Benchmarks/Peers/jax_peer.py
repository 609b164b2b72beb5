"""JAX's side: each step and each operation is one compiled function, and updates reuse the memory."""

import jax
import numpy
from jax import numpy as jnp

import cases

jax.config.update("jax_enable_x64", True)

OPERATIONS = {
    "add": lambda x, y, given: x + y,
    "mul": lambda x, y, given: x * y,
    "div": lambda x, y, given: x / y,
    "maximum": lambda x, y, given: jnp.maximum(x, y),
    "where": lambda x, y, given: jnp.where(given["mask"], x, y),
    "exp": lambda x, y, given: jnp.exp(x),
    "log": lambda x, y, given: jnp.log(x),
    "sqrt": lambda x, y, given: jnp.sqrt(x),
    "tanh": lambda x, y, given: jnp.tanh(x),
    "sigmoid": lambda x, y, given: jax.nn.sigmoid(x),
    "relu": lambda x, y, given: jax.nn.relu(x),
    "gelu": lambda x, y, given: jax.nn.gelu(x, approximate=False),
    "erf": lambda x, y, given: jax.lax.erf(x),
    "sin": lambda x, y, given: jnp.sin(x),
    "cos": lambda x, y, given: jnp.cos(x),
    "abs": lambda x, y, given: jnp.abs(x),
    "clamp": lambda x, y, given: jnp.clip(x, -1, 1),
    "pow 2": lambda x, y, given: x**2,
    "sum": lambda x, y, given: x.sum(),
    "sum axis 0": lambda x, y, given: x.sum(0),
    "sum axis 1": lambda x, y, given: x.sum(1),
    "mean": lambda x, y, given: x.mean(),
    "max": lambda x, y, given: x.max(),
    "max axis 1": lambda x, y, given: x.max(1),
    "softmax": lambda x, y, given: jax.nn.softmax(x, 1),
    "log-softmax": lambda x, y, given: jax.nn.log_softmax(x, 1),
    "cross-entropy": lambda x, y, given: cross_entropy(x, given["columns"]),
    "layer norm": lambda x, y, given: layer_norm(x, y),
    "copy": lambda x, y, given: jnp.copy(x),
    "concat": lambda x, y, given: jnp.concatenate([x, y]),
    "gather rows": lambda x, y, given: x[given["rows"]],
    "matmul": lambda x, y, given: x @ y,
    "solve": lambda x, y, given: jnp.linalg.solve(square(x), square(y)),
    "inverse": lambda x, y, given: jnp.linalg.inv(square(x)),
    "log-determinant": lambda x, y, given: jnp.linalg.slogdet(square(x)).logabsdet,
    "cholesky": lambda x, y, given: jnp.linalg.cholesky(square(x)),
    "qr": lambda x, y, given: jnp.linalg.qr(square(x)).R,
    "svd": lambda x, y, given: jnp.linalg.svd(square(x), full_matrices=False).S,
    "eigh": lambda x, y, given: jnp.linalg.eigh(square(x)).eigenvalues,
}


def square(x):
    """The square matrices that lie below one another."""
    return x.reshape(-1, x.shape[1], x.shape[1])


def chained(x, y, given):
    for _ in range(100):
        x = x * y
    return x


OPERATIONS["100 chained products"] = chained


def cross_entropy(logits, labels):
    rows = jnp.arange(logits.shape[0])
    return -jax.nn.log_softmax(logits, 1)[rows, labels].mean()


def layer_norm(x, y):
    difference = x - x.mean(1, keepdims=True)
    return difference * jax.lax.rsqrt((difference**2).mean(1, keepdims=True) + 1e-5) * y + y


def article(weights, inputs, targets):
    hidden, hidden_bias, output, output_bias = weights
    prediction = jax.nn.sigmoid(jnp.tanh(inputs @ hidden.T + hidden_bias) @ output.T + output_bias)
    return ((prediction - targets) ** 2).sum()


def classifier(weights, inputs, labels):
    *hidden, weight, bias = weights
    for hidden_weight, hidden_bias in zip(hidden[::2], hidden[1::2]):
        inputs = jax.nn.relu(inputs @ hidden_weight.T + hidden_bias)
    return cross_entropy(inputs @ weight.T + bias, labels)


def rnn_step(x, u, state):
    state = jnp.tanh(x + u)
    return state, state


def lstm_step(x, u, carried):
    i, f, g, o = jnp.split(x + u, 4, 1)
    cell = jax.nn.sigmoid(f) * carried[1] + jax.nn.sigmoid(i) * jnp.tanh(g)
    state = jax.nn.sigmoid(o) * jnp.tanh(cell)
    return (state, cell), state


def gru_step(x, u, state):
    (xr, xz, xn), (ur, uz, un) = jnp.split(x, 3, 1), jnp.split(u, 3, 1)
    update = jax.nn.sigmoid(xz + uz)
    state = (1 - update) * jnp.tanh(xn + jax.nn.sigmoid(xr + ur) * un) + update * state
    return state, state


def reader(kind):
    step = {"rnn": rnn_step, "lstm": lstm_step, "gru": gru_step}[kind]

    def loss(weights, text, following):
        embedding, w_ih, w_hh, b_ih, b_hh, weight, bias = weights
        projected = embedding[text] @ w_ih.T + b_ih
        zeros = jnp.zeros((text.shape[1], w_hh.shape[1]), projected.dtype)

        def advance(carried, x):
            state = carried[0] if kind == "lstm" else carried
            return step(x, state @ w_hh.T + b_hh, carried)

        _, states = jax.lax.scan(advance, (zeros, zeros) if kind == "lstm" else zeros, projected)
        return cross_entropy((states @ weight.T + bias).reshape(-1, bias.shape[0]), following.reshape(-1))

    return loss


def cnn(weights, images, labels):
    w1, b1, w2, b2, w3, b3, w4, b4 = weights
    x = images
    for weight, bias in (w1, b1), (w2, b2):
        x = jax.lax.conv_general_dilated(x, weight, (1, 1), "SAME") + bias[:, None, None]
        x = jax.lax.reduce_window(jax.nn.relu(x), -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")
    x = jax.nn.relu(x.reshape(x.shape[0], -1) @ w3.T + b3)
    return cross_entropy(x @ w4.T + b4, labels)


def norm(x, weight, bias):
    difference = x - x.mean(-1, keepdims=True)
    return difference * jax.lax.rsqrt((difference**2).mean(-1, keepdims=True) + 1e-5) * weight + bias


def gpt(weights, text, following):
    characters, places, *layers, weight, bias, output = weights
    x = characters[text] + places
    n, steps, width = x.shape
    for w in zip(*[iter(layers)] * 12):
        w_in, b_in, w_out, b_out, w1, b1, w2, b2, n1, m1, n2, m2 = w
        parts = (norm(x, n1, m1) @ w_in.T + b_in).reshape(n, steps, 3, 4, width // 4)
        seen = jax.nn.dot_product_attention(parts[:, :, 0], parts[:, :, 1], parts[:, :, 2], is_causal=True)
        x = x + seen.reshape(n, steps, width) @ w_out.T + b_out
        x = x + jax.nn.gelu(norm(x, n2, m2) @ w1.T + b1, approximate=False) @ w2.T + b2
    return cross_entropy((norm(x, weight, bias) @ output.T).reshape(n * steps, -1), following.reshape(-1))


def resnet(weights, images, labels):
    weights = iter(weights)

    def convolved(x, size, stride=1):
        y = jax.lax.conv_general_dilated(x, next(weights), (stride, stride), [(size // 2, size // 2)] * 2)
        return y / jnp.sqrt(1 + 1e-5).astype(y.dtype) * next(weights)[:, None, None] + next(weights)[:, None, None]

    x = jax.nn.relu(convolved(images, 7, 2))
    edges = ((0, 0), (0, 0), (1, 1), (1, 1))
    x = jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 1, 3, 3), (1, 1, 2, 2), edges)
    for width, blocks, stride in cases.RESNET:
        for block in range(blocks):
            step = stride if block == 0 else 1
            y = convolved(jax.nn.relu(convolved(jax.nn.relu(convolved(x, 1)), 3, step)), 1)
            x = jax.nn.relu(y + (convolved(x, 1, step) if block == 0 else x))
    return cross_entropy(x.mean((2, 3)) @ next(weights).T + next(weights), labels)


LOSSES = {"resnet": resnet, "cnn": cnn, "gpt": gpt, "article": article, "classifier": classifier, **{kind: reader(kind) for kind in cases.GATES}}


def sgd(rate):
    def update(weights, gradients, state):
        return [w - rate * g for w, g in zip(weights, gradients)], state

    return update


def momentum(weights, gradients, velocities):
    velocities = [0.9 * v + g for v, g in zip(velocities, gradients)]
    return [w - 0.01 * v for w, v in zip(weights, velocities)], velocities


def adam(weights, gradients, state):
    count, first, second = state
    count = count + 1
    first = [0.9 * m + 0.1 * g for m, g in zip(first, gradients)]
    second = [0.999 * v + 0.001 * g * g for v, g in zip(second, gradients)]
    scale, root = 1e-3 / (1 - 0.9**count), jnp.sqrt(1 - 0.999**count)
    scale, root = scale.astype(weights[0].dtype), root.astype(weights[0].dtype)
    weights = [w - scale * m / (jnp.sqrt(v) / root + 1e-8) for w, m, v in zip(weights, first, second)]
    return weights, (count, first, second)


def adamw(weights, gradients, state):
    return adam([w * (1 - 1e-3 * 0.01) for w in weights], gradients, state)


def zeros(weights):
    return [jnp.zeros_like(w) for w in weights]


# The update, and the state that it starts from.
OPTIMIZERS = {
    "SGD 0.1": (sgd(0.1), lambda weights: ()),
    "SGD 0.01": (sgd(0.01), lambda weights: ()),
    "momentum": (momentum, zeros),
    "Adam": (adam, lambda weights: (jnp.zeros(()), zeros(weights), zeros(weights))),
    "AdamW": (adamw, lambda weights: (jnp.zeros(()), zeros(weights), zeros(weights))),
}


def step(step):
    """A training step that returns its loss."""
    weights, *data = step.arrays()
    weights = [jnp.array(weight) for weight in weights]
    inputs, targets = map(jnp.array, data)
    if step.optimizer is None:
        forward = jax.jit(LOSSES[step.kind])
        return lambda: forward(weights, inputs, targets)
    update, start = OPTIMIZERS[step.optimizer]
    state = start(weights)

    def advance(weights, state, inputs, targets):
        loss, gradients = jax.value_and_grad(LOSSES[step.kind])(weights, inputs, targets)
        return loss, *update(weights, gradients, state)

    advance = jax.jit(advance, donate_argnums=(0, 1))

    def run():
        nonlocal weights, state
        loss, weights, state = advance(weights, state, inputs, targets)
        return loss

    return run


def operation(case):
    """The call that is timed, and a function for its result and gradients as arrays."""
    base, y = map(jnp.array, case.data())
    given = {"columns": jnp.array(case.scattered(case.columns)), "rows": jnp.array(case.scattered(case.rows))}
    turned = case.layout == "transposed"
    given["mask"] = (base.T if turned else base) > 0

    def apply(given, y, x, *other):
        return OPERATIONS[case.name](x.T if turned else x, *(other or (y,)), given)

    inputs = (base, y)[: case.inputs]
    if case.mode == "both":
        seed = jnp.array(cases.seed(apply(given, y, *inputs).shape))

        def both(given, y, seed, *inputs):
            result, pull = jax.vjp(lambda *inputs: apply(given, y, *inputs), *inputs)
            return result, *pull(seed)

        function, arguments = jax.jit(both), (given, y, seed, *inputs)
    else:
        function, arguments = jax.jit(apply), (given, y, *inputs)

    def run():
        return jax.block_until_ready(function(*arguments))

    return run, lambda: [numpy.asarray(array) for array in jax.tree.leaves(run())]


def finish(result):
    jax.block_until_ready(result)
