"""The supplier answers an order themselves, or tells a buyer; whoever is first."""

import pytest

from app.domain.catalog.products import Sku
from app.domain.sourcing.answers import DayMissing, DayPassed, PartsExceed
from app.domain.supply import promises
from app.identity.people import Person
from app.kernel.errors import NotFound
from app.workflow.forms.errors import InvalidAnswers
from tests.processes.following import (
    a_sent_order,
    answer,
    asked_to_confirm,
    order_of,
    promised,
)
from tests.workflow.play import Case


@pytest.fixture
def asked(flour: Sku) -> Case:
    """40 FLOUR at 10, wanted by 1 July."""
    return asked_to_confirm(a_sent_order(flour, 40))


def test_supplier_and_buyer_may_both_answer(asked: Case) -> None:
    assert asked.open == ["confirm_order", "record_answer"]


def test_what_the_supplier_confirms_takes_the_buyers_task_away(asked: Case, sven: Person) -> None:
    answer(asked, sven)

    assert asked.status == "finished"
    assert asked.data["confirmation"]["outcome"] == "confirmed"


def test_a_buyer_writes_down_what_was_said_on_the_telephone(asked: Case, chloe: Person) -> None:
    row = {"quantity": "40", "unit_price": "10", "promised_on": "2026-06-20"}
    heard = {"spoke_with": "Ms Wu", "lines": [row], "parts": [], "supplier_note": ""}

    asked.complete("record_answer", by=chloe, confirmation=heard)

    order = asked.data["order"]
    kept = promises.confirmed(order_of(order))
    assert kept is not None
    assert (kept.channel, kept.person_id) == ("telephone", chloe.id)
    assert promised(order) == [("2026-06-20", 40)]


def test_another_supplier_knows_nothing_of_it(asked: Case, nora: Person) -> None:
    with pytest.raises(NotFound):
        answer(asked, nora)


def test_a_line_may_come_on_several_days(asked: Case, sven: Person) -> None:
    answer(asked, sven, day="2026-06-30", parts=(("2026-06-10", 15), ("2026-06-20", 5)))

    assert promised(asked.data["order"]) == [
        ("2026-06-10", 15),
        ("2026-06-20", 5),
        ("2026-06-30", 20),
    ]


def test_parts_are_never_more_than_the_line(asked: Case, sven: Person) -> None:
    with pytest.raises(PartsExceed):
        answer(asked, sven, parts=(("2026-06-10", 41),))

    assert asked.open == ["confirm_order", "record_answer"]


def test_what_is_confirmed_has_a_day(asked: Case, sven: Person) -> None:
    with pytest.raises(DayMissing):
        answer(asked, sven, day="")


def test_a_day_that_passed_is_no_promise(asked: Case, sven: Person) -> None:
    with pytest.raises((DayPassed, InvalidAnswers)):
        answer(asked, sven, day="2026-05-01")

    assert "confirm_order" in asked.open
