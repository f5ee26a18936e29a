"""One purchase from the order to the booked bill, each step by whoever does it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.demo import company
from app.demo.acting import TAIPEI, Stage, begin, complete, sheet, waits
from app.demo.agenda import Script
from app.demo.deals import Deal, Row
from app.demo.people import DAYUAN
from app.domain.inventory.balances import BinFull
from app.kernel import clock
from app.kernel.db import end_look
from app.workflow import instances

SELLERS = {"BOREA": "yeh", "HONGSHENG": "chou"}
_ON_THE_PHONE = {"JINGYUAN": "Ms Ou", "YONGGU": "Mr Tsou"}
_NOTICE = "asn,supplier,po,expected_on,line,sku,quantity,unit,lot,expires_on,serials"
_TAX = Decimal("0.05")
# Of so many pieces one is bad, or missing, when something is wrong with a delivery.
_ONE_IN = 8


@dataclass
class Course:
    """A deal under way: its case, its order, and what was accepted of each row."""

    stage: Stage
    deal: Deal
    case: int = 0
    po_no: str = ""
    accepted: list[int] = field(default_factory=list)

    def on(self, day: int, hour: int) -> Any:
        """An instant so many days after the order."""
        return self.stage.at(days_ago=self.deal.days_ago - day, clock_time=self.deal.minute(hour))

    @property
    def keeper(self) -> str:
        return ("chang", "ho")[self.deal.number % 2]


def bought(stage: Stage, deal: Deal) -> Script:
    """Ordered, confirmed, delivered, shelved, billed and settled."""
    course = Course(stage, deal)
    yield from ordered(course)
    yield from delivered(course)
    if deal.fault == "bad":
        yield from _sent_back(course)
    yield course.on(8, 11)
    _bill(course)
    if deal.fault == "bad":
        yield course.on(14, 10)
        _credit(course)


def ordered(course: Course) -> Script:
    """Lin writes it, Chen approves what is large, the supplier confirms the wanted day."""
    yield course.on(0, 9)
    write(course)
    if waits("approve_as_manager", course.case):
        yield course.on(0, 13)
        complete("chen", "approve_as_manager", course.case, manager_decision="approve")
    yield course.on(1, 10)
    _learn_number(course)
    confirm(course)


def delivered(course: Course) -> Script:
    """Announced, counted, judged and put away; what is missing comes with a second truck."""
    late = int(course.deal.fault == "late")
    yield course.on(4 + late, 16)
    announce(course, course.deal.notice, [row.quantity for row in course.deal.rows])
    rows = [row.quantity for row in course.deal.rows]
    missing = rows[0] // _ONE_IN or 1 if course.deal.fault == "short" else 0
    came = [rows[0] - missing, *rows[1:]]
    yield from _received(course, course.deal.notice, came, day=5 + late)
    if missing:
        yield from _brought_later(course, missing)


def write(course: Course, *, price: str = "") -> None:
    """Lin writes the order down; agreements know the prices."""
    lines = [
        {"sku": row.article.sku, "quantity": str(row.quantity), "unit_price": price}
        for row in course.deal.rows
    ]
    wish = {"supplier": course.deal.supplier, "required_on": _day(5), "lines": lines}
    course.case = begin("purchase", company.BUYER, scope=DAYUAN)
    complete(company.BUYER, "write_order", course.case, wish=wish)
    _learn_number(course)


def confirm(course: Course, *, days_later: int = 0, note: str = "") -> None:
    """On the supplier's own page, or by telephone: all of it, for the wanted day or later."""
    seller = SELLERS.get(course.deal.supplier)
    who, what = (seller, "confirm_order") if seller else (company.BUYER, "record_answer")
    rows = [
        {
            "quantity": row["quantity"],
            "unit_price": row["unit_price"],
            "promised_on": _later(row["promised_on"], days_later),
        }
        for row in sheet(who, what, course.case)["confirmation"]["lines"]
    ]
    answer: dict[str, Any] = {"lines": rows, "parts": [], "supplier_note": note}
    if not seller:
        answer["spoke_with"] = _ON_THE_PHONE[course.deal.supplier]
    complete(who, what, course.case, confirmation=answer)


