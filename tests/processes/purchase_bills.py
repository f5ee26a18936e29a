"""What finance writes down of the bills of a play: mostly right, sometimes twice the price."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from random import Random

from sqlalchemy import select

from app.domain.payables import proposals
from app.domain.payables.bills import Bill, BillLine
from app.domain.supply import suppliers
from app.domain.supply.receipts import Receipt
from app.kernel import clock, money
from app.kernel.db import db
from tests.processes import seldom
from tests.processes.any_answers import Answers, Data
from tests.processes.purchase_beginnings import one_of
from tests.processes.purchase_company import sellers

_DEAREST = 1_500  # half as much again as one person of finance may book
_IS_FREIGHT = BillLine.receipt_line_id.is_(None)


def _record_bill(_data: Data, dice: Random) -> Answers:
    """A bill for all that is not billed, now and then with another total; or a carrier's."""
    owed = [code for code in sellers() if proposals.goods(suppliers.by_code(code))]
    supplier = dice.choice(owed or sellers())
    head: Answers = {"supplier": supplier, "number": f"H{dice.getrandbits(40)}", "tax": "0"}
    head |= {"billed_on": clock.now().date().isoformat(), "currency": "TWD"}
    receipt = one_of(Receipt, dice, status="settled")
    wrong = _some_freight(dice) if dice.random() < 0.1 else None
    if wrong is not None:
        should = {"kind": "correction", "total": str(dice.randint(1, _DEAREST))}
        bill = {**head, **should, "supplier": wrong.supplier.code, "corrects": wrong.number}
    elif receipt is not None and dice.random() < 0.25:
        total = str(dice.randint(1, _DEAREST))
        bill = {**head, "kind": "freight", "total": total, "references": receipt.number}
    else:
        kind = "goods" if dice.random() < 0.8 else "credit"
        total = _total(supplier, kind, times=dice.choice((1, 2)))
        bill = {**head, "kind": kind, "total": total}
    return {"bill": bill, "record_way": "record" if dice.random() < 0.9 else "drop"}


def _some_freight(dice: Random) -> Bill | None:
    """A booked bill of which somebody says that it was wrong, or of its own freight."""
    booked = select(Bill.id).where(Bill.status == "accepted", Bill.journal_id.is_not(None))
    found = sorted(db.session.scalars(booked.join(Bill.lines).where(_IS_FREIGHT)))
    return db.session.get(Bill, dice.choice(found)) if found else None


def _total(supplier: str, kind: str, *, times: int) -> str:
    """What a bill for everything comes to, at so many times the price that was agreed."""
    own = suppliers.by_code(supplier)
    found = proposals.goods(own) if kind == "goods" else proposals.returns(own)
    rows = [
        {
            "quantity": each.quantity,
            "unit_price": each.ordered.unit_price if each.ordered else None,
            "per": each.ordered.priced_for if each.ordered else 1,
        }
        for each in found
    ]
    return f"{_sum(rows, times):f}"


def _sum(rows: Iterable[Data], times: int) -> Decimal:
    """What the rows come to; one unit of what has no price costs 1."""
    worth = [
        money.priced(
            Decimal(row["quantity"]),
            Decimal(row["unit_price"] or 1) * times,
            "TWD",
            per=Decimal(row["per"]),
        ).amount
        for row in rows
    ]
    return sum(worth, Decimal(0))


def _match(data: Data, dice: Random) -> Answers:
    """What the bill says; now and then somebody corrects or drops it."""
    bill, sheet = data["bill"], data["proposal"]
    is_freight, total = bill["kind"] == "freight", Decimal(bill["total"])
    times = next((n for n in (1, 2) if is_freight or _sum(sheet["goods"], n) == total), None)
    goods = [_asked(row, times or 1) for row in sheet["goods"]]
    carried = [
        {"bears": dice.random() < 0.8, "weight": str(dice.randint(1, 9))} for _ in sheet["carried"]
    ]
    answers: Answers = {"goods": goods, "carried": carried, "extra": ""}
    if is_freight:
        answers["basis"] = seldom.choice(dice, "basis", ("value", "quantity", "weight"))
    is_clear = times or bill["kind"] == "correction"
    way = dice.choice(("compare",) * 8 + ("correct", "drop")) if is_clear else "correct"
    return {"proposal": answers, "match_way": way}


def _asked(row: Data, times: int) -> Answers:
    price = Decimal(row["unit_price"] or 1) * times
    return {"quantity": row["quantity"], "unit_price": f"{price:f}"}


BILLS: Mapping[str, Callable[[Data, Random], Answers]] = {
    "record_bill": _record_bill,
    "match_lines": _match,
}
