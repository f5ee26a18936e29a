"""What an order said, version by version; who was asked for prices, and who approved it."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import url_for

from app.domain.finance import company
from app.domain.sourcing import order_approvals, order_versions, quotations
from app.domain.sourcing.order_approvals import OrderApproval
from app.domain.sourcing.order_versions import OrderVersion, OrderVersionLine
from app.domain.sourcing.quotations import QUOTED, Quotation
from app.domain.supply.purchase_orders import PurchaseOrder
from app.web.cases import trail
from app.web.documents import papers
from app.web.documents.papers import Cell, Paper
from app.web.rooms import sees_prices
from app.web.tongue import _
from app.web.words import name_of, shown, stamped

_VERSION = ("line", "sku", "name", "quantity", "unit", "price", "amount", "price_source")
_APPROVALS = ("version", "level", "decision", "person", "in_place_of", "reason", "at", "step")
_OFFERS = ("request_no", "supplier", "status", "total", "delivers_on", "note", "step")


def of(order: PurchaseOrder) -> list[Paper]:
    """Versions, the newest first, then decisions and offers; for those who see prices."""
    if not sees_prices():
        return []
    versions = order_versions.of(order)
    return [
        *(_version(each) for each in reversed(versions)),
        *_decisions(order, versions),
        *_offers(order, versions),
    ]


def price(each: OrderVersionLine) -> str:
    """What the line costs per unit, or per so many of them."""
    per = "" if each.priced_for == 1 else f"{shown(each.priced_for)} "
    return f"{shown(each.unit_price)} / {per}{each.sku.unit}"


def _version(found: OrderVersion) -> Paper:
    return Paper(
        kind=_("Version"),
        number=found.title,
        address=_address(found.order),
        status=_state_words(found.state),
        head=papers.head(
            kind=_kind_words(found.kind),
            written_by=papers.orderer(found.written_by),
            required_on=found.required_on,
            due_on=found.due_on,
            total=company.written(found.total) if found.total_minor else None,
            issued_at=found.issued_at,
            reason=found.reason,
        ),
        columns=papers.columns(*_VERSION),
        lines=[_line(each) for each in found.lines],
    )


def _line(each: OrderVersionLine) -> dict[str, Cell]:
    currency = each.version.currency
    priced = each.unit_price is not None
    return {
        **papers.goods(each),
        "quantity": each.quantity,
        "price": price(each) if priced else None,
        "amount": company.written(each.amount(currency)) if priced else None,
        "price_source": _source(each),
    }


def _source(each: OrderVersionLine) -> Cell:
    if each.price_document:
        return papers.link(url_for("search.index", q=each.price_document), each.price_document)
    return {
        "agreement": _("agreement"),
        "stated": _("named by the buyer"),
        "before": _("as before"),
    }.get(each.price_source, "")


def _decisions(order: PurchaseOrder, versions: Sequence[OrderVersion]) -> Iterator[Paper]:
    found = [(each, row) for each in versions for row in order_approvals.of(each)]
    if not found:
        return
    ways = trail.ways(row.effect_key for _each, row in found)
    lines = [_decision(each, row, ways[row.effect_key]) for each, row in found]
    yield _table(_("Approvals"), order, _APPROVALS, lines)


def _decision(version: OrderVersion, row: OrderApproval, way: trail.Way) -> dict[str, Cell]:
    return {
        "version": str(version.version_no),
        "level": _level_words(row.level),
        "decision": _decision_words(row.decision),
        "person": name_of(row.person_id),
        "in_place_of": name_of(row.for_person_id),
        "reason": row.reason,
        "at": stamped(row.recorded_at),
        "step": _step(way),
    }


def _offers(order: PurchaseOrder, versions: Sequence[OrderVersion]) -> Iterator[Paper]:
    found = [row for each in versions for row in quotations.of(each)]
    if not found:
        return
    ways = trail.ways(row.effect_key for row in found)
    lines = [_offer(row, ways[row.effect_key]) for row in found]
    yield _table(_("Quotations"), order, _OFFERS, lines)


def _offer(row: Quotation, way: trail.Way) -> dict[str, Cell]:
    return {
        "request_no": papers.link(url_for("search.index", q=row.number), row.number),
        "supplier": row.supplier.name,
        "status": _answer_words(row.state),
        "total": company.written(row.total) if row.state == QUOTED else None,
        "delivers_on": shown(row.delivers_on) if row.delivers_on else None,
        "note": row.note,
        "step": _step(way),
    }


def _table(
    kind: str, order: PurchaseOrder, names: Sequence[str], lines: list[dict[str, Cell]]
) -> Paper:
    """A paper that is only lines."""
    head: list[tuple[str, Any]] = []
    return Paper(kind, order.number, _address(order), "", head, papers.columns(*names), lines)


def _address(order: PurchaseOrder) -> str:
    return url_for("documents.order", number=order.number)


def _step(way: trail.Way) -> Cell:
    return papers.link(way.address, way.step) if way.address else way.step


def _state_words(state: str) -> str:
    return {
        "draft": _("draft"),
        "approved": _("approved"),
        "issued": _("in force"),
        "superseded": _("replaced"),
        "abandoned": _("given up"),
    }.get(state, state)


def _kind_words(kind: str) -> str:
    return {
        "order": _("order"),
        "amendment": _("change"),
        "import": _("imported"),
    }.get(kind, kind)


def _level_words(level: str) -> str:
    return {
        "price": _("Price"),
        "manager": _("Purchasing manager"),
        "finance": _("Finance"),
    }.get(level, level)


def _decision_words(decision: str) -> str:
    return {
        "approve": _("approved"),
        "send_back": _("sent back"),
        "refuse": _("refused"),
    }.get(decision, decision)


def _answer_words(state: str) -> str:
    return {
        "asked": _("asked"),
        "quoted": _("quoted"),
        "declined": _("declined"),
        "expired": _("did not answer"),
    }.get(state, state)
