"""Reading a supplier's file of what they ship: it fills in their notice, and writes nothing."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.domain.catalog.rules import plain
from app.domain.imports import table
from app.domain.imports.cells import Cells, Problem, Report
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.kernel.errors import N_

COLUMNS = ("line", "sku", "quantity", "lot", "expires_on", "serials")


@dataclass(frozen=True)
class Filled:
    """Rows by order line as the notice's form takes them, or what is wrong with the file."""

    rows: list[dict[str, Any]]
    problems: list[Problem]


def read(raw: bytes, order: PurchaseOrder) -> Filled:
    """Rows of one line are added up, so that a file may have one row for each code.

    Raises:
        Unreadable: the file is no table.
    """
    report, found = Report(), dict[int, dict[str, Any]]()
    for row in table.read(raw).rows:
        cells = Cells(row, report)
        line = _line(cells, order)
        if line is not None:
            _add(found.setdefault(line.line_no, _empty(line)), cells)
    return Filled(
        [{**row, "quantity": plain(row["quantity"])} for row in found.values()], report.problems
    )


def _line(cells: Cells, order: PurchaseOrder) -> PurchaseOrderLine | None:
    """The order line a row means: by its number, or by a SKU that is ordered once."""
    number, sku = cells.text("line"), cells.code("sku", required=False)
    fitting = [
        line
        for line in order.lines
        if number in ("", str(line.line_no)) and sku in ("", line.sku.code)
    ]
    if len(fitting) == 1 and (number or sku):
        return fitting[0]
    message = N_("{po} has no line {line} for {sku}.")
    facts = {"po": order.number, "line": number or "–", "sku": sku or "–"}
    cells.report.add(cells.row, "line", message, **facts)
    return None


def _empty(line: PurchaseOrderLine) -> dict[str, Any]:
    return {"line_no": line.line_no, "quantity": Decimal(0), "lot": "", "serials": []}


def _add(row: dict[str, Any], cells: Cells) -> None:
    codes, lot = cells.codes("serials"), cells.code("lot", required=False)
    quantity = cells.quantity("quantity", required=not codes) or Decimal(len(codes))
    day = cells.day("expires_on")
    if row["lot"] not in ("", lot):
        message = N_("This line is in lot {lot} above. Announce another lot with its own notice.")
        cells.report.add(cells.row, "lot", message, lot=row["lot"])
    row["quantity"] += quantity
    row["lot"] = lot
    row["serials"] += codes
    if day is not None:
        row["expires_on"] = day.isoformat()
