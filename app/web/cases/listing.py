"""The list of cases, and where each stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from app.kernel.db import db
from app.web.cases import naming
from app.web.cases.visible import within_reach
from app.web.files.sheets import Sheet
from app.web.tongue import _
from app.workflow import definitions
from app.workflow.records import OPEN, CaseNumber, Definition, Incident, ProcessInstance, Task

PAGE = 50
# As many as one statement of either database takes in one list of ids.
_MOST_IN_A_FILE = 30_000


@dataclass(frozen=True)
class Line:
    """One case in a list."""

    id: int
    name: str
    process: str
    about: str
    stands: str
    state_words: str
    incident: bool
    started_at: datetime


def cases(
    *, state: str, process: str | None, before: int | None, most: int = PAGE + 1
) -> list[ProcessInstance]:
    """One page of this person's cases and one more, the newest first."""
    query = select(ProcessInstance).where(within_reach()).order_by(ProcessInstance.id.desc())
    is_open = ProcessInstance.status == OPEN
    query = query.where(is_open if state == OPEN else ~is_open)
    if process:
        keyed = select(Definition.id).where(Definition.key == process)
        query = query.where(ProcessInstance.definition_id.in_(keyed))
    if before:
        query = query.where(ProcessInstance.id < before)
    return list(db.session.scalars(query.limit(most)))


def sheet(*, state: str, process: str | None) -> Sheet:
    """The list as a file."""
    found = lines(cases(state=state, process=process, before=None, most=_MOST_IN_A_FILE))
    headings = [_("Case"), _("Process"), _("About"), _("Where it stands"), _("Begun")]
    rows = [(one.name, one.process, one.about, one.stands, one.started_at) for one in found]
    return Sheet(_("Cases"), headings, rows)


def about(number: str) -> list[ProcessInstance]:
    """The reader's cases that carry a number."""
    query = select(ProcessInstance).where(within_reach()).order_by(ProcessInstance.id.desc())
    return list(db.session.scalars(query.where(_carries(number)).limit(PAGE)))


@dataclass(frozen=True)
class Process:
    """One process to look for cases of."""

    key: str
    title: str


def processes() -> list[Process]:
    """The published processes, by name."""
    found = [Process(one.key, naming.process_title(one)) for one in definitions.all_live()]
    return sorted(found, key=lambda one: one.title)


def definition(definition_id: int) -> Definition:
    """The definition a case began with."""
    return db.session.get_one(Definition, definition_id)


def lines(cases: Sequence[ProcessInstance]) -> list[Line]:
    """The cases as a list shows them, in three statements."""
    ids = [case.id for case in cases]
    titles, standing, stopped = _processes(), _standing(ids), _stopped(ids)
    return [
        Line(
            id=case.id,
            name=naming.name(case),
            process=titles.get(case.definition_id, ""),
            about=naming.about(case),
            stands=_(", ").join(standing.get(case.id, ())) or naming.state_words(case.status),
            state_words=naming.state_words(case.status),
            incident=case.id in stopped,
            started_at=case.started_at,
        )
        for case in cases
    ]


def _carries(number: str) -> ColumnElement[bool]:
    same = select(CaseNumber.instance_id).where(CaseNumber.number == number.upper())
    return ProcessInstance.id.in_(same)


def _processes() -> dict[int, str]:
    return {one.id: naming.process_title(one) for one in db.session.scalars(select(Definition))}


def _standing(ids: list[int]) -> dict[int, list[str]]:
    query = select(Task.instance_id, Task.definition_id, Task.element_id).distinct()
    found: dict[int, list[str]] = {}
    for case_id, definition_id, element_id in db.session.execute(
        query.where(Task.instance_id.in_(ids))
    ):
        found.setdefault(case_id, []).append(naming.element_title(definition_id, element_id))
    return found


def _stopped(ids: list[int]) -> set[int | None]:
    query = select(Incident.instance_id).where(
        Incident.instance_id.in_(ids), Incident.resolved_at.is_(None)
    )
    return set(db.session.scalars(query))
