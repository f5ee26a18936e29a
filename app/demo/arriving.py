"""What a supplier sends: announced, let in, counted, judged, put on a shelf."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.demo import company
from app.demo.acting import begin, complete, day, sheet, today, waits
from app.demo.course import SELLERS, Course
from app.demo.deals import Row
from app.domain.inventory.balances import BinFull

_NOTICE = "asn,supplier,po,expected_on,line,sku,quantity,unit,lot,expires_on,serials"


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
    paper = {"number": notice, "expected_on": day(1), "lines": rows}
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


def _lines(course: Course, notice: str, quantities: Sequence[int]) -> Iterator[str]:
    head = f"{notice},{course.deal.supplier},{course.po_no},{day(1)}"
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
            "expires_on": (today() + timedelta(days=540)).isoformat()[:8] + "01",
        }
    return {}
