"""Letters wait until there is somebody to carry them, and then leave once."""

from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import update

from app.kernel import clock, mail, outbox
from app.kernel.db import db, in_transaction


@pytest.fixture(autouse=True)
def _no_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_CHANNELS", {})


def write(key: str) -> None:
    words = {"subject": "2 missing", "text": "When will they come?"}
    in_transaction(lambda: mail.post("sales@borea.example", key=key, **words))


def test_letters_wait_for_a_server_without_being_given_up(app: Flask) -> None:
    write("chase:1")
    assert [outbox.deliver_due() for _ in range(outbox.ATTEMPTS + 1)] == [0] * 6

    carried: list[EmailMessage] = []
    mail.deliver_by(carried.append)

    assert [outbox.deliver_due(), outbox.deliver_due()] == [1, 0]
    (letter,) = carried
    assert (letter["To"], letter["Subject"]) == ("sales@borea.example", "2 missing")


def test_a_letter_keeps_its_address_when_it_is_sent_again(app: Flask) -> None:
    carried: list[EmailMessage] = []

    def lost_on_the_way(letter: EmailMessage) -> None:
        carried.append(letter)
        if len(carried) == 1:
            raise OSError("connection lost")

    mail.deliver_by(lost_on_the_way)
    write("chase:2")
    outbox.deliver_due()
    in_transaction(lambda: _due_again("chase:2"))
    outbox.deliver_due()

    first, second = carried
    assert first["Message-ID"] == second["Message-ID"]


def _due_again(key: str) -> None:
    db.session.execute(update(outbox.Post).where(outbox.Post.key == key).values(try_at=clock.now()))
