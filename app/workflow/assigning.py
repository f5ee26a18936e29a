"""Handing a task to a colleague: by who holds it, or by a manager of its role; kept for ever."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.identity import memberships, people
from app.identity.people import Person
from app.kernel import append_only, clock
from app.kernel.db import Instant, Model, RowId, db
from app.kernel.errors import N_, NotAllowed, Refusal
from app.workflow import claims, notices, rights
from app.workflow.records import Task, TaskDraft


class Assignment(Model):
    """Somebody handed a task on; `to_id` is None when it went back to its role."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index("ix_assignment_task_id", "task_id"),
        Index("ix_assignment_instance_id", "instance_id"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    task_id: Mapped[int] = mapped_column(RowId)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    element_id: Mapped[str] = mapped_column(String(100))
    from_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class NotYoursToHandOn(NotAllowed):
    """A task is handed on by who holds it."""

    code = "not_yours_to_hand_on"
    message = N_("Only who holds this task, or a manager of its role, hands it to a colleague.")


class NobodyToTakeIt(Refusal):
    """Whoever gets a task must be able to do it."""

    code = "nobody_to_take_it"
    message = N_("“{username}” cannot do this task. Choose a colleague who can: {others}.")
    status = 422


class TheyDidAnEarlierStep(Refusal):
    """Four eyes hold for who gets a task, too."""

    code = "they_did_an_earlier_step"
    message = N_("{name} did an earlier step of this case, so someone else must do this: {others}.")


class NothingToTakeBack(Refusal):
    """Undo is honest only while nothing was built on it."""

    code = "nothing_to_take_back"
    message = N_("This cannot be taken back: the task went on, or somebody works on it already.")


def assign(task_id: int, username: str, *, by: Person) -> Person:
    """Let the colleague who signs in as `username` hold the task, and tell them; returns them.

    Raises:
        NotFound, AlreadyDone, NoLongerNeeded: there is no such open task for these eyes.
        NotYoursToHandOn: `by` neither holds it nor manages its role.
        NobodyToTakeIt, TheyDidAnEarlierStep: the colleague may not do it.
    """
    task = claims.locked(task_id, by)
    rights.check_sees(by, task)
    if not may_hand_on(task, by):
        raise NotYoursToHandOn
    colleague = _colleague(task, username, by)
    if colleague.id != task.holder_id:
        _hand(task_id, task.holder_id, colleague.id, by)
        notices.tell(colleague.id, notices.ASSIGNED, task_id, by=by)
    return colleague


def take_back(task_id: int, *, by: Person) -> None:
    """Undo one's own last handing on, while the colleague has not begun.

    Raises:
        NothingToTakeBack: it was somebody else's, or something came of it.
    """
    task = claims.locked(task_id, by)
    rights.check_sees(by, task)
    latest = select(Assignment).filter_by(task_id=task_id).order_by(Assignment.id.desc())
    last = db.session.scalar(latest.limit(1))
    if last is None or last.by_id != by.id or last.to_id is None or last.to_id != task.holder_id:
        raise NothingToTakeBack
    if _has_begun(task_id, last):
        raise NothingToTakeBack
    may_have_it = last.from_id and not rights.is_excluded(task.excluded, last.from_id)
    _hand(task_id, last.to_id, last.from_id if may_have_it else None, by)
    notices.take_back(last.to_id, notices.ASSIGNED, task_id)


def may_hand_on(task: rights.Asked, person: Person) -> bool:
    """Whether the person holds the task, or manages its role."""
    return task.holder_id == person.id or rights.manages(
        memberships.of(person.id), task.role, task.scope
    )


def candidates(task: rights.Asked, by: Person) -> list[Person]:
    """The colleagues who could take the task, by name."""
    return [
        one
        for one in memberships.who_may(task.role, task.scope)
        if one.id not in {by.id, task.holder_id}
        and one.party == by.party
        and not rights.is_excluded(task.excluded, one.id)
    ]


def of_case(instance_id: int) -> list[Assignment]:
    """Every handing on in a case, the oldest first."""
    query = select(Assignment).filter_by(instance_id=instance_id)
    return list(db.session.scalars(query.order_by(Assignment.id)))


def _colleague(task: rights.Asked, username: str, by: Person) -> Person:
    others = ", ".join(one.name for one in candidates(task, by)[:4]) or "–"
    person = people.by_username(username)
    is_near = person is not None and person.party == by.party
    if person is None or not is_near or not _holds(person, task):
        raise NobodyToTakeIt(username=username, others=others)
    if rights.is_excluded(task.excluded, person.id):
        raise TheyDidAnEarlierStep(name=person.name, others=others)
    return person


def _holds(person: Person, task: rights.Asked) -> bool:
    return rights.holds(memberships.of(person.id), task.role, task.scope)


def _hand(task_id: int, from_id: int | None, to_id: int | None, by: Person) -> None:
    claims.hold(task_id, to_id)
    row = db.session.execute(select(Task.instance_id, Task.element_id).filter_by(id=task_id)).one()
    kept = Assignment(
        task_id=task_id,
        instance_id=row.instance_id,
        element_id=row.element_id,
        from_id=from_id,
        to_id=to_id,
        by_id=by.id,
        at=clock.now(),
    )
    db.session.add(kept)


def _has_begun(task_id: int, last: Assignment) -> bool:
    typed = select(TaskDraft.task_id).filter_by(task_id=task_id, person_id=last.to_id)
    return db.session.scalar(typed.where(TaskDraft.saved_at >= last.at)) is not None
