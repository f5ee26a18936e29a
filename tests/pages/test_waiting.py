"""The first line of a case: who it waits for, how long that usually takes, what comes by itself."""

from datetime import timedelta

import pytest
from flask import Flask

from app.domain.catalog.products import Sku
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.web.cases import awaited
from app.workflow.usual_times import FinishedTask
from tests.builders.demand import an_agreement as agreed
from tests.builders.goods import a_sku
from tests.pages.conftest import a_visitor
from tests.pages.visitor import Visitor
from tests.processes.ordering import a_purchase, paid_before
from tests.processes.play import Delivery, a_delivery


@pytest.fixture
def flour(app: Flask) -> Sku:
    return in_transaction(lambda: a_sku("FLOUR"))


@pytest.fixture
def delivery(flour: Sku, bruno: Visitor) -> Delivery:
    """40 bags of flour, checked in and not counted."""
    delivery = a_delivery((flour, 40))
    delivery.check_in(by=bruno.person)
    return delivery


@pytest.fixture
def maud(app: Flask) -> Visitor:
    """Runs the warehouse."""
    return a_visitor(app, "maud", "warehouse_manager")


def test_the_first_line_says_who_what_and_what_comes_by_itself(
    delivery: Delivery, maud: Visitor
) -> None:
    text = maud.get(f"/cases/{delivery.id}").text

    assert "Waiting 1 minute for Bruno to count delivery; at " in text
    assert "Bruno is reminded." in text
    assert "usually" not in text


def test_several_who_could_are_called_by_their_role(
    delivery: Delivery, maud: Visitor, ines: Visitor
) -> None:
    text = maud.get(f"/cases/{delivery.id}").text

    assert "for the warehouse keeper to count delivery" in text
    assert "the warehouse keeper is reminded." in text


@pytest.mark.parametrize(
    ("role", "called"),
    [
        ("finance", "finance"),
        ("customer_service", "customer service"),
        ("qc_manager", "the QC manager"),
    ],
)
def test_a_role_that_is_a_room_has_no_article(app: Flask, role: str, called: str) -> None:
    with app.test_request_context("/"):
        assert awaited.whose(role, "*") == called


def test_who_has_the_task_is_the_one_who_is_reminded(
    delivery: Delivery, maud: Visitor, ines: Visitor
) -> None:
    ines.post(f"/tasks/{delivery.task('count_delivery')}/claim")

    text = maud.get(f"/cases/{delivery.id}").text

    assert "for Ines to count delivery; at " in text
    assert "Ines is reminded." in text


def test_who_did_an_earlier_step_is_not_the_one_who_waits(
    flour: Sku, app: Flask, chloe: Visitor
) -> None:
    hand = a_visitor(app, "petra", "purchasing_manager", "buyer")
    case = a_purchase(flour, 2_000, "10", by=hand.person)
    a_visitor(app, "pia", "purchasing_manager")

    text = chloe.get(f"/cases/{case.id}").text

    assert "for Pia to approve price" in text


def test_a_supplier_is_reminded_and_the_buyer_asked_after_it(
    flour: Sku, app: Flask, chloe: Visitor, olga: Visitor
) -> None:
    in_transaction(lambda: agreed(flour, price=1).id)
    case = a_purchase(flour, 10, None, by=chloe.person)
    reminded = chloe.get(f"/cases/{case.id}").text

    for _ in range(2):
        case.pass_time()
    asked = chloe.get(f"/cases/{case.id}").text

    assert "for Borea to confirm order; at " in reminded
    assert "Borea is reminded." in reminded
    assert "Chloe is asked: " in asked


def test_after_the_reminder_it_says_who_is_asked_instead(delivery: Delivery, maud: Visitor) -> None:
    delivery.pass_time()

    text = maud.get(f"/cases/{delivery.id}").text

    assert "Maud is asked: Decide on late count." in text


def test_it_says_who_decides_for_those_who_are_silent(
    flour: Sku, app: Flask, chloe: Visitor
) -> None:
    a_visitor(app, "petra", "purchasing_manager")
    a_visitor(app, "gina", "general_manager")
    paid_before(flour, "10")
    case = a_purchase(flour, 3_000, "10", by=chloe.person)
    case.pass_time()

    text = chloe.get(f"/cases/{case.id}").text

    assert "Gina is asked: Decide in their place." in text


def test_what_is_usual_is_said_once_five_were_counted(
    delivery: Delivery, maud: Visitor, bruno: Visitor
) -> None:
    _counted(5, hours=3)

    case = maud.get(f"/cases/{delivery.id}").text
    task = bruno.get(f"/tasks/{delivery.task('count_delivery')}").text

    assert "to count delivery; usually 3 hours; at " in case
    assert "usually 3 hours" in task
    assert "If nobody acts, at " in task


def test_a_long_wait_is_told_in_working_days(delivery: Delivery, maud: Visitor) -> None:
    _counted(5, hours=16)

    assert "usually 2 working days" in maud.get(f"/cases/{delivery.id}").text


def _counted(times: int, *, hours: int) -> None:
    """Counts of earlier weeks; office hours in UTC, eight a day."""
    monday = clock.now() - timedelta(days=clock.now().weekday() + 14)
    opened = monday.replace(hour=9, minute=0, second=0, microsecond=0)
    days, rest = divmod(hours, 8)
    row = {"process_key": "receiving", "element_id": "count_delivery", "scope": "site:MAIN"}
    rows = [
        FinishedTask(
            **row,
            opened_at=opened,
            finished_at=opened + timedelta(days=days, hours=rest),
            task_id=1_000 + number,
        )
        for number in range(times)
    ]
    in_transaction(lambda: db.session.add_all(rows))