def announce(course: Course, notice: str, quantities: Sequence[int]) -> None:
    """The supplier says what is on its way: on their page, or by a file that Lin brings in."""
    seller = SELLERS.get(course.deal.supplier)
    if seller is None:
        company.bring("asns", "\n".join([_NOTICE, *_lines(course, notice, quantities)]), by="lin")
        return
    scope = f"supplier:{course.deal.supplier}"
    case = begin("shipment_notice", seller, po_no=course.po_no, scope=scope, rows=[])
    rows = [
        {"quantity": str(many)} | _marks(course, row, many)
        for row, many in zip(course.deal.rows, quantities, strict=True)
        if many
    ]
    paper = {"number": notice, "expected_on": _day(1), "lines": rows}
    complete(seller, "announce_shipment", case, notice=paper, shipping="announce")


def check_in(course: Course, notice: str) -> None:
    """A truck is at the gate."""
    number = course.deal.number
    gate = {
        "vehicle": f"K{'ABCDEFGH'[number % 8]}A-{2000 + number * 13 % 7000}",
        "seal": f"S-{4000 + number}",
        "cartons": str(number % 9 + 1),
        "damage_seen": False,
    }
    complete(course.keeper, "check_in_truck", notice, gate=gate)


def count(course: Course, notice: str, came: Sequence[int]) -> None:
    """A keeper counts without knowing what was announced."""
    rows = [
        {"counted": str(many)} | _marks(course, row, many)
        for row, many in zip(course.deal.rows, came, strict=True)
        if many
    ]
    complete(course.keeper, "count_delivery", notice, receipt={"lines": rows}, wrong_goods=[])


def read(notice: str) -> None:
    """Lin reads what was counted, where figures differ or goods are dear."""
    if waits("read_count", notice):
        complete(company.BUYER, "read_count", notice)


def judge(notice: str, bad: int = 0, *, codes: Sequence[str] = ()) -> int:
    """Lee judges all that waits of a notice; `bad` pieces of the first tranche are rejected.

    Where something is bad the whole tranche is looked at, not a sample of it.

    Returns how many were: a lot that is not looked at hides them.
    """
    rejected = 0
    while waits("inspect_lot", notice):
        tranche = sheet("lee", "inspect_lot", notice)["inspection"]
        now = bad - rejected
        complete("lee", "inspect_lot", notice, inspection=_verdict(tranche, now, codes))
        rejected += now
    return rejected


def shelve(notice: str, by: str) -> None:
    """All that was released goes where it was proposed to go."""
    while waits("put_away_goods", notice):
        shelve_one(notice, by)


def shelve_one(notice: str, by: str) -> None:
    """One of the released lots goes to its bin, or past it: others may have filled it meanwhile."""
    data = sheet(by, "put_away_goods", notice)
    proposed = data["proposal"]["quantity"]
    is_divided = proposed != data["rest"]["left"] and data["goods"]["serial_policy"] == "unit"
    try:
        _put(notice, by, data, "0" if is_divided else proposed)
    except BinFull:
        _put(notice, by, data, "0")


def codes(course: Course, row: Row, many: int) -> list[str]:
    """The codes of units of a row; none where units have none."""
    if row.article.policy != "unit":
        return []
    first = 10_000 + course.deal.number * 20
    return [f"{row.article.sku.replace('-', '')}-{first + at}" for at in range(many)]


