"""The rows a supplier's record is made of: orders, promises, receipts, verdicts, answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from app.domain.catalog.products import Product, Sku
from app.domain.finance.company import ours
from app.domain.sourcing.measures import Came
from app.domain.sourcing.order_versions import OrderVersion
from app.domain.supply import beta
from app.domain.supply.cancelling import OrderCancellation
from app.domain.supply.promises import OrderConfirmation, OrderPromise, Promised
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.domain.supply.receipts import Inspection, Receipt, ReceiptLine
from app.domain.supply.suppliers import Supplier
from app.kernel import policy
from app.kernel.db import db

PREFIX = "supplier_record"
# Quantities we took back for reasons of our own, or before anything was promised.
_BY_US = ("amended", "terms", "no_answer")


@dataclass(frozen=True)
class Rules:
    """The numbers a record rests on: policies."""

    window_days: int
    half_life_days: int
    grace_days: int
    fewest_lines: int
    usual_good_rate: float


@dataclass(frozen=True)
class Verdict:
    """What inspections said about goods of one category."""

    category: str
    good: Decimal
    bad: Decimal


@dataclass(frozen=True)
class History:
    """Everything by the id of its order line."""

    lines: Sequence[PurchaseOrderLine]
    promised: Mapping[int, list[Promised]]
    cancelled: Mapping[int, Decimal]
    arrivals: Mapping[int, list[Came]]
    released: Mapping[int, list[Came]]
    verdicts: Sequence[Verdict]
    category_rates: Mapping[str, float]
    confirm_hours: Sequence[float]


def rules() -> Rules:
    """What holds today."""

    def number(name: str) -> float:
        return float(str(policy.value(f"{PREFIX}.{name}")))

    return Rules(
        window_days=int(number("window_days")),
        half_life_days=int(number("half_life_days")),
        grace_days=int(number("grace_days")),
        fewest_lines=int(number("fewest_lines")),
        usual_good_rate=number("usual_good_rate"),
    )


def history(supplier: Supplier, day: date, found: Rules) -> History:
    """The rows of a supplier in the window; orders older than twice the window are over."""
    since = day - timedelta(days=2 * found.window_days)
    lines = _lines(supplier, since)
    ids = [line.id for line in lines]
    window = day - timedelta(days=found.window_days)
    return History(
        lines=lines,
        promised=_promised(ids),
        cancelled=_cancelled(ids),
        arrivals=_arrivals(ids),
        released=_released(ids),
        verdicts=_verdicts(window, supplier),
        category_rates={
            one.category: beta.posterior(one.good, one.bad, usual=found.usual_good_rate).mean
            for one in _verdicts(window)
        },
        confirm_hours=_confirm_hours(supplier, since),
    )


def _lines(supplier: Supplier, since: date) -> list[PurchaseOrderLine]:
    query = (
        select(PurchaseOrderLine)
        .join(PurchaseOrderLine.order)
        .options(contains_eager(PurchaseOrderLine.order))
        .where(
            PurchaseOrder.supplier_id == supplier.id,
            PurchaseOrder.status != "draft",
            PurchaseOrder.ordered_on >= since,
        )
        .order_by(PurchaseOrderLine.id)
    )
    return list(db.session.scalars(query))


def _promised(ids: list[int]) -> dict[int, list[Promised]]:
    """The last promise for each line, the earliest day first."""
    last = (
        select(func.max(OrderPromise.confirmation_id))
        .where(OrderPromise.order_line_id.in_(ids))
        .group_by(OrderPromise.order_line_id)
    )
    query = select(OrderPromise).where(
        OrderPromise.order_line_id.in_(ids), OrderPromise.confirmation_id.in_(last)
    )
    found: dict[int, list[Promised]] = {}
    for one in db.session.scalars(query.order_by(OrderPromise.promised_on)):
        found.setdefault(one.order_line_id, []).append(Promised(one.promised_on, one.quantity))
    return found


def _cancelled(ids: list[int]) -> dict[int, Decimal]:
    query = (
        select(OrderCancellation.order_line_id, func.sum(OrderCancellation.quantity))
        .where(OrderCancellation.order_line_id.in_(ids), OrderCancellation.cause.in_(_BY_US))
        .group_by(OrderCancellation.order_line_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _arrivals(ids: list[int]) -> dict[int, list[Came]]:
    """What was counted for each line and when; good is what was not found to be bad."""
    query = (
        select(
            ReceiptLine.order_line_id,
            Receipt.counted_at,
            ReceiptLine.quantity,
            ReceiptLine.rejected + ReceiptLine.returned,
        )
        .join(Receipt, Receipt.id == ReceiptLine.receipt_id)
        .where(
            ReceiptLine.order_line_id.in_(ids),
            ReceiptLine.on_order,
            Receipt.counted_at.is_not(None),
        )
    )
    found: dict[int, list[Came]] = {}
    for line, at, quantity, bad in db.session.execute(query):
        if line is not None and at is not None:
            came = Came(ours().day(at), quantity, quantity - bad)
            found.setdefault(line, []).append(came)
    return found


def _released(ids: list[int]) -> dict[int, list[Came]]:
    query = (
        select(ReceiptLine.order_line_id, Inspection.recorded_at, Inspection.accepted)
        .join(ReceiptLine, ReceiptLine.id == Inspection.receipt_line_id)
        .where(ReceiptLine.order_line_id.in_(ids), ReceiptLine.on_order, Inspection.accepted > 0)
    )
    found: dict[int, list[Came]] = {}
    for line, at, accepted in db.session.execute(query):
        if line is not None:
            found.setdefault(line, []).append(Came(ours().day(at), accepted, accepted))
    return found


def _verdicts(since: date, supplier: Supplier | None = None) -> list[Verdict]:
    """Verdicts by category; of one supplier, or of all of them."""
    query = (
        select(Product.category, func.sum(Inspection.accepted), func.sum(Inspection.rejected))
        .join(ReceiptLine, ReceiptLine.id == Inspection.receipt_line_id)
        .join(Receipt, Receipt.id == ReceiptLine.receipt_id)
        .join(Sku, Sku.id == ReceiptLine.sku_id)
        .join(Product, Product.id == Sku.product_id)
        .where(Inspection.recorded_at >= _begin(since))
        .group_by(Product.category)
    )
    if supplier is not None:
        query = query.where(Receipt.supplier_id == supplier.id)
    return [Verdict(*row) for row in db.session.execute(query)]


def _begin(day: date) -> datetime:
    """The instant at which a day of the books begins."""
    return datetime.combine(day, time(), ZoneInfo(ours().time_zone))


def _confirm_hours(supplier: Supplier, since: date) -> list[float]:
    """How long each answer to a version of an order took, in hours."""
    query = (
        select(OrderVersion.issued_at, func.min(OrderConfirmation.recorded_at))
        .join(PurchaseOrder, PurchaseOrder.id == OrderVersion.order_id)
        .join(
            OrderConfirmation,
            (OrderConfirmation.order_id == OrderVersion.order_id)
            & (OrderConfirmation.version_no == OrderVersion.version_no),
        )
        .where(PurchaseOrder.supplier_id == supplier.id, PurchaseOrder.ordered_on >= since)
        .group_by(OrderVersion.id, OrderVersion.issued_at)
    )
    return [
        (answered - issued).total_seconds() / 3600
        for issued, answered in db.session.execute(query)
        if issued is not None
    ]
