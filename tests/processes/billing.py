"""Bills as finance plays them: recorded, matched, resolved."""

from typing import Any

from sqlalchemy import select

from app.domain.catalog.products import Sku
from app.domain.payables import standing
from app.domain.payables.bills import Bill
from app.domain.payables.standing import OrderStanding
from app.domain.supply import purchase_orders, suppliers
from app.domain.supply.receipts import ReceiptLine
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.kernel.outbox import Post
from tests.builders.books import in_stock, pool, sent_back
from tests.builders.goods import a_sku
from tests.builders.steps import in_a_step
from tests.workflow.play import Case

OWED = "received_not_billed"


def bring(*goods: tuple[str, int, str, list[str]]) -> list[Sku]:
    """SKUs, so much of each bought at a price and on the shelf."""

    def step() -> list[Sku]:
        found = []
        for code, quantity, price, units in goods:
            sku = a_sku(code, serial_policy="unit" if units else "none")
            in_stock(sku, quantity, price, *units)
            found.append(sku)
        return found

    return in_a_step(step)


def recorded(by: Person, **head: str) -> Case:
    case = Case.start("supplier_bill", by=by.id)
    record(case, by, **head)
    return case


def record(case: Case, by: Person, **head: str) -> None:
    bill = {"kind": "goods", "supplier": "BOREA", "number": "H-1", "billed_on": "2026-05-28"}
    case.complete("record_bill", by=by, bill={**bill, **head}, record_way="record")


def match(
    case: Case, by: Person, row: dict[str, Any] | None = None, *, rows: str = "goods", **sheet: str
) -> None:
    """Fill the first row as said, the others as proposed."""
    proposed = [_answerable(each, rows) for each in case.data["proposal"][rows]]
    proposed[0] |= row or {}
    answers = {rows: proposed, **sheet}
    case.complete("match_lines", by=by, proposal=answers, match_way="compare")


def _answerable(row: dict[str, Any], rows: str) -> dict[str, Any]:
    names = ("quantity", "unit_price") if rows == "goods" else ("bears",)
    return {name: row[name] for name in names}


def differing(wang: Person) -> Case:
    """Borea bills 60 for what was ordered at 50."""
    case = recorded(wang, total="6000")
    match(case, wang, {"unit_price": "60"})
    return case


def resolve(case: Case, by: Person, way: str, reason: str = "As agreed by telephone") -> None:
    answers = {} if way == "correct" else {"mismatch_reason": reason}
    case.complete("resolve_mismatch", by=by, mismatch_way=way, **answers)


def large(wang: Person) -> Case:
    """A bill over 250,000, which is above the limit."""
    in_a_step(lambda: in_stock(a_sku("FLOUR"), 5_000, "50"))
    case = recorded(wang, total="250000")
    match(case, wang)
    return case


def kept() -> list[Bill]:
    db.session.rollback()
    return list(db.session.scalars(select(Bill).order_by(Bill.id)).unique())


def po_no(line: ReceiptLine) -> str:
    order = db.session.merge(line).receipt.order
    assert order is not None
    return order.number


def stands(line: ReceiptLine) -> OrderStanding:
    db.session.rollback()
    return standing.order_standing(purchase_orders.by_number(po_no(line)))


def send_back(line: ReceiptLine, quantity: int) -> None:
    sent_back(db.session.merge(line), quantity)


def worth_of(sku: Sku) -> int:
    db.session.rollback()
    return pool(db.session.merge(sku))[1]


def write_to(address: str) -> None:
    def step() -> None:
        suppliers.by_code("BOREA").email = address

    in_transaction(step)


def letters() -> list[dict[str, Any]]:
    db.session.rollback()
    found = db.session.scalars(select(Post.payload).order_by(Post.id))
    return [payload for payload in found if isinstance(payload, dict)]
