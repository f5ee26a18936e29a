"""How the story is played: the clock is turned, timers fire on the way, people complete tasks."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.identity import people
from app.kernel import clock
from app.kernel.db import db, end_look, in_transaction
from app.workflow import completion, instances, messages, opened, timers
from app.workflow.records import CaseNumber, Task, TimerDue

TAIPEI = ZoneInfo("Asia/Taipei")
T = TypeVar("T")


class Stage:
    """The story so far; events are played in the order of their instants."""

    def __init__(self, present: datetime) -> None:
        self._present = present

    def at(self, *, days_ago: int = 0, hours_ago: float = 0.0, clock_time: str = "") -> datetime:
        """An instant before the present: so many hours ago, or a Taipei time some days ago."""
        if not clock_time:
            return self._present - timedelta(hours=hours_ago)
        hour, minute = map(int, clock_time.split(":"))
        day = self._present.astimezone(TAIPEI) - timedelta(days=days_ago)
        return day.replace(hour=hour, minute=minute, second=0, microsecond=0)

    def play(self, at: datetime, event: Callable[[], T]) -> T:
        """Let everything due before `at` happen, then `event`."""
        let_time_pass(at)
        with clock.turned_to(at):
            result = event()
            _deliver()
        return result

    def complete(self, at: datetime, who: str, what: str, number: str, **answers: object) -> None:
        """`who` completes the task `what` of the case found under `number`, or the newest."""
        self.play(at, lambda: complete(who, what, number, **answers))


def begin(process: str, who: str, **data: object) -> int:
    """`who` begins a case; its id."""
    by = people.named(who).id
    end_look()
    case = in_transaction(lambda: instances.start(process, data, by=by).id)
    _deliver()
    return case


def complete(who: str, what: str, number: str | int, **answers: object) -> None:
    """`who` completes the oldest task `what` of the case found under `number`, or the newest."""

    def step() -> None:
        task_id = open_task(what, number) if number else newest(what)
        completion.complete_task(task_id, answers, by=people.named(who))

    in_transaction(step)
    _deliver()


def sheet(who: str, what: str, number: str | int) -> dict[str, Any]:
    """What `who` sees who opens the task `what` of the case found under `number`."""
    end_look()
    return dict(opened.task(open_task(what, number), people.named(who)).data)


def waits(what: str, number: str | int) -> int:
    """How many tasks `what` are open in the cases found under `number`."""
    end_look()
    return len(_tasks(what, number))


def day(ahead: int) -> str:
    """The day so many days from the turned one, as forms and files write it."""
    return (today() + timedelta(days=ahead)).isoformat()


def today() -> date:
    """The turned day in Taipei."""
    return clock.now().astimezone(TAIPEI).date()


def newest(element_id: str) -> int:
    """The open task `element_id` that came last."""
    query = select(func.max(Task.id)).where(Task.element_id == element_id)
    return int(db.session.execute(query).scalar_one())


def open_task(element_id: str, number: str | int) -> int:
    """The oldest open task `element_id` of a case, by its id or a number it is found under."""
    found = _tasks(element_id, number)
    if not found:
        raise LookupError(f"{number} has no open task {element_id}")
    return found[0]


def let_time_pass(until: datetime) -> None:
    """Fire every timer due before `until`, each at its own instant."""
    while True:
        end_look()
        due = db.session.scalar(select(func.min(TimerDue.try_at)))
        if due is None or due >= until:
            return
        with clock.turned_to(due + timedelta(seconds=1)):
            timers.fire_due()
            _deliver()


def _deliver() -> None:
    while messages.deliver_pending():
        pass


def _tasks(element_id: str, number: str | int) -> list[int]:
    query = select(Task.id).where(Task.element_id == element_id).order_by(Task.id)
    if isinstance(number, int):
        return list(db.session.scalars(query.where(Task.instance_id == number)))
    cases = select(CaseNumber.instance_id).where(CaseNumber.number == number.upper())
    return list(db.session.scalars(query.where(Task.instance_id.in_(cases))))
