"""The three-way match: what is billed against what was ordered and what was accepted."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Claim:
    """What a bill asks for one receipt line (stock units), and what we know about it.

    `asked` and `agreed` are amounts for `billed`; `accepted` is what of the goods was accepted
    and has not gone back; `already` was billed before.
    """

    billed: Decimal
    asked: int
    agreed: int | None
    accepted: Decimal
    already: Decimal


@dataclass(frozen=True)
class Tolerance:
    """How far a price may be off, in percent and in minor units; both must be kept."""

    percent: Decimal = Decimal(2)
    amount: int = 50_000


MORE_THAN_ACCEPTED = "more_than_accepted"
PRICE_DIFFERS = "price_differs"
NO_PRICE = "no_price"


def match(claim: Claim, tolerance: Tolerance) -> list[str]:
    """What is wrong with the claim; nothing when it may be paid."""
    wrong = []
    if claim.billed > claim.accepted - claim.already:
        wrong.append(MORE_THAN_ACCEPTED)
    if claim.agreed is None:
        wrong.append(NO_PRICE)
    elif not _is_near(claim.asked, claim.agreed, tolerance):
        wrong.append(PRICE_DIFFERS)
    return wrong


def _is_near(asked: int, agreed: int, tolerance: Tolerance) -> bool:
    """A lower price is never wrong."""
    above = asked - agreed
    return above <= 0 or (above <= tolerance.amount and above * 100 <= tolerance.percent * agreed)
