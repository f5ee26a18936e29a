"""What staff say is wrong about a step: the backlog of its process, answered by its analysts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.identity import memberships
from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import Instant, Model, RowId, db
from app.kernel.errors import N_, NotFound, Refusal
from app.workflow import closed, notices, rights
from app.workflow.records import Definition, Task

LONGEST = 1_000


class StepReport(Model):
    """One sentence about a step, with the case it was met in; open until it is answered."""

    __tablename__ = "step_report"
    __table_args__ = (Index("ix_step_report_process_key", "process_key", "answered_at"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    process_key: Mapped[str] = mapped_column(String(80))
    definition_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"))
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    element_id: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


class SayWhatIsWrong(Refusal):
    """A report is a sentence, and so is its answer."""

    code = "say_what_is_wrong"
    field = "answer"
    message = N_("Write a sentence of at most {most} characters.")
    status = 422


class AnsweredAlready(Refusal):
    """A colleague was faster; `at` is an instant."""

    code = "answered_already"
    message = N_("{name} answered this at {at}.")


def report(task_id: int, text: str, *, by: Person) -> StepReport:
    """Say what is wrong about the step of an open task.

    Raises:
        NotFound: there is no such task for these eyes; people of suppliers report nothing.
        SayWhatIsWrong: there is no sentence.
    """
    task = db.session.get(Task, task_id) or closed.refuse(task_id, by)
    asked = rights.Asked(task.role, task.scope, task.holder_id, task.excluded, task.claimed_at)
    rights.check_sees(by, asked)
    if by.party:
        raise NotFound
    kept = StepReport(
        process_key=db.session.get_one(Definition, task.definition_id).key,
        definition_id=task.definition_id,
        instance_id=task.instance_id,
        element_id=task.element_id,
        text=_sentence(text),
        person_id=by.id,
        at=clock.now(),
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def answer(report_id: int, text: str, *, by: Person) -> StepReport:
    """Close a report with an answer; who reported it finds a line above the inbox.

    Raises:
        NotFound: there is none, or it is not for these eyes.
        NotYourRole: only analysts answer.
        AnsweredAlready: somebody did.
    """
    found = seen_by(report_id, by)
    rights.check_office(by.id, rights.ANALYSTS)
    db.session.refresh(found, with_for_update=True)
    if found.answered_at is not None:
        raise AnsweredAlready(name=rights.name_of(found.answered_by), at=found.answered_at)
    found.answer, found.answered_by, found.answered_at = _sentence(text), by.id, clock.now()
    if found.person_id != by.id:
        notices.tell(found.person_id, notices.ANSWERED, found.id, by=by)
    return found


def seen_by(report_id: int, person: Person) -> StepReport:
    """One report, for its analysts and for who reported it.

    Raises:
        NotFound: there is none, or it is not for these eyes.
    """
    found = db.session.get(StepReport, report_id)
    if found is None or not (found.person_id == person.id or reads_all(person)):
        raise NotFound
    return found


def reads_all(person: Person) -> bool:
    """Whether the person works on the processes themselves."""
    return any(role in rights.ANALYSTS for role, _scope in memberships.of(person.id))


def listed(*, process_key: str | None, is_open: bool, most: int) -> list[StepReport]:
    """Reports of one process or all: the open ones oldest first, the answered ones latest first."""
    query = select(StepReport).limit(most)
    if process_key:
        query = query.where(StepReport.process_key == process_key)
    if is_open:
        query = query.where(StepReport.answered_at.is_(None)).order_by(StepReport.id)
    else:
        query = query.where(StepReport.answered_at.is_not(None))
        query = query.order_by(StepReport.answered_at.desc(), StepReport.id.desc())
    return list(db.session.scalars(query))


def open_counts() -> dict[str, int]:
    """How many reports wait for an answer, by process."""
    query = select(StepReport.process_key, func.count().label("number"))
    query = query.where(StepReport.answered_at.is_(None))
    rows = db.session.execute(query.group_by(StepReport.process_key))
    return {row.process_key: row.number for row in rows}


def _sentence(text: str) -> str:
    words = " ".join(text.replace("\0", "").split())
    if not words or len(words) > LONGEST:
        raise SayWhatIsWrong(most=LONGEST)
    return words
