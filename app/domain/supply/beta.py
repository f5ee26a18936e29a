"""How good a supplier's goods are, honestly: few units seen say little, many say much.

The rate of good units is a Beta distribution that begins at what such goods usually are and
follows what was seen. Probabilities are `float`: they are judgements, never money or stock.
"""

import math
from dataclasses import dataclass
from decimal import Decimal

# As much as this many units is what we believe before we saw any.
PRIOR_UNITS = 50
_HALVINGS = 60
_TERMS = 1_000
_TINY = 1e-300
_CLOSE = 1e-15


@dataclass(frozen=True)
class Yield:
    """The rate of good units: its mean, and what it falls below once in twenty times."""

    mean: float
    lower: float


def posterior(good: Decimal, bad: Decimal, *, usual: float) -> Yield:
    """The rate after `good` and `bad` units were seen, of goods of which `usual` are good.

    A verdict that was overturned takes back units that may have been seen before anybody began
    to count: fewer than none were seen as none.

    Raises:
        ValueError: `usual` is no rate between 0 and 1, both left out.
    """
    if not 0 < usual < 1:
        raise ValueError(f"{usual} is no usual rate: some goods are bad, and some are good")
    a = PRIOR_UNITS * usual + max(float(good), 0.0)
    b = PRIOR_UNITS * (1 - usual) + max(float(bad), 0.0)
    return Yield(mean=a / (a + b), lower=quantile(0.05, a, b))


def quantile(share: float, a: float, b: float) -> float:
    """Where Beta(a, b) has `share` of its weight below."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if below(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def below(x: float, a: float, b: float) -> float:
    """The weight of Beta(a, b) below `x`: the regularised incomplete beta function."""
    if not 0 < x < 1:
        return 0.0 if x <= 0 else 1.0
    # The fraction converges fast on one side of the mean; the other side is its mirror.
    if x > (a + 1) / (a + b + 2):
        return 1 - below(1 - x, b, a)
    logarithm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    logarithm += a * math.log(x) + b * math.log1p(-x)
    return math.exp(logarithm) * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method."""
    c, d = 1.0, 1 / _apart(1 - (a + b) * x / (a + 1))
    result = d
    for n in range(1, _TERMS):
        even = n * (b - n) * x / ((a + 2 * n - 1) * (a + 2 * n))
        odd = -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1))
        for part in (even, odd):
            d = 1 / _apart(1 + part * d)
            c = _apart(1 + part / c)
            result *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return result


def _apart(value: float) -> float:
    """`value`, kept from being nothing: the method divides by it."""
    return value if abs(value) > _TINY else _TINY
