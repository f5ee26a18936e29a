"""Writing what an order will say: drafts, corrections, amendments, and giving them up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import uuid4

from sqlalchemy import select

from app.domain import numbers
from app.domain.catalog.products import Sku
from app.domain.finance.company import ours
from app.domain.inventory.places import Site
from app.domain.sourcing import order_versions
from app.domain.sourcing.order_approvals import NotADraft
from app.domain.sourcing.order_versions import (
    ABANDONED,
    AMENDMENT,
    APPROVED,
    DRAFT,
    FIRST,
    IMPORTED,
    ISSUED,
    OrderVersion,
    OrderVersionLine,
)
from app.domain.supply import supplier_stops
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.suppliers import Supplier
from app.kernel import cause, clock
from app.kernel.db import db
from app.kernel.errors import N_, Refusal

DRAFT_PREFIX = "DRAFT"


@dataclass(frozen=True)
class Wanted:
    """A line as somebody writes it: `quantity` in stock units, `unit_price` for `priced_for`."""

    sku: Sku
    quantity: Decimal
    line_no: int | None = None
    unit_price: Decimal | None = None
    priced_for: Decimal = Decimal(1)
    due_on: date | None = None
    price_source: str = ""
    price_document: str = ""


class NothingOrdered(Refusal):
    """An order has a line."""

    code = "nothing_ordered"
    message = N_("Nothing is ordered. Write at least one line with a quantity.")


class OrderedTwice(Refusal):
    """One SKU stands in one line, so that what comes is counted against one line."""

    code = "ordered_twice"
    message = N_("{sku} stands in two lines. Put the quantities together in one.")


class AmendedAlready(Refusal):
    """Two changes of one order cannot be written at once."""

    code = "amended_already"
    message = N_("{version} is being written already. Finish or abandon it first.")


class NotIssued(Refusal):
    """Only what the supplier was told can be amended."""

    code = "not_issued"
    message = N_("{order} was not sent to its supplier. Correct the draft instead.")


def write(
    supplier: Supplier,
    site: Site,
    lines: Sequence[Wanted],
    *,
    by: str,
    required_on: date | None,
    currency: str | None = None,
) -> OrderVersion:
    """A new order as a draft, with its first version.

    Raises:
        NothingOrdered, OrderedTwice: its lines cannot be ordered like that.
        SupplierStopped: nothing is ordered from the supplier any more.
    """
    supplier_stops.check(supplier)
    _check(lines)
    now = clock.now()
    order = PurchaseOrder(
        number=f"{DRAFT_PREFIX}-{uuid4().hex}",  # until its key is known
        supplier_id=supplier.id,
        site_id=site.id,
        ordered_by=by,
        ordered_on=ours().day(now),
        due_on=required_on,
        currency=currency or ours().currency,
        status="draft",
        recorded_at=now,
    )
    db.session.add(order)
    db.session.flush()
    order.number = numbers.number(DRAFT_PREFIX, order.id)
    return _version(order, lines, kind=FIRST, by=by, required_on=required_on)


def correct(
    version: OrderVersion,
    lines: Sequence[Wanted],
    *,
    by: str,
    required_on: date | None,
    supplier: Supplier | None = None,
) -> OrderVersion:
    """Write a draft anew; what was approved of it is approved no more.

    Raises:
        NotADraft: it is issued or abandoned by now.
        NothingOrdered, OrderedTwice: its lines cannot be ordered like that.
    """
    _check(lines)
    reopen(version)
    if supplier is not None:
        version.order.supplier_id = supplier.id
    version.order.ordered_by = version.written_by = by
    version.required_on = required_on
    if version.kind == FIRST:
        version.order.due_on = version.due_on = required_on
    _put(version, lines)
    return version


def amend(
    order: PurchaseOrder,
    lines: Sequence[Wanted],
    *,
    by: str,
    reason: str,
    due_on: date | None = None,
) -> OrderVersion:
    """The draft of the next version of an issued order; `lines` are all it will have.

    A line keeps its number; one with the quantity zero, or left out, is taken out of the order.

    Raises:
        NotIssued: the supplier knows no version yet.
        AmendedAlready: another change is being written.
    """
    _check(lines)
    before = order_versions.in_force(order)
    if before is None:
        raise NotIssued(order=order.number)
    open_draft = select(OrderVersion).filter_by(order_id=order.id)
    found = db.session.scalar(open_draft.where(OrderVersion.state.in_((DRAFT, APPROVED))))
    if found is not None:
        raise AmendedAlready(version=found.title)
    kept = [*lines, *_taken_out(before, lines)]
    version = _version(order, kept, kind=AMENDMENT, by=by, required_on=before.required_on)
    version.due_on = due_on or before.due_on
    version.currency, version.reason = before.currency, reason
    version.total_minor = order_versions.total_of(version.lines, version.currency)
    db.session.flush()
    return version


def reopen(version: OrderVersion) -> None:
    """Begin the next edition of a draft: its approvals no longer count.

    Raises:
        NotADraft: it is issued or abandoned by now.
    """
    if version.state not in {DRAFT, APPROVED}:
        raise NotADraft(version=version.title, state=version.state)
    version.state = DRAFT
    version.edition += 1
    db.session.flush()


def abandon(version: OrderVersion, *, reason: str) -> None:
    """Give a draft up; an order that was never issued is cancelled with it.

    Raises:
        NotADraft: it is issued or abandoned by now.
    """
    if version.state not in {DRAFT, APPROVED}:
        raise NotADraft(version=version.title, state=version.state)
    version.state, version.reason = ABANDONED, reason
    if version.order.status == "draft":
        version.order.status = "cancelled"
    db.session.flush()


def of_imported(order: PurchaseOrder) -> OrderVersion:
    """The first version of an order that was written elsewhere: issued, as it came."""
    lines = [
        Wanted(
            line.sku,
            line.ordered,
            line.line_no,
            line.unit_price,
            line.priced_for or Decimal(1),
            price_source="stated" if line.unit_price is not None else "",
        )
        for line in order.lines
    ]
    version = _version(order, lines, kind=IMPORTED, by=order.ordered_by, required_on=order.due_on)
    version.state, version.issued_at = ISSUED, order.recorded_at
    db.session.flush()
    return version


def _version(
    order: PurchaseOrder,
    lines: Sequence[Wanted],
    *,
    kind: str,
    by: str,
    required_on: date | None,
) -> OrderVersion:
    version = OrderVersion(
        order=order,
        version_no=len(order_versions.of(order)) + 1,
        edition=1,
        kind=kind,
        state=DRAFT,
        currency=order.currency,
        required_on=required_on,
        due_on=order.due_on,
        reason="",
        written_by=by,
        written_at=clock.now(),
        effect_key=None if kind == IMPORTED else cause.current().effect_key,
    )
    db.session.add(version)
    _put(version, lines)
    return version


def _put(version: OrderVersion, lines: Sequence[Wanted]) -> None:
    """Let the version have exactly these lines."""
    version.lines = []
    db.session.flush()
    used = {each.line_no for each in lines if each.line_no is not None}
    free = (no for no in range(1, 10_000) if no not in used)
    version.lines = [
        OrderVersionLine(
            line_no=each.line_no if each.line_no is not None else next(free),
            sku=each.sku,
            quantity=each.quantity,
            unit_price=each.unit_price,
            priced_for=each.priced_for,
            price_source=each.price_source,
            price_document=each.price_document,
            due_on=each.due_on,
        )
        for each in lines
    ]
    version.total_minor = order_versions.total_of(version.lines, version.currency)
    db.session.flush()


def _taken_out(before: OrderVersion, lines: Sequence[Wanted]) -> list[Wanted]:
    kept = {each.line_no for each in lines}
    return [
        Wanted(line.sku, Decimal(0), line.line_no, line.unit_price, line.priced_for)
        for line in before.lines
        if line.line_no not in kept
    ]


def _check(lines: Sequence[Wanted]) -> None:
    if not any(each.quantity > 0 for each in lines):
        raise NothingOrdered
    seen: set[int] = set()
    for each in lines:
        if each.sku.id in seen:
            raise OrderedTwice(sku=each.sku.code)
        seen.add(each.sku.id)
