"""What is owed: bills for what was accepted, returns of what was not, and their credits."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.demo import company
from app.demo.acting import begin, complete, day, sheet
from app.demo.course import Course

_TAX = Decimal("0.05")


def authorise(number: str, how: str) -> None:
    """Lin lets what was rejected go back, for a credit."""
    slip = sheet(company.BUYER, "authorise_return", number)["slip"]
    complete(
        company.BUYER,
        "authorise_return",
        number,
        slip={"lines": [_going_back(line) for line in slip["lines"]]},
        settlement="credit",
        freight_payer="supplier",
        authorisation=how,
    )


def ship_back(number: str, *, by: str) -> None:
    """A keeper hands over what was authorised."""
    goods = sheet(by, "ship_return", number)["goods"]
    rows = [
        {"scanned": "\n".join(line["serials"])}
        if line["serial_policy"] == "unit"
        else {"shipped": line["quantity"]}
        for line in goods["lines"]
    ]
    complete(
        by, "ship_return", number, goods={"lines": rows}, carrier="新竹物流", shipping="shipped"
    )


def bill(course: Course, *, dearer: int = 0) -> int:
    """Wang records the supplier's bill for what was accepted and matches its lines."""
    net = sum(
        (
            row.article.price * many / row.article.per
            for row, many in zip(course.deal.rows, course.accepted, strict=True)
        ),
        Decimal(dearer),
    )
    tax = (net * _TAX).quantize(Decimal(1), ROUND_HALF_UP)
    case = begin("supplier_bill", "wang")
    head = {
        "kind": "goods",
        "supplier": course.deal.supplier,
        "number": f"{course.deal.supplier[:2]}{day(0).replace('-', '')[2:]}{course.deal.number}",
        "billed_on": day(0),
        "tax": str(tax),
        "total": str(net + tax),
        "references": course.po_no,
    }
    complete("wang", "record_bill", case, bill=head, record_way="record")
    goods = sheet("wang", "match_lines", case)["proposal"]["goods"]
    rows = [{"quantity": row["quantity"], "unit_price": row["unit_price"]} for row in goods]
    if dearer:
        each = Decimal(goods[0]["quantity"]) / Decimal(goods[0]["per"])
        rows[0]["unit_price"] = str(Decimal(rows[0]["unit_price"]) + dearer / each)
    complete("wang", "match_lines", case, proposal={"goods": rows}, match_way="compare")
    return case


def credit(number: str, note: str) -> None:
    """Wang records what the supplier gives for what went back."""
    debit = sheet("wang", "record_credit", number)["debit"]
    complete("wang", "record_credit", number, credit={"number": note, "amount": debit["total"]})


def _going_back(line: dict[str, Any]) -> dict[str, Any]:
    if line["serial_policy"] == "unit":
        return {"serials": "\n".join(line["serials"])}
    return {"quantity": line["quantity"]}
