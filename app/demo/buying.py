"""One purchase from the order to the booked bill, each step by whoever does it."""

from datetime import date, timedelta
from typing import Any

from app.demo import arriving, company, paying
from app.demo.acting import Stage, begin, complete, day, sheet, waits
from app.demo.agenda import Script
from app.demo.course import SELLERS, Course
from app.demo.deals import Deal
from app.demo.people import DAYUAN
from app.kernel.db import end_look
from app.workflow import instances

_ON_THE_PHONE = {"JINGYUAN": "Ms Ou", "YONGGU": "Mr Tsou"}
# Of so many pieces one is bad, or missing, when something is wrong with a delivery.
_ONE_IN = 8


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
    arriving.announce(course, course.deal.notice, [row.quantity for row in course.deal.rows])
    rows = [row.quantity for row in course.deal.rows]
    missing = rows[0] // _ONE_IN or 1 if course.deal.fault == "short" else 0
    came = [rows[0] - missing, *rows[1:]]
    yield from _received(course, course.deal.notice, came, after=5 + late)
    if missing:
        yield from _brought_later(course, missing)


def write(course: Course, *, price: str = "") -> None:
    """Lin writes the order down; agreements know the prices."""
    lines = [
        {"sku": row.article.sku, "quantity": str(row.quantity), "unit_price": price}
        for row in course.deal.rows
    ]
    wish = {"supplier": course.deal.supplier, "required_on": day(5), "lines": lines}
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


def _received(course: Course, notice: str, came: list[int], *, after: int) -> Script:
    yield course.on(after, 8)
    arriving.check_in(course, notice)
    yield course.on(after, 9)
    arriving.count(course, notice, came)
    yield course.on(after, 11)
    arriving.read(notice)
    bad = max(came[0] // _ONE_IN, 1) if course.deal.fault == "bad" else 0
    rejected = arriving.judge(notice, bad)
    course.accepted = [came[0] - rejected, *came[1:]]
    yield course.on(after, 14)
    arriving.shelve(notice, ("ho", "chang")[course.deal.number % 2])


def _brought_later(course: Course, missing: int) -> Script:
    """Lin asks for what is missing; it comes two days later."""
    yield course.on(5, 16)
    contact = {"person": "Mr Chou", "reason": "One carton was left on the ramp"}
    complete(
        company.BUYER,
        "chase_supplier",
        course.deal.notice,
        contact=contact,
        chase={"new_date": day(2)},
    )
    yield course.on(6, 16)
    first, notice = course.accepted, f"{course.deal.notice}-2"
    rest = [missing, *(0 for _ in course.deal.rows[1:])]
    arriving.announce(course, notice, rest)
    yield from _received(course, notice, rest, after=7)
    course.accepted = [first[0] + missing, *first[1:]]


def _sent_back(course: Course) -> Script:
    """What was rejected goes back, and is charged."""
    yield course.on(5, 15)
    if not waits("authorise_return", course.deal.notice):
        return
    paying.authorise(course.deal.notice, "debit")
    yield course.on(6, 11)
    paying.ship_back(course.deal.notice, by=course.keeper)


def _bill(course: Course) -> None:
    if any(course.accepted):
        case = paying.bill(course)
        if waits("approve_bill", case):
            complete("hsieh", "approve_bill", case, approval_way="approve")


def _credit(course: Course) -> None:
    if waits("record_credit", course.deal.notice):
        paying.credit(course.deal.notice, f"CN-{course.deal.number:05}")


def _learn_number(course: Course) -> None:
    end_look()
    course.po_no = str(instances.data(course.case)["order"].get("po_no") or "")


def _later(wanted: str, days: int) -> str:
    return (date.fromisoformat(wanted) + timedelta(days=days)).isoformat()
