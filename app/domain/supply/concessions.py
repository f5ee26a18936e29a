"""Keeping a failed lot at a lower price: the cut lowers what the goods cost and what we owe."""

from decimal import Decimal
from fractions import Fraction

from app.domain.finance import accounts, late_costs
from app.domain.supply import prices, quality
from app.domain.supply.findings import Finding
from app.domain.supply.receipts import ReceiptLine
from app.domain.supply.releases import Release
from app.kernel.errors import N_, Refusal
from app.kernel.money import half_up

_WHOLE = 100


class NoPriceToCut(Refusal):
    """A cut is a part of a price."""

    code = "no_price_to_cut"
    message = N_(
        "The order names no price for {sku}, so nothing can be cut. Keep it without a cut, or "
        "decide otherwise."
    )


class CutTooDeep(Refusal):
    """Goods that cost nothing are a gift, not a concession."""

    code = "cut_too_deep"
    message = N_("A price is cut by 0 to 99.99 %; {percent} % were given.")


def check(line: ReceiptLine, percent: Decimal) -> None:
    """Refuse a cut that could not be booked.

    Raises:
        CutTooDeep: it is no part of a price.
        NoPriceToCut: there is no price.
    """
    if not 0 <= percent < _WHOLE:
        raise CutTooDeep(percent=percent)
    if percent and not prices.of(line).minor:
        raise NoPriceToCut(sku=line.sku.code)


def keep(line: ReceiptLine, percent: Decimal, found: Finding) -> Release | None:
    """Accept all that waits on the line, `percent` below its price; what put-away handles.

    Raises:
        CutTooDeep, NoPriceToCut: the cut cannot be booked.
    """
    check(line, percent)
    quantity = line.waiting
    released = quality.judge(line, accepted=quantity, found=found)
    cut = _cut(line, quantity, percent)
    if cut:
        late_costs.spread(
            "concession",
            -cut,
            over={line.id: quantity},
            document=line.number,
            credit=accounts.RECEIVED_NOT_BILLED,
        )
    return released


def _cut(line: ReceiptLine, quantity: Decimal, percent: Decimal) -> int:
    """In minor units of our currency, at the rate the order froze."""
    whole = Fraction(prices.of(line).minor or 0)
    return half_up(whole * Fraction(quantity) / Fraction(line.quantity) * Fraction(percent) / 100)