def _received(course: Course, notice: str, came: list[int], *, day: int) -> Script:
    yield course.on(day, 8)
    check_in(course, notice)
    yield course.on(day, 9)
    count(course, notice, came)
    yield course.on(day, 11)
    read(notice)
    bad = max(came[0] // _ONE_IN, 1) if course.deal.fault == "bad" else 0
    rejected = judge(notice, bad)
    course.accepted = [came[0] - rejected, *came[1:]]
    yield course.on(day, 14)
    shelve(notice, ("ho", "chang")[course.deal.number % 2])


def _brought_later(course: Course, missing: int) -> Script:
    """Lin asks for what is missing; it comes two days later."""
    yield course.on(5, 16)
    contact = {"person": "Mr Chou", "reason": "One carton was left on the ramp"}
    complete(
        company.BUYER,
        "chase_supplier",
        course.deal.notice,
        contact=contact,
        chase={"new_date": _day(2)},
    )
    yield course.on(6, 16)
    first, notice = course.accepted, f"{course.deal.notice}-2"
    rest = [missing, *(0 for _ in course.deal.rows[1:])]
    announce(course, notice, rest)
    yield from _received(course, notice, rest, day=7)
    course.accepted = [first[0] + missing, *first[1:]]


def _sent_back(course: Course) -> Script:
    """What was rejected goes back, and is charged."""
    yield course.on(5, 15)
    if not waits("authorise_return", course.deal.notice):
        return
    authorise(course.deal.notice, "debit")
    yield course.on(6, 11)
    ship_back(course.deal.notice, by=course.keeper)


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
        "number": f"{course.deal.supplier[:2]}{_day(0).replace('-', '')[2:]}{course.deal.number}",
        "billed_on": _day(0),
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


def _bill(course: Course) -> None:
    if any(course.accepted):
        case = bill(course)
        if waits("approve_bill", case):
            complete("hsieh", "approve_bill", case, approval_way="approve")


def _credit(course: Course) -> None:
    if not waits("record_credit", course.deal.notice):
        return
    debit = sheet("wang", "record_credit", course.deal.notice)["debit"]
    credit = {"number": f"CN-{course.deal.number:05}", "amount": debit["total"]}
    complete("wang", "record_credit", course.deal.notice, credit=credit)


def _put(notice: str, by: str, data: dict[str, Any], quantity: str) -> None:
    complete(
        by,
        "put_away_goods",
        notice,
        scanned_item=data["goods"]["sku"],
        scanned_bin=data["proposal"]["bin"],
        proposal={"quantity": quantity},
        put_away_outcome="bin_full" if quantity == "0" else "placed",
    )


def _learn_number(course: Course) -> None:
    end_look()
    course.po_no = str(instances.data(course.case)["order"].get("po_no") or "")


def _verdict(tranche: dict[str, Any], rejected: int, codes: Sequence[str]) -> dict[str, Any]:
    rows: list[dict[str, str]] = []
    for line in tranche["lines"]:
        waiting, bad = int(Decimal(line["waiting"])), 0 if rows else rejected
        row = {"accepted": str(waiting - bad), "rejected": str(bad), "looked_at": line["looked_at"]}
        if bad:
            row |= {"defect": "function", "rejected_serials": "\n".join(codes[:bad])}
            row["looked_at"] = str(waiting)
        rows.append(row)
    outcome = "missed" if rejected else "met"
    criteria = [
        {"measured": "1.2"} if one["is_measured"] else {"outcome": outcome}
        for one in tranche["criteria"]
    ]
    return {"criteria": criteria, "lines": rows}


def _going_back(line: dict[str, Any]) -> dict[str, Any]:
    if line["serial_policy"] == "unit":
        return {"serials": "\n".join(line["serials"])}
    return {"quantity": line["quantity"]}


def _lines(course: Course, notice: str, quantities: Sequence[int]) -> Iterator[str]:
    head = f"{notice},{course.deal.supplier},{course.po_no},{_day(1)}"
    for line, row in enumerate(course.deal.rows, start=1):
        if many := quantities[line - 1]:
            marks = _marks(course, row, many)
            lot, until = marks.get("lot", ""), marks.get("expires_on", "")
            yield f"{head},{line},{row.article.sku},{many},,{lot},{until},"


def _marks(course: Course, row: Row, many: int) -> dict[str, str]:
    """The codes of units, or the lot and its best-before day."""
    sku = row.article.sku
    if row.article.policy == "unit":
        return {"serials": "\n".join(codes(course, row, many))}
    if row.article.policy == "lot":
        return {
            "lot": f"{sku[3:]}-{course.deal.number:04}",
            "expires_on": (_today() + timedelta(days=540)).isoformat()[:8] + "01",
        }
    return {}


def _later(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _day(ahead: int) -> str:
    return (_today() + timedelta(days=ahead)).isoformat()


def _today() -> date:
    return clock.now().astimezone(TAIPEI).date()
