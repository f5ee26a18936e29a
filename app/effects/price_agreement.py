"""Agreeing on prices: what a buyer negotiated is checked, approved, kept and told."""

from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.catalog.rules import plain
from app.domain.finance import company
from app.domain.sourcing import agreeing, offers, proposals
from app.domain.sourcing.agreements import Agreement
from app.domain.sourcing.offers import Offer, Row
from app.domain.supply import correspondence, suppliers
from app.effects import order_terms, price_letters
from app.kernel import cause, clock
from app.workflow.effects import effect

Paper = dict[str, Any]


@effect
def check_proposal(offer: Paper) -> Paper:
    """Refuse what could not be agreed on; else a proposal with what each price is today."""
    found = _offer(offer)
    terms = offers.terms(found)
    for each in terms:
        agreeing.check_replaces(found.supplier, each)
    new = proposals.open_one("prices", found.supplier, by=order_terms.who())
    today = offers.prices_today(found, company.ours().day(clock.now()))
    return {
        "proposal_no": new.number,
        "supplier": found.supplier.code,
        "supplier_name": found.supplier.name,
        "currency": found.currency,
        "valid_from": offer["valid_from"],
        "valid_to": offer.get("valid_to"),
        "lines": [
            {**_head(each), **_compared(each, quantity, price, today.get(each.sku.code))}
            for each in terms
            for quantity, price in sorted(each.breaks)
        ],
    }


@effect
def record_refusal(proposal_no: str, reason: str) -> str:
    """Write down that the prices were refused, and why."""
    return proposals.decide(proposals.by_number(proposal_no), "refused", reason=reason)


@effect
def record_withdrawal(proposal_no: str) -> str:
    """Write down that who proposed wants no answer any more."""
    return proposals.decide(proposals.by_number(proposal_no), "withdrawn")


@effect
def give_up(proposal: Paper | None, reason: str) -> str:
    """The case is cancelled: what waits for an answer is withdrawn."""
    return proposals.give_up(proposal["proposal_no"], reason=reason) if proposal else ""


@effect
def keep_agreements(proposal_no: str, offer: Paper) -> int:
    """Let the prices hold; what they replace ends on the day before. How many agreements."""
    proposal, found = proposals.by_number(proposal_no), _offer(offer)
    proposals.decide(proposal, "approved")
    key, by = cause.current().effect_key, proposal.proposed_by
    kept = [
        agreeing.replace(found.supplier, each, by=by, reason=proposal.number, effect_key=key)
        for each in offers.terms(found)
    ]
    return len(kept)


@effect
def inform_supplier(proposal: Paper) -> str:
    """Write the supplier which prices were agreed on; when, if we know an address."""
    supplier = suppliers.by_code(proposal["supplier"])
    sent = correspondence.send(supplier, price_letters.new_prices(proposal))
    return clock.now().isoformat() if sent else ""


def _offer(said: Paper) -> Offer:
    until = said.get("valid_to")
    return Offer(
        suppliers.by_code(said["supplier"]),
        currency=said["currency"],
        valid_from=date.fromisoformat(said["valid_from"]),
        valid_to=date.fromisoformat(until) if until else None,
        rows=tuple(_row(row) for row in said["lines"]),
    )


def _row(said: Paper) -> Row:
    return Row(
        said["sku"],
        Decimal(said["min_quantity"]),
        Decimal(said["unit_price"]),
        unit=said.get("unit") or "",
        moq=_number(said.get("moq")),
        pack=_number(said.get("pack")),
        lead_days=int(said["lead_days"]) if said.get("lead_days") else None,
    )


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text and Decimal(text) else None


def _head(terms: agreeing.Terms) -> Paper:
    return {
        "sku": terms.sku.code,
        "name": terms.sku.name,
        "unit": terms.unit,
        "moq": plain(terms.moq),
        "pack": plain(terms.pack),
        "lead_days": str(terms.lead_days),
    }


def _compared(
    terms: agreeing.Terms, quantity: Decimal, price: Decimal, today: Agreement | None
) -> Paper:
    """The price beside today's, where both buy the same unit in the same currency."""
    row = {"min_quantity": plain(quantity), "unit_price": plain(price), "now": "–", "change": ""}
    if today is None or (today.unit, today.currency) != (terms.unit, terms.currency):
        return row
    now = today.unit_price(quantity)
    change = f"{(price - now) / now:+.1%}" if now else ""
    return {**row, "now": plain(now), "change": change}
