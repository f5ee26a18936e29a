"""Importing what suppliers announce; each notice starts the receiving of its delivery."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from app.domain.catalog import skus
from app.domain.catalog.rules import plain
from app.domain.imports.cells import Cells, Report
from app.domain.imports.importers import reach_of
from app.domain.imports.kinds import Column, Kind, Plan, different, same_in_all, together
from app.domain.imports.table import Row
from app.domain.supply import asns, purchase_orders
from app.domain.supply.asns import Announced, Asn
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.kernel.errors import N_, Refusal

_OF_NOTICE = ("po", "supplier", "expected_on")


@dataclass(frozen=True)
class Notice:
    """One notice as the file has it."""

    number: str
    order: PurchaseOrder
    lines: list[Announced]
    expected_on: date | None
    by: str


def understand(rows: list[Row], report: Report, by: str) -> Plan:
    """One row per announced line; rows of one notice agree on everything else."""
    plan, reach = Plan(), reach_of(by)
    orders = purchase_orders.numbered(row.cells.get("po", "") for row in rows)
    planned: dict[str, list[Announced]] = {}
    for number, group in together(rows, "asn", report).items():
        same_in_all(group, _OF_NOTICE)
        order = group[0].known(
            "po", orders, N_("There is no purchase order {code}. Import purchase orders first.")
        )
        day = group[0].day("expected_on")
        lines = [_line(cells, order) for cells in group]
        if order is None or None in lines:
            continue
        reach.check(group[0], "po", order.site.scope, order.supplier.scope)
        notice = Notice(number, order, [line for line in lines if line], day, by)
        _understand_notice(plan, group, notice, planned)
    _check_codes(report, rows)
    return plan


def _understand_notice(
    plan: Plan, group: list[Cells], notice: Notice, planned: dict[str, list[Announced]]
) -> None:
    cells, order = group[0], notice.order
    supplier = cells.row.cells.get("supplier", "")
    if supplier not in ("", order.supplier.code):
        message = N_("{po} was ordered from {supplier}.")
        facts = {"po": order.number, "supplier": order.supplier.code}
        cells.report.add(cells.row, "supplier", message, **facts)
        return
    ours = asns.known(notice.number, supplier=order.supplier)
    if ours is not None:
        if not _differs(cells, ours, notice):
            plan.knows(each.row for each in group)
        return
    besides = planned.setdefault(order.number, [])
    try:
        asns.check(notice.number, order=order, lines=notice.lines, besides=besides)
    except Refusal as refusal:
        cells.report.refused(cells.row, "quantity", refusal)
        return
    besides.extend(notice.lines)
    plan.add(partial(_write, notice))


def _line(cells: Cells, order: PurchaseOrder | None) -> Announced | None:
    line_no, quantity = cells.whole("line"), cells.quantity("quantity")
    lot, codes = cells.code("lot", required=False), cells.codes("serials")
    expires_on = cells.day("expires_on")
    if order is None or line_no is None or quantity is None:
        return None
    expected = next((line for line in order.lines if line.line_no == line_no), None)
    sku = cells.code("sku", required=False)
    if expected is None or sku not in ("", expected.sku.code):
        message = N_("{po} has no line {line} for {sku}.")
        facts = {"po": order.number, "line": line_no, "sku": sku or "–"}
        cells.report.add(cells.row, "line", message, **facts)
        return None
    return _in_stock_units(cells, expected, Announced(line_no, quantity, lot, expires_on, codes))


def _in_stock_units(
    cells: Cells, expected: PurchaseOrderLine, given: Announced
) -> Announced | None:
    try:
        unit = cells.text("unit", longest=20)
        quantity = skus.in_stock_units(expected.sku, given.quantity, unit)
    except Refusal as refusal:
        cells.report.refused(cells.row, "quantity", refusal)
        return None
    if given.serials and len(given.serials) != quantity:
        message = N_("{n} codes for {quantity} units. List every code, or none.")
        facts = {"n": len(given.serials), "quantity": plain(quantity)}
        cells.report.add(cells.row, "serials", message, **facts)
    return Announced(given.order_line_no, quantity, given.lot, given.expires_on, given.serials)


def _check_codes(report: Report, rows: list[Row]) -> None:
    """One code is announced once in a file; whether it is in the house is found at the gate."""
    seen: dict[str, int] = {}
    for row in rows:
        for code in Cells(row, Report()).codes("serials"):
            if seen.setdefault(code, row.number) != row.number:
                message = N_("The code {code} is in row {row} too.")
                report.add(row, "serials", message, code=code, row=seen[code])


def _differs(cells: Cells, ours: Asn, notice: Notice) -> bool:
    pairs: dict[str, tuple[object, object]] = {
        "po": (ours.order.number, notice.order.number),
        "quantity": (
            sorted((line.order_line.line_no, line.quantity) for line in ours.lines),
            sorted((line.order_line_no, line.quantity) for line in notice.lines),
        ),
    }
    return different(cells.report, cells.row, ours.number, pairs)


def _write(notice: Notice) -> None:
    asns.announce(
        notice.number,
        order=notice.order,
        lines=notice.lines,
        expected_on=notice.expected_on,
        announced_by=notice.by,
    )


KIND = Kind(
    "asns",
    N_("Shipping notices (ASN)"),
    (
        Column("asn", "HS-88120", required=True),
        Column("supplier", "HONGSHENG"),
        Column("po", "PO-2026-0412", required=True),
        Column("expected_on", "2026-06-12"),
        Column("line", "1", required=True),
        Column("sku", "CP-2-3"),
        Column("quantity", "6", required=True),
        Column("unit", "roll"),
        Column("lot", ""),
        Column("expires_on", ""),
        Column("serials", ""),
    ),
    understand,
)
