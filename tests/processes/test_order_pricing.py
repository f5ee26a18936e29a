"""Prices of an order: agreed, compared with the last ones, or asked for."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.catalog.products import Sku
from app.domain.sourcing import order_approvals, quotations
from app.domain.sourcing.quotations import NothingQuoted, NotTheCheapest, TooFewAsked
from app.identity import memberships
from app.identity.people import Person
from app.kernel.db import in_transaction
from app.kernel.errors import NotFound
from app.workflow import completion, inbox, incidents
from app.workflow.rights import SomeoneElseMust
from tests.builders.deliveries import a_supplier
from tests.processes.ordering import a_purchase, letters, paid_before, version, with_address
from tests.processes.play import break_down, wait_for_next_timer
from tests.workflow.play import Case


@pytest.fixture
def asked(flour: Sku, chloe: Person, sven: Person, nora: Person) -> Case:
    """Borea and Other were asked what 100 FLOUR cost."""
    with_address("BOREA")
    with_address("OTHER")
    case = a_purchase(flour, 100, None, by=chloe)
    _ask(case, chloe, "BOREA", "OTHER")
    return case


@pytest.mark.parametrize(
    ("quantity", "price", "passes"),
    [
        (100, "10.2", True),  # 2 % above, 20 in all
        (100, "10.21", False),
        (100, "9.79", False),  # a drop is as odd as a rise
        (2_500, "10.2", True),  # exactly 500 in all
        (2_501, "10.2", False),
    ],
)
def test_a_price_may_stray_by_percent_and_by_amount(
    flour: Sku, chloe: Person, quantity: int, price: str, *, passes: bool
) -> None:
    paid_before(flour, "10")

    case = a_purchase(flour, quantity, price, by=chloe)

    assert ("approve_price" not in case.open) == passes


def test_the_manager_sees_the_difference_and_the_last_five_prices(
    flour: Sku, chloe: Person, petra: Person
) -> None:
    for price in ("8", "9", "9.5", "9.8", "9.9", "10"):
        paid_before(flour, price)

    case = a_purchase(flour, 100, "11", by=chloe)

    pricing = _seen(case, "approve_price", petra)["pricing"]
    assert pricing["differing"][0]["percent"] == "10 %"
    assert pricing["differing"][0]["worth"] == "100.00 TWD"
    assert [row["price"] for row in pricing["last_prices"]] == [
        f"{price} TWD / pcs" for price in ("10", "9.9", "9.8", "9.5", "9")
    ]


def test_a_price_that_was_never_paid_is_approved(flour: Sku, chloe: Person, petra: Person) -> None:
    case = a_purchase(flour, 100, "11", by=chloe)
    assert case.open == ["approve_price"]

    case.complete("approve_price", by=petra, price_decision="approve", price_reason="Market")

    found = version(case)
    assert found.state == "issued"
    (row,) = order_approvals.of(found)
    assert (row.level, row.reason, row.person_id) == ("price", "Market", petra.id)


def test_a_price_that_is_sent_back_is_corrected_by_the_buyer(
    flour: Sku, chloe: Person, petra: Person
) -> None:
    case = a_purchase(flour, 100, "11", by=chloe)

    case.complete("approve_price", by=petra, price_decision="send_back", price_reason="Haggle")

    assert case.open == ["correct_order"]
    assert case.data["order"]["decisions"][0]["reason"] == "Haggle"


def test_who_wrote_the_order_does_not_approve_its_price(flour: Sku, chloe: Person) -> None:
    in_transaction(lambda: memberships.grant(chloe, "purchasing_manager", "site:MAIN"))
    case = a_purchase(flour, 100, "11", by=chloe)

    with pytest.raises(SomeoneElseMust):
        case.complete("approve_price", by=chloe, price_decision="approve", price_reason="Me")


def test_goods_without_a_price_are_asked_for(asked: Case) -> None:
    assert asked.open == ["quote", "quote", "record_quotation", "record_quotation"]
    assert [subject.split(":")[1] for subject in letters()] == [
        " request for quotation / 詢價 / 询价"
    ] * 2


def test_at_least_two_suppliers_are_asked(flour: Sku, chloe: Person) -> None:
    case = a_purchase(flour, 100, None, by=chloe)

    with pytest.raises(TooFewAsked):
        _ask(case, chloe, "BOREA", "BOREA")


def test_a_supplier_sees_nothing_but_their_own_request(
    asked: Case, sven: Person, nora: Person
) -> None:
    (row,) = in_transaction(lambda: inbox.page(sven).rows)
    mine = in_transaction(lambda: inbox.task(row.id, sven))
    assert mine.data["request"]["supplier_name"] == "Borea"
    assert (row.subject, mine.subject) == ("Main", "Main")

    (theirs,) = in_transaction(lambda: inbox.page(nora).rows)
    with pytest.raises(NotFound):
        in_transaction(lambda: inbox.task(theirs.id, sven))


def test_the_cheapest_offer_is_taken_without_a_word(
    asked: Case, chloe: Person, sven: Person, nora: Person
) -> None:
    _quote(asked, sven, "11")
    _quote(asked, nora, "10")
    assert asked.open == ["compare_quotations"]

    _take(asked, chloe, "Other")

    found = version(asked)
    assert (found.state, found.order.supplier.code, found.priced_by) == (
        "issued",
        "OTHER",
        "chloe",
    )
    (line,) = found.lines
    assert (line.unit_price, line.price_source) == (Decimal(10), "quotation")


def test_a_dearer_offer_needs_a_reason(
    asked: Case, chloe: Person, sven: Person, nora: Person
) -> None:
    _quote(asked, sven, "11")
    _quote(asked, nora, "10")

    with pytest.raises(NotTheCheapest):
        _take(asked, chloe, "Borea")
    _take(asked, chloe, "Borea", reason="Delivers tomorrow")

    assert version(asked).order.supplier.code == "BOREA"


def test_the_buyer_writes_down_what_a_supplier_said(asked: Case, chloe: Person) -> None:
    for _ in range(2):
        asked.complete(
            "record_quotation",
            by=chloe,
            request={"currency": "TWD", "lines": [{"unit_price": "10"}]},
            quotation_answer="quote",
        )

    assert asked.open == ["compare_quotations"]
    assert {each.state for each in quotations.of(version(asked))} == {"quoted"}


def test_a_quotation_names_a_price(asked: Case, sven: Person) -> None:
    with pytest.raises(NothingQuoted):
        _quote(asked, sven, "")


def test_after_three_working_days_nobody_waits_any_more(
    asked: Case, sven: Person, chloe: Person
) -> None:
    assert {due.date() for due in asked.timers} == {date(2026, 6, 4)}
    _quote(asked, sven, "11")

    wait_for_next_timer(asked)

    assert asked.open == ["compare_quotations"]
    offers = _seen(asked, "compare_quotations", chloe)["offers"]
    assert (offers["without"], len(offers["choices"])) == ("Other", 1)


def test_when_nobody_answers_others_are_asked_or_the_order_is_left(
    asked: Case, chloe: Person
) -> None:
    wait_for_next_timer(asked)
    asked.complete("compare_quotations", by=chloe, quotation_decision="ask_again")
    in_transaction(lambda: a_supplier("THIRD").id)
    _ask(asked, chloe, "BOREA", "THIRD")
    wait_for_next_timer(asked)

    asked.complete("compare_quotations", by=chloe, quotation_decision="leave")

    assert asked.open == ["correct_order"]
    assert [each.round for each in quotations.of(version(asked))] == [1, 1, 2, 2]


def test_a_supplier_may_decline(asked: Case, chloe: Person, sven: Person, nora: Person) -> None:
    asked.complete("quote", by=sven, request={"note": "Sold out"}, quotation_answer="decline")
    _quote(asked, nora, "10")

    assert _seen(asked, "compare_quotations", chloe)["offers"]["without"] == "Borea"


def test_one_offer_for_a_new_thing_is_no_comparison(
    asked: Case, chloe: Person, sven: Person, nora: Person
) -> None:
    _quote(asked, sven, "11")
    wait_for_next_timer(asked)

    _take(asked, chloe, "Borea")

    assert asked.open == ["approve_price"]


def test_a_quotation_that_strays_is_approved_by_somebody_else(
    flour: Sku, chloe: Person, petra: Person, sven: Person, nora: Person
) -> None:
    paid_before(flour, "8")
    case = a_purchase(flour, 100, None, by=chloe)
    _ask(case, chloe, "BOREA", "OTHER")
    _quote(case, sven, "11")
    _quote(case, nora, "10")

    _take(case, chloe, "Other")

    assert case.open == ["approve_price"]
    case.complete("approve_price", by=petra, price_decision="approve", price_reason="Market")
    assert version(case).state == "issued"


def test_a_broken_request_is_kept_and_sent_later(
    flour: Sku, chloe: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_purchase(flour, 100, None, by=chloe)
    monkeypatch.setattr(quotations, "ask", break_down)
    _ask(case, chloe, "BOREA", "OTHER")
    assert case.open == []

    monkeypatch.undo()
    (incident,) = case.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert case.open == ["quote", "quote", "record_quotation", "record_quotation"]


def _ask(case: Case, by: Person, *suppliers: str) -> None:
    in_transaction(lambda: [a_supplier(code).id for code in suppliers])
    rows = [{"supplier": code} for code in suppliers]
    case.complete("request_quotation", by=by, pricing={"asked": rows})


def _quote(case: Case, by: Person, price: str) -> None:
    """Answer in one's own inbox."""
    (row,) = in_transaction(lambda: inbox.page(by).rows)
    request = {"currency": "TWD", "lines": [{"unit_price": price}]}
    answers = {"request": request, "quotation_answer": "quote"}
    in_transaction(lambda: completion.complete_task(row.id, answers, by=by))


def _take(case: Case, by: Person, supplier: str, reason: str = "") -> None:
    choices = _seen(case, "compare_quotations", by)["offers"]["choices"]
    (chosen,) = [each["value"] for each in choices if each["label"].startswith(supplier)]
    choice = {"quotation": chosen, "reason": reason}
    case.complete("compare_quotations", by=by, choice=choice, quotation_decision="take")


def _seen(case: Case, element: str, by: Person) -> Mapping[str, Any]:
    """The data of an open task, as whoever opens it has it."""
    task_id = case.task(element)
    return in_transaction(lambda: inbox.task(task_id, by).data)
