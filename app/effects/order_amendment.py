"""Changing an order the supplier knows: a new version, approved, issued, and confirmed again."""

from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.catalog import skus
from app.domain.catalog.rules import plain
from app.domain.sourcing import amending, order_drafts, order_versions
from app.domain.sourcing.order_drafts import Wanted
from app.domain.sourcing.order_versions import OrderVersion, OrderVersionLine
from app.domain.supply import purchase_orders, supplier_stops
from app.domain.supply.purchase_orders import PurchaseOrderLine
from app.effects import order_papers, order_terms, papers
from app.effects.papers import Paper
from app.kernel.errors import N_, Refusal
from app.workflow.effects import effect

Rows = list[dict[str, Any]]


class NothingChanged(Refusal):
    """A change changes something."""

    code = "nothing_changed"
    message = N_("Nothing differs from {order}. Change a line, or leave the order as it is.")


class OrderOfAnotherPlace(Refusal):
    """Who approves a change depends on the place the order is for."""

    code = "order_of_another_place"
    message = N_("{order} is for {site}. Begin the change there.")


@effect
def look_up_order(po_no: str, scope: str) -> Paper:
    """The version in force of an order that can be changed now.

    Raises:
        OrderOfAnotherPlace: its goods go somewhere else.
        OrderNotOpen, NotConfirmedYet: it cannot be changed now.
        SupplierStopped: nothing is ordered from the supplier any more.
    """
    order = purchase_orders.by_number(po_no)
    if order.site.scope != scope:
        raise OrderOfAnotherPlace(order=order.number, site=order.site.name)
    supplier_stops.check(order.supplier)
    return order_papers.described(amending.check_amendable(order))


@effect
def show_terms(order: Paper, reason: str) -> Paper:
    """The lines as they are, to be written anew."""
    own = purchase_orders.by_number(order["po_no"])
    ordered = {line.line_no: line for line in purchase_orders.locked_lines(own.id)}
    version = order_papers.version_of(order)
    lines = [_row(line, ordered.get(line.line_no)) for line in version.lines if line.quantity]
    return {"lines": lines, "added": [], "reason": reason, "problem": "", "came_back": False}


@effect
def draft_amendment(order: Paper, amendment: Paper) -> Paper:
    """Write the next version.

    Raises:
        NothingChanged: it would say the same.
        BelowWhatCame, PriceIsFixed: what came, or is on the way, would change.
        AmendedAlready: somebody else changes it at the same time.
    """
    own = purchase_orders.by_number(order["po_no"])
    before = amending.check_amendable(own)
    old = {line.line_no: line for line in before.lines}
    lines = [_changed(row, old[row["line_no"]]) for row in amendment["lines"]]
    added = [_added(row) for row in amendment["added"]]
    if not added and all(_same(line, old) for line in lines):
        raise NothingChanged(order=before.title)
    new = amending.draft(
        own,
        [*(line for line in lines if line.quantity), *added],
        by=order_terms.who(),
        reason=amendment["reason"],
    )
    return order_papers.described(new, order)


@effect
def drop_amendment(order: Paper, amendment: Paper, problem: str) -> Paper:
    """Give the new version up; its buyer reads why and may write another."""
    version = order_papers.version_of(order)
    order_drafts.abandon(version, reason=version.reason)
    return {**amendment, "problem": problem, "came_back": True}


@effect
def issue_amendment(order: Paper) -> Paper:
    """Put the new version in force and tell the supplier.

    Raises:
        BelowWhatCame, PriceIsFixed: more came since it was written.
        SupplierStopped: nothing is ordered from the supplier any more.
    """
    version: OrderVersion = order_papers.version_of(order)
    amending.issue(version)
    return order_papers.described(version, order)


@effect
def give_up(order: Paper | None, reason: str) -> str:
    """The case is cancelled: the version that is being written goes.

    Raises:
        NotConfirmedYet: the supplier was told the new version.
    """
    if order is None:
        return ""
    version = order_papers.version_of(order)
    if version.state == order_versions.ISSUED:
        if amending.unconfirmed(version.order) is version:
            raise amending.NotConfirmedYet(order=version.order.number)
        return ""
    order_drafts.abandon(version, reason=reason)
    return version.title


def _row(line: OrderVersionLine, ordered: PurchaseOrderLine | None) -> dict[str, Any]:
    return {
        **papers.goods(line.sku),
        "line_no": line.line_no,
        "before": f"{plain(line.quantity)} {line.sku.unit}",
        "came": plain(amending.came(ordered)) if ordered else "0",
        "price_text": order_terms.whole_price(line),
        "quantity": plain(line.quantity),
        "unit_price": order_terms.price_text(line),
        "due_on": day.isoformat() if (day := _due_on(line)) else None,
    }


def _changed(row: dict[str, Any], before: OrderVersionLine) -> Wanted:
    price = order_terms.amount(row.get("unit_price"))
    is_new_price = price != before.unit_price
    return Wanted(
        before.sku,
        Decimal(row["quantity"]),
        before.line_no,
        unit_price=price,
        priced_for=before.priced_for,
        due_on=order_terms.day(row.get("due_on")),
        price_source="stated" if is_new_price else before.price_source,
        price_document="" if is_new_price else before.price_document,
    )


def _added(row: dict[str, Any]) -> Wanted:
    return Wanted(
        skus.by_code(row["sku"]),
        Decimal(row["quantity"]),
        unit_price=Decimal(row["unit_price"]),
        due_on=order_terms.day(row.get("due_on")),
        price_source="stated",
    )


def _same(line: Wanted, old: dict[int, order_versions.OrderVersionLine]) -> bool:
    before = old[line.line_no or 0]
    return (line.quantity, line.unit_price, line.due_on) == (
        before.quantity,
        before.unit_price,
        _due_on(before),
    )


def _due_on(line: OrderVersionLine) -> date | None:
    return line.due_on or line.version.due_on
