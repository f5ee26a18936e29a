"""Approval of an order: by amount, side by side, in time, by somebody else, or in their place."""

from datetime import timedelta

import pytest

from app.domain.catalog.products import Sku
from app.domain.sourcing import order_approvals
from app.domain.sourcing.order_approvals import DecidedAlready, OwnOrder, ReasonNeeded
from app.identity import memberships, people, substitutions
from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.kernel.errors import NotFound
from app.workflow import history, inbox, incidents
from app.workflow.nudges import URGENT
from app.workflow.rights import NotYourRole, SomeoneElseMust
from tests.processes.ordering import a_purchase, paid_before, version
from tests.processes.play import break_down, priority, wait_for_next_timer
from tests.workflow.play import Case


@pytest.fixture
def known_price(flour: Sku) -> None:
    """FLOUR has cost 10 before."""
    paid_before(flour, "10")


@pytest.fixture
def gina(chloe: Person) -> Person:
    """Runs the company."""

    def step() -> Person:
        person = people.add("gina", name="Gina")
        memberships.grant(person, "general_manager")
        return person

    return in_transaction(step)


@pytest.fixture
def middle(flour: Sku, chloe: Person, known_price: None) -> Case:
    """30,000: above the buyer's limit, within the manager's."""
    return a_purchase(flour, 3_000, by=chloe)


@pytest.fixture
def large(flour: Sku, chloe: Person, known_price: None) -> Case:
    """300,000: above the manager's limit."""
    return a_purchase(flour, 30_000, by=chloe)


@pytest.mark.usefixtures("known_price")
@pytest.mark.parametrize(
    ("quantity", "waiting"),
    [
        (2_000, []),
        (2_001, ["approve_as_manager"]),
        (20_000, ["approve_as_manager"]),
        (20_001, ["approve_as_finance", "approve_as_manager"]),
    ],
)
def test_the_amount_decides_who_is_asked(
    flour: Sku, chloe: Person, quantity: int, waiting: list[str]
) -> None:
    case = a_purchase(flour, quantity, by=chloe)

    assert [step for step in case.open if step.startswith("approve")] == waiting


def test_with_the_managers_approval_the_order_is_issued(middle: Case, petra: Person) -> None:
    _decide(middle, "manager", petra)

    assert version(middle).state == "issued"


def test_a_large_order_waits_for_both(large: Case, petra: Person, fiona: Person) -> None:
    _decide(large, "finance", fiona)
    assert large.open == ["approve_as_manager"]

    _decide(large, "manager", petra)

    assert version(large).state == "issued"
    given = [(row.level, row.decision) for row in order_approvals.of(version(large))]
    assert given == [("finance", "approve"), ("manager", "approve")]


@pytest.mark.parametrize("decision", ["send_back", "refuse"])
def test_one_no_brings_a_large_order_back_at_once(
    large: Case, fiona: Person, decision: str
) -> None:
    _decide(large, "finance", fiona, decision, "No budget")

    assert large.open == ["correct_order"]
    (told,) = large.data["order"]["decisions"]
    assert (told["person"], told["decision"], told["reason"]) == ("Fiona", decision, "No budget")


@pytest.mark.parametrize("decision", ["send_back", "refuse"])
def test_one_no_after_a_yes_brings_a_large_order_back(
    large: Case, petra: Person, fiona: Person, decision: str
) -> None:
    _decide(large, "finance", fiona)
    _decide(large, "manager", petra, decision, "Too many")

    assert large.open == ["correct_order"]
    assert [told["decision"] for told in large.data["order"]["decisions"]] == ["approve", decision]


def test_who_says_no_says_why(middle: Case, petra: Person) -> None:
    with pytest.raises(ReasonNeeded):
        _decide(middle, "manager", petra, "refuse")

    assert middle.open == ["approve_as_manager"]


def test_who_wrote_the_order_does_not_approve_it(middle: Case, chloe: Person) -> None:
    in_transaction(lambda: memberships.grant(chloe, "purchasing_manager", "site:MAIN"))

    with pytest.raises(SomeoneElseMust):
        _decide(middle, "manager", chloe)


def test_one_person_is_not_both_levels(large: Case, petra: Person) -> None:
    in_transaction(lambda: memberships.grant(petra, "finance", "site:MAIN"))
    _decide(large, "manager", petra)

    with pytest.raises(SomeoneElseMust):
        _decide(large, "finance", petra)


def test_buyers_do_not_approve(middle: Case, chloe: Person) -> None:
    with pytest.raises(NotYourRole):
        _decide(middle, "manager", chloe)


def test_after_four_hours_the_manager_is_reminded(middle: Case) -> None:
    wait_for_next_timer(middle)

    assert priority(middle, "approve_as_manager") == URGENT
    assert middle.open == ["approve_as_manager"]


@pytest.mark.parametrize("level", ["manager", "finance"])
def test_after_eight_hours_the_general_manager_decides(
    large: Case, petra: Person, fiona: Person, gina: Person, level: str
) -> None:
    other, by = ("finance", fiona) if level == "manager" else ("manager", petra)
    _decide(large, other, by)

    wait_for_next_timer(large)
    wait_for_next_timer(large)

    assert large.open == ["decide_in_their_place"]
    _decide(large, "general", gina)
    assert version(large).state == "issued"
    given = [(row.level, row.person_id) for row in order_approvals.of(version(large))]
    assert given == [(other, by.id), (level, gina.id)]


