"""How good a supplier's goods of a category were: what inspectors looked at, the newest most."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from app.domain.catalog.products import Product, Sku
from app.domain.supply import beta, criteria
from app.domain.supply.beta import Yield
from app.domain.supply.receipts import Inspection, Receipt, ReceiptLine
from app.kernel import clock
from app.kernel.db import db

WINDOW = timedelta(days=180)
_HALF_AFTER = timedelta(days=90)


@dataclass(frozen=True)
class Seen:
    """One verdict on a lot: of `looked_at` units `bad_found` were bad."""

    lot: Decimal
    looked_at: Decimal
    bad_found: Decimal
    at: datetime

    def weight(self, now: datetime) -> Decimal:
        """Half as much for each 90 days since."""
        return Decimal(2) ** Decimal(str(-((now - self.at) / _HALF_AFTER)))


def of(supplier_id: int, category: str, *, at: datetime | None = None) -> Yield:
    """The rate of good units, counting only units somebody looked at."""
    now = at or clock.now()
    found = seen(supplier_id, category, at=now)
    bad = sum((each.bad_found * each.weight(now) for each in found), Decimal(0))
    all_ = sum((each.looked_at * each.weight(now) for each in found), Decimal(0))
    usual = criteria.class_of(category).usual_good
    return beta.posterior(all_ - bad, bad, usual=float(usual))


def seen(supplier_id: int, category: str | None = None, *, at: datetime) -> list[Seen]:
    """The verdicts of half a year on goods a supplier shipped for an order, the oldest first.

    A verdict that was overturned later says what was found in the end.
    """
    looked = func.coalesce(Inspection.looked_at, Inspection.accepted + Inspection.rejected)
    bad = func.coalesce(Inspection.bad_found, Inspection.rejected)
    query = (
        select(Inspection.accepted + Inspection.rejected, looked, bad, Inspection.recorded_at)
        .join(ReceiptLine, ReceiptLine.id == Inspection.receipt_line_id)
        .join(Receipt, Receipt.id == ReceiptLine.receipt_id)
        .where(Receipt.supplier_id == supplier_id, ReceiptLine.on_order)
        .where(Inspection.recorded_at > at - WINDOW, Inspection.recorded_at <= at)
        .order_by(Inspection.id)
    )
    if category is not None:
        query = query.join(Sku, Sku.id == ReceiptLine.sku_id).join(Product)
        query = query.where(Product.category == category)
    return [Seen(*row) for row in db.session.execute(query)]
