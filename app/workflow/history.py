"""What happened in a case: answers, effects, timers, messages; enough to replay it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import aliased

from app.kernel.db import connection, db
from app.workflow import rights
from app.workflow.records import EffectRow, HistoryRow
from app.workflow.spiff.calls import Passed, WaitingTimer
from app.workflow.spiff.execution import Execution
from app.workflow.spiff.sandbox import contract
from app.workflow.steps import (
    CANCELLED,
    COMPLETED,
    FOR,
    GIVEN_BACK,
    INCIDENT,
    MESSAGE,
    STARTED,
    TIMER,
    WITHDRAWN,
    Step,
)

PASSED = "passed"
_TOLD = frozenset({STARTED, COMPLETED, TIMER, MESSAGE})
ADD = insert(HistoryRow)
_back = aliased(HistoryRow)
# Of a completion: that it was not given back to who did it, as if it had not been done.
STANDS = ~exists().where(
    _back.instance_id == HistoryRow.instance_id,
    _back.kind == GIVEN_BACK,
    _back.task_id == HistoryRow.task_id,
)


@dataclass(frozen=True)
class Moment:
    """One line of a case's story.

    `kind` is started, completed, timer, message, retried, given_back, cancelled, withdrawn,
    incident, or passed: an element the engine went through by itself, with its effect if it had
    one.
    """

    at: datetime
    edition: int
    kind: str
    element_id: str | None
    person_id: int | None
    person: str | None
    task_id: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    path: str | None = None
    effect: "EffectRecord | None" = None
    stood_in_for: str | None = None


@dataclass(frozen=True)
class EffectRecord:
    """One effect that happened: what it was given, what it returned, for whom."""

    key: str
    name: str
    edition: int
    person_id: int | None
    at: datetime
    arguments: Mapping[str, Any]
    result: Any

    @property
    def instance_id(self) -> int:
        return int(self.key.partition(":")[0])

    @property
    def element_id(self) -> str:
        """The service task on the diagram."""
        return element_of(self.key.partition(":")[2])


def of_step(
    step: Step,
    execution: Execution,
    withdrawn: list[tuple[int, str]],
    timers: list[WaitingTimer],
) -> list[dict[str, Any]]:
    """What is kept of this step: why it happened, what the engine passed, what it set going."""
    detail: dict[str, Any] = dict(step.trigger.detail)
    passed = [_mark(each) for each in execution.passed]
    sent = [[s.name, s.correlation, contract.plain(s.payload)] for s in execution.sent]
    due = [[each.element_id, each.due.isoformat()] for each in timers]
    more = {"passed": passed, "sent": sent, "timers": due}
    detail.update({name: found for name, found in more.items() if found})
    return _rows(step, detail, withdrawn)


def add(step: Step, detail: dict[str, Any], withdrawn: list[tuple[int, str]]) -> None:
    """Keep a step in which the engine did not move."""
    connection().execute(ADD, _rows(step, detail, withdrawn))


def of(instance_id: int) -> list[Moment]:
    """The whole story of one case, oldest first."""
    query = select(HistoryRow).where(HistoryRow.instance_id == instance_id)
    rows = list(db.session.scalars(query.order_by(HistoryRow.edition, HistoryRow.n)))
    names = rights.names_of(found for row in rows for found in _people(row))
    happened = {each.key: each for each in effects_of(instance_id)}
    return [moment for row in rows for moment in _moments(row, names, happened)]


def cancellation(instance_id: int) -> Moment | None:
    """Who cancelled a case, when and why; None when nobody did."""
    query = select(HistoryRow).filter_by(instance_id=instance_id, kind=CANCELLED)
    row = db.session.scalar(query)
    return _moment(row, rights.names_of(_people(row))) if row else None


def effects_of(instance_id: int) -> list[EffectRecord]:
    """Every effect of one case, in the order they happened."""
    own = (EffectRow.key >= f"{instance_id}:", EffectRow.key < f"{instance_id};")
    query = select(EffectRow).where(*own).order_by(EffectRow.at, EffectRow.edition)
    return [_record(row) for row in db.session.scalars(query)]


def effect(key: str) -> EffectRecord | None:
    """The effect a ledger row points at."""
    row = db.session.get(EffectRow, key)
    return _record(row) if row else None


def moment_of(record: EffectRecord) -> Moment | None:
    """Why the effect happened: the answer, timer or message of its step."""
    wanted = (record.instance_id, record.edition, 0)
    row = db.session.get(HistoryRow, wanted)
    if row is None:
        return None
    return _moment(row, rights.names_of(_people(row)))


def element_of(mark: str) -> str:
    """The element at the end of a path: "each_line#2/book_count:1"."""
    return mark.partition(":")[0].rpartition("/")[2]


def _mark(passed: Passed) -> str:
    return f"{passed.path}:{passed.visit}" if passed.visit else passed.path


def _rows(
    step: Step, detail: dict[str, Any], withdrawn: list[tuple[int, str]]
) -> list[dict[str, Any]]:
    """The trigger of the step, the tasks it took away, what failed in it."""
    trigger = step.trigger
    found = [
        _row(step, trigger.kind, trigger.element_id, task_id=trigger.task_id, detail=detail),
        *(_row(step, WITHDRAWN, element, task_id=task_id) for task_id, element in withdrawn),
        *(
            _row(step, INCIDENT, each.element_id, detail={"sentence": str(each.error)[:500]})
            for each in step.failures
        ),
    ]
    return [{**row, "n": n} for n, row in enumerate(found)]


def _row(
    step: Step,
    kind: str,
    element_id: str | None,
    *,
    task_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    return {
        "instance_id": step.case.id,
        "edition": step.edition,
        "at": step.at,
        "kind": kind,
        "element_id": element_id,
        "task_id": task_id,
        "person_id": step.trigger.person_id,
        "detail": detail,
    }


def _moments(
    row: HistoryRow, names: Mapping[int, str], happened: Mapping[str, EffectRecord]
) -> Iterator[Moment]:
    main = _moment(row, names)
    yield main
    for mark in _by_itself(row, main.detail.get(PASSED, [])):
        path, _, visit = mark.partition(":")
        key = f"{row.instance_id}:{path}:{visit or 0}"
        yield Moment(
            at=row.at,
            edition=row.edition,
            kind=PASSED,
            element_id=element_of(mark),
            person_id=None,
            person=None,
            path=mark,
            effect=happened.get(key),
        )


def _by_itself(row: HistoryRow, passed: list[str]) -> list[str]:
    """What the engine went through, without the element that the moment itself tells of."""
    if row.kind in _TOLD and passed and element_of(passed[0]) == row.element_id:
        return passed[1:]
    return passed


def _moment(row: HistoryRow, names: Mapping[int, str]) -> Moment:
    return Moment(
        at=row.at,
        edition=row.edition,
        kind=row.kind,
        element_id=row.element_id,
        person_id=row.person_id,
        person=names.get(row.person_id or 0),
        task_id=row.task_id,
        detail=row.detail or {},
        stood_in_for=names.get(_absent(row)),
    )


def _people(row: HistoryRow) -> list[int]:
    """Who did it, and in whose place."""
    return [person for person in (row.person_id, _absent(row)) if person]


def _absent(row: HistoryRow) -> int:
    found = (row.detail or {}).get(FOR)
    return found if isinstance(found, int) else 0


def _record(row: EffectRow) -> EffectRecord:
    return EffectRecord(
        key=row.key,
        name=row.name,
        edition=row.edition,
        person_id=row.person_id,
        at=row.at,
        arguments=row.arguments,
        result=row.result,
    )
