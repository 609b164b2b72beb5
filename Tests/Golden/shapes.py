"""What tables of cases describe inputs with."""


class Positive(tuple):
    """A shape for numbers above 0."""


def positive(*shape):
    return Positive(shape)
