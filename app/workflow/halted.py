"""What a person's step began with that stopped at an incident, for as long as it can be undone."""

from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, LargeBinary, String, delete, exists, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Json, Model, RowId, connection, db
from app.workflow.records import EffectRow
from app.workflow.spiff.execution import Execution
from app.workflow.spiff.sandbox import contract
from app.workflow.steps import COMPLETED, RETRIED, Step


class HaltedStep(Model):
    """One for a case: its state before the step, and what was answered; gone when it goes on."""

    __tablename__ = "halted_step"

    instance_id: Mapped[int] = mapped_column(
        RowId, ForeignKey("process_instance.id"), primary_key=True, autoincrement=False
    )
    edition: Mapped[int]
    task_id: Mapped[int] = mapped_column(RowId)
    token: Mapped[str] = mapped_column(String(100))
    element_id: Mapped[str] = mapped_column(String(100))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[bytes] = mapped_column(LargeBinary)


class Halted(NamedTuple):
    """As it was kept: the task that was done, by whom, with which answers; the state before it."""

    instance_id: int
    edition: int
    task_id: int
    token: str
    element_id: str
    person_id: int
    answers: dict[str, Any]
    state: bytes


_KEPT = select(*(getattr(HaltedStep, name) for name in Halted._fields))


def sync(step: Step, execution: Execution) -> None:
    """Keep a completion that stopped before anything came of it; forget it when the case moves.

    A retry that fails again before anything happened moves nothing.
    """
    if not step.before.incidents and not step.failures:
        return
    trigger = step.trigger
    failing = {each.element_id for each in step.failures}
    if trigger.kind == RETRIED and trigger.retried in failing and not execution.passed:
        return
    forget(step.case.id)
    if trigger.kind == COMPLETED and failing and not execution.sent and not _changed(step):
        _keep(step)


def of(instance_id: int) -> Halted | None:
    """The step at whose end the case stands still, if it can be undone."""
    found = connection().execute(_KEPT.where(HaltedStep.instance_id == instance_id)).first()
    return Halted(*found) if found else None


def forget(instance_id: int) -> None:
    """The case went on, or ended."""
    db.session.execute(delete(HaltedStep).filter_by(instance_id=instance_id))


def _changed(step: Step) -> bool:
    """Whether an effect happened before the one that failed."""
    case_id = step.case.id
    own = (EffectRow.key >= f"{case_id}:", EffectRow.key < f"{case_id};")
    found = select(exists().where(*own, EffectRow.edition == step.edition))
    return bool(db.session.scalar(found))


def _keep(step: Step) -> None:
    trigger = step.trigger
    tokens = {row_id: token for token, row_id in step.before.tasks.items()}
    row = {
        "instance_id": step.case.id,
        "edition": step.edition,
        "task_id": trigger.task_id,
        "token": tokens[trigger.task_id or 0],
        "element_id": trigger.element_id,
        "person_id": trigger.person_id,
        "answers": contract.plain(dict(trigger.answers)),
        "state": step.case.state,
    }
    db.session.execute(insert(HaltedStep).values(row))
