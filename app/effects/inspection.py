"""Inspecting one tranche: what was looked at, measured and judged, booked at once."""

from decimal import Decimal
from typing import Any

from app.domain.catalog.rules import plain
from app.domain.finance import company
from app.domain.supply import charge_notes, criteria, receipts
from app.domain.supply.criteria import Criterion
from app.domain.supply.findings import NOBODY_LOOKED, Measure
from app.domain.supply.receipts import ReceiptLine
from app.effects import papers, verdicts
from app.effects.papers import Paper
from app.effects.verdicts import Judged, Row
from app.kernel.errors import N_, Refusal
from app.kernel.money import Money
from app.workflow import nudges
from app.workflow.effects import effect

Rows = list[dict[str, Any]]


class SampleTooSmall(Refusal):
    """A sample speaks for its lot only when it is large enough."""

    code = "sample_too_small"
    message = N_("{wanted} of {sku} are to be looked at; you looked at {looked}.")


class MoreBadThanSeen(Refusal):
    """Bad units are found by looking."""

    code = "more_bad_than_seen"
    message = N_("You looked at {looked} of {sku}, so you cannot have found {bad} bad ones.")


class NotMeasured(Refusal):
    """Each criterion gets its answer."""

    code = "not_measured"
    message = N_("Write down what you found for “{criterion}”.")


class OutsideLimits(Refusal):
    """Goods that miss a criterion are not all good."""

    code = "outside_limits"
    message = N_("“{criterion}” is not met, but nothing is rejected. Say how many are bad.")


@effect
def accept_unseen(receipt_no: str, inspection: Paper) -> Paper:
    """Accept the tranche of a supplier whose goods are good, without looking."""
    receipt = receipts.by_number(receipt_no)
    rows = [{**row, "accepted": row["waiting"]} for row in inspection["lines"]]
    released = [verdicts.book(one, NOBODY_LOOKED) for one in verdicts.read(receipt, rows)]
    return {**verdicts.result(receipt, released, []), "failed": []}


@effect
def book_verdict(receipt_no: str, inspection: Paper) -> Paper:
    """Release what is good and set aside what is bad; a failed lot waits for the QC manager.

    Everything is checked before anything is booked.

    Raises:
        NotWhollyJudged: a line is judged in part only.
        SampleTooSmall, MoreBadThanSeen: the sample is not what the plan wants.
        NotMeasured, OutsideLimits: the criteria say something else than the verdict.
    """
    receipt = receipts.by_number(receipt_no)
    judged = verdicts.read(receipt, inspection["lines"])
    _check_samples(judged, inspection["plan"])
    measures = _measures(judged[0].line, inspection)
    _check_criteria(measures, judged)
    failed = _failed(judged, inspection["plan"])
    released = []
    for one in judged:
        found = one.with_measures(measures if one is judged[0] else ())
        if one in failed:
            verdicts.destroy(one)
        else:
            released.append(verdicts.book(one, found))
    bad = [one.line for one in judged if one.rejected and one not in failed]
    rows = [_undecided(one, row) for one, row in zip(judged, inspection["lines"], strict=True)]
    return {
        **verdicts.result(receipt, released, bad),
        "failed": [row for one, row in zip(judged, rows, strict=True) if one in failed],
        "judged_by": papers.who_does_this(),
        "judge": papers.name_of_who_does_this(),
        "worth": _worth([one.line for one in judged if one in failed]),
        "currency": charge_notes.currency_of(judged[0].line),
    }


@effect
def release_good_part(release_nos: list[str]) -> int:
    """Tell put-away of each released tranche; how many there are."""
    return verdicts.announce(release_nos)


@effect
def remind_of_inspection() -> int:
    """Put the tranche that nobody has judged on top of the inspectors' inbox."""
    return nudges.nudge("inspect_lot")


def _worth(lines: list[ReceiptLine]) -> str:
    """What the lines cost at the order's price."""
    if not lines:
        return "–"
    minor = sum(charge_notes.price_of(line, line.waiting).minor for line in lines)
    return company.written(Money(minor, charge_notes.currency_of(lines[0]))) if minor else "–"


def _check_samples(judged: list[Judged], plan: Paper) -> None:
    sku = judged[0].line.sku
    for one in judged:
        if one.rejected > one.looked_at:
            raise MoreBadThanSeen(
                looked=plain(one.looked_at), sku=sku.code, bad=plain(one.rejected)
            )
    sound = [one for one in judged if _is_sampled(one)]
    lot = sum((one.line.waiting for one in sound), Decimal(0))
    wanted = min(lot, Decimal(plan["size"])) if plan["method"] == "sample" else lot
    looked = sum((one.looked_at for one in sound), Decimal(0))
    if looked < wanted:
        raise SampleTooSmall(wanted=plain(wanted), sku=sku.code, looked=plain(looked))


def _is_sampled(judged: Judged) -> bool:
    """Damaged goods are no sample of anything: they are looked at one by one."""
    return judged.line.kind != "damaged"


def _measures(line: ReceiptLine, inspection: Paper) -> list[Measure]:
    wanted = {one.line_no: one for one in criteria.of(line.sku.product.category)}
    return [
        _measure(wanted[row["line_no"]], row)
        for row in inspection["criteria"]
        if row["line_no"] in wanted
    ]


def _measure(one: Criterion, row: dict[str, Any]) -> Measure:
    answer = row.get("measured") if one.is_measured else row.get("outcome")
    if answer in (None, ""):
        raise NotMeasured(criterion=one.name)
    measured = Decimal(str(answer)) if one.is_measured else None
    return Measure(
        criterion=one.name,
        unit=one.unit,
        at_least=one.at_least,
        at_most=one.at_most,
        measured=measured,
        is_met=answer == "met" if measured is None else one.is_met_by(measured),
    )


def _check_criteria(measures: list[Measure], judged: list[Judged]) -> None:
    missed = [measure for measure in measures if not measure.is_met]
    if missed and not any(one.rejected for one in judged):
        raise OutsideLimits(criterion=missed[0].criterion)


def _failed(judged: list[Judged], plan: Paper) -> list[Judged]:
    """The lines a failed lot leaves to the QC manager: none when the lot passes.

    A sample fails with more bad units than its plan lets pass; a lot that was looked at wholly
    fails when nothing of it is good.
    """
    sound = [one for one in judged if _is_sampled(one)]
    bad = sum((one.rejected for one in sound), Decimal(0))
    is_sample = any(one.looked_at < one.line.waiting - one.destroyed for one in sound)
    if is_sample:
        return sound if bad > Decimal(plan["accept"]) else []
    return sound if bad and not any(one.accepted for one in sound) else []


def _undecided(one: Judged, row: Row) -> Row:
    """What the QC manager is told of a line of a failed lot."""
    return {
        **verdicts.row(one.line),
        "looked_at": plain(one.looked_at),
        "bad_found": plain(one.rejected),
        "bad_serials": list(one.rejected_serials),
        "defect": row.get("defect") or "",
        "defect_code": row.get("defect_code") or "",
    }
