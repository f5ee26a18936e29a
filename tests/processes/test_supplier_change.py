"""What we know of a supplier changes when a second person agrees, and never by one alone."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.sourcing import master_data, proposals
from app.domain.sourcing.errors import (
    BadAddress,
    ChangedMeanwhile,
    MayNotPropose,
    NothingChanges,
    ProposedAlready,
)
from app.domain.supply import suppliers
from app.domain.supply.suppliers import Supplier
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.kernel.outbox import Message, Post
from app.workflow import history, incidents
from app.workflow.forms.errors import InvalidAnswers
from app.workflow.rights import NotYourRole, SomeoneElseMust
from tests.builders.office import a_person
from tests.processes.play import break_down, the_case
from tests.workflow.play import Case

ACCOUNT = {"holder": "Borea Ltd", "bank": "First Bank", "account": "822-0000123456789"}


@pytest.fixture
def lin(app: Flask) -> Person:
    """Buys, and keeps the keys of her manager and of finance while they are away."""
    return a_person("lin", "buyer", "purchasing_manager", "finance")


@pytest.fixture
def chen(app: Flask) -> Person:
    """Runs purchasing."""
    return a_person("chen", "purchasing_manager")


@pytest.fixture(autouse=True)
def borea(app: Flask) -> Supplier:
    email = "orders@borea.example"
    return in_transaction(lambda: suppliers.add("BOREA", name="Borea", email=email))


def propose(kind: str = "master_data", *, by: Person, **wanted: str) -> Case:
    in_transaction(
        lambda: master_data.propose(suppliers.by_code("BOREA"), kind, wanted, by=by.username).id
    )
    return the_case("supplier_change")


def borea_now() -> Supplier:
    db.session.rollback()
    return suppliers.by_code("BOREA")


def test_an_approved_change_holds(lin: Person, chen: Person) -> None:
    case = propose(by=lin, phone="+886 2 5550 0101", payment_days="45", standing="trial")

    assert (borea_now().phone, case.open) == ("", ["approve_change"])
    case.complete("approve_change", by=chen, decision="approve")
    now = borea_now()
    assert (now.phone, now.payment_days, now.standing) == ("+886 2 5550 0101", 45, "trial")
    assert (now.email, case.status) == ("orders@borea.example", "finished")


def test_who_proposed_a_change_does_not_approve_it(lin: Person) -> None:
    case = propose(by=lin, phone="+886 2 5550 0101")

    with pytest.raises(SomeoneElseMust):
        case.complete("approve_change", by=lin, decision="approve")
    assert borea_now().phone == ""


def test_finance_approves_a_bank_account_after_calling_back(
    lin: Person, chen: Person, wang: Person
) -> None:
    case = propose("bank_details", by=lin, **ACCOUNT)

    assert case.open == ["approve_account"]
    with pytest.raises(NotYourRole):
        case.complete("approve_account", by=chen, decision="approve", called_back=True)
    with pytest.raises(InvalidAnswers):
        case.complete("approve_account", by=wang, decision="approve")
    case.complete("approve_account", by=wang, decision="approve", called_back=True)
    account = master_data.bank_account(borea_now())
    assert account is not None
    assert account.account == ACCOUNT["account"]
    (letter,) = db.session.scalars(select(Post.payload))
    assert isinstance(letter, dict)
    assert letter["to"] == "orders@borea.example"
    assert ACCOUNT["account"] not in letter["text"]


def test_contact_and_bank_details_stay_out_of_the_case_and_its_history(
    lin: Person, chen: Person, wang: Person
) -> None:
    first = propose(by=lin, contact="Ms Yeh", email="yeh@borea.example")
    first.complete("approve_change", by=chen, decision="approve")
    second = propose("bank_details", by=lin, **ACCOUNT)
    second.complete("approve_account", by=wang, decision="approve", called_back=True)

    kept = [_everything(case) for case in (first, second)]
    kept.append(json.dumps(list(db.session.scalars(select(Message.payload)))))
    for secret in ("Yeh", "yeh@borea", *ACCOUNT.values()):
        assert not any(secret in text for text in kept), secret


def test_a_refusal_is_read_by_the_buyers(lin: Person, chen: Person) -> None:
    case = propose(by=lin, name="Borea International")
    case.complete("approve_change", by=chen, decision="refuse", refusal="Not in the register")

    assert (borea_now().name, case.open) == ("Borea", ["read_refusal"])
    case.complete("read_refusal", by=lin)
    assert case.status == "finished"
    found = proposals.by_number(case.data["proposal_no"])
    assert (found.status, found.reason, found.decided_by) == (
        "refused",
        "Not in the register",
        "chen",
    )


def test_a_refused_account_leaves_the_old_one(lin: Person, wang: Person) -> None:
    case = propose("bank_details", by=lin, **ACCOUNT)
    case.complete("approve_account", by=wang, decision="refuse", refusal="They know of nothing")

    assert case.open == ["read_refusal"]
    assert master_data.bank_account(borea_now()) is None


@pytest.mark.parametrize(
    ("kind", "wanted"), [("master_data", {"phone": "02 1234"}), ("bank_details", ACCOUNT)]
)
def test_who_proposed_withdraws(kind: str, wanted: dict[str, str], lin: Person) -> None:
    case = propose(kind, by=lin, **wanted)
    number = case.data["proposal_no"]
    in_transaction(lambda: proposals.ask_to_withdraw(proposals.by_number(number), by="lin"))

    assert (case.status, case.open) == ("finished", [])
    assert proposals.by_number(number).status == "withdrawn"


def test_one_proposal_at_a_time_waits_for_the_same_facts(lin: Person) -> None:
    propose(by=lin, phone="02 1234")

    with pytest.raises(ProposedAlready, match="SP-000001, proposed by Lin"):
        propose(by=lin, phone="02 5678")
    assert propose("bank_details", by=lin, **ACCOUNT).open == ["approve_account"]


def test_a_fact_that_changed_meanwhile_is_not_overwritten(lin: Person, chen: Person) -> None:
    case = propose(by=lin, phone="02 5678")
    in_transaction(lambda: setattr(suppliers.by_code("BOREA"), "phone", "02 9999"))

    with pytest.raises(ChangedMeanwhile, match="says 02 9999 by now, and said –"):
        case.complete("approve_change", by=chen, decision="approve")
    assert borea_now().phone == "02 9999"


def test_what_cannot_be_is_refused_before_anybody_is_asked(lin: Person, chen: Person) -> None:
    dov = a_person("dov", "warehouse_keeper")

    with pytest.raises(BadAddress, match="“borea”"):
        propose(by=lin, email="borea")
    with pytest.raises(NothingChanges):
        propose(by=lin, name="Borea")
    with pytest.raises(MayNotPropose):
        propose(by=dov, name="Boreas")


def test_a_step_that_breaks_is_repeated(
    lin: Person, chen: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = propose(by=lin, phone="02 1234")
    with monkeypatch.context() as broken:
        broken.setattr(master_data, "apply", break_down)
        case.complete("approve_change", by=chen, decision="approve")

    (incident,) = case.incidents
    assert borea_now().phone == ""
    in_transaction(lambda: incidents.retry(incident.id, by=None))
    assert (borea_now().phone, case.status) == ("02 1234", "finished")


def _everything(case: Case) -> str:
    """All a case knows and remembers, as one text."""
    moments: list[Any] = [vars(moment) for moment in history.of(case.id)]
    return json.dumps([case.data, moments], default=str)
