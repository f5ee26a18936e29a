"""Count forms turned into what the domain counts, and its findings into rows of forms."""

from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.catalog import skus
from app.domain.catalog.rules import plain
from app.domain.inventory import serials
from app.domain.supply import quality
from app.domain.supply.piles import Counted
from app.domain.supply.receipts import ReceiptLine
from app.effects import papers
from app.effects.papers import Paper
from app.kernel import calendars

Rows = list[dict[str, Any]]


def read(counted: Rows, wrong_goods: Rows) -> list[Counted]:
    """Every row of the sheet that has goods in it."""
    rows = [(row, row["counted"]) for row in counted]
    rows += [(row, row["quantity"]) for row in wrong_goods]
    return [_counted(row, Decimal(quantity)) for row, quantity in rows if Decimal(quantity or 0)]


def surplus(line: ReceiptLine) -> Paper:
    """Goods beyond the order, as the buyer sees them."""
    return {**papers.goods(line.sku), "line_no": line.line_no, "quantity": plain(line.waiting)}


def duplicate(line: ReceiptLine) -> Paper:
    """A unit whose code is already on another one, as the inspector sees it."""
    (unit,) = quality.units_waiting(line)
    code = unit.code.rpartition("~")[0]
    first = serials.by_code(code)
    seen_on = calendars.of_scope(line.receipt.site.scope).today(first.recorded_at)
    return {
        **papers.goods(line.sku),
        "line_no": line.line_no,
        "serial": code,
        "seen": f"{first.born_with} · {seen_on} · {first.location.code}",
    }


def _counted(row: dict[str, Any], quantity: Decimal) -> Counted:
    """Codes of goods that are told apart unit by unit, the lot of those kept by lot."""
    sku = skus.scanned(row["sku"])
    expires_on = row.get("expires_on")
    has_codes, has_lot = sku.serial_policy == "unit", sku.serial_policy == "lot"
    return Counted(
        sku=sku,
        quantity=skus.in_stock_units(sku, quantity),
        lot=(row.get("lot") or "") if has_lot else "",
        expires_on=date.fromisoformat(expires_on) if expires_on else None,
        serials=tuple(row.get("serials") or ()) if has_codes else (),
        damaged=Decimal(row.get("damaged") or 0),
        damaged_serials=tuple(row.get("damaged_serials") or ()) if has_codes else (),
    )