@pytest.mark.usefixtures("petra", "fiona")
def test_one_general_manager_answers_for_both_who_are_silent(large: Case, gina: Person) -> None:
    _let_all_be_silent(large)

    assert large.open == ["decide_in_their_place"]
    _decide(large, "general", gina)

    assert version(large).state == "issued"
    given = [(row.level, row.person_id) for row in order_approvals.of(version(large))]
    assert given == [("manager", gina.id), ("finance", gina.id)]


@pytest.mark.usefixtures("petra", "fiona")
@pytest.mark.parametrize("decision", ["send_back", "refuse"])
def test_one_no_for_both_brings_the_order_back(large: Case, gina: Person, decision: str) -> None:
    _let_all_be_silent(large)
    with pytest.raises(ReasonNeeded):
        _decide(large, "general", gina, decision)

    _decide(large, "general", gina, decision, "Not this month")

    assert large.open == ["correct_order"]


def test_who_decided_as_finance_does_not_decide_for_the_manager(large: Case, gina: Person) -> None:
    in_transaction(lambda: memberships.grant(gina, "finance"))
    _decide(large, "finance", gina)
    _let_all_be_silent(large)

    with pytest.raises(SomeoneElseMust):
        _decide(large, "general", gina)


def test_who_wrote_the_order_does_not_decide_in_their_place(large: Case, chloe: Person) -> None:
    in_transaction(lambda: memberships.grant(chloe, "general_manager"))
    _let_all_be_silent(large)

    with pytest.raises(SomeoneElseMust):
        _decide(large, "general", chloe)


def test_working_time_counts_not_the_night(middle: Case) -> None:
    reminder, step_up = sorted(middle.timers)

    assert reminder.strftime("%a %H:%M") == "Mon 13:00"
    assert step_up.strftime("%a %H:%M") == "Tue 09:00"


def test_a_substitute_decides_and_both_names_are_kept(
    middle: Case, petra: Person, fiona: Person
) -> None:
    _stand_in(petra, by=fiona)
    (row,) = in_transaction(lambda: inbox.page(fiona).rows)
    assert row.element_id == "approve_as_manager"

    _decide(middle, "manager", fiona)

    (given,) = order_approvals.of(version(middle))
    assert (given.person_id, given.for_person_id) == (fiona.id, petra.id)
    answered = [each for each in history.of(middle.id) if each.element_id == "approve_as_manager"]
    assert [(each.person, each.stood_in_for) for each in answered] == [("Fiona", "Petra")]


def test_a_substitute_does_nothing_before_and_after_the_period(
    middle: Case, petra: Person, dov: Person
) -> None:
    _stand_in(petra, by=dov, days_ahead=1)
    with pytest.raises(NotFound):
        _decide(middle, "manager", dov)

    with clock.turned_to(clock.now() + timedelta(days=3)), pytest.raises(NotFound):
        _decide(middle, "manager", dov)


def test_a_substitute_of_the_writer_does_not_approve_the_writers_order(
    middle: Case, chloe: Person, dov: Person
) -> None:
    in_transaction(lambda: memberships.grant(chloe, "purchasing_manager", "site:MAIN"))
    _stand_in(chloe, by=dov)

    with pytest.raises(OwnOrder):
        _decide(middle, "manager", dov)


def test_a_substitute_on_both_sides_is_still_one_person(
    large: Case, petra: Person, fiona: Person
) -> None:
    _stand_in(petra, by=fiona)
    _decide(large, "finance", fiona)

    with pytest.raises((SomeoneElseMust, DecidedAlready)):
        _decide(large, "manager", fiona)


def test_a_broken_decision_is_kept_and_recorded_later(
    middle: Case, petra: Person, fiona: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stand_in(petra, by=fiona)
    monkeypatch.setattr(order_approvals, "decide", break_down)
    _decide(middle, "manager", fiona)
    assert order_approvals.of(version(middle)) == []

    monkeypatch.undo()
    (incident,) = middle.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    (given,) = order_approvals.of(version(middle))
    assert (given.person_id, given.for_person_id) == (fiona.id, petra.id)
    assert version(middle).state == "issued"


def _decide(
    case: Case,
    level: str,
    by: Person,
    decision: str = "approve",
    reason: str = "",
) -> None:
    answers = {f"{level}_decision": decision, f"{level}_reason": reason}
    step = "decide_in_their_place" if level == "general" else f"approve_as_{level}"
    case.complete(step, by=by, **answers)


def _let_all_be_silent(case: Case) -> None:
    while "decide_in_their_place" not in case.open:
        wait_for_next_timer(case)


def _stand_in(absent: Person, *, by: Person, days_ahead: int = 0) -> None:
    begins_at = clock.now() + timedelta(days=days_ahead)
    in_transaction(
        lambda: (
            substitutions.name(
                absent, by, begins_at=begins_at, ends_at=begins_at + timedelta(days=1), by=absent.id
            ).id
        )
    )
    db.session.rollback()
