"""Closing a month: what it lacks is seen, one person closes, a second confirms, and it stays so."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from app.domain.catalog.products import Sku
from app.domain.finance import periods
from app.domain.finance.journal import Journal
from app.domain.finance.periods import EarlierMonthOpen, MonthClosed, PeriodNotOver
from app.domain.payables import closing
from app.effects.month_close import BooksNotProven
from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.scheduler.jobs import tell_months_that_ended
from app.workflow import incidents, messages
from app.workflow.rights import SomeoneElseMust
from tests.builders.office import a_person
from tests.processes.play import break_down, cases, priority, the_case, wait_for_next_timer
from tests.processes.returning import authorise, ship, three_rejected
from tests.workflow.play import Case

JUNE = "2026-06"


@pytest.fixture
def june(flour: Sku, bruno: Person, kai: Person) -> None:
    """In June 40 FLOUR came at 12.345, and 3 were rejected; now it is July."""
    three_rejected(flour, counted_by=bruno, inspected_by=kai, price=Decimal("12.345"))
    clock.turn(timedelta(days=31))


def test_the_list_says_what_the_month_lacks(june: None, wang: Person) -> None:
    found = _begun(wang).data["checklist"]

    (row,) = found["accruals"]
    assert (row["sku"], row["quantity"], row["amount"]) == ("FLOUR", "40", "493.80")
    assert (found["accrued"], found["currency"]) == ("493.80", "TWD")
    assert (found["unknown"], found["bills"], found["proof"]) == ([], [], "holds")
    assert found["vouchers"] == 1


def test_two_people_close_a_month(june: None, wang: Person, finn: Person) -> None:
    case = _begun(wang)
    case.complete("close_month", by=wang, closing_way="close", remark="One bill is missing")

    with pytest.raises(SomeoneElseMust):
        case.complete("confirm_close", by=wang, confirm_way="confirm")
    case.complete("confirm_close", by=finn, confirm_way="confirm")

    assert case.status == "finished"
    (period,) = [each for each in _periods() if each.month == JUNE]
    assert (period.proposed_by, period.closed_by) == (wang.id, finn.id)


def test_what_belongs_to_a_closed_month_is_booked_into_the_open_one(
    june: None, wang: Person, finn: Person, bruno: Person
) -> None:
    _closed(wang, finn)

    case = the_case("supplier_return")
    authorise(case, a_person("bea", "buyer", scope="site:MAIN"), freight_payer="us", quantity="3")
    ship(case, bruno, shipped="3")

    assert _months() == [JUNE, "2026-07"]


def test_a_closed_month_stays_closed(june: None, wang: Person, finn: Person) -> None:
    _closed(wang, finn)

    with pytest.raises(MonthClosed, match="2026-06 was closed on 2026-07-02"):
        _begun(wang)


def test_a_month_that_goes_on_is_not_closed(june: None, wang: Person) -> None:
    with pytest.raises(PeriodNotOver):
        _begun(wang, "2026-07")


def test_months_close_in_their_order(june: None, wang: Person) -> None:
    clock.turn(timedelta(days=31))

    with pytest.raises(EarlierMonthOpen, match="2026-06 is still open"):
        _begun(wang, "2026-07")


def test_the_second_person_may_send_it_back(june: None, wang: Person, finn: Person) -> None:
    case = _begun(wang)
    case.complete("close_month", by=wang, closing_way="close")

    case.complete("confirm_close", by=finn, confirm_way="send_back", closing_note="Freight?")

    assert (case.open, case.data["closing_note"]) == (["close_month"], "Freight?")


def test_a_month_may_be_left_open(june: None, wang: Person) -> None:
    case = _begun(wang)

    case.complete("close_month", by=wang, closing_way="leave")

    assert case.status == "finished"
    assert periods.over_and_open() == [JUNE]


def test_the_list_is_looked_at_again(
    june: None, wang: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = _begun(wang)
    monkeypatch.setattr(closing, "accruals", list)

    case.complete("close_month", by=wang, closing_way="again")

    assert (case.open, case.data["checklist"]["accruals"]) == (["close_month"], [])


def test_dropping_closes_nothing(june: None, wang: Person) -> None:
    case = Case.start("month_close", by=wang.id)

    case.complete("choose_month", by=wang, month_way="drop")

    assert (case.status, periods.over_and_open()) == ("finished", [JUNE])


def test_wrong_books_are_not_closed(june: None, wang: Person, finn: Person) -> None:
    case = _begun(wang)
    case.complete("close_month", by=wang, closing_way="close")
    in_transaction(lambda: db.session.execute(text("UPDATE cost_pool SET value = value + 1")))

    with pytest.raises(BooksNotProven, match="I6, I7"):
        case.complete("confirm_close", by=finn, confirm_way="confirm")

    assert case.open == ["confirm_close"]


def test_a_month_that_ended_is_told_once(june: None, wang: Person) -> None:
    for _ in range(2):
        tell_months_that_ended()
        messages.deliver_pending()

    (case,) = cases("month_close")
    assert (case.open, case.data["month"]) == (["close_month"], JUNE)


@pytest.mark.parametrize("step", ["close_month", "confirm_close"])
def test_what_nobody_does_moves_up(june: None, wang: Person, step: str) -> None:
    case = _begun(wang)
    if step == "confirm_close":
        case.complete("close_month", by=wang, closing_way="close")

    wait_for_next_timer(case)

    assert priority(case, step) == 90


def test_a_closing_that_breaks_is_kept_and_done_later(
    june: None, wang: Person, finn: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(periods, "close", break_down)
    case = _closed(wang, finn)
    assert periods.over_and_open() == [JUNE]

    monkeypatch.undo()
    clock.turn(timedelta(days=31))
    (incident,) = case.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert (case.status, periods.over_and_open()) == ("finished", [])


def _begun(by: Person, month: str = JUNE) -> Case:
    case = Case.start("month_close", by=by.id)
    case.complete("choose_month", by=by, month=month, month_way="go")
    return case


def _closed(wang: Person, finn: Person) -> Case:
    case = _begun(wang)
    case.complete("close_month", by=wang, closing_way="close")
    case.complete("confirm_close", by=finn, confirm_way="confirm")
    return case


def _periods() -> list[periods.Period]:
    db.session.rollback()
    return periods.every()


def _months() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Journal.month).distinct().order_by(Journal.month)))
