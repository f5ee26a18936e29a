"""What goods cost when they become ours, and what is known of it when no price is."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from app.domain.finance import rules
from app.domain.finance.company import ours
from app.domain.finance.pools import CostEntry, CostPool
from app.kernel.db import db
from app.kernel.money import priced


@dataclass(frozen=True)
class Cost:
    """`minor` units of the company's currency for a whole line; None: to be estimated."""

    basis: str
    minor: int | None = None


FREE = Cost("free", 0)
ESTIMATED = Cost("estimate")


def at_price(
    quantity: Decimal,
    unit_price: Decimal | None,
    *,
    rate: Decimal | None = Decimal(1),
    per: Decimal = Decimal(1),
    basis: str = "order",
) -> Cost:
    """What `quantity` costs when `per` of it cost `unit_price`, rounded once.

    `rate` is how much of our currency one unit of the price's is. Without a price or a rate
    the cost is estimated.
    """
    if unit_price is None or rate is None:
        return ESTIMATED
    amount = priced(quantity, unit_price, ours().currency, rate=rate, per=per)
    return Cost(basis, amount.minor)


def estimate(pool: CostPool, quantity: Decimal) -> Cost:
    """What such goods cost on average now, or else did when we last had some.

    With neither they enter at nothing, as `unknown`: the bill brings their whole cost, and
    until then `worth.unknown()` lists them.
    """
    if pool.quantity:
        return Cost("estimate", rules.share(quantity, of=pool.quantity, value=pool.value))
    query = select(CostEntry).filter_by(pool_id=pool.id).where(CostEntry.quantity < 0)
    last = db.session.scalar(query.order_by(CostEntry.seq.desc()).limit(1))
    if last is None or last.basis == "unknown":
        return Cost("unknown", 0)
    return Cost("estimate", rules.share(quantity, of=-last.quantity, value=-last.value))
