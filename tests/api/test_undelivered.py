"""Programs of operators settle what reached nobody."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel import mail, outbox
from app.kernel.db import db, in_transaction
from app.kernel.outbox import Message, Post
from tests.api.program import Program

WHY = {"reason": "They closed their shop."}


@pytest.fixture
def numbers(app: Flask) -> tuple[int, int]:
    """A letter that was given up, and a message nobody listens for."""

    def step() -> None:
        mail.post("sales@borea.example", subject="2 missing", text="a secret", key="chase:1")
        kept = db.session.scalars(select(Post)).one()
        kept.failures, kept.try_at, kept.problem = 5, None, "no route to mail.example"
        outbox.announce("nobody_listens", "R-99", {}, key="1")

    in_transaction(step)
    return db.session.scalars(select(Post.id)).one(), db.session.scalars(select(Message.id)).one()


def test_both_are_listed_with_their_reason(olga: Program, numbers: tuple[int, int]) -> None:
    found = olga.get("/incidents/undelivered")

    assert found.status_code == 200
    (letter,), (message,) = found.json["letters"], found.json["messages"]
    assert (letter["id"], letter["sentence"]) == (numbers[0], "no route to mail.example")
    assert (message["id"], message["about"]) == (numbers[1], "R-99")
    assert "a secret" not in found.text


def test_they_are_tried_again_or_given_up_once(olga: Program, numbers: tuple[int, int]) -> None:
    letter, message = numbers

    assert olga.post(f"/incidents/messages/{message}/retry").json["status"] == "pending"
    assert olga.post(f"/incidents/messages/{message}/dismissal", {}).status_code == 400
    given_up = olga.post(f"/incidents/messages/{message}/dismissal", WHY)
    resent = olga.post(f"/incidents/letters/{letter}/resend")
    again = olga.post(f"/incidents/letters/{letter}/dismissal", WHY)

    assert given_up.json["status"] == "dismissed"
    assert resent.json["failures"] == 0
    assert (again.status_code, again.json["code"]) == (409, "already_settled")
    assert olga.get("/incidents/undelivered").json == {"letters": [], "messages": []}
