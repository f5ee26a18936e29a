"""One server process: starts cases and completes tasks until it is killed, acknowledging each."""

import os
import random
import signal
import traceback
from dataclasses import dataclass

from sqlalchemy import select

from app.config import Settings
from app.factory import create_app
from app.identity.people import Person
from app.kernel import cause
from app.kernel.db import db, in_transaction
from app.kernel.errors import Refusal
from app.workflow import completion, instances
from app.workflow.records import Task
from tests.kill import company

READY = "ready"
_STEPS = {"pick_unit": ("DOCK", "SHELF"), "confirm_unit": ("SHELF", "VAN")}


@dataclass(frozen=True)
class Worker:
    """A forked process; `acknowledged` is the reading end of its pipe."""

    pid: int
    acknowledged: int

    def kill(self) -> list[str]:
        """End it as a power cut would; what it had acknowledged until then.

        Raises:
            RuntimeError: it had ended by itself, which no worker should.
        """
        os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        if not os.WIFSIGNALED(status):
            raise RuntimeError("a worker ended by itself; its traceback is above")
        with os.fdopen(self.acknowledged) as pipe:
            return [line.strip() for line in pipe]


def fork(url: str, name: str, *, planted: bool) -> Worker:
    """A worker on `url`, as the person `name`; returns once it is at work."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        try:
            _work(url, name, writing, planted=planted)
        finally:
            traceback.print_exc()
            os._exit(1)
    os.close(writing)
    os.read(reading, len(READY) + 1)
    return Worker(pid, reading)


def _work(url: str, name: str, writing: int, *, planted: bool) -> None:
    company.faults["planted"] = planted
    app = create_app(Settings(database_url=url, secret_key="only for tests"))
    with app.app_context():
        person = company.worker(name)
        os.write(writing, f"{READY}\n".encode())
        while True:
            os.write(writing, f"case {company.a_case()}\n".encode())
            for task_id in _some_tasks():
                if _completed(task_id, person, planted=planted):
                    os.write(writing, f"task {task_id}\n".encode())


def _some_tasks() -> list[int]:
    """A few of the newest open tasks; the other worker may want them too."""
    found = list(db.session.scalars(select(Task.id).order_by(Task.id.desc()).limit(6)))
    random.shuffle(found)
    return found[:3]


def _completed(task_id: int, person: Person, *, planted: bool) -> bool:
    try:
        if planted:
            _effect_on_its_own(task_id)
        in_transaction(lambda: completion.complete_task(task_id, {}, by=person))
    except Refusal:
        return False
    return True


def _effect_on_its_own(task_id: int) -> None:
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
