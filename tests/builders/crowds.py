"""Several people doing something at the same instant, each on a connection of their own."""

from collections.abc import Callable, Sequence
from threading import Barrier, Thread

from flask import Flask

from app.kernel.db import db
from app.kernel.errors import Refusal
from tests.builders.steps import in_a_step


def all_at_once(app: Flask, steps: Sequence[Callable[[], object]]) -> list[Refusal | None]:
    """Run each step in a thread and transaction of its own; what each was told, None for yes.

    Anything but a refusal is raised here.
    """
    answers: list[BaseException | None] = [None] * len(steps)
    start = Barrier(len(steps))

    def run(at: int) -> None:
        with app.app_context():
            start.wait()
            try:
                in_a_step(steps[at])
            except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
                answers[at] = error
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=(at,)) for at in range(len(steps))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [_refusal(answer) for answer in answers]


def _refusal(answer: BaseException | None) -> Refusal | None:
    if answer is None or isinstance(answer, Refusal):
        return answer
    raise answer
