"""Sending an order: the moment a version becomes what we and the supplier agreed on."""

from decimal import Decimal

from app.domain import numbers
from app.domain.finance import rates
from app.domain.finance.company import ours
from app.domain.sourcing import letters, order_approvals, order_versions
from app.domain.sourcing.order_approvals import NotADraft
from app.domain.sourcing.order_versions import (
    APPROVED,
    DRAFT,
    ISSUED,
    SUPERSEDED,
    OrderVersion,
    OrderVersionLine,
)
from app.domain.supply import correspondence, purchase_orders, supplier_stops
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.kernel import cause, clock
from app.kernel.db import db
from app.kernel.errors import N_, Refusal

PREFIX = "PO"


class NoPrice(Refusal):
    """Goods without a price are not ordered."""

    code = "no_price"
    message = N_("{sku} has no price yet. Price the order first.")


class ComeAlready(Refusal):
    """What has come cannot be un-ordered."""

    code = "come_already"
    message = N_("Only {open} of {sku} are still expected; no more can be taken out of the order.")


def issue(version: OrderVersion) -> PurchaseOrder:
    """Make a version what is in force: freeze it, change the order by it, tell the supplier.

    Raises:
        SupplierStopped: nothing is ordered from the supplier any more.
        NotADraft: it was issued or abandoned.
        NoPrice: a line has no price.
        NotApproved: the amount asks for approvals it has not.
        NoRate: nobody entered what its currency is worth.
        ComeAlready: more is taken out of a line than is still expected.
    """
    order = purchase_orders.locked(version.order_id)
    supplier_stops.check(order.supplier)
    if version.state not in {DRAFT, APPROVED}:
        raise NotADraft(version=version.title)
    _check_prices(version)
    order_approvals.check_complete(version)
    before = order_versions.in_force(order)
    if before is None:
        _open(order, version)
    else:
        _change(order, version, before)
    version.state, version.issued_at = ISSUED, clock.now()
    db.session.flush()
    _tell(order, version)
    return order


def _check_prices(version: OrderVersion) -> None:
    for line in version.lines:
        if line.quantity and line.unit_price is None:
            raise NoPrice(sku=line.sku.code)


def _open(order: PurchaseOrder, version: OrderVersion) -> None:
    order.number = _number(order.id)
    order.status = "open"
    order.currency, order.due_on = version.currency, version.due_on
    order.ordered_on = ours().day(clock.now())
    order.exchange_rate = rates.on(order.currency, order.ordered_on)
    order.lines = [_line(each) for each in version.lines if each.quantity]
    db.session.flush()


def _change(order: PurchaseOrder, version: OrderVersion, before: OrderVersion) -> None:
    """Move the lines by what the version says differently; an order may open or close by it."""
    known = {line.line_no: line for line in purchase_orders.locked_lines(order.id)}
    said = {line.line_no: line.quantity for line in before.lines}
    for each in version.lines:
        if each.line_no not in known:
            _add(order, each)
            continue
        line = known[each.line_no]
        _move(line, each.quantity - said.get(each.line_no, Decimal(0)))
        if each.unit_price is not None:
            line.unit_price, line.priced_for = each.unit_price, each.priced_for
    order.due_on = version.due_on
    before.state = SUPERSEDED
    if order.status == "closed":
        order.status = "open"
    db.session.flush()
    db.session.expire(order, ["lines"])
    purchase_orders.close_when_settled(order.id)


def _add(order: PurchaseOrder, each: OrderVersionLine) -> None:
    if each.quantity:
        new = _line(each)
        new.order_id = order.id
        db.session.add(new)


def _move(line: PurchaseOrderLine, by: Decimal) -> None:
    """Order more or less on a line; a line that is taken out whole is waived."""
    if -by > line.open:
        raise ComeAlready(sku=line.sku.code, open=line.open)
    if line.ordered + by > 0:
        line.ordered += by
    else:
        line.waived -= by


def _line(each: OrderVersionLine) -> PurchaseOrderLine:
    return PurchaseOrderLine(
        line_no=each.line_no,
        sku_id=each.sku_id,
        ordered=each.quantity,
        unit_price=each.unit_price,
        priced_for=each.priced_for,
    )


def _number(order_id: int) -> str:
    """PO-000012, unless an order that was imported carries it."""
    number = numbers.number(PREFIX, order_id)
    return f"{number}-H" if purchase_orders.is_taken(number) else number


def _tell(order: PurchaseOrder, version: OrderVersion) -> None:
    correspondence.send(order.supplier, letters.order(version), key=_key(version))


def _key(version: OrderVersion) -> str:
    return f"{cause.current().effect_key}:{version.id}"
