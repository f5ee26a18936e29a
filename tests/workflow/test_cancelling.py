"""A case ended by hand: who may, why is asked, nothing waits, and who held a task is told."""

from typing import Any

import pytest
from sqlalchemy import select

from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.workflow import claims, effects, history, instances, notices, opened, unseen
from app.workflow.cancelling import NobodySaysHow, NotByHand
from app.workflow.closed import CaseCancelled
from app.workflow.ending import NoReasonToCancel
from app.workflow.records import EffectRow, ProcessInstance
from app.workflow.rights import NotYourRole
from app.workflow.spiff.findings import ParseRefused
from tests.builders.office import a_person
from tests.diagrams import bpmn, call, catch, parallel, service, start, timer, user
from tests.workflow import effects as told
from tests.workflow.play import Case, deploy, tell

KEEPER = {"Warehouse keeper": "count again"}
WAITING = bpmn(
    "d",
    parallel("split"),
    user("count"),
    user("again"),
    timer("rest", after="'PT1H'"),
    catch("answered", "answer", into="answer", correlation="sku"),
    parallel("join"),
    flows="""begin -> split
split -> count -> join
split -> again -> join
split -> rest -> join
split -> answered -> join
join -> done""",
    lanes=KEEPER,
)


@effects.effect
def put_back(sku: str, reason: str) -> str:
    """What these processes tidy."""
    told.calls.append(f"{sku}: {reason}")
    if "put_back" in told.broken:
        raise told.broken["put_back"]
    return sku


def booked(**properties: Any) -> bytes:
    """A case that booked something and waits to be counted."""
    return bpmn(
        "d",
        service("book", "effects.book", sku="sku", quantity="1"),
        user("count"),
        flows="begin -> book -> count -> done",
        lanes={"Warehouse keeper": "count"},
        **properties,
    )


def cancel(case: Case, by: Person | None, reason: str = "Begun twice") -> None:
    in_transaction(lambda: instances.cancel(case.id, reason, by.id if by else None))


def a_case(diagram: bytes) -> Case:
    deploy(diagram, "d", {"count": "counted"})
    return Case.start("d", {"sku": "FLOUR"})


def test_nothing_of_it_waits_and_who_held_a_task_is_told(
    bruno: Person, ines: Person, olga: Person
) -> None:
    case = a_case(WAITING)
    count = case.task("count")
    in_transaction(lambda: claims.claim(count, bruno))

    cancel(case, olga)

    assert (case.open, case.timers, case.waits) == ([], [], [])
    (line,) = in_transaction(lambda: unseen.lines(bruno.id))
    assert (line.kind, line.subject_id, line.by_id) == (notices.CANCELLED, case.id, olga.id)
    assert in_transaction(lambda: unseen.lines(ines.id)) == []
    with pytest.raises(CaseCancelled, match="Olga cancelled this case"):
        in_transaction(lambda: opened.task(count, bruno))


def test_who_cancelled_it_and_why_stands_in_its_history(bruno: Person, olga: Person) -> None:
    case = a_case(WAITING)

    cancel(case, olga, "  Begun\0 twice ")

    found = history.cancellation(case.id)
    assert found
    assert (found.person, found.detail["reason"]) == ("Olga", "Begun twice")


@pytest.mark.parametrize("reason", ["", " \n", "x" * 501])
def test_without_a_reason_a_case_goes_on(bruno: Person, olga: Person, reason: str) -> None:
    case = a_case(WAITING)

    with pytest.raises(NoReasonToCancel):
        cancel(case, olga, reason)

    assert case.open == ["again", "count"]


def test_what_it_called_ends_with_it(bruno: Person, olga: Person) -> None:
    called = bpmn(
        "inner",
        user("count"),
        timer("rest", after="'PT1H'"),
        parallel("split"),
        flows="begin -> split\nsplit -> count -> done\nsplit -> rest -> done",
        lanes={"Warehouse keeper": "count"},
    )
    outer = bpmn("d", call("inside", "inner"), flows="begin -> inside -> done")
    deploy(outer, "d", inner__bpmn=called)
    case = Case.start("d")
    assert (case.open, len(case.timers)) == (["count"], 1)

    cancel(case, olga)

    assert (case.status, case.open, case.timers) == ("cancelled", [], [])


def test_a_message_that_comes_later_finds_nobody(bruno: Person, olga: Person) -> None:
    case = a_case(WAITING)
    cancel(case, olga)

    tell("answer", "FLOUR", {"ok": True})

    assert case.status == "cancelled"
    assert case.story[-1][0] == "withdrawn"


def test_what_was_done_already_must_be_tidied_by_somebody(bruno: Person, olga: Person) -> None:
    case = a_case(booked())

    with pytest.raises(NobodySaysHow):
        cancel(case, olga)

    assert case.open == ["count"]


def test_the_effect_its_process_names_tidies_once_and_is_told(bruno: Person, olga: Person) -> None:
    case = a_case(booked(cancel="test_cancelling.put_back"))

    cancel(case, olga)

    assert told.calls == ["FLOUR:1", "FLOUR: Begun twice"]
    row = db.session.get_one(EffectRow, f"{case.id}:cancellation:0")
    assert (row.person_id, row.result) == (olga.id, "FLOUR")
    (moment,) = (one for one in history.of(case.id) if one.element_id == "cancellation")
    assert moment.effect
    assert moment.effect.name == "test_cancelling.put_back"


def test_a_refusal_of_what_tidies_leaves_everything_open(bruno: Person, olga: Person) -> None:
    case = a_case(booked(cancel="test_cancelling.put_back"))
    told.broken["put_back"] = told.NotEnough(left=2)

    with pytest.raises(told.NotEnough):
        cancel(case, olga)

    assert (case.status, case.open) == ("open", ["count"])


def test_a_process_that_must_not_be_cancelled_says_what_to_do(bruno: Person, olga: Person) -> None:
    case = a_case(booked(cancel__instead="Count it."))

    with pytest.raises(NotByHand) as refused:
        cancel(case, olga)

    assert refused.value.facts["instead"] == {"en": "Count it."}


def test_what_others_asked_for_is_not_given_up_by_hand_either(bruno: Person, olga: Person) -> None:
    wanted = bpmn(
        "d",
        start("begin", message="wanted"),
        user("count"),
        flows="begin -> count -> done",
        lanes={"Warehouse keeper": "count"},
        cancel__instead="Count it.",
    )
    deploy(wanted, "d", {"count": "counted"})
    tell("wanted", "FLOUR", {"sku": "FLOUR"})
    case = Case(db.session.scalars(select(ProcessInstance.id)).one())

    with pytest.raises(NotByHand):
        cancel(case, olga)


def test_the_roles_a_process_names_may_end_it_at_their_place(bruno: Person, chloe: Person) -> None:
    diagram = bpmn(
        "d",
        user("count"),
        flows="begin -> count -> done",
        lanes={"Warehouse keeper": "count"},
        cancel__by="buyer",
    )
    deploy(diagram, "d", {"count": "counted"})
    case = Case.start("d", {"scope": "site:MAIN"})
    elsewhere = a_person("emil", "buyer", scope="site:NORTH")

    for person in (bruno, elsewhere):
        with pytest.raises(NotYourRole):
            cancel(case, person)
    cancel(case, chloe)

    assert case.status == "cancelled"


def test_a_process_that_names_no_effect_of_ours_is_not_published(bruno: Person) -> None:
    with pytest.raises(ParseRefused, match=r"no effect effects\.nowhere"):
        deploy(booked(cancel="effects.nowhere"), "d", {"count": "counted"})
