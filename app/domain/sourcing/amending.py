"""Changing an order the supplier knows: never below what came, and never the price of what came."""

from collections.abc import Sequence
from decimal import Decimal

from app.domain.catalog.rules import plain
from app.domain.sourcing import order_drafts, order_issuing, order_versions
from app.domain.sourcing.order_drafts import Wanted
from app.domain.sourcing.order_versions import OrderVersion, OrderVersionLine
from app.domain.supply import asns, cancelling, closings, promises, purchase_orders
from app.domain.supply.asns import OrderNotOpen
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.kernel.errors import N_, Refusal

Said = Wanted | OrderVersionLine


class BelowWhatCame(Refusal):
    """What came or is on the way stays in the order."""

    code = "below_what_came"
    message = N_("{came} of {sku} came or are on the way; order at least that many.")


class PriceIsFixed(Refusal):
    """Goods that came were bought at the price of their order."""

    code = "price_is_fixed"
    message = N_(
        "{came} of {sku} came or are on the way at the old price. Leave the price, take the rest"
        " out of this order and order it anew."
    )


class NotConfirmedYet(Refusal):
    """One change at a time: the supplier answers the last version first."""

    code = "not_confirmed_yet"
    message = N_("{order} waits for the supplier to confirm it. Change it after that.")


def check_amendable(order: PurchaseOrder) -> OrderVersion:
    """The version in force of an order that can be amended now.

    Raises:
        OrderNotOpen: nothing is expected on it.
        NotConfirmedYet: the supplier has not answered the version in force.
    """
    if order.status != "open":
        raise OrderNotOpen(order=order.number, status=order.status)
    before = order_versions.in_force(order)
    if before is None:
        raise OrderNotOpen(order=order.number, status=order.status)
    if unconfirmed(order) is not None:
        raise NotConfirmedYet(order=order.number)
    return before


def unconfirmed(order: PurchaseOrder) -> OrderVersion | None:
    """The version the supplier has not confirmed yet; what was imported needs no confirmation."""
    version, last = order_versions.in_force(order), promises.confirmed(order)
    if version is None or version.kind == order_versions.IMPORTED:
        return None
    return version if last is None or last.version_no < version.version_no else None


def draft(order: PurchaseOrder, lines: Sequence[Wanted], *, by: str, reason: str) -> OrderVersion:
    """Write the next version, after what cannot be changed was checked.

    Raises:
        BelowWhatCame: less is ordered of a line than came or is on the way.
        PriceIsFixed: the price of goods that came is changed.
    """
    _check(order, lines)
    return order_drafts.amend(order, lines, by=by, reason=reason)


def issue(version: OrderVersion) -> PurchaseOrder:
    """Put a version in force; what it takes out is chased no more, and whoever follows is told.

    Raises:
        BelowWhatCame, PriceIsFixed: more came, or was announced, since it was written.
    """
    order = version.order
    _check(order, version.lines)
    before = {line.id: line.wanted for line in purchase_orders.locked_lines(order.id)}
    order_issuing.issue(version)
    for line in purchase_orders.locked_lines(order.id):
        less = before.get(line.id, Decimal(0)) - line.wanted
        if less > 0:
            closings.stop_chasing_surplus(line, reason=version.reason)
            cancelling.note(line, less, "amended", reason=version.reason)
    purchase_orders.tell_moved(order.id)
    return order


def came(line: PurchaseOrderLine) -> Decimal:
    """What of a line was received, or is on the way."""
    return line.received + asns.on_the_way(line.id)


def _check(order: PurchaseOrder, lines: Sequence[Said]) -> None:
    before = order_versions.in_force(order)
    old = {line.line_no: line for line in before.lines} if before else {}
    new = {line.line_no: line for line in lines if line.line_no is not None}
    for line in purchase_orders.locked_lines(order.id):
        there = came(line)
        if there and line.line_no in old:
            _check_line(line, there, old[line.line_no], new.get(line.line_no))


def _check_line(
    line: PurchaseOrderLine, there: Decimal, before: OrderVersionLine, after: Said | None
) -> None:
    change = (after.quantity if after else Decimal(0)) - before.quantity
    if line.wanted + change < min(there, line.wanted):
        raise BelowWhatCame(came=plain(there), sku=line.sku.code)
    if after and (after.unit_price, after.priced_for) != (before.unit_price, before.priced_for):
        raise PriceIsFixed(came=plain(there), sku=line.sku.code)
