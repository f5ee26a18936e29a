"""Purchase: write an order, correct it, give it up, or send it to its supplier."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.catalog import skus
from app.domain.catalog.rules import plain
from app.domain.inventory import places
from app.domain.sourcing import agreements, order_drafts, order_issuing, order_prices, quotations
from app.domain.sourcing.order_drafts import Wanted
from app.domain.sourcing.order_versions import APPROVED, DRAFT, OrderVersion
from app.domain.supply import suppliers
from app.domain.supply.suppliers import Supplier
from app.effects import order_papers, order_terms, papers
from app.effects.papers import Paper
from app.kernel import cause, outbox
from app.kernel.errors import N_, Refusal
from app.workflow.effects import effect

Rows = list[dict[str, Any]]


class OrderIsOut(Refusal):
    """What a supplier was told is not taken back by ending our case."""

    code = "order_is_out"
    message = N_(
        "{order} is with its supplier. Change the order, or take everything out of it; this case"
        " ends when nothing of the order is open."
    )


@effect
def draft_order(scope: str, wish: Paper) -> Paper:
    """What a buyer wrote, as a draft.

    Raises:
        PriceIsAgreed, NotSoldLikeThat: an agreement says otherwise.
    """
    supplier = suppliers.by_code(wish["supplier"])
    lines = [_wanted(row) for row in wish["lines"]]
    order_prices.check_wanted(supplier, lines)
    return order_papers.described(
        order_drafts.write(
            supplier,
            places.site_of(scope),
            lines,
            by=order_terms.who(),
            required_on=_day(wish["required_on"]),
        )
    )


@effect
def draft_wanted(
    supplier: str,
    site: str,
    required_on: str | None,
    wanted_by: str,
    lines: Rows,
    plan_no: str = "",
) -> Paper:
    """What a reviewed plan wants, as a draft of who reviewed it.

    An order is in one currency. What agreements since the review pay in another is wanted again.

    Raises:
        SupplierStopped: the supplier was stopped since.
    """
    seller, at = suppliers.by_code(supplier), places.site(site)
    first, *others = _by_currency(seller, lines)
    wish = {
        "supplier": supplier,
        "site": site,
        "scope": at.scope,
        "required_on": required_on,
        "wanted_by": wanted_by,
        "plan_no": plan_no,
    }
    for n, rows in enumerate(others, start=1):
        key = f"{cause.current().effect_key}:{n}"
        outbox.announce("purchase_wanted", plan_no, {**wish, "lines": rows}, key=key)
    return order_papers.described(
        order_drafts.write(
            seller,
            at,
            [_wanted(row) for row in first],
            by=wanted_by,
            required_on=_day(required_on),
        )
    )


@effect
def see_stopped(supplier: str, site: str, required_on: str | None, lines: Rows) -> Paper:
    """What a plan wanted of a supplier that was stopped, to be had from another."""
    return {
        "supplier_name": suppliers.by_code(supplier).name,
        "site_name": places.site(site).name,
        "lines": [papers.goods(skus.scanned(row["sku"])) | row for row in lines],
        "supplier": None,
        "required_on": required_on,
    }


@effect
def draft_elsewhere(site: str, lines: Rows, choice: Paper, plan_no: str = "") -> Paper:
    """The same goods, in what the other supplier sells, as a draft of who chose them.

    Raises:
        SupplierStopped: nothing is ordered from that one either.
    """
    supplier = suppliers.by_code(choice["supplier"])
    rows = [{**row, "quantity": _orderable(supplier, row)} for row in lines]
    required_on, who = choice["required_on"], order_terms.who()
    return draft_wanted(supplier.code, site, required_on, who, rows, plan_no=plan_no)


@effect
def gather_objections(order: Paper) -> Paper:
    """The order as it came back, with what was decided about it."""
    return order_papers.described(order_papers.version_of(order), order)


@effect
def rewrite_order(order: Paper) -> Paper:
    """A draft as its buyer corrected it; prices nobody touched keep where they come from.

    Raises:
        PriceIsAgreed, NotSoldLikeThat: an agreement says otherwise.
    """
    version = order_papers.version_of(order)
    supplier = suppliers.by_code(order["supplier"])
    lines = [_corrected(row, version, supplier) for row in order["lines"]]
    order_prices.check_wanted(supplier, lines)
    order_drafts.correct(
        version,
        lines,
        by=order_terms.who(),
        required_on=_day(order["required_on"]),
        supplier=supplier,
    )
    return order_papers.described(version, order)


@effect
def abandon_order(order: Paper, reason: str) -> Paper:
    """Give a draft up: the order is cancelled, and who quoted for it is told."""
    version = order_papers.version_of(order)
    quotations.give_up(version)
    order_drafts.abandon(version, reason=reason)
    return order_papers.described(version, order)


@effect
def issue_order(order: Paper) -> Paper:
    """Give the order its number, freeze it, and tell the supplier.

    Raises:
        NotApproved: its amount asks for approvals that nobody gave.
        NoPrice, NoRate: it says too little to be ordered.
    """
    version = order_papers.version_of(order)
    order_issuing.issue(version)
    return order_papers.described(version, order)


@effect
def give_up(order: Paper | None, reason: str) -> str:
    """The case is cancelled: its draft goes, and who was asked what it would cost is told.

    Raises:
        OrderIsOut: the supplier has the order.
    """
    if order is None:
        return ""
    version = order_papers.version_of(order)
    if version.state not in {DRAFT, APPROVED}:
        raise OrderIsOut(order=version.order.number)
    quotations.give_up(version)
    order_drafts.abandon(version, reason=reason)
    return version.title


def _wanted(row: Mapping[str, Any]) -> Wanted:
    sku = skus.scanned(row["sku"])
    quantity = skus.in_stock_units(sku, Decimal(row["quantity"]))
    price = _price(row)
    source = order_prices.STATED if price is not None else ""
    return Wanted(sku, quantity, unit_price=price, price_source=source)


def _by_currency(supplier: Supplier, lines: Rows) -> list[Rows]:
    """The lines that can stand in one order each, as they are agreed on today."""
    found: dict[str, Rows] = {}
    for row in lines:
        sku = skus.scanned(row["sku"])
        currency = agreements.currency_of(supplier, sku.id, order_prices.today())
        found.setdefault(currency, []).append(row)
    return list(found.values())


def _orderable(supplier: Supplier, row: Mapping[str, Any]) -> str:
    """The least that is sold by agreement and covers what is wanted."""
    sku, quantity = skus.scanned(row["sku"]), Decimal(row["quantity"])
    agreement = agreements.in_force(supplier.id, sku.id, order_prices.today())
    return plain(agreement.orderable(quantity) if agreement else quantity)


def _corrected(row: Mapping[str, Any], version: OrderVersion, supplier: Supplier) -> Wanted:
    """The row anew; the price it had keeps its source, an agreed one is looked up again."""
    wanted = _wanted(row)
    same = [line for line in version.lines if line.sku_id == wanted.sku.id]
    if not same or supplier.id != version.order.supplier_id:
        return wanted
    if wanted.unit_price != same[0].unit_price:
        return wanted
    if same[0].price_source == order_prices.AGREEMENT:
        return Wanted(wanted.sku, wanted.quantity)
    return Wanted(
        wanted.sku,
        wanted.quantity,
        unit_price=same[0].unit_price,
        priced_for=same[0].priced_for,
        price_source=same[0].price_source,
        price_document=same[0].price_document,
    )


def _price(row: Mapping[str, Any]) -> Decimal | None:
    given = row.get("unit_price")
    return None if given in (None, "") else Decimal(given)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
