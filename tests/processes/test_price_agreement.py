"""Prices hold when a second person approved them, and the supplier reads about it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.catalog.products import Sku
from app.domain.sourcing import agreeing, agreements, proposals
from app.domain.sourcing.agreements import Agreement
from app.domain.sourcing.errors import NotYourProposal, Overlap, ProposalDecided, TermsDiffer
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.kernel.outbox import Post
from app.workflow import incidents
from app.workflow.rights import SomeoneElseMust
from tests.builders.deliveries import a_supplier
from tests.builders.goods import a_sku
from tests.builders.office import a_person
from tests.processes.play import break_down
from tests.workflow.play import Case

JULY = date(2026, 7, 1)


@pytest.fixture
def lin(app: Flask) -> Person:
    """Buys for all of the company."""
    return a_person("lin", "buyer", "purchasing_manager")


@pytest.fixture
def chen(app: Flask) -> Person:
    """Runs purchasing."""
    return a_person("chen", "purchasing_manager")


@pytest.fixture
def pipe(app: Flask) -> Sku:
    """Kept in metres, bought by the roll."""
    in_transaction(lambda: setattr(a_supplier("BOREA"), "email", "orders@borea.example"))
    return in_transaction(lambda: a_sku("PIPE", unit="m", units={"roll": 20}))


def offer(*rows: dict[str, str], since: str = "2026-07-01") -> dict[str, Any]:
    """Rolls at 1,850, from 5 on at 1,700, unless `rows` say otherwise."""
    usual = (
        {"sku": "PIPE", "unit": "roll", "min_quantity": "1", "unit_price": "1850", "moq": "2"},
        {"sku": "PIPE", "min_quantity": "5", "unit_price": "1700", "lead_days": "7"},
    )
    head = {"supplier": "BOREA", "currency": "TWD", "valid_from": since}
    return {**head, "lines": list(rows or usual)}


@pytest.fixture
def proposed(pipe: Sku, lin: Person) -> Case:
    """Lin proposes the usual prices."""
    case = Case.start("price_agreement", {}, by=lin.id)
    case.complete("propose_prices", by=lin, offer=offer(), intent="propose")
    return case


def in_force(sku: Sku, day: date = JULY) -> Agreement | None:
    db.session.rollback()
    return agreements.in_force(a_supplier("BOREA").id, sku.id, day)


def letters() -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(select(Post.payload)))


def test_approved_prices_hold_and_the_supplier_is_told(
    proposed: Case, pipe: Sku, chen: Person
) -> None:
    proposed.complete("approve_prices", by=chen, decision="approve")

    agreed = in_force(pipe)
    assert agreed is not None
    assert [agreed.price_of(Decimal(metres)) for metres in (40, 100)] == [1850, 1700]
    assert (agreed.lead_days, int(agreed.moq), agreed.agreed_by) == (7, 2, "lin")
    assert proposed.status == "finished"
    (letter,) = letters()
    assert letter["to"] == "orders@borea.example"
    assert "PIPE Pipe: 1700 TWD / roll (≥ 5)" in letter["text"]


def test_who_proposed_prices_does_not_approve_them(proposed: Case, lin: Person, pipe: Sku) -> None:
    with pytest.raises(SomeoneElseMust):
        proposed.complete("approve_prices", by=lin, decision="approve")

    assert in_force(pipe) is None


def test_the_approver_reads_todays_price_and_the_change(
    pipe: Sku, lin: Person, chen: Person
) -> None:
    first = Case.start("price_agreement", {}, by=lin.id)
    first.complete("propose_prices", by=lin, offer=offer(since="2026-05-01"), intent="propose")
    first.complete("approve_prices", by=chen, decision="approve")
    case = Case.start("price_agreement", {}, by=lin.id)
    dearer = {"sku": "PIPE", "unit": "roll", "min_quantity": "1", "unit_price": "2035"}
    case.complete("propose_prices", by=lin, offer=offer(dearer), intent="propose")

    (line,) = case.data["proposal"]["lines"]
    assert (line["unit_price"], line["now"], line["change"]) == ("2035", "1850", "+10.0%")


def test_refused_prices_come_back_with_the_reason_and_can_be_mended(
    proposed: Case, lin: Person, chen: Person, pipe: Sku
) -> None:
    first = proposed.data["proposal"]["proposal_no"]
    proposed.complete("approve_prices", by=chen, decision="refuse", refusal="Too dear")

    assert proposed.open == ["mend_prices"]
    assert proposed.data["refusal"] == "Too dear"
    cheaper = offer({"sku": "PIPE", "unit": "roll", "min_quantity": "1", "unit_price": "1600"})
    proposed.complete("mend_prices", by=lin, offer=cheaper, intent="propose")
    proposed.complete("approve_prices", by=chen, decision="approve")
    agreed = in_force(pipe)
    assert agreed is not None
    assert agreed.unit_price(Decimal(9)) == 1600
    assert proposals.by_number(first).reason == "Too dear"


def test_a_buyer_may_give_up(pipe: Sku, lin: Person) -> None:
    case = Case.start("price_agreement", {}, by=lin.id)
    case.complete("propose_prices", by=lin, intent="give_up")

    assert case.status == "finished"


def test_who_proposed_withdraws_while_nobody_decided(
    proposed: Case, lin: Person, chen: Person, pipe: Sku
) -> None:
    number = proposed.data["proposal"]["proposal_no"]
    with pytest.raises(NotYourProposal, match="Lin"):
        in_transaction(lambda: proposals.ask_to_withdraw(proposals.by_number(number), by="chen"))
    in_transaction(lambda: proposals.ask_to_withdraw(proposals.by_number(number), by="lin"))

    assert (proposed.status, proposed.open) == ("finished", [])
    assert proposals.by_number(number).status == "withdrawn"
    with pytest.raises(ProposalDecided):
        in_transaction(lambda: proposals.ask_to_withdraw(proposals.by_number(number), by="lin"))


def test_a_newer_agreement_takes_the_place_of_the_older(
    proposed: Case, lin: Person, chen: Person, pipe: Sku
) -> None:
    proposed.complete("approve_prices", by=chen, decision="approve")
    august = offer(since="2026-08-01")
    case = Case.start("price_agreement", {}, by=lin.id)
    case.complete("propose_prices", by=lin, offer=august, intent="propose")
    case.complete("approve_prices", by=chen, decision="approve")

    old, new = in_force(pipe, date(2026, 7, 31)), in_force(pipe, date(2026, 8, 1))
    assert old is not None
    assert new is not None
    assert (old.last_day, new.valid_from) == (date(2026, 7, 31), date(2026, 8, 1))


def test_prices_that_begin_before_what_holds_are_refused_at_once(
    proposed: Case, lin: Person, chen: Person
) -> None:
    proposed.complete("approve_prices", by=chen, decision="approve")
    case = Case.start("price_agreement", {}, by=lin.id)

    with pytest.raises(Overlap, match="Borea has an agreement for PIPE from 2026-07-01"):
        case.complete("propose_prices", by=lin, offer=offer(since="2026-06-15"), intent="propose")
    assert case.open == ["propose_prices"]


def test_rows_that_contradict_each_other_are_refused(pipe: Sku, lin: Person) -> None:
    case = Case.start("price_agreement", {}, by=lin.id)
    row = {"sku": "PIPE", "min_quantity": "1", "unit_price": "1"}
    rows = ({**row, "moq": "2"}, {**row, "min_quantity": "5", "moq": "3"})

    with pytest.raises(TermsDiffer, match="PIPE contradict each other: \\['2', '3'\\]"):
        case.complete("propose_prices", by=lin, offer=offer(*rows), intent="propose")


def test_a_step_that_breaks_is_repeated_and_agrees_once(
    proposed: Case, chen: Person, pipe: Sku, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(agreeing, "replace", break_down)
        proposed.complete("approve_prices", by=chen, decision="approve")

    (incident,) = proposed.incidents
    assert in_force(pipe) is None
    in_transaction(lambda: incidents.retry(incident.id, by=None))
    assert proposed.status == "finished"
    assert len(db.session.scalars(select(Agreement)).all()) == 1
