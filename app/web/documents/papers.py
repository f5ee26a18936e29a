"""Purchase orders, announced deliveries and receipts as a page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import url_for

from app.domain.sourcing.order_versions import OrderVersionLine
from app.domain.supply.asns import Asn, AsnLine
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.domain.supply.receipts import Receipt, ReceiptLine
from app.identity import people
from app.web.fact_words import named
from app.web.files.sheets import Sheet, Value
from app.web.stock.spots import place_words
from app.web.stock.words import goods_words
from app.web.tongue import _
from app.web.words import name_of, shown, stamped

_NUMERIC = frozenset(
    {"ordered", "received", "accepted", "rejected", "open", "quantity", "waiting", "returned"}
    | {"price", "amount", "total", "looked_at", "bad_found", "measured"}
)
_JUDGED = ("accepted", "rejected")
_ORDER = ("line", "sku", "name", "ordered", "received", *_JUDGED, "open", "unit")
_NOTICE = ("line", "sku", "name", "quantity", "unit", "lot", "serials")
_COUNTED = ("line", "kind", "sku", "name", "quantity", "waiting")
_RECEIPT = (*_COUNTED, *_JUDGED, "returned", "unit", "lot", "place")
Cell = str | Decimal | dict[str, str] | None


@dataclass(frozen=True)
class Column:
    """One column of the lines."""

    name: str
    title: str
    numeric: bool


@dataclass(frozen=True)
class Paper:
    """One document: its head, its lines, and what they come to where they have prices."""

    kind: str
    number: str
    address: str
    status: str
    head: list[tuple[str, Any]]
    columns: list[Column]
    lines: list[dict[str, Cell]]
    total: str = ""


def order(found: PurchaseOrder) -> Paper:
    """A purchase order with how much of each line has come."""
    return Paper(
        kind=_("Purchase order"),
        number=found.number,
        address=url_for("documents.order", number=found.number),
        status=status_words(found.status),
        head=head(
            supplier=found.supplier.name,
            site=found.site.name,
            ordered_by=orderer(found.ordered_by),
            ordered_on=found.ordered_on,
            due_on=found.due_on,
        ),
        columns=columns(*_ORDER),
        lines=[_order_line(line) for line in found.lines],
    )


def notice(found: Asn) -> Paper:
    """A delivery a supplier announced."""
    return Paper(
        kind=_("Delivery notice"),
        number=found.number,
        address=url_for("documents.notice", number=found.number),
        status=status_words(found.status),
        head=head(
            supplier=found.supplier.name,
            site=found.site.name,
            po_no=link(url_for("documents.order", number=found.order.number), found.order.number),
            expected_on=found.expected_on,
        ),
        columns=columns(*_NOTICE),
        lines=[_notice_line(line) for line in found.lines],
    )


def receipt(found: Receipt) -> Paper:
    """What was counted at the gate, and how it was judged."""
    asn, bought = found.asn, found.order
    notice_way = asn and link(url_for("documents.notice", number=asn.number), asn.number)
    order_way = bought and link(url_for("documents.order", number=bought.number), bought.number)
    return Paper(
        kind=_("Receipt"),
        number=found.number,
        address=url_for("documents.receipt", number=found.number),
        status=status_words(found.status),
        head=head(
            supplier=found.supplier.name,
            site=found.site.name,
            asn_no=notice_way,
            po_no=order_way,
            counted_by=name_of(found.counted_by),
            counted_at=found.counted_at,
        ),
        columns=columns(*_RECEIPT),
        lines=[_receipt_line(line) for line in found.lines],
    )


def sheet(paper: Paper) -> Sheet:
    """The lines of a document as a list."""
    rows = [[_value(line[column.name]) for column in paper.columns] for line in paper.lines]
    return Sheet(paper.number, [column.title for column in paper.columns], rows)


def words_of(value: Any) -> str:
    """A fact or a cell as people read it, a link by its text."""
    return str(value["text"]) if isinstance(value, dict) else shown(value)


def status_words(status: str) -> str:
    """Where a document stands."""
    return {
        "draft": _("draft"),
        "open": _("open"),
        "closed": _("closed"),
        "cancelled": _("cancelled"),
        "announced": _("announced"),
        "arrived": _("arrived"),
        "counted": _("counted"),
        "settled": _("settled"),
    }.get(status, status)


def orderer(username: str) -> str:
    """The buyer by name; an order from before they had an account keeps what it said."""
    person = people.by_username(username)
    return person.name if person else username


def goods(line: PurchaseOrderLine | AsnLine | ReceiptLine | OrderVersionLine) -> dict[str, Cell]:
    sku = line.sku
    way = link(url_for("stock.sku", code=sku.code), sku.code)
    return {"line": str(line.line_no), "sku": way, "name": goods_words(sku.name), "unit": sku.unit}


def named_goods(line: ReceiptLine | OrderVersionLine) -> dict[str, Cell]:
    """The goods of a line without a way into the house."""
    sku = line.sku
    return {
        "line": str(line.line_no),
        "sku": sku.code,
        "name": goods_words(sku.name),
        "unit": sku.unit,
    }


def head(**facts: object) -> list[tuple[str, Any]]:
    return [(named(name), _fact(value)) for name, value in facts.items() if value not in (None, "")]


def columns(*names: str) -> list[Column]:
    return [Column(name, named(name), name in _NUMERIC) for name in names]


def link(address: str, text: str) -> dict[str, str]:
    return {"address": address, "text": text}


def _value(cell: Cell) -> Value:
    return cell["text"] if isinstance(cell, dict) else cell


def _kind_words(kind: str) -> str:
    return {
        "expected": _("as ordered"),
        "damaged": _("damaged"),
        "duplicate": _("code came twice"),
        "over": _("more than ordered"),
        "wrong": _("not ordered"),
        "unidentified": _("not identified"),
    }.get(kind, kind)


def _order_line(line: PurchaseOrderLine) -> dict[str, Cell]:
    return {
        **goods(line),
        "ordered": line.ordered + line.amended - line.waived,
        "received": line.received,
        "accepted": line.accepted,
        "rejected": line.rejected,
        "open": line.open,
    }


def _notice_line(line: AsnLine) -> dict[str, Cell]:
    codes: Sequence[str] = [one.code for one in line.serials]
    return {**goods(line), "quantity": line.quantity, "lot": line.lot, "serials": ", ".join(codes)}


def _receipt_line(line: ReceiptLine) -> dict[str, Cell]:
    return {
        **goods(line),
        "kind": _kind_words(line.kind),
        "quantity": line.quantity,
        "waiting": line.waiting,
        "accepted": line.accepted,
        "rejected": line.rejected,
        "returned": line.returned,
        "lot": line.lot,
        "place": _spot(line),
    }


def _spot(line: ReceiptLine) -> dict[str, str]:
    """Where the goods were set down, and the way to what lies there."""
    code, where = line.sku.code, line.place.code
    way = url_for("stock.entries", code=code, location=where, lot=line.lot or None)
    return link(way, place_words(where))


def _fact(value: object) -> Any:
    if isinstance(value, datetime):
        return stamped(value)
    return value if isinstance(value, dict) else shown(value)
