"""The cases of attention for make_operations.py, whose table describes their form.

PyTorch's plain path is asked for: it alone has derivatives of second order. Where the mask's gradient is to be seen,
the values are the keys.
"""

import torch
from torch.nn import functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel


def attention(*arguments, **options):
    with sdpa_kernel(SDPBackend.MATH):
        return F.scaled_dot_product_attention(*arguments, **options)


def heads(a, count):
    """[n, t, heads · d] as [n, heads, t, d]."""
    return a.unflatten(-1, (count, -1)).transpose(1, 2)


def closed(mask):
    """−∞ where the mask is below −1, else the mask."""
    return mask.masked_fill(mask < -1, -torch.inf)


FUNCTIONS = {"attention": attention, "heads": heads, "closed": closed}

PLAIN, CAUSAL = "attention(a, b, c)", "attention(a, b, c, is_causal=True)"
MASKED, ADDED = "attention(a, b, c, attn_mask=m)", "attention(a, b, b, attn_mask=c)"
SHARED = "attention(a, b, c, enable_gqa=True)"
HEADS = "attention(heads(a, 2), heads(b, 2), heads(c, 2)).transpose(1, 2).flatten(2)"
Q, K, V = (2, 2, 3, 4), (2, 2, 5, 4), (2, 2, 5, 3)
ROWS = {"m": [[True, False, True, True, False], [False, True, True, False, False], [True, True, True, True, True]]}
DEAD = {"m": [[True, False, True, True, False], [False] * 5, [False, False, True, False, False]]}
KEYS = {"m": [[[[True, True, True, False, False]]], [[[True, False, True, True, True]]]]}
BY_HEAD = {"m": [[[True, True, False, True, True]], [[False, True, True, True, False]]]}

CASES = {
    "attention": [
        (PLAIN, (3, 4), (5, 4), (5, 2)), (PLAIN, (2, 3, 4), (2, 5, 4), (2, 5, 4)), (PLAIN, Q, K, V),
        (PLAIN, (1, 1, 1, 1), (1, 1, 1, 1), (1, 1, 1, 1)), (PLAIN, (1, 2, 1, 3), (1, 2, 7, 3), (1, 2, 7, 3)),
        (PLAIN, (2, 1, 2, 3, 2), (2, 1, 2, 4, 2), (2, 1, 2, 4, 2)), (PLAIN, (0, 2, 3, 4), (0, 2, 5, 4), (0, 2, 5, 3)),
        (PLAIN, (1, 2, 20, 3), (1, 2, 17, 3), (1, 2, 17, 5)), (PLAIN, (2, 3, 2), (2, 0, 2), (2, 0, 3)),
        (CAUSAL, (4, 3), (4, 3), (4, 3)), (CAUSAL, (2, 2, 4, 3), (2, 2, 4, 3), (2, 2, 4, 2)),
        (CAUSAL, Q, K, V), (CAUSAL, (2, 6, 2), (2, 3, 2), (2, 3, 2)), (CAUSAL, (1, 2, 19, 3), (1, 2, 19, 3), (1, 2, 19, 3)),
        ("attention(a, b, c, scale=0.25)", Q, K, V), ("attention(a, b, c, is_causal=True, scale=1.5)", Q, K, V),
        (MASKED, Q, K, V, ROWS), (MASKED, Q, K, V, KEYS, "of keys"), (MASKED, Q, K, V, BY_HEAD, "of heads"),
        (MASKED, Q, K, V, DEAD, "a query sees nothing"), (MASKED, (3, 4), (5, 4), (5, 2), ROWS),
        (MASKED, Q, K, V, {"m": [[True], [False], [True]]}, "of queries"), (MASKED, Q, K, V, {"m": True}),
        (ADDED, Q, K, (3, 5)), (ADDED, Q, K, (2, 1, 1, 5)), (ADDED, Q, K, (2, 3, 5)), (ADDED, Q, K, Q[:3] + (5,)),
        (ADDED, (3, 4), (5, 4), (3, 5)),
        ("attention(a, b, b, attn_mask=closed(c))", Q, K, (3, 5)),
        ("attention(a, b, b, attn_mask=closed(c))", Q, K, [[0, 1, -2, 0.5, -2], [-2] * 5, [0.25, -2, -2, -2, 1]], "dead"),
        (SHARED, (2, 4, 3, 2), (2, 2, 5, 2), (2, 2, 5, 3)), (SHARED, (2, 3, 3, 2), (2, 1, 4, 2), (2, 1, 4, 2)),
        ("attention(a, b, c, is_causal=True, enable_gqa=True)", (1, 6, 4, 2), (1, 2, 4, 2), (1, 2, 4, 2)),
        ("attention(a, b, c, attn_mask=m, enable_gqa=True)", (1, 4, 3, 2), (1, 2, 5, 2), (1, 2, 5, 2), ROWS),
        (HEADS, (2, 3, 4), (2, 5, 4), (2, 5, 6)), (HEADS, (1, 4, 2), (1, 4, 2), (1, 4, 2)),
        ("attention(a.mT, b.mT, c.mT)", (2, 3, 4), (2, 3, 5), (2, 2, 5)),
        ("attention(a[..., ::2], b[:, ::2], c[:, ::2])", (2, 3, 6), (2, 7, 3), (2, 7, 2)),
        ("attention(a, a, a, is_causal=True)", (2, 5, 3)), ("attention(a.detach() * 400, a.detach(), a)", (5, 2), "large"),
    ],
}
