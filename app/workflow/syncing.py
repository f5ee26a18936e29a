"""After the engine stopped: the rows of the case follow, by difference, never rebuilt."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Executable, bindparam, delete, insert, update

from app.kernel import outbox
from app.kernel.db import after_commit
from app.kernel.faults import contained
from app.kernel.writes import Writes
from app.workflow import facts, halted, history, incident_rows, packing, task_rows
from app.workflow.facts import CaseFacts
from app.workflow.records import FINISHED, OPEN, CaseNumber, MessageWait, ProcessInstance, TimerDue
from app.workflow.spiff.calls import WaitingMessage, WaitingTimer
from app.workflow.spiff.execution import Execution
from app.workflow.spiff.sandbox import contract
from app.workflow.steps import Step

_SAVED = ["edition", "status", "state", "ended_at", "business_key", "subject", "scope", "numbers"]
_SAVE = (
    update(ProcessInstance)
    .where(ProcessInstance.id == bindparam("case"))
    .values({name: bindparam(f"new_{name}") for name in _SAVED})
)
_DROP_TIMER = delete(TimerDue).where(
    TimerDue.instance_id == bindparam("case"), TimerDue.token == bindparam("gone")
)
_DROP_WAIT = delete(MessageWait).where(
    MessageWait.instance_id == bindparam("case"), MessageWait.token == bindparam("gone")
)
_ADD_TIMER, _ADD_WAIT, _ADD_NUMBER = insert(TimerDue), insert(MessageWait), insert(CaseNumber)


@dataclass(frozen=True)
class Changes:
    """What people notice: tasks that opened or went away undone, incidents that opened."""

    opened: list[dict[str, Any]]
    withdrawn: list[tuple[int, str]]
    incidents: list[int]
    facts: CaseFacts


def sync(step: Step, execution: Execution, writes: Writes) -> Changes:
    """Let inbox, timers, waits, messages, incidents, history and the case follow the engine.

    What was noted in `writes` before is sent with it.
    """
    found = _facts(step, execution)
    opened, withdrawn = task_rows.sync(step, execution.waiting_people(), found, writes)
    timers = _sync_timers(step, execution.waiting_timers(), writes)
    _sync_waits(step, execution.waiting_messages(), writes)
    _send(step, execution)
    incidents = incident_rows.sync(step, is_over=execution.is_finished)
    halted.sync(step, execution)
    writes.note(history.ADD, history.of_step(step, execution, withdrawn, timers))
    _save(step, execution, found, writes)
    writes.send()
    return Changes(opened, withdrawn, incidents, found)


def drop_waits(step: Step) -> None:
    """Nothing of this case waits any longer: it was cancelled."""
    writes = Writes()
    _sync_timers(step, [], writes)
    _sync_waits(step, [], writes)
    writes.send()


def _facts(step: Step, execution: Execution) -> CaseFacts:
    return facts.read(step.case.blueprint.parsed.properties, execution.data)


def _sync_timers(step: Step, waiting: Iterable[WaitingTimer], writes: Writes) -> list[WaitingTimer]:
    """Timers that are new, or due at another instant than before."""
    now = {each.token: each for each in waiting}
    known = step.before.timers
    changed = [each for token, each in now.items() if known.get(token) != each.due]
    gone = [token for token in known if token not in now or known[token] != now[token].due]
    _drop(_DROP_TIMER, step, gone, writes)
    rows = [
        {
            "instance_id": step.case.id,
            "token": each.token,
            "element_id": each.element_id,
            "due_at": each.due,
            "try_at": each.due,
            "failures": 0,
        }
        for each in changed
    ]
    if rows:
        writes.note(_ADD_TIMER, rows)
    return changed


def _sync_waits(step: Step, waiting: Iterable[WaitingMessage], writes: Writes) -> None:
    now = {each.token: each for each in waiting}
    known = step.before.messages
    new = [each for token, each in now.items() if token not in known]
    _drop(_DROP_WAIT, step, [token for token in known if token not in now], writes)
    rows = [
        {
            "instance_id": step.case.id,
            "token": each.token,
            "element_id": each.element_id,
            "name": each.name,
            "correlation": each.correlation,
        }
        for each in new
    ]
    if rows:
        writes.note(_ADD_WAIT, rows)
    for each in new:
        call = partial(outbox.call_kept, each.name, each.correlation)
        after_commit(partial(contained, call))


def _drop(statement: Executable, step: Step, gone: list[str], writes: Writes) -> None:
    if gone:
        writes.note(statement, [{"case": step.case.id, "gone": token} for token in gone])


def _send(step: Step, execution: Execution) -> None:
    for sent in execution.sent:
        key = f"{step.case.id}:{sent.key}"
        payload = contract.plain(sent.payload or {})
        outbox.announce(sent.name, sent.correlation, payload, key=key)


def _save(step: Step, execution: Execution, found: CaseFacts, writes: Writes) -> None:
    over = execution.is_finished
    values = {
        "edition": step.edition,
        "status": FINISHED if over else OPEN,
        "state": packing.packed(contract.plain(execution.data)) if over else execution.save(),
        "ended_at": step.at if over else None,
        "business_key": found.business_key,
        "subject": found.subject,
        "scope": found.scope,
        "numbers": _add_numbers(step, found.numbers, writes),
    }
    row = {f"new_{name}": value for name, value in values.items()}
    writes.note(_SAVE, {"case": step.case.id, **row})


def _add_numbers(step: Step, numbers: str | None, writes: Writes) -> str | None:
    """Make the case found under its new numbers; the old ones keep finding it."""
    if numbers == step.case.numbers:
        return numbers
    known = facts.listed(step.case.numbers)
    new = facts.listed(numbers) - known
    if new:
        rows = [{"number": each, "instance_id": step.case.id} for each in sorted(new)]
        writes.note(_ADD_NUMBER, rows)
    return "\n".join(sorted(known | new)) or None
