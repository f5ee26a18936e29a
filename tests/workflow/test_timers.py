"""Timers fire by the product's clock, each once, only in the case that is due."""

from datetime import timedelta
from functools import partial

from sqlalchemy import event, text

from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.workflow import incidents, timers
from tests.diagrams import attached, bpmn, first_event, service, timer, user
from tests.workflow import effects
from tests.workflow.play import Case, deploy

CHASED = bpmn(
    "chased",
    user("count"),
    attached("reminded", "count", after="'PT2H'", interrupting=False),
    attached("given_up", "count", after="'PT8H'"),
    user("remind"),
    user("escalate"),
    flows="""
        begin -> count -> done
        reminded -> remind -> done
        given_up -> escalate -> done
    """,
    lanes={"Warehouse keeper": "count", "Buyer": "remind escalate"},
)


def test_a_reminder_leaves_the_task_open_and_the_last_call_takes_it(bruno: Person) -> None:
    deploy(CHASED, "chased")
    case = Case.start("chased")
    assert len(case.timers) == 2

    case.pass_time()
    assert case.open == ["count", "remind"]

    case.pass_time()
    assert case.open == ["escalate", "remind"]
    assert case.timers == []
    assert [each for each in case.story if each[0] in {"timer", "withdrawn"}] == [
        ("timer", "reminded"),
        ("timer", "given_up"),
        ("withdrawn", "count"),
    ]


def test_completing_in_time_takes_the_timers_away(bruno: Person) -> None:
    deploy(CHASED, "chased")
    case = Case.start("chased")

    case.complete("count", by=bruno)

    assert case.timers == []
    assert case.status == "finished"


def test_nothing_fires_before_it_is_due(bruno: Person) -> None:
    deploy(CHASED, "chased")
    case = Case.start("chased")
    first = min(case.timers)

    with clock.turned_to(first - timedelta(seconds=1)):
        assert timers.fire_due() == 0
    with clock.turned_to(first + timedelta(seconds=1)):
        assert timers.fire_due() == 1
        assert timers.fire_due() == 0


def test_of_two_racing_events_the_first_in_time_wins(bruno: Person) -> None:
    diagram = bpmn(
        "d",
        first_event("race"),
        timer("late", after="'PT9H'"),
        timer("early", after="'PT3H'"),
        user("was_late"),
        user("was_early"),
        flows="begin -> race -> late -> was_late -> done\nrace -> early -> was_early -> done",
        lanes={"Warehouse keeper": "was_late was_early"},
    )
    deploy(diagram, "d")
    case = Case.start("d")

    case.pass_time()

    assert case.open == ["was_early"]
    assert case.timers == []


def test_a_tick_costs_the_same_with_one_or_many_open_cases(bruno: Person) -> None:
    deploy(CHASED, "chased")
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    Case.start("chased")
    few = statements_of(statements)
    for _ in range(20):
        Case.start("chased")

    assert statements_of(statements) == few


def test_a_timer_whose_firing_breaks_is_tried_again_and_then_an_incident(
    bruno: Person,
) -> None:
    deploy(CHASED, "chased")
    case = Case.start("chased")
    spoil(case)

    for hours in (4, 5, 6, 7, 8, 9):
        with clock.turned_to(clock.now() + timedelta(days=hours)):
            timers.fire_due()

    kinds = {incident.kind for incident in case.incidents}
    assert kinds == {"timer"}
    assert case.incidents[0].failures == 5


def test_an_operator_sets_a_timer_going_again(bruno: Person, olga: Person) -> None:
    deploy(CHASED, "chased")
    case = Case.start("chased")
    sound = spoil(case)
    for hours in (4, 5, 6, 7, 8, 9):
        with clock.turned_to(clock.now() + timedelta(days=hours)):
            timers.fire_due()
    spoil(case, sound)

    for incident in case.incidents:
        in_transaction(partial(incidents.retry, incident.id, by=olga.id))
    with clock.turned_to(clock.now() + timedelta(days=10)):
        assert timers.fire_due() == 2

    assert case.open == ["escalate", "remind"]


def test_a_broken_effect_behind_a_timer_waits_as_an_incident(bruno: Person) -> None:
    diagram = bpmn(
        "d",
        timer("wait", after="'PT1H'"),
        service("book", "effects.book", sku="'S'", quantity="1"),
        flows="begin -> wait -> book -> done",
    )
    deploy(diagram, "d")
    effects.broken["book"] = RuntimeError("no")
    case = Case.start("d")
    case.pass_time()
    assert [incident.element_id for incident in case.incidents] == ["book"]
    effects.reset()

    in_transaction(lambda: incidents.retry(case.incidents[0].id, by=None))

    assert case.status == "finished"


def statements_of(statements: list[str]) -> int:
    statements.clear()
    timers.fire_due()
    return len(statements)


def spoil(case: Case, state: bytes = b"nonsense") -> bytes:
    """Give the case a state no engine can read; the one it had."""
    own = {"case": case.id}
    look = text("SELECT state FROM process_instance WHERE id = :case")
    had = bytes(in_transaction(lambda: db.session.execute(look, own).scalar_one()))
    change = text("UPDATE process_instance SET state = :state WHERE id = :case")
    in_transaction(lambda: db.session.execute(change, {"state": state, **own}))
    return had
