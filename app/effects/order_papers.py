"""An order as its case carries it: keys, and what people need to see to decide."""

from decimal import Decimal
from typing import Any

from app.domain.catalog.rules import plain
from app.domain.finance import company
from app.domain.sourcing import order_approvals, order_versions
from app.domain.sourcing.order_approvals import OrderApproval
from app.domain.sourcing.order_versions import OrderVersion, OrderVersionLine
from app.effects import papers
from app.effects.papers import Paper
from app.identity import people
from app.identity.people import Person
from app.kernel.db import db


def version_of(order: Paper) -> OrderVersion:
    """The version an order's paper is about."""
    return order_versions.get(order["version_id"])


def described(version: OrderVersion, order: Paper | None = None) -> Paper:
    """The paper of a version; what `order` said besides is kept.

    `title` is what lists show: no supplier's name while several are asked for their prices.
    """
    own = version.order
    decisions = [_decision(row) for row in order_approvals.of(version)]
    priced = all(line.unit_price is not None for line in version.lines)
    return {
        **(order or {}),
        "version_id": version.id,
        "version_no": version.version_no,
        "edition": version.edition,
        "po_no": own.number,
        "draft_no": (order or {}).get("draft_no") or own.number,
        "supplier": own.supplier.code,
        "supplier_name": own.supplier.name,
        "supplier_scope": own.supplier.scope,
        "title": own.supplier.name if priced else own.site.name,
        "site": own.site.code,
        "site_name": own.site.name,
        "scope": own.site.scope,
        "written_by": version.written_by,
        "written_by_name": _name(version.written_by),
        "priced_by": version.priced_by,
        "required_on": version.required_on.isoformat() if version.required_on else None,
        "due_on": version.due_on.isoformat() if version.due_on else None,
        "currency": version.currency,
        "total": f"{version.total.amount:f}",
        "total_text": company.written(version.total),
        "change_reason": version.reason or None,
        "lines": [line(each) for each in version.lines],
        "decisions": decisions,
        "is_undecided": not decisions,
    }


def line(each: OrderVersionLine) -> Paper:
    """A line of a version."""
    currency = each.version.currency
    return {
        **papers.goods(each.sku),
        "line_no": each.line_no,
        "quantity": plain(each.quantity),
        "unit_price": plain(each.unit_price) if each.unit_price is not None else None,
        "priced_for": plain(each.priced_for),
        "price": price_text(each.unit_price, currency, each.priced_for, each.sku.unit),
        "amount": company.written(each.amount(currency)) if each.unit_price is not None else "–",
        "source": _source(each),
        "due_on": each.due_on.isoformat() if each.due_on else None,
    }


def price_text(price: Decimal | None, currency: str, per: Decimal, unit: str) -> str:
    """1,850 TWD / 20 m."""
    if price is None:
        return "–"
    many = "" if per == 1 else f"{plain(per)} "
    whole, _, rest = plain(price).partition(".")
    return f"{int(whole):,}{'.' + rest if rest else ''} {currency} / {many}{unit}"


def _source(each: OrderVersionLine) -> str:
    """The quotation a price comes from, a tick where it is agreed on; needs no translation."""
    return each.price_document or ("✓" if each.price_source == "agreement" else "–")


def _decision(row: OrderApproval) -> dict[str, Any]:
    person = db.session.get_one(Person, row.person_id).name
    stood_in = db.session.get(Person, row.for_person_id) if row.for_person_id else None
    return {
        "level": row.level,
        "decision": row.decision,
        "person": person,
        "in_place_of": stood_in.name if stood_in else None,
        "is_own": stood_in is None,
        "reason": row.reason,
        "on": row.recorded_at.date().isoformat(),
    }


def _name(username: str) -> str:
    found = people.by_username(username)
    return found.name if found else username
