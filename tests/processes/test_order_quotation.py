"""One supplier's quotation: their own answer, the buyer's note of it, or none in time."""

from datetime import date
from decimal import Decimal

import pytest

from app.domain.catalog.products import Sku
from app.domain.finance import rates
from app.domain.finance.rates import NoRate
from app.domain.sourcing import quotations
from app.domain.sourcing.quotations import NothingQuoted
from app.identity.people import Person
from app.kernel.db import in_transaction
from app.kernel.errors import NotFound
from app.workflow import inbox, incidents
from tests.processes.ordering import asked_for, quote, seen, version
from tests.processes.play import break_down, wait_for_next_timer
from tests.workflow.play import Case


@pytest.fixture
def asked(flour: Sku, chloe: Person, sven: Person, nora: Person) -> Case:
    """Borea and Other were asked what 100 FLOUR cost."""
    return asked_for(flour, by=chloe)


def test_a_supplier_sees_nothing_but_their_own_request(
    asked: Case, sven: Person, nora: Person
) -> None:
    (row,) = in_transaction(lambda: inbox.page(sven).rows)
    mine = in_transaction(lambda: inbox.task(row.id, sven))
    assert mine.data["request"]["supplier_name"] == "Borea"
    request_no = mine.data["request"]["request_no"]
    assert row.subject == mine.subject == f"{request_no} · Main"
    assert row.business_key == mine.business_key == request_no

    (theirs,) = in_transaction(lambda: inbox.page(nora).rows)
    with pytest.raises(NotFound):
        in_transaction(lambda: inbox.task(theirs.id, sven))


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
        quote(asked, sven, "")


def test_after_three_working_days_nobody_waits_any_more(
    asked: Case, sven: Person, chloe: Person
) -> None:
    assert {due.date() for due in asked.timers} == {date(2026, 6, 4)}
    quote(asked, sven, "11")

    wait_for_next_timer(asked)

    assert asked.open == ["compare_quotations"]
    offers = seen(asked, "compare_quotations", chloe)["offers"]
    assert (offers["without"], len(offers["choices"])) == ("Other", 1)


def test_a_supplier_may_decline(asked: Case, chloe: Person, sven: Person, nora: Person) -> None:
    asked.complete("quote", by=sven, request={"note": "Sold out"}, quotation_answer="decline")
    quote(asked, nora, "10")

    assert seen(asked, "compare_quotations", chloe)["offers"]["without"] == "Borea"


def test_an_offer_in_a_currency_without_a_rate_is_heard_and_compared_later(
    asked: Case, chloe: Person, sven: Person, nora: Person
) -> None:
    quote(asked, nora, "12")
    offer = {"currency": "USD", "lines": [{"unit_price": "3"}]}

    asked.complete("quote", by=sven, request=offer, quotation_answer="quote")

    rows = seen(asked, "compare_quotations", chloe)["offers"]["rows"]
    told = [(row["supplier"], row["in_ours"], row["rank"]) for row in rows]
    assert told == [("Other", "1,200 TWD", "1"), ("Borea", "–", "–")]
    cheapest = {"quotation": rows[0]["request"]}
    with pytest.raises(NoRate):
        asked.complete("compare_quotations", by=chloe, choice=cheapest, quotation_decision="take")
    in_transaction(lambda: rates.add("USD", date(2026, 1, 1), Decimal(30)).id)
    asked.complete(
        "compare_quotations",
        by=chloe,
        choice={**cheapest, "reason": "Sooner"},
        quotation_decision="take",
    )
    assert version(asked).order.supplier.code == "OTHER"


def test_a_broken_answer_is_kept_and_noted_later(
    asked: Case, sven: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotations, "quote", break_down)
    quote(asked, sven, "11")
    assert {each.state for each in quotations.of(version(asked))} == {"asked"}

    monkeypatch.undo()
    (incident,) = asked.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert {each.state for each in quotations.of(version(asked))} == {"asked", "quoted"}
