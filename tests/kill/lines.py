"""What workers do until they are killed: shelve flour, or the whole purchase line."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select

from app.config import ROOT
from app.identity.people import Person
from app.kernel import cause, clock
from app.kernel.db import db, in_transaction
from app.kernel.errors import Refusal
from app.workflow import completion, effects, instances, messages, shipping
from app.workflow.effects import Run
from app.workflow.records import ProcessInstance, Task
from tests.kill import company
from tests.processes import purchase_people as staff
from tests.processes.purchase_beginnings import sell
from tests.processes.purchase_company import found_company

_STEPS = {"pick_unit": ("DOCK", "SHELF"), "confirm_unit": ("SHELF", "VAN")}
_SALE = "purchase_days.sell"


@dataclass(frozen=True)
class Work:
    """How a company is founded, and what one person does next: each yield was committed."""

    found: Callable[[], None]
    turn: Callable[[Person], Iterator[str]]


def shelving(person: Person) -> Iterator[str]:
    """A case is begun, and some of the newest tasks are done."""
    yield f"case {company.a_case()}"
    for task_id in _some_tasks():
        if not _refused(partial(_shelved, task_id, person)):
            yield f"task {task_id}"


def buying(_person: Person) -> Iterator[str]:
    """Somebody of the purchase line does something; now and then a customer takes goods."""
    dice = random.Random()
    if dice.random() < 0.2:
        sale = partial(_sold, dice.getrandbits(32))
        _refused(lambda: in_transaction(sale))
    db.session.rollback()
    job = staff.a_deed(dice)
    db.session.rollback()
    if not _refused(lambda: in_transaction(job)):
        task_id = staff.task_of(job)
        if task_id is not None:
            yield f"task {task_id}"
    messages.deliver_pending()
    yield from _newest_case()


def _found_buyers() -> None:
    in_transaction(lambda: shipping.deploy_folder(ROOT))
    in_transaction(found_company)


WORK = {
    "shelving": Work(lambda: company.found(1_000_000), shelving),
    "purchase": Work(_found_buyers, buying),
}
effects._REGISTERED[_SALE] = sell


def _some_tasks() -> list[int]:
    """A few of the newest open tasks; the other worker may want them too."""
    found = list(db.session.scalars(select(Task.id).order_by(Task.id.desc()).limit(6)))
    random.shuffle(found)
    return found[:3]


def _newest_case() -> Iterator[str]:
    """What everybody can see was committed by somebody."""
    newest = db.session.scalar(select(ProcessInstance.id).order_by(ProcessInstance.id.desc()))
    if newest is not None:
        yield f"case {newest}"


def _refused(deed: Callable[[], object]) -> bool:
    try:
        deed()
    except Refusal:
        return True
    return False


def _shelved(task_id: int, person: Person) -> None:
    if company.faults["planted"]:
        _moved_on_its_own(task_id)
    in_transaction(lambda: completion.complete_task(task_id, {}, by=person))


def _sold(seed: int) -> None:
    by = cause.Cause(f"7:sale:{seed}", 7, "sale", None)
    effects.happen(Run(_SALE, {"seed": seed}, by, 1, clock.now()))


def _moved_on_its_own(task_id: int) -> None:
    """The planted fault: the goods move first, and the completion is another transaction."""
    task = db.session.get(Task, task_id)
    if task is None:
        return
    unit = instances.data(task.instance_id)["unit"]
    source, target = _STEPS[task.element_id]
    acting = cause.Cause(
        f"{task.instance_id}:planted:{random.random()}", task.instance_id, "", None
    )

    def move() -> None:
        with cause.acting(acting):
            company.carry_now(unit, source, target)

    in_transaction(move)
