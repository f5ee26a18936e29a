"""A task that closes in the instant somebody opens it."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.identity import people
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.workflow import cases, completion, opened
from app.workflow.cases import Case as Kept
from app.workflow.closed import AlreadyDone
from app.workflow.opened import OpenTask
from app.workflow.records import ProcessInstance
from app.workflow.spiff.faults import UnknownState
from tests.diagrams import bpmn, user
from tests.workflow.play import Case, deploy
from tests.workflow.together import together

TWO = bpmn(
    "two",
    user("first"),
    user("second"),
    flows="begin -> first -> second -> done",
    lanes={"Buyer": "first second"},
)
ONE = bpmn("one", user("first"), flows="begin -> first -> done", lanes={"Buyer": "first"})


@pytest.mark.parametrize("diagram", [TWO, ONE], ids=["goes_on", "ends"])
@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)
def test_who_opens_a_task_while_it_closes_reads_who_finished_it(
    app: Flask,
    chloe: Person,
    diagram: bytes,
    database_kind: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = "two" if diagram is TWO else "one"
    deploy(diagram, key)
    task = Case.start(key).task("first")
    monkeypatch.setattr(cases, "read", _closing(app, task, chloe.id, cases.read))

    if database_kind == "sqlite":  # a look sees the house as it was when the look began
        assert isinstance(opened.task(task, chloe), OpenTask)
    else:
        with pytest.raises(AlreadyDone, match="Chloe finished this"):
            opened.task(task, chloe)


def test_a_state_that_is_broken_is_a_fault_and_no_closed_task(chloe: Person) -> None:
    deploy(TWO, "two")
    case = Case.start("two")

    def spoil() -> None:
        db.session.get_one(ProcessInstance, case.id).state = b"x0"

    task = case.task("first")
    in_transaction(spoil)

    with pytest.raises(UnknownState):
        opened.task(task, chloe)


def _closing(
    app: Flask, task: int, person_id: int, read: Callable[[int], Kept | None]
) -> Callable[[int], Kept | None]:
    """Reads the case a moment after somebody completed its task."""

    def complete() -> object:
        person = people.get(person_id)
        assert person
        return in_transaction(lambda: completion.complete_task(task, {}, by=person))

    def late(instance_id: int) -> Kept | None:
        (done,) = together(app, [complete])
        assert not isinstance(done, Exception), done
        return read(instance_id)

    return late
