"""What goods of one receipt line have cost, and how much of that is owed, billed or given back."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import case, func, select

from app.domain.finance import rules
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
    came = CostEntry.quantity > 0
    went = CostEntry.agreed.is_not(None)
    query = select(
        func.sum(case((came | went, CostEntry.quantity), else_=Decimal(0))),
        func.sum(case((came, CostEntry.value), (went, -CostEntry.agreed), else_=0)),
    ).where(CostEntry.origin == origin, CostEntry.basis != "relabelled")
    quantity, value = db.session.execute(query).one()
    return Taken(quantity or Decimal(0), int(value or 0))


def owed(origin: int) -> Taken:
    """The same at what its supplier may still ask, bills left aside: concessions lower it."""
    known = taken(origin)
    return Taken(known.quantity, known.value + _late(origin, ("concession",)))


def agreed(origin: int, quantity: Decimal, *, otherwise: int) -> int:
    """What the supplier bears for `quantity` of the line going back: its original cost.

    `otherwise` is for goods the books do not know from their receipt.
    """
    known = taken(origin)
    if quantity > known.quantity:
        return otherwise
    return rules.leaving(quantity, of=known.quantity, value=known.value + charged(origin))


def charged(origin: int) -> int:
    """What the supplier charged (+) or let off (−) for the line after its goods had come."""
    return _late(origin, OF_SUPPLIER)


def _late(origin: int, kinds: tuple[str, ...]) -> int:
    query = select(func.sum(LateCost.amount)).filter_by(origin=origin)
    return int(db.session.scalar(query.where(LateCost.kind.in_(kinds))) or 0)
