"""A supplier announces what they ship; the warehouse expects it from then on."""

from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.catalog.rules import plain
from app.domain.sourcing import shipments
from app.domain.sourcing.shipments import Shipped
from app.domain.supply.purchase_orders import PurchaseOrderLine
from app.effects import order_terms, papers
from app.workflow.effects import effect

Paper = dict[str, Any]


@effect
def list_open_lines(po_no: str, scope: str, rows: list[Paper]) -> Paper:
    """The lines that can be shipped, filled in with `rows` of the supplier's own file."""
    order = shipments.order_of(scope, po_no)
    given = {row["line_no"]: row for row in rows}
    return {
        "po_no": order.number,
        "supplier_name": order.supplier.name,
        "deliver_to": order.site.name,
        "lines": [
            {**_row(line), **given.get(line.line_no, {})}
            for line in order.lines
            if shipments.to_ship(line)
        ],
    }


@effect
def announce(po_no: str, scope: str, notice: Paper) -> Paper:
    """Write the notice down and tell the warehouse."""
    order = shipments.order_of(scope, po_no)
    rows = [_shipped(row) for row in notice["lines"]]
    day = date.fromisoformat(notice["expected_on"])
    asn = shipments.announce(notice["number"], order, rows, on=day, by=order_terms.who())
    return {"asn_no": asn.number}


def _row(line: PurchaseOrderLine) -> Paper:
    return {
        **papers.goods(line.sku),
        "line_no": line.line_no,
        "open": plain(shipments.to_ship(line)),
    }


def _shipped(row: Paper) -> Shipped:
    expires_on = row.get("expires_on")
    return Shipped(
        row["line_no"],
        Decimal(row.get("quantity") or 0),
        lot=row.get("lot") or "",
        expires_on=date.fromisoformat(expires_on) if expires_on else None,
        serials=tuple(row.get("serials") or ()),
    )
