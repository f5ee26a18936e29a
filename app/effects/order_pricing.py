"""Pricing an order: agreements, the last prices, quotations, and who approves what strays."""

from fractions import Fraction
from typing import Any

from app.domain.catalog.rules import plain
from app.domain.finance.company import ours, written
from app.domain.sourcing import order_approvals, order_prices, quotations
from app.domain.sourcing.order_approvals import PRICE
from app.domain.sourcing.order_prices import QUOTATION, Before, Variance
from app.domain.sourcing.order_versions import OrderVersion, OrderVersionLine
from app.domain.sourcing.quotations import QUOTED, Quotation
from app.domain.supply import suppliers
from app.effects import order_papers, order_terms
from app.effects.order_papers import price_text
from app.effects.papers import Paper
from app.kernel.money import Money
from app.workflow.effects import effect

Rows = list[dict[str, Any]]


@effect
def price_lines(order: Paper) -> Paper:
    """Let every line cost what was agreed on."""
    version = order_papers.version_of(order)
    order_prices.price(version)
    return order_papers.described(version, order)


@effect
def check_prices(order: Paper) -> Paper:
    """Whether prices are missing, or stray too far from the last ones, and what was paid before."""
    version = order_papers.version_of(order)
    unpriced = [line for line in version.lines if line.unit_price is None]
    differing = _differing(version)
    outcome = "unpriced" if unpriced else "variance" if differing else "priced"
    shown_lines = [line for line, _ in differing]
    return {
        "outcome": outcome,
        "differing": [_difference(line, found) for line, found in differing],
        "last_prices": [row for line in shown_lines for row in _last_prices(line)],
        "asked": [{"supplier": version.order.supplier.code}, {"supplier": ""}],
    }


@effect
def record_price_decision(order: Paper, pricing: Paper, decision: str, reason: str) -> Paper:
    """Keep whether the manager lets the prices pass.

    Raises:
        OwnOrder: they wrote or priced the order.
    """
    version = order_papers.version_of(order)
    order_approvals.decide(version, PRICE, decision, reason=reason)
    outcome = "priced" if decision == order_approvals.APPROVE else "sent_back"
    return {**pricing, "outcome": outcome}


@effect
def send_requests(order: Paper, asked: Rows) -> Paper:
    """Ask each supplier by letter; one request for each of them.

    Raises:
        TooFewAsked: fewer than two suppliers.
    """
    version = order_papers.version_of(order)
    found = [suppliers.by_code(row["supplier"]) for row in asked]
    return {"requests": [_request(each) for each in quotations.ask(version, found)]}


@effect
def gather_offers(order: Paper) -> Paper:
    """What the suppliers of the last round offer, the cheapest first.

    An offer in a currency without a rate stands after them until finance enters one.
    """
    found = quotations.latest(order_papers.version_of(order))
    quoted = sorted(
        (each for each in found if each.state == QUOTED),
        key=lambda each: (
            not each.is_comparable,
            each.in_ours.minor if each.is_comparable else 0,
            each.id,
        ),
    )
    without = [each.supplier.name for each in found if each.state != QUOTED]
    return {
        "rows": [_offer(each, rank) for rank, each in enumerate(quoted, start=1)],
        "prices": [row for each in quoted for row in _offered_prices(each)],
        "choices": [_choice(each) for each in quoted if each.is_complete],
        "without": ", ".join(without) or None,
        "all_answered": not without,
    }


@effect
def take_quotation(order: Paper, choice: Paper) -> Paper:
    """Order from who made the chosen offer.

    Raises:
        NotTheCheapest: another is cheaper, and nobody said why.
        NotComplete: a line has no price.
    """
    chosen = quotations.by_number(choice["quotation"])
    version = quotations.take(chosen, by=order_terms.who(), reason=choice.get("reason") or "")
    return order_papers.described(version, order)


@effect
def leave_quotations(order: Paper) -> Paper:
    """Go back to the order without a price."""
    return {"outcome": "unpriced", "version_id": order["version_id"]}


def _differing(version: OrderVersion) -> list[tuple[OrderVersionLine, Variance | None]]:
    """Lines whose price somebody has to approve; without a variance it is the first price."""
    found = []
    for line in version.lines:
        if line.price_source in {order_prices.AGREEMENT, ""} or not line.quantity:
            continue
        variance = order_prices.variance(version, line)
        if variance is None and _was_compared(version, line):
            continue
        if variance is None or not variance.is_tolerable:
            found.append((line, variance))
    return found


def _was_compared(version: OrderVersion, line: OrderVersionLine) -> bool:
    """Whether a price nobody ever paid comes from at least two offers."""
    if line.price_source != QUOTATION:
        return False
    complete = [each for each in quotations.latest(version) if each.is_complete]
    return len(complete) >= quotations.LEAST_ASKED


def _difference(line: OrderVersionLine, found: Variance | None) -> Paper:
    return {
        **order_papers.line(line),
        "before": _before_text(found.before, line) if found else "–",
        "percent": f"{plain(found.percent)} %" if found else "–",
        "worth": written(Money(found.amount_minor, ours().currency)) if found else "–",
    }


def _last_prices(line: OrderVersionLine) -> Rows:
    return [
        {
            "sku": line.sku.code,
            "day": before.day.isoformat(),
            "order": before.order,
            "supplier": before.supplier,
            "price": _before_text(before, line),
        }
        for before in order_prices.last_prices(line.sku, without=line.version.order_id)
    ]


def _before_text(before: Before, line: OrderVersionLine) -> str:
    """The earlier price for as many units as the price of today is for."""
    price = order_prices.to_millionth(before.unit_price * Fraction(line.priced_for))
    return price_text(price, before.currency, line.priced_for, line.sku.unit)


def _request(asked: Quotation) -> Paper:
    version = asked.version
    fields = ("sku", "name", "unit", "line_no", "quantity")
    lines = [order_papers.line(each) for each in version.lines]
    return {
        "request_no": asked.number,
        "supplier_name": asked.supplier.name,
        "supplier_scope": asked.supplier.scope,
        "site_name": version.order.site.name,
        "required_on": version.required_on.isoformat() if version.required_on else None,
        "currency": asked.currency,
        "delivers_on": None,
        "note": None,
        "lines": [{**{key: row[key] for key in fields}, "unit_price": None} for row in lines],
    }


def _offer(offer: Quotation, rank: int) -> Paper:
    return {
        "supplier": offer.supplier.name,
        "request": offer.number,
        "total": written(offer.total) if offer.is_complete else "–",
        "in_ours": written(offer.in_ours) if offer.is_comparable else "–",
        "delivers_on": offer.delivers_on.isoformat() if offer.delivers_on else "–",
        "rank": str(rank) if offer.is_comparable else "–",
        "note": offer.note,
    }


def _offered_prices(offer: Quotation) -> Rows:
    quantities = {line.line_no: line for line in offer.version.lines}
    return [
        {
            "sku": each.sku.code,
            "name": each.sku.name,
            "quantity": plain(quantities[each.line_no].quantity),
            "supplier": offer.supplier.name,
            "price": price_text(each.unit_price, offer.currency, quotations.ONE, each.sku.unit),
            "amount": written(each.amount(quantities[each.line_no].quantity, offer.currency)),
        }
        for each in offer.prices
        if each.line_no in quantities
    ]


def _choice(offer: Quotation) -> Paper:
    return {
        "value": offer.number,
        "label": f"{offer.supplier.name} · {written(offer.total)}",
    }
