"""Many people at one case, at one instant."""

from functools import partial

import pytest
from flask import Flask
from sqlalchemy import text

from app.identity import people
from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.workflow import completion, inbox, messages, timers
from app.workflow.closed import AlreadyDone
from app.workflow.completion import Completion
from tests.builders.office import a_person
from tests.diagrams import bpmn, each, timer, user
from tests.workflow.play import Case, deploy
from tests.workflow.test_messages import RECEIVING
from tests.workflow.together import together

APPROVALS = bpmn(
    "approvals",
    each(user("approve"), "items", item="item", output="votes", output_item="vote"),
    user("sum_up"),
    flows="begin -> approve -> sum_up -> done",
    lanes={"Buyer": "approve sum_up"},
)


def done(task_id: int, person_id: int, **answers: object) -> Completion:
    person = people.get(person_id)
    assert person
    return in_transaction(lambda: completion.complete_task(task_id, answers, by=person))


def test_ten_people_complete_ten_parallel_tasks_at_the_same_instant(app: Flask) -> None:
    deploy(APPROVALS, "approvals", {"approve": "vote"})
    voters = [a_person(f"p{number}", "buyer").id for number in range(10)]
    case = Case.start("approvals", {"items": list(range(10))})
    tasks = case.tasks("approve")

    results = together(
        app,
        [partial(done, task, who, vote=str(who)) for task, who in zip(tasks, voters, strict=True)],
    )

    assert all(isinstance(result, Completion) for result in results), results
    assert case.open == ["sum_up"]
    assert sorted(case.data["votes"], key=int) == sorted(map(str, voters), key=int)


def test_of_ten_people_at_one_task_one_wins_and_nine_read_who(app: Flask, bruno: Person) -> None:
    deploy(APPROVALS, "approvals", {"approve": "vote"})
    people_ids = [a_person(f"p{number}", "buyer").id for number in range(10)]
    case = Case.start("approvals", {"items": [1, 2]})
    task = case.task("approve")

    results = together(app, [partial(done, task, who, vote="yes") for who in people_ids])

    assert sum(isinstance(result, Completion) for result in results) == 1
    assert sum(isinstance(result, AlreadyDone) for result in results) == 9
    assert case.open == ["approve"]


def test_two_who_ask_for_the_next_task_get_two(app: Flask) -> None:
    deploy(APPROVALS, "approvals", {"approve": "vote"})
    asking = [a_person(f"p{number}", "buyer").id for number in range(4)]
    Case.start("approvals", {"items": [1, 2, 3]})

    def next_one(person_id: int) -> int | None:
        person = people.get(person_id)
        assert person
        return in_transaction(lambda: inbox.claim_next(person))

    claimed = together(app, [partial(next_one, who) for who in asking])

    assert len([each for each in claimed if isinstance(each, int)]) == 3
    assert len(set(claimed)) == 4
    assert None in claimed


def test_two_workers_deliver_one_message_once(app: Flask) -> None:
    deploy(RECEIVING, "receiving")

    def send() -> int:
        payload = {"asn_no": "A-1"}
        messages.send("asn_announced", "A-1", payload, key="asn:A-1")
        db.session.info["after_commit"].clear()
        return 1

    in_transaction(send)
    number = db.session.execute(text("SELECT id FROM message")).scalar_one()
    db.session.rollback()

    delivered = together(app, [partial(messages.deliver, number) for _ in range(6)])

    assert sorted(map(bool, delivered)) == [False] * 5 + [True]
    assert db.session.execute(text("SELECT count(*) FROM process_instance")).scalar() == 1


def test_two_workers_fire_one_timer_once(app: Flask) -> None:
    deploy(
        bpmn(
            "d",
            timer("wait", after="'PT1H'"),
            user("work"),
            flows="begin -> wait -> work -> done",
            lanes={"Buyer": "work"},
        ),
        "d",
    )
    case = Case.start("d")

    with clock.turned_to(case.timers[0]):
        fired = together(app, [timers.fire_due] * 4)

    assert sum(each for each in fired if isinstance(each, int)) == 1
    assert case.open == ["work"]


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_timer_that_meets_a_busy_case_stays_due(app: Flask) -> None:
    diagram = bpmn("d", timer("wait", after="'PT1H'"), flows="begin -> wait -> done")
    deploy(diagram, "d")
    busy, free = Case.start("d"), Case.start("d")

    with clock.turned_to(max(*busy.timers, *free.timers)):
        with db.engine.begin() as other:
            held = text("SELECT 1 FROM process_instance WHERE id = :id FOR UPDATE")
            other.execute(held, {"id": busy.id})
            assert timers.fire_due() == 1
        assert (busy.status, free.status) == ("open", "finished")
        assert timers.fire_due() == 1

    assert busy.status == "finished"
