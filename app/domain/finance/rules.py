"""Arithmetic of cost: what leaves a pool, and what of a late cost is still in it."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from app.kernel.money import half_up


def leaving(quantity: Decimal, *, of: Decimal, value: int) -> int:
    """The value that `quantity` takes out of a pool of `of` worth `value`.

    The last unit takes all that is left; until then the last minor unit stays, so that a pool
    that was worth something is never worth nothing before it is empty.
    """
    if quantity == of:
        return value
    part = share(quantity, of=of, value=value)
    return min(part, value - 1) if value > 0 else part


def share(quantity: Decimal, *, of: Decimal, value: int) -> int:
    """The value of `quantity` when `of` is worth `value`, rounded."""
    return half_up(Fraction(quantity) * value / Fraction(of))


def survival(
    after: Decimal, *, joined: Iterable[tuple[Decimal, Decimal]], now: Decimal
) -> Fraction:
    """The part of what came in when the pool held `after` that is in it `now`.

    Each issue takes q/Q of everything, so it leaves (Q−q)/Q. Between two receipts these
    factors collapse into (held before the second) / (held after the first); `joined` are the
    quantities before and after each later receipt. No product is stored, none is rounded.
    """
    part, start = Fraction(1), Fraction(after)
    for before, held in joined:
        part *= Fraction(before) / start
        start = Fraction(held)
    return part * Fraction(now) / start


def still_there(amount: int, part: Fraction, *, value: int, quantity: Decimal) -> int:
    """What of a late `amount` goes to stock; a lower cost never makes stock worthless."""
    least = (1 if value else 0) - value if quantity else -value
    return max(half_up(amount * part), least)
