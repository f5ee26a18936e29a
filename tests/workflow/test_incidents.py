"""What breaks is undone and waits; what the person did survives."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.kernel.patience import Busy
from app.workflow import history, incidents, instances
from app.workflow.incidents import AlreadyResolved
from app.workflow.records import EffectRow
from app.workflow.rights import NotYourRole
from tests.builders.office import a_person
from tests.diagrams import bpmn, each, parallel, script, service, timer, user
from tests.workflow import effects
from tests.workflow.play import Case, deploy
from tests.workflow.test_timers import spoil

BOOKING = bpmn(
    "booking",
    user("count"),
    service("book", "effects.book", result="receipt", sku="'S'", quantity="int(counted)"),
    user("put_away"),
    flows="begin -> count -> book -> put_away -> done",
    lanes={"Warehouse keeper": "count put_away"},
)


@pytest.fixture
def case(bruno: Person) -> Case:
    deploy(BOOKING, "booking", {"count": "counted"})
    return Case.start("booking")


def test_a_broken_effect_does_not_lose_the_persons_completion(case: Case, bruno: Person) -> None:
    effects.broken["book"] = RuntimeError("the printer is on fire")

    came_of_it = case.complete("count", by=bruno, counted="5")

    assert case.open == []
    assert case.data["counted"] == "5"
    (incident,) = case.incidents
    assert came_of_it.incidents == [incident.id]
    assert (incident.element_id, incident.kind) == ("book", "fault")
    assert "the printer is on fire" in incident.sentence
    assert "effects.py" in incident.trace
    assert happened() == 0


def test_an_operator_retries_and_the_case_goes_on(case: Case, bruno: Person, olga: Person) -> None:
    effects.broken["book"] = RuntimeError("no")
    case.complete("count", by=bruno, counted="5")
    (incident,) = case.incidents
    number = incident.id

    assert not in_transaction(lambda: incidents.retry(number, by=olga.id))
    assert case.incidents[0].failures == 2
    effects.reset()
    assert in_transaction(lambda: incidents.retry(number, by=olga.id))

    assert case.open == ["put_away"]
    assert case.incidents == []
    assert happened() == 1
    with pytest.raises(AlreadyResolved):
        in_transaction(lambda: incidents.retry(number, by=olga.id))
    assert ("retried", "book") in case.story


def test_an_effect_that_returns_what_cannot_be_kept_is_at_fault(case: Case, bruno: Person) -> None:
    effects.returned["book"] = object()

    case.complete("count", by=bruno, counted="5")

    (incident,) = case.incidents
    assert incident.kind == "fault"
    assert happened() == 0


def test_only_an_operator_retries(case: Case, bruno: Person) -> None:
    effects.broken["book"] = RuntimeError("no")
    case.complete("count", by=bruno, counted="5")
    number = case.incidents[0].id

    with pytest.raises(NotYourRole):
        in_transaction(lambda: incidents.retry(number, by=bruno.id))


def test_an_effect_that_already_happened_is_repeated_only_on_demand(
    case: Case, bruno: Person, olga: Person
) -> None:
    effects.broken["book"] = RuntimeError("no")
    case.complete("count", by=bruno, counted="5")
    number, key = case.incidents[0].id, case.incidents[0].effect_key
    assert key == f"{case.id}:book:0"
    effects.reset()
    in_transaction(lambda: db.session.add(already(key)))

    in_transaction(lambda: incidents.retry(number, by=olga.id))

    assert effects.calls == []
    assert case.data["receipt"] == {"booked": "before"}


def test_a_restarted_effect_happens_again_under_a_key_of_its_own(
    case: Case, bruno: Person, olga: Person
) -> None:
    effects.broken["book"] = RuntimeError("no")
    case.complete("count", by=bruno, counted="5")
    number, key = case.incidents[0].id, case.incidents[0].effect_key
    effects.reset()
    in_transaction(lambda: db.session.add(already(key)))

    in_transaction(lambda: incidents.retry(number, by=olga.id, restart_effect=True))

    assert effects.calls == ["S:5"]
    keys = sorted(each.key for each in history.effects_of(case.id))
    assert keys == [f"{case.id}:book:0", f"{case.id}:book:0!1"]


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_deadlock_inside_an_effect_runs_the_whole_step_again(case: Case, bruno: Person) -> None:
    effects.broken["book"] = effects.Deadlock()

    case.complete("count", by=bruno, counted="5")

    assert case.incidents == []
    assert effects.calls == ["S:5", "S:5"]
    assert happened() == 1


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_lock_an_effect_waits_for_in_vain_is_no_incident(case: Case, bruno: Person) -> None:
    effects.broken["book"] = effects.Locked()

    with pytest.raises(Busy):
        case.complete("count", by=bruno, counted="5")

    assert (case.open, case.incidents, happened()) == (["count"], [], 0)
    effects.reset()
    case.complete("count", by=bruno, counted="5")
    assert happened() == 1


def test_the_clock_retries_with_growing_patience_and_stops_after_five(
    case: Case, bruno: Person
) -> None:
    effects.broken["book"] = RuntimeError("no")
    case.complete("count", by=bruno, counted="5")
    tried = []

    for minutes in (0, 1, 2, 5, 10, 20, 60):
        with clock.turned_to(clock.now() + timedelta(minutes=minutes)):
            tried.append(incidents.retry_due())

    assert tried[0] == 0
    assert sum(tried) == 4
    assert (case.incidents[0].failures, case.incidents[0].try_at) == (5, None)


def test_the_clock_mends_what_was_only_passing(case: Case, bruno: Person) -> None:
    effects.broken["book"] = RuntimeError("no")
    case.complete("count", by=bruno, counted="5")
    effects.reset()

    with clock.turned_to(clock.now() + timedelta(minutes=1)):
        assert incidents.retry_due() == 1

    assert case.open == ["put_away"]


def test_a_case_that_cannot_even_be_read_is_not_tried_for_ever(case: Case, bruno: Person) -> None:
    effects.broken["book"] = RuntimeError("no")
    case.complete("count", by=bruno, counted="5")
    spoil(case)

    for minutes in (1, 2, 5, 10, 20, 60):
        with clock.turned_to(clock.now() + timedelta(minutes=minutes)):
            incidents.retry_due()

    (incident,) = case.incidents
    assert (incident.failures, incident.try_at) == (5, None)


def test_an_operator_of_another_place_neither_retries_nor_cancels(bruno: Person) -> None:
    deploy(BOOKING, "booking", {"count": "counted"})
    case = Case.start("booking", {"scope": "site:DAYUAN"})
    effects.broken["book"] = RuntimeError("no")
    case.complete("count", by=bruno, counted="5")
    (incident,) = case.incidents
    number = incident.id
    elsewhere = a_person("kai", "operator", scope="site:ZHONGLI")
    here = a_person("lee", "operator", scope="site:DAYUAN")

    with pytest.raises(NotYourRole, match="the role operator"):
        in_transaction(lambda: incidents.retry(number, by=elsewhere.id))
    with pytest.raises(NotYourRole):
        in_transaction(lambda: instances.cancel(case.id, "no", elsewhere.id))
    in_transaction(lambda: instances.cancel(case.id, "no", here.id))

    assert case.status == "cancelled"


def test_a_script_that_fails_waits_as_an_incident_too(bruno: Person) -> None:
    diagram = bpmn(
        "d",
        user("count"),
        script("divide", "share = 10 / int(counted)"),
        user("put_away"),
        flows="begin -> count -> divide -> put_away -> done",
        lanes={"Warehouse keeper": "count put_away"},
    )
    deploy(diagram, "d", {"count": "counted"})
    case = Case.start("d")

    case.complete("count", by=bruno, counted="0")

    assert case.incidents[0].element_id == "divide"
    assert case.data["counted"] == "0"


def test_other_branches_go_on_beside_an_incident(bruno: Person) -> None:
    diagram = bpmn(
        "d",
        parallel("split"),
        user("count"),
        service("book", "effects.book", sku="'S'", quantity="1"),
        user("label"),
        user("stick"),
        parallel("join"),
        flows="""
            begin -> split -> count -> book -> join -> done
            split -> label -> stick -> join
        """,
        lanes={"Warehouse keeper": "count label stick"},
    )
    deploy(diagram, "d")
    effects.broken["book"] = RuntimeError("no")
    case = Case.start("d")
    case.complete("count", by=bruno)
    calls = len(effects.calls)

    case.complete("label", by=bruno)
    case.complete("stick", by=bruno)

    assert len(effects.calls) == calls
    assert len(case.incidents) == 1
    effects.reset()
    in_transaction(lambda: incidents.retry(case.incidents[0].id, by=None))
    assert case.status == "finished"


def test_two_broken_branches_are_two_incidents(bruno: Person) -> None:
    diagram = bpmn(
        "d",
        user("count"),
        parallel("split"),
        service("book", "effects.book", sku="'S'", quantity="1"),
        service("book_more", "effects.book", sku="'T'", quantity="1"),
        parallel("join"),
        flows="begin -> count -> split -> book -> join -> done\nsplit -> book_more -> join",
        lanes={"Warehouse keeper": "count"},
    )
    deploy(diagram, "d")
    effects.broken["book"] = RuntimeError("no")
    case = Case.start("d")

    case.complete("count", by=bruno)

    assert [incident.element_id for incident in case.incidents] == ["book", "book_more"]


def test_of_many_items_one_broken_one_is_retried_and_none_is_doubled(bruno: Person) -> None:
    diagram = bpmn(
        "d",
        user("count"),
        each(service("weigh", "effects.weigh", item="item"), "items", item="item"),
        flows="begin -> count -> weigh -> done",
        lanes={"Warehouse keeper": "count"},
    )
    deploy(diagram, "d")
    case = Case.start("d", {"items": ["a", "bb", "ccc"]})
    effects.broken["bb"] = RuntimeError("no")
    case.complete("count", by=bruno)
    effects.reset()

    in_transaction(lambda: incidents.retry(case.incidents[0].id, by=None))

    assert case.status == "finished"
    assert sorted(each.arguments["item"] for each in history.effects_of(case.id)) == [
        "a",
        "bb",
        "ccc",
    ]


def test_a_refusal_that_nobody_reads_is_an_incident(bruno: Person) -> None:
    diagram = bpmn(
        "d",
        timer("wait", after="'PT1H'"),
        service("book", "effects.book", sku="'S'", quantity="1"),
        flows="begin -> wait -> book -> done",
        lanes={"Warehouse keeper": "wait book"},
    )
    deploy(diagram, "d")
    effects.broken["book"] = effects.NotEnough(left=2)
    case = Case.start("d")

    case.pass_time()

    (incident,) = case.incidents
    assert (incident.kind, incident.sentence) == ("refusal", "Only 2 are left.")


def test_starting_a_case_survives_a_broken_effect_as_well(bruno: Person) -> None:
    diagram = bpmn(
        "d",
        service("book", "effects.book", sku="'S'", quantity="1"),
        flows="begin -> book -> done",
    )
    deploy(diagram, "d")
    effects.broken["book"] = RuntimeError("no")

    case = Case.start("d")

    assert case.status == "open"
    effects.reset()
    in_transaction(lambda: incidents.retry(case.incidents[0].id, by=None))
    assert case.status == "finished"


def already(key: str | None) -> EffectRow:
    return EffectRow(
        key=key,
        name="effects.book",
        edition=1,
        at=clock.now(),
        arguments={},
        result={"booked": "before"},
    )


def happened() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(EffectRow)) or 0
