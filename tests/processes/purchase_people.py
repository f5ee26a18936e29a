"""Everybody of the purchase line, and what they do next on any day, chosen by dice."""

from collections.abc import Callable
from functools import partial
from random import Random

from sqlalchemy import select

from app.identity import people
from app.kernel.db import db
from app.kernel.errors import Refusal
from app.workflow import completion, opened
from app.workflow.records import Task
from tests.processes import any_answers, seldom
from tests.processes.any_answers import Answers
from tests.processes.purchase_answers import ANSWERS
from tests.processes.purchase_beginnings import BEGINNINGS
from tests.processes.purchase_company import STAFF, seller_of

_RECENT, _MANY = 25, 1_000
# Credits and answers come by post, and who signs large sums is seldom there: such steps lie.
_LYING = frozenset(
    {"record_credit", "record_charge_credit", "await_answer", "approve_bill"}
    | {"approve_as_manager", "decide_in_their_place"}
)
_LEFT_LYING = 0.7


def a_deed(dice: Random) -> Callable[[], object]:
    """Something somebody does next, each in one transaction: most often a task of the inbox."""
    if dice.random() < 0.8:
        job = a_completion(dice)
        if job is not None:
            return job
    begin = seldom.choice(dice, "beginning", BEGINNINGS) if dice.random() < 0.3 else None
    return partial(begin or dice.choice(BEGINNINGS), Random(dice.getrandbits(32)))


def a_completion(dice: Random) -> Callable[[], object] | None:
    """Somebody answers one of the open tasks: a young one, one of a kind seldom done, or any."""
    kind = dice.choice(("young", "seldom", "seldom", "any"))
    query = select(Task.id, Task.element_id).order_by(Task.id.desc())
    rows = db.session.execute(query.limit(_RECENT if kind == "young" else _MANY)).all()
    if dice.random() < _LEFT_LYING:
        rows = [row for row in rows if row.element_id not in _LYING]
    if not rows:
        return None
    wanted = {row.element_id for row in rows}
    if kind == "seldom":
        wanted = {seldom.choice(dice, "task", sorted(wanted))}
    task_id = dice.choice([row.id for row in rows if row.element_id in wanted])
    name = _someone_for(task_id, dice)
    return partial(_complete, task_id, name, _answers_to(task_id, name, dice))


def task_of(deed: Callable[[], object]) -> int | None:
    """The task a deed completes; none when it begins something."""
    is_completion = isinstance(deed, partial) and deed.func is _complete
    return int(deed.args[0]) if is_completion and isinstance(deed, partial) else None


def _someone_for(task_id: int, dice: Random) -> str:
    found = db.session.execute(select(Task.role, Task.scope).filter_by(id=task_id)).first()
    role, scope = found or ("", "")
    if role == "supplier":
        return seller_of(scope)
    able = [name for name, roles in STAFF.items() if role in roles]
    return dice.choice(able if able and dice.random() < 0.95 else list(STAFF))


def _answers_to(task_id: int, name: str, dice: Random) -> Answers:
    """What `name` would write into the task; nothing when it is not for their eyes."""
    try:
        task = opened.task(task_id, people.named(name))
    except Refusal:
        return {}
    own = ANSWERS.get(task.element.id)
    if own is not None:
        return own(task.data, dice)
    return any_answers.answers(task.element.id, task.form, task.data, dice) if task.form else {}


def _complete(task_id: int, name: str, answers: Answers) -> None:
    completion.complete_task(task_id, answers, by=people.named(name))
