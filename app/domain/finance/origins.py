"""What goods of one receipt line have cost, and how much of that is owed, billed or given back."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.finance import rules
from app.domain.finance.journal import Journal
from app.domain.finance.late_costs import OF_SUPPLIER, LateCost
from app.domain.finance.pools import CostEntry
from app.kernel.db import db


@dataclass(frozen=True)
class Taken:
    """Goods of a receipt line that are with us (not given back), and their supplier's price."""

    quantity: Decimal
    value: int


def taken(origin: int) -> Taken:
    """What came with the line less what went back, at what it cost then."""
    all_of_it, away = came(origin), given_back(origin)
    return Taken(all_of_it.quantity - away.quantity, all_of_it.value - away.value)


def came(origin: int) -> Taken:
    """All that became ours with the line, at what it cost then."""
    return _sum(origin, CostEntry.quantity > 0, CostEntry.quantity, CostEntry.value)


def given_back(origin: int, *, document: str | None = None) -> Taken:
    """What went back to the supplier (with one return, when it is named), as they bear it."""
    went = CostEntry.agreed.is_not(None) & (CostEntry.quantity < 0)
    if document is not None:
        own = select(Journal.id).where(Journal.document == document)
        went &= CostEntry.journal_id.in_(own)
    return _sum(origin, went, CostEntry.quantity, CostEntry.agreed)


def owed(origin: int) -> Taken:
    """The same at what its supplier may still ask, bills left aside: concessions lower it."""
    known = taken(origin)
    return Taken(known.quantity, known.value + _late(origin, ("concession",)))


def agreed(origin: int, quantity: Decimal, *, rejected: Decimal) -> int | None:
    """What the supplier bears for `quantity` of the line going back now.

    What was `rejected` goes first, at what it cost when it came: no bill was for it. What a
    bill, a concession or a gift changed later is of the accepted goods, one as much as the other.
    None when the books know less of the line than goes back.
    """
    here, gone = taken(origin), given_back(origin).quantity
    if quantity > here.quantity:
        return None
    bad = rejected_of(quantity, gone=gone, rejected=rejected)
    value = entered(origin, bad, gone=gone)
    if bad == quantity:
        return value
    good = here.value - value + charged(origin)
    return value + rules.leaving(quantity - bad, of=here.quantity - bad, value=good)


def rejected_here(origin: int, *, rejected: Decimal) -> Taken:
    """The rejected goods of the line that are with us still, at what they cost when they came.

    Those that nobody ordered never were ours.
    """
    gone = given_back(origin).quantity
    quantity = min(max(rejected - gone, Decimal(0)), taken(origin).quantity)
    return Taken(quantity, entered(origin, quantity, gone=gone))


def rejected_of(quantity: Decimal, *, gone: Decimal, rejected: Decimal) -> Decimal:
    """How much of `quantity` that goes back is rejected goods, when `gone` went before."""
    return min(quantity, max(rejected - gone, Decimal(0)))


def entered(origin: int, quantity: Decimal, *, gone: Decimal) -> int:
    """What `quantity` cost when it came; all such parts add up to the line's cost to the cent."""
    if not quantity:
        return 0
    line = came(origin)
    before = rules.share(gone, of=line.quantity, value=line.value)
    return rules.share(gone + quantity, of=line.quantity, value=line.value) - before


def charged(origin: int) -> int:
    """What the supplier charged (+) or let off (−) for the line after its goods had come."""
    return _late(origin, OF_SUPPLIER)


def _sum(
    origin: int,
    which: ColumnElement[bool],
    quantity: InstrumentedAttribute[Decimal],
    value: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> Taken:
    query = select(func.sum(quantity), func.sum(value)).where(
        CostEntry.origin == origin, CostEntry.basis != "relabelled", which
    )
    many, worth = db.session.execute(query).one()
    return Taken(abs(many or Decimal(0)), int(worth or 0))


def _late(origin: int, kinds: tuple[str, ...]) -> int:
    query = select(func.sum(LateCost.amount)).filter_by(origin=origin)
    return int(db.session.scalar(query.where(LateCost.kind.in_(kinds))) or 0)
