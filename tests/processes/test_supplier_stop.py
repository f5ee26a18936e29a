"""A supplier that fails: nothing more is ordered, what did not come is taken back and claimed."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.domain import proof
from app.domain.catalog.products import Sku
from app.domain.finance.journal import JournalLine
from app.domain.sourcing import order_issuing, order_versions, withdrawing
from app.domain.supply.prepayments import SupplierClaim
from app.domain.supply.supplier_stops import AlreadyStopped, SupplierStopped
from app.domain.supply.suppliers import UnknownSupplier
from app.effects.papers import Paper
from app.identity import memberships
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.workflow import incidents
from app.workflow.rights import SomeoneElseMust
from tests.builders.orders import a_draft, wanted
from tests.builders.steps import in_a_step
from tests.processes.following import (
    a_confirmed_order,
    a_sent_order,
    announced,
    asked_to_confirm,
    figures,
    followed,
    line_of,
    order_of,
    received,
)
from tests.processes.play import break_down, cases, the_case, wait_for_next_timer
from tests.workflow.play import Case


@pytest.fixture
def order(flour: Sku) -> Paper:
    """40 FLOUR at 10, promised for 1 July; 15 came and 5 are on the way."""
    order = a_confirmed_order(flour, 40)
    received(order, "A-1", 15)
    announced(order, "A-2", 5)
    return order


@pytest.fixture
def proposed(order: Paper, petra: Person) -> Case:
    """Petra wants Borea stopped."""
    return _propose(petra)


def test_finance_sees_what_is_at_stake(proposed: Case) -> None:
    (row,) = proposed.data["stopping"]["orders"]

    assert proposed.open == ["agree_stop"]
    assert (row["goods"], row["value"]) == ("FLOUR 25 pcs", "250 TWD")


def test_an_agreed_stop_takes_back_what_did_not_come(
    proposed: Case, order: Paper, fiona: Person
) -> None:
    _agree(proposed, fiona)

    assert figures(order, "open", "waived", "accepted") == [0, 25, 15]
    assert order_of(order).status == "closed"
    assert _proof() <= {"I9"}  # the goods came in steps of no case


def test_nothing_more_is_ordered_from_them(proposed: Case, flour: Sku, fiona: Person) -> None:
    draft_id = in_a_step(lambda: a_draft(wanted(flour, 1)).id)
    _agree(proposed, fiona)

    with pytest.raises(SupplierStopped):
        in_a_step(lambda: _issue(draft_id))


def test_the_planner_is_told(proposed: Case, fiona: Person, pavel: Person) -> None:
    _agree(proposed, fiona)

    (line,) = the_case("purchase_plan").data["plan"]["lines"]
    assert (line["sku"], line["recommended"], line["supplier"]) == ("FLOUR", "25", None)
    assert proposed.open == ["plan_again"]
    proposed.complete("plan_again", by=pavel)
    assert proposed.status == "finished"


def test_what_was_paid_ahead_is_claimed_and_filed(
    proposed: Case, fiona: Person, pavel: Person
) -> None:
    _agree(proposed, fiona, prepaid="120.5")

    (claim,) = db.session.scalars(select(SupplierClaim))
    assert (claim.total.amount, claim.person_id) == (Decimal("120.5"), fiona.id)
    assert proposed.open == ["file_claims", "plan_again"]
    filing = {"filed_with": "Taipei District Court", "filed_on": "2026-06-01", "reference": "7"}
    proposed.complete("file_claims", by=fiona, filing=filing)
    proposed.complete("plan_again", by=pavel)
    assert proposed.status == "finished"


def test_a_claim_is_booked_as_owed_to_us(proposed: Case, fiona: Person) -> None:
    owed, payable = _balance("supplier_claims"), _balance("payables")

    _agree(proposed, fiona, prepaid="120")

    assert _balance("supplier_claims") - owed == 120 * 100
    assert _balance("payables") - payable == -120 * 100
    assert _proof() <= {"I9"}


def test_a_claim_in_another_currency_is_booked_at_the_rate_of_the_order(
    proposed: Case, order: Paper, fiona: Person
) -> None:
    in_transaction(lambda: _in_dollars(order))

    _agree(proposed, fiona, prepaid="120")

    assert _balance("supplier_claims") == 120 * 32 * 100


def test_a_supplier_finance_wants_to_keep_is_kept(
    proposed: Case, order: Paper, fiona: Person
) -> None:
    proposed.complete(
        "agree_stop", by=fiona, stopping={"orders": [{}]}, stop_decision="keep", stop_note=""
    )

    assert proposed.status == "finished"
    assert line_of(order).open == 25


def test_who_proposed_does_not_agree(proposed: Case, petra: Person) -> None:
    in_transaction(lambda: memberships.grant(db.session.merge(petra), "finance", "site:MAIN"))

    with pytest.raises(SomeoneElseMust):
        _agree(proposed, petra)


def test_confirmations_chases_and_deliveries_end(flour: Sku, petra: Person, fiona: Person) -> None:
    confirmation = asked_to_confirm(a_sent_order(flour, 7))
    order = a_confirmed_order(flour, 40)
    delivery = followed(order)
    while not cases("supplier_chase"):
        wait_for_next_timer(delivery)
    chase = the_case("supplier_chase")

    _agree(_propose(petra), fiona)

    assert [each.status for each in (confirmation, delivery, chase)] == ["finished"] * 3
    assert order_of(order).status == "cancelled"


def test_a_supplier_is_stopped_once(proposed: Case, petra: Person, fiona: Person) -> None:
    _agree(proposed, fiona)

    with pytest.raises(AlreadyStopped):
        _propose(petra)


def test_only_a_supplier_is_stopped(order: Paper, petra: Person) -> None:
    case = Case.start("supplier_stop", {"scope": "site:MAIN"}, by=petra.id)

    with pytest.raises(UnknownSupplier):
        _say(case, petra, "NOBODY")


def test_a_cancellation_that_failed_is_done_later(
    proposed: Case, order: Paper, fiona: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withdrawing, "withdraw", break_down)
    _agree(proposed, fiona)
    assert line_of(order).open == 25

    monkeypatch.undo()
    (incident,) = proposed.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert line_of(order).open == 0


def _propose(by: Person) -> Case:
    case = Case.start("supplier_stop", {"scope": "site:MAIN"}, by=by.id)
    _say(case, by, "BOREA")
    return case


def _say(case: Case, by: Person, supplier: str) -> None:
    stop = {"supplier": supplier, "cause": "bankrupt", "reason": "Court order of 28 May"}
    case.complete("propose_stop", by=by, stop=stop)


def _agree(case: Case, by: Person, *, prepaid: str = "") -> None:
    rows = [{"prepaid": prepaid} for _ in case.data["stopping"]["orders"]]
    case.complete(
        "agree_stop", by=by, stopping={"orders": rows}, stop_decision="stop", stop_note=""
    )


def _issue(version_id: int) -> int:
    return order_issuing.issue(order_versions.get(version_id)).id


def _balance(account: str) -> int:
    db.session.rollback()
    total = select(func.sum(JournalLine.amount)).filter_by(account=account)
    return db.session.scalar(total) or 0


def _in_dollars(order: Paper) -> None:
    own = order_of(order)
    own.currency, own.exchange_rate = "USD", Decimal(32)


def _proof() -> set[str]:
    db.session.rollback()
    return {result.code for result in proof.run() if not result.holds}
