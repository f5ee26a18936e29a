"""Half-filled answers: one draft for each person and task, kept until they are used."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import bindparam, delete, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import connection, db
from app.kernel.errors import N_, NotFound, Refusal
from app.workflow import closed, rights
from app.workflow.records import Task, TaskDraft

KEPT_FOR = timedelta(days=30)
_LARGEST = 1_000_000
_FORGET = delete(TaskDraft).where(
    TaskDraft.task_id == bindparam("task"), TaskDraft.person_id == bindparam("person")
)
# Of a task that is selected, whether the one who is bound as `person` has a draft.
HAS_ONE = exists().where(TaskDraft.task_id == Task.id, TaskDraft.person_id == bindparam("person"))


class DraftTooLarge(Refusal):
    """Nobody types a megabyte."""

    code = "draft_too_large"
    message = N_("This draft is too large to keep. Finish a part of it first.")
    status = 413


class NothingAside(Refusal):
    """What was typed since is newer than what was put aside."""

    code = "nothing_aside"
    message = N_("There is no draft to bring back: something else was typed since, or it is gone.")


def save(task_id: int, answers: Mapping[str, object], by: Person) -> None:
    """Keep what `by` has typed so far; it survives errors, reload, sign-out, and being too late."""
    if len(repr(answers)) > _LARGEST:
        raise DraftTooLarge
    _check_has_seen(task_id, by)
    insert = (postgresql if db.engine.dialect.name == "postgresql" else sqlite).insert
    row = {"answers": dict(answers), "saved_at": clock.now(), "is_aside": False}
    statement = insert(TaskDraft).values(task_id=task_id, person_id=by.id, **row)
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["task_id", "person_id"], set_=row)
    )


def of(task_id: int, by: Person) -> dict[str, object] | None:
    """What `by` had typed, if anything."""
    query = select(TaskDraft.answers).filter_by(task_id=task_id, person_id=by.id, is_aside=False)
    return db.session.scalar(query)


def forget(task_id: int, person_id: int) -> None:
    """The draft was used, or a program throws it away."""
    connection().execute(_FORGET, {"task": task_id, "person": person_id})


def put_aside(task_id: int, by: Person) -> None:
    """Start afresh: the form is as it was, until the draft is wanted back or another is kept.

    Raises:
        NotFound: the task is none of theirs.
    """
    _mark(task_id, by, is_aside=True)


def restore(task_id: int, by: Person) -> None:
    """Fill in again what was put aside.

    Raises:
        NotFound: the task is none of theirs.
        NothingAside: something else was typed since, or it is gone.
    """
    if not _mark(task_id, by, is_aside=False):
        raise NothingAside


def _mark(task_id: int, by: Person, *, is_aside: bool) -> bool:
    """Whether there was a draft to mark."""
    _check_has_seen(task_id, by)
    own = update(TaskDraft).filter_by(task_id=task_id, person_id=by.id, is_aside=not is_aside)
    result = db.session.execute(own.values(is_aside=is_aside))
    return bool(getattr(result, "rowcount", 0))


def forget_old() -> None:
    """Drafts nobody came back to."""
    db.session.execute(delete(TaskDraft).where(TaskDraft.saved_at < clock.now() - KEPT_FOR))


def _check_has_seen(task_id: int, by: Person) -> None:
    """A draft is of a task the person may see, open or over."""
    query = select(Task.role, Task.scope, Task.holder_id, Task.excluded, Task.claimed_at)
    found = connection().execute(query.where(Task.id == task_id)).first()
    if found is not None:
        rights.check_sees(by, rights.Asked(*found))
    elif not closed.may_know(task_id, by):
        raise NotFound
