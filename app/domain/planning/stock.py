"""Where every SKU stands at every site, in a handful of statements over whole tables."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, case, func, select

from app.domain.inventory.balances import StockBalance
from app.domain.inventory.places import Location
from app.domain.inventory.reservations import Reservation
from app.domain.planning.demand import Pair
from app.domain.planning.recommendation import ONE, Stock
from app.domain.supply import beta
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.domain.supply.receipts import Inspection, Receipt, ReceiptLine
from app.kernel.db import db

# On a shelf, or released and on the way to one: both can be used.
_GOOD = ("internal", "transit")
_NOUGHT = Decimal(0)
Source = tuple[int, int]  # ids of supplier and SKU


def positions(
    planned: Mapping[Pair, Decimal], good_rates: Mapping[Source, Decimal]
) -> Mapping[Pair, Stock]:
    """The stock of each SKU and site; what is found nowhere has none."""
    found: dict[Pair, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in db.session.execute(_shelves()):
        found[row.sku_id, row.site_id] |= {"on_hand": row.quantity, "reserved": row.reserved}
    for row in db.session.execute(_waiting()):
        found[row.sku_id, row.site_id]["backorders"] = row.wanted
    for row in db.session.execute(_orders()):
        here, rate = found[row.sku_id, row.site_id], good_rates.get((row.supplier_id, row.sku_id))
        here["on_order"] += row.quantity
        here["coming"] += round(row.quantity * (rate or ONE), 6)
    for pair, quantity in planned.items():
        found[pair]["planned"] = quantity
    return {pair: Stock(**figures) for pair, figures in found.items()}


def measured_rates(since: datetime, *, usual: float) -> dict[Source, Decimal]:
    """The share of good units of each supplier and SKU that was inspected since then."""
    judged = func.sum(Inspection.accepted), func.sum(Inspection.rejected)
    query = (
        select(Receipt.supplier_id, ReceiptLine.sku_id, *judged)
        .join(ReceiptLine, ReceiptLine.id == Inspection.receipt_line_id)
        .join(Receipt, Receipt.id == ReceiptLine.receipt_id)
        .where(Inspection.recorded_at >= since)
        .group_by(Receipt.supplier_id, ReceiptLine.sku_id)
    )
    return {
        (supplier_id, sku_id): Decimal(f"{beta.posterior(good, bad, usual=usual).mean:.6f}")
        for supplier_id, sku_id, good, bad in db.session.execute(query)
    }


def _shelves() -> Select[*tuple[Any, ...]]:
    return (
        select(
            StockBalance.sku_id,
            Location.site_id,
            func.sum(StockBalance.quantity).label("quantity"),
            func.sum(StockBalance.reserved).label("reserved"),
        )
        .join(Location)
        .where(Location.kind.in_(_GOOD))
        .group_by(StockBalance.sku_id, Location.site_id)
    )


def _waiting() -> Select[*tuple[Any, ...]]:
    """What somebody was promised as soon as it is there."""
    wanted = func.sum(Reservation.wanted).label("wanted")
    query = select(Reservation.sku_id, Reservation.site_id, wanted)
    query = query.where(Reservation.status == "waiting")
    return query.group_by(Reservation.sku_id, Reservation.site_id)


def _orders() -> Select[*tuple[Any, ...]]:
    """What is ordered, a draft included, and has not come or waits for its verdict."""
    line = PurchaseOrderLine
    room = line.ordered + line.amended - line.waived - line.received
    unseen = case((room > _NOUGHT, room), else_=_NOUGHT)
    unjudged = line.received - line.accepted - line.rejected
    return (
        select(
            line.sku_id,
            PurchaseOrder.site_id,
            PurchaseOrder.supplier_id,
            (func.sum(unseen) + func.sum(unjudged)).label("quantity"),
        )
        .join(PurchaseOrder, PurchaseOrder.id == line.order_id)
        .where(PurchaseOrder.status.not_in(("closed", "cancelled")))
        .group_by(line.sku_id, PurchaseOrder.site_id, PurchaseOrder.supplier_id)
    )
