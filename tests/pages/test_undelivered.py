"""Operators see what reached nobody, try it again or give it up with a reason."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel import mail, outbox
from app.kernel.db import db, in_transaction
from app.kernel.outbox import Message, Post
from tests.builders.goods import a_sku
from tests.pages.conftest import a_visitor
from tests.pages.visitor import Visitor
from tests.processes.play import a_delivery

WHY = "They closed their shop."


@pytest.fixture
def letter(app: Flask) -> int:
    """A letter of a delivery's case that could not be sent."""
    flour = in_transaction(lambda: a_sku("FLOUR"))
    key = f"{a_delivery((flour, 10)).id}:tell_supplier:0"

    def step() -> None:
        mail.post("sales@borea.example", subject="2 missing", text="a secret", key=key)
        kept = db.session.scalars(select(Post)).one()
        kept.failures, kept.try_at, kept.problem = 5, None, "no route to mail.example"

    in_transaction(step)
    return db.session.scalars(select(Post.id)).one()


@pytest.fixture
def message(app: Flask) -> int:
    """A confirmation about an order nobody knows."""
    in_transaction(lambda: outbox.announce("nobody_listens", "R-99", {}, key="1"))
    return db.session.scalars(select(Message.id).where(Message.name == "nobody_listens")).one()


def test_operators_find_both_with_the_reason_and_a_count(
    olga: Visitor, letter: int, message: int
) -> None:
    page = olga.get("/incidents/undelivered")

    assert "2 missing sales@borea.example" in page.text
    assert "no route to mail.example" in page.text
    assert "a secret" not in page.source
    assert page.links("/cases/")
    assert "No published process listens for messages of this name." in page.text
    assert 'Incidents</span><span class="count bad">2</span>' in olga.get("/more").source


def test_a_letter_is_sent_again(olga: Visitor, letter: int) -> None:
    page = olga.post(f"/incidents/letters/{letter}/resend")

    assert "The letter is tried again within seconds." in page.text
    assert "Every letter left" in page.text
    db.session.rollback()
    assert db.session.scalars(select(Post.try_at)).one() is not None


def test_what_is_given_up_goes_and_the_audit_says_why(
    olga: Visitor, letter: int, message: int
) -> None:
    refused = olga.post(f"/incidents/letters/{letter}/dismissal", reason=" ")
    assert (refused.status, "Say in a few words why" in refused.text) == (422, True)

    olga.post(f"/incidents/letters/{letter}/dismissal", reason=WHY)
    page = olga.post(f"/incidents/messages/{message}/dismissal", reason=WHY)
    again = olga.post(f"/incidents/messages/{message}/dismissal", reason=WHY)

    assert "Every letter left" in page.text
    assert "nobody_listens" not in page.text
    assert (again.status, "This is settled already" in again.text) == (409, True)
    audit = olga.get("/people/audit").text
    assert "Letter given up" in audit
    assert WHY in audit


def test_a_message_that_nobody_waits_for_still_lies_there(olga: Visitor, message: int) -> None:
    page = olga.post(f"/incidents/messages/{message}/retry")

    assert "No case waits for it yet." in page.text
    assert "nobody_listens" in page.text


def test_what_reached_nobody_is_for_operators_of_the_whole_company(
    app: Flask, bruno: Visitor, letter: int, message: int
) -> None:
    near = a_visitor(app, "nora", "operator", scope="site:NORTH")
    addresses = [
        f"/incidents/{kind}/{number}/{deed}"
        for kind, number, deeds in (
            ("letters", letter, ("resend", "dismissal")),
            ("messages", message, ("retry", "dismissal")),
        )
        for deed in deeds
    ]

    for who in (bruno, near):
        assert {who.post(address, reason=WHY).status for address in addresses} == {403}
    assert bruno.get("/incidents/undelivered").status == 403
    assert db.session.scalars(select(Post.dismissed_at)).one() is None
