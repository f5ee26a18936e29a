"""Chasing a short delivery: remind, call, decide, until nothing is missing."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from app.domain.catalog.products import Sku
from app.domain.catalog.rules import plain
from app.domain.supply import chases, closings, correspondence, lateness, receipts
from app.domain.supply.chases import Chase, ChaseLine
from app.effects import letters, papers
from app.effects.papers import Paper
from app.kernel import calendars, clock, money, policy
from app.kernel.errors import N_, Refusal
from app.workflow.effects import effect

Rows = list[dict[str, Any]]
# Decisions after which the goods are wanted still, from somebody else.
_STILL_NEEDED = ("resourced", "cancelled")


class NoNewDate(Refusal):
    """Waiting goes on until some day."""

    code = "no_new_date"
    message = N_("Say until when you wait for {sku}: a day after today.")


@effect
def open_chase(receipt_no: str | None, missing: Rows, chase_no: str | None) -> Paper:
    """What the order still expects of what is missing, and when it was promised.

    The chase of a late order was opened by whoever follows the order.
    """
    if chase_no is not None:
        return _of_late_order(chases.locked(chase_no))
    receipt = receipts.by_number(receipt_no or "")
    wanted = {row["sku"]: Decimal(row["short"]) for row in missing}
    chase = chases.open_for(receipt, wanted)
    today = _today(receipt.site.scope)
    promised = max(receipt.order.due_on or today, today) if receipt.order else today
    return _described(chase, promised)


@effect
def note_promise(chase: Paper) -> Paper:
    """The instants at which the promise is one, three and seven working days late."""
    found = chases.locked(chase["chase_no"])
    promised = chase.get("new_date") or chase["promised_on"]
    late = _late(found.source.site.scope, date.fromisoformat(promised))
    return {**chase, **late, "promised_on": promised, "new_date": None}


@effect
def remind_supplier(chase_no: str) -> str:
    """Write to the supplier what is missing; to which address, empty when we know none."""
    chase = chases.locked(chase_no)
    return correspondence.send(chase.source.supplier, letters.missing_goods(chase))


@effect
def review_shortage(chase: Paper) -> Paper:
    """What is missing now: part of it may have come meanwhile."""
    return {**chase, "lines": _missing(chases.locked(chase["chase_no"]))}


@effect
def settle_shortage(chase: Paper) -> Paper:
    """Close each line as decided; what is waited for goes on being chased.

    Raises:
        NoNewDate: a line is waited for without a day.
    """
    found = chases.locked(chase["chase_no"])
    lines = {line.line_no: line for line in found.lines}
    wanted_still: dict[Sku, Decimal] = {}
    dates: list[str] = []
    for row in chase["lines"]:
        line = lines[row["line_no"]]
        if row["decision"] == "wait":
            dates.append(_new_date(line, row, found.source.site.scope))
            continue
        given_up = _give_up(line, row)
        if row["decision"] in _STILL_NEEDED and given_up:
            wanted_still[line.order_line.sku] = given_up
    return {
        **_described(found, date.fromisoformat(chase["promised_on"])),
        "new_date": min(dates, default=None),
        "resourced": papers.to_plan_again(found.lines[0].order_line.order, wanted_still),
    }


def _of_late_order(chase: Chase) -> Paper:
    scope = chase.source.site.scope
    ids = {line.order_line_id for line in chase.lines}
    day = lateness.promised_on(chase.order, ids) if chase.order else None
    return _described(chase, day or _today(scope))


def _described(chase: Chase, promised: date) -> Paper:
    return {
        "chase_no": chase.number,
        "promised_on": promised.isoformat(),
        "new_date": None,
        "lines": _missing(chase),
    }


def _missing(chase: Chase) -> Rows:
    return [
        {
            **papers.goods(line.order_line.sku),
            "line_no": line.line_no,
            "order_line": line.order_line.line_no,
            "missing": plain(line.missing),
        }
        for line in chase.lines
        if line.missing
    ]


def _late(scope: str, promised: date) -> Paper:
    """The promised day belongs to the supplier; working days are counted from its end."""
    calendar = calendars.of_scope(scope)
    end = datetime.combine(promised + timedelta(days=1), time(), calendar.zone)
    return {
        f"{step}_at": calendar.after(
            end, str(policy.value(f"supplier_chase.{step}_after"))
        ).isoformat()
        for step in ("remind", "call", "decide")
    }


def _new_date(line: ChaseLine, row: dict[str, Any], scope: str) -> str:
    day = row.get("new_date")
    if not day or date.fromisoformat(day) <= _today(scope):
        raise NoNewDate(sku=line.order_line.sku.code)
    return str(day)


def _give_up(line: ChaseLine, row: dict[str, Any]) -> Decimal:
    currency = line.order_line.order.currency
    claim = row.get("claim") if row["decision"] == "cancelled" else None
    return closings.give_up(
        line,
        row["decision"],
        reason=row.get("reason") or "",
        claim_minor=money.of(Decimal(claim), currency).minor if claim else None,
    )


def _today(scope: str) -> date:
    return calendars.of_scope(scope).today(clock.now())
