"""The cases of recurrent networks for make_modules.py, which describes their form."""

from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def packed(network, sequence, lengths, state=None):
    """What a network makes of sequences of different length, padded again."""
    given = pack_padded_sequence(
        sequence, lengths, batch_first=network.batch_first, enforce_sorted=False)
    output, state = network(given, state)
    steps = sequence.shape[1 if network.batch_first else 0]
    output, _ = pad_packed_sequence(output, batch_first=network.batch_first, total_length=steps)
    return output, state


FUNCTIONS = {"packed": packed}

X = (5, 2, 3)


def network(name, *options):
    return f"nn.{name}({', '.join(['3, 4', *options])})"


def network_cases(name, *options):
    def one(*more):
        return network(name, *options, *more)

    pair = name == "LSTM"
    two = "num_layers=2"
    both = "bidirectional=True"
    first = "batch_first=True"
    # The call with a state, and the states' shapes.
    called, with_state = ("m(a, (b, c))", "packed(m, a, b, (c, d))") if pair else ("m(a, b)", "packed(m, a, b, c)")

    def states(*shape):
        return (shape, shape) if pair else (shape,)

    return [
        (one(), X), (f"{one()}  # {called}", X, *states(1, 2, 4)), (one(two), X), (one("bias=False"), X),
        (f"{one(both)}  # {called}", X, *states(2, 2, 4)), (one(), (5, 3)), (one(both), (5, 3)),
        (f"{one(two, both, first)}  # {called}", (2, 5, 3), *states(4, 2, 4)),
        (f"{one(two, both)}  # {called}", (5, 3), *states(4, 4)), (one(), (1, 2, 3)),
        (f"{one()}  # packed(m, a, b)", (5, 3, 3), [2, 5, 1]),
        (f"{one(two, both, first)}  # {with_state}", (3, 5, 3), [3, 1, 4], *states(4, 3, 4)),
        (one(two, "dropout=0.5"), X, "eval"),
    ]


CASES = {
    "recurrences": [
        *network_cases("RNN"), *network_cases("RNN", "nonlinearity='relu'"), *network_cases("LSTM"),
        *network_cases("GRU"),
        ("nn.LSTMCell(3, 4)  # m(a, (b, c))", (2, 3), (2, 4), (2, 4)),
        ("nn.LSTMCell(3, 4, bias=False)  # m(a, (b, c))", (2, 3), (2, 4), (2, 4)),
        ("nn.GRUCell(3, 4)", (2, 3), (2, 4)), ("nn.GRUCell(3, 4, bias=False)", (2, 3), (2, 4)),
    ],
}
