"""Messages between cases: kept, delivered right after the sender's commit, consumed once."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Select, select

from app.kernel import clock, outbox
from app.kernel.db import after_commit, db, end_look, in_transaction
from app.kernel.faults import Fault, contained
from app.kernel.outbox import ATTEMPTS, Message, backoff
from app.workflow import cases, incident_rows, instances, running
from app.workflow.host import CaseHost
from app.workflow.records import Definition, MessageStart, MessageWait
from app.workflow.spiff.execution import Execution
from app.workflow.spiff.faults import NotWaiting
from app.workflow.steps import MESSAGE, Trigger

PENDING, UNMATCHED, CONSUMED, FAILED = "pending", "unmatched", "consumed", "failed"
DISMISSED = "dismissed"
# After the sender's commit its own process delivers at once; the clockwork is the fallback.
_GRACE = timedelta(seconds=5)


class NoLongerWaiting(LookupError):
    """The case that was to have the message went on a moment before; look again."""


def listen() -> None:
    """Deliver each message right after the commit of its sender."""
    outbox.on_announcement(deliver)


def send(name: str, correlation: str, payload: Mapping[str, object], *, key: str) -> bool:
    """Keep a message; False when one with this key was sent before."""
    return outbox.announce(name, correlation, payload, key=key)


def deliver_pending(limit: int = 50) -> int:
    """Deliver what its sender could not, each message in its own transaction."""
    late = clock.now() - _GRACE
    return _deliver_each(select(Message.id).where(Message.try_at <= late), limit)


def deliver_kept(limit: int = 50) -> int:
    """Deliver what came too early and is waited for by now; read case by waiting case.

    Whoever begins to wait asks for it right after their commit. This is for those who could not.
    """
    waited_for = (MessageWait.name == Message.name) & (
        MessageWait.correlation == Message.correlation
    )
    kept = select(Message.id).join(MessageWait, waited_for).where(Message.status == UNMATCHED)
    return _deliver_each(kept.distinct(), limit)


def deliver(message_id: int) -> bool:
    """Bring one message to the case that waits for it, or begin one; whether it was consumed.

    Many deliveries of one message change nothing more than the first. A fault is counted
    outside the step that was rolled back, and tried again later.
    """
    outcome = contained(partial(_tried, message_id))
    if not isinstance(outcome, Fault):
        return outcome
    in_transaction(partial(_note_failure, message_id, outcome.error))
    return False


def deliver_after(message_id: int | None) -> None:
    """Deliver once the open step is committed."""
    if message_id is not None:
        after_commit(partial(contained, partial(deliver, message_id)))


def unmatched(limit: int = 100) -> list[Message]:
    """Messages nobody waits for and somebody should, the newest first."""
    query = select(Message).where(Message.status == UNMATCHED, ~Message.is_news)
    return list(db.session.scalars(query.order_by(Message.id.desc()).limit(limit)))


def _deliver_each(query: Select[int], limit: int) -> int:
    found = list(db.session.scalars(query.order_by(Message.id).limit(limit)))
    end_look()
    return sum(deliver(each) for each in found)


def _tried(message_id: int) -> bool:
    try:
        return in_transaction(partial(_deliver, message_id))
    except NoLongerWaiting:
        return in_transaction(partial(_deliver, message_id))


def _deliver(message_id: int) -> bool:
    message = db.session.get(Message, message_id, with_for_update=True, populate_existing=True)
    if message is None or message.status in {CONSUMED, DISMISSED}:
        return False
    consumer = _bring(message) or _begin(message)
    if consumer is None:
        message.status, message.try_at = UNMATCHED, None
        return False
    message.status, message.try_at, message.consumer_id = CONSUMED, None, consumer
    message.payload = None  # history keeps it with the case
    return True


def _bring(message: Message) -> int | None:
    """Hand it to the first case that waits for it.

    Raises:
        NoLongerWaiting: the case went on while it was waited for; another one may wait still.
    """
    wanted = (MessageWait.name == message.name, MessageWait.correlation == message.correlation)
    first = select(MessageWait.instance_id).where(*wanted).order_by(MessageWait.instance_id)
    instance_id = db.session.scalar(first.limit(1))
    if instance_id is None:
        return None
    case = cases.lock(instance_id)
    own = select(MessageWait.element_id).where(*wanted, MessageWait.instance_id == instance_id)
    element_id = db.session.scalar(own.limit(1))
    if case is None or element_id is None:
        raise NoLongerWaiting(message.name)
    trigger = Trigger(MESSAGE, element_id, detail=_detail(message))
    running.run(case, trigger, partial(_hand_over, case, message))
    return case.id


def _hand_over(case: cases.Case, message: Message, host: CaseHost) -> Execution:
    execution = Execution.load(case.blueprint.parsed, case.state or b"", host)
    if not execution.deliver(message.name, message.correlation, _payload(message)):
        raise NotWaiting(message.name)
    return execution


def _begin(message: Message) -> int | None:
    """Begin a case of the process that starts with this message."""
    query = (
        select(Definition, MessageStart.element_id)
        .join(MessageStart, MessageStart.definition_id == Definition.id)
        .where(MessageStart.name == message.name)
    )
    found = db.session.execute(query).first()
    if found is None:
        return None
    definition, element_id = found
    trigger = Trigger(MESSAGE, detail=_detail(message))
    return instances.begin(definition, _payload(message), at=element_id, trigger=trigger).id


def _payload(message: Message) -> dict[str, Any]:
    return dict(message.payload) if isinstance(message.payload, dict) else {}


def _detail(message: Message) -> dict[str, object]:
    return {
        "name": message.name,
        "correlation": message.correlation,
        "payload": message.payload,
        "message_id": message.id,
    }


def _note_failure(message_id: int, error: Exception) -> None:
    message = db.session.get(Message, message_id, with_for_update=True, populate_existing=True)
    if message is None or message.status == CONSUMED:
        return
    message.failures += 1
    message.status = PENDING
    message.try_at = clock.now() + backoff(message.failures)
    if message.failures >= ATTEMPTS:
        message.status, message.try_at = FAILED, None
        values = {"kind": "message", "message_id": message.id, "failures": ATTEMPTS, "try_at": None}
        incident_rows.open_one(values, error, clock.now())
