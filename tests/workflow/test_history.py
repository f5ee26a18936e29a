"""The story of a case: enough to replay it, and never changed."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.workflow import history, instances
from app.workflow.instances import CaseIsOver
from tests.diagrams import bpmn, catch, service, throw, timer, user
from tests.workflow.play import Case, deploy, tell

EVENTFUL = bpmn(
    "d",
    user("count"),
    service("book", "effects.book", result="receipt", sku="sku", quantity="int(counted)"),
    throw("told", "booked", payload="receipt", correlation="sku"),
    timer("rest", after="'PT1H'"),
    catch("answered", "answer", into="answer", correlation="sku"),
    flows="begin -> count -> book -> told -> rest -> answered -> done",
    lanes={"Warehouse keeper": "count"},
)


@pytest.fixture
def case(bruno: Person) -> Case:
    deploy(EVENTFUL, "d", {"count": "counted"})
    return Case.start("d", {"sku": "FLOUR"})


def test_it_keeps_answers_effects_messages_and_timers(case: Case, bruno: Person) -> None:
    case.complete("count", by=bruno, counted="7")
    case.pass_time()
    tell("answer", "FLOUR", {"ok": True})

    moments = {(each.kind, each.element_id): each for each in history.of(case.id)}

    assert moments["started", "begin"].detail["data"] == {"sku": "FLOUR"}
    answered = moments["completed", "count"]
    assert (answered.person, answered.detail["answers"]) == ("Bruno", {"counted": "7"})
    assert answered.detail["sent"] == [["booked", "FLOUR", {"booked": 7}]]
    assert answered.detail["timers"][0][0] == "rest"
    effect = moments["passed", "book"].effect
    assert effect
    assert effect.arguments == {"sku": "FLOUR", "quantity": 7}
    assert effect.result == {"booked": 7}
    assert moments["timer", "rest"].detail["due"]
    assert moments["message", "answered"].detail["payload"] == {"ok": True}
    assert case.status == "finished"


def test_a_number_in_a_ledger_leads_back_to_person_and_step(case: Case, bruno: Person) -> None:
    case.complete("count", by=bruno, counted="7")

    effect = history.effect(f"{case.id}:book:0")

    assert effect
    assert (effect.element_id, effect.instance_id, effect.name) == ("book", case.id, "effects.book")
    moment = history.moment_of(effect)
    assert moment
    assert (moment.person, moment.element_id) == ("Bruno", "count")


@pytest.mark.parametrize("table", ["history", "effect"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET edition = 0"])
def test_the_database_itself_refuses_to_change_it(
    case: Case, bruno: Person, table: str, change: str
) -> None:
    case.complete("count", by=bruno, counted="7")

    with pytest.raises(DBAPIError, match="HOUTAI_APPEND_ONLY"):
        in_transaction(lambda: db.session.execute(text(change.format(table))))


def test_a_cancelled_case_waits_for_nothing_and_says_why(case: Case, olga: Person) -> None:
    in_transaction(lambda: instances.cancel(case.id, "ordered twice", olga.id))

    assert (case.status, case.open, case.timers) == ("cancelled", [], [])
    assert case.story[-2:] == [("cancelled", None), ("withdrawn", "count")]
    assert case.data == {"sku": "FLOUR"}
    with pytest.raises(CaseIsOver):
        in_transaction(lambda: instances.cancel(case.id, "again", olga.id))
