"""Letters that were given up and messages nobody waits for are found, tried again or dismissed."""

from email.message import EmailMessage
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from app.identity import audit
from app.identity.people import Person
from app.kernel import clock, mail, outbox
from app.kernel.db import db, in_transaction
from app.kernel.outbox import ATTEMPTS, Message, Post
from app.workflow import messages, undelivered
from app.workflow.rights import NotYourRole
from app.workflow.undelivered import AlreadySettled, NoReason
from tests.builders.office import a_person
from tests.workflow.play import Case, deploy, tell
from tests.workflow.test_messages import ORDERED

WHY = "Borea has a new address."


class Server:
    """A mail server that is down at first."""

    def __init__(self) -> None:
        self.is_down = True
        self.carried: list[EmailMessage] = []

    def deliver(self, letter: EmailMessage) -> None:
        if self.is_down:
            raise OSError("no route to mail.example")
        self.carried.append(letter)


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setattr(outbox, "_CHANNELS", {})
    one = Server()
    mail.deliver_by(one.deliver)
    return one


@pytest.fixture
def olga(app: Flask) -> Person:
    """Operates."""
    return a_person("olga", "operator")


@pytest.fixture
def given_up(server: Server) -> int:
    """A letter that failed five times."""
    words = {"subject": "2 missing", "text": "When will they come?"}
    in_transaction(lambda: mail.post("sales@borea.example", key="chase:1", **words))
    for _ in range(ATTEMPTS):
        outbox.deliver_due()
        in_transaction(_due_now)
    return db.session.scalars(select(Post.id)).one()


@pytest.fixture
def early(chloe: Person) -> tuple[Case, int]:
    """An order that is not sent yet, and its confirmation, which came too early."""
    deploy(ORDERED, "ordered")
    case = Case.start("ordered", {"po_no": "PO-1"})
    tell("confirmation", "PO-1", {"on": "Friday"})
    return case, messages.unmatched()[0].id


def test_a_letter_is_listed_once_it_is_tried_no_more(given_up: int, server: Server) -> None:
    (letter,) = undelivered.letters()

    assert (letter.id, letter.problem) == (given_up, "no route to mail.example")
    assert undelivered.unsettled() == 1
    assert outbox.deliver_due() == 0


def test_a_letter_that_is_sent_again_leaves_once(
    given_up: int, server: Server, olga: Person
) -> None:
    server.is_down = False
    in_transaction(lambda: undelivered.resend(given_up, by=olga.id).id)

    assert [outbox.deliver_due(), outbox.deliver_due()] == [1, 0]
    assert [letter["To"] for letter in server.carried] == ["sales@borea.example"]
    assert undelivered.unsettled() == 0
    with pytest.raises(AlreadySettled):
        in_transaction(lambda: undelivered.resend(given_up, by=olga.id).id)


def test_a_letter_that_fails_again_comes_back(given_up: int, server: Server, olga: Person) -> None:
    in_transaction(lambda: undelivered.resend(given_up, by=olga.id).id)
    assert undelivered.letters() == []

    for _ in range(ATTEMPTS):
        outbox.deliver_due()
        in_transaction(_due_now)

    assert [letter.id for letter in undelivered.letters()] == [given_up]


def test_a_letter_is_given_up_with_a_reason(given_up: int, server: Server, olga: Person) -> None:
    with pytest.raises(NoReason):
        in_transaction(lambda: undelivered.dismiss_letter(given_up, by=olga.id, reason="  ").id)
    assert len(undelivered.letters()) == 1

    in_transaction(lambda: undelivered.dismiss_letter(given_up, by=olga.id, reason=WHY).id)

    server.is_down = False
    assert (undelivered.letters(), outbox.deliver_due(), server.carried) == ([], 0, [])
    (deed,) = audit.about(f"letter:{given_up}")
    assert (deed.action, deed.person_id) == ("letter_dismissed", olga.id)
    assert deed.details == {"what": "chase:1", "reason": WHY}


def test_a_message_tried_again_reaches_the_case_that_waits_by_now(
    early: tuple[Case, int], chloe: Person, olga: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, message = early
    in_transaction(lambda: undelivered.try_message(message, by=olga.id).id)
    assert undelivered.unsettled() == 1  # nobody waits yet: it lies there again

    with monkeypatch.context() as deaf:
        deaf.setattr(outbox, "_LISTENERS", [])
        case.complete("order", by=chloe)
    in_transaction(lambda: undelivered.try_message(message, by=olga.id).id)

    assert (case.open, undelivered.unsettled()) == (["read"], 0)
    with pytest.raises(AlreadySettled):
        in_transaction(lambda: undelivered.try_message(message, by=olga.id).id)


def test_a_message_that_was_given_up_reaches_nobody_any_more(
    early: tuple[Case, int], chloe: Person, olga: Person
) -> None:
    case, message = early

    in_transaction(lambda: undelivered.dismiss_message(message, by=olga.id, reason=WHY).id)
    case.complete("order", by=chloe)

    assert case.waits == ["confirmation"]
    assert (messages.deliver(message), messages.deliver_kept()) == (False, 0)
    assert undelivered.unsettled() == 0
    (deed,) = audit.about(f"message:{message}")
    assert deed.details == {"what": "confirmation PO-1", "reason": WHY}


def test_a_message_about_another_number_names_those_waited_for(
    early: tuple[Case, int], chloe: Person
) -> None:
    case, _message = early
    assert undelivered.awaited("confirmation") == []

    tell("confirmation", "PO-l", {})
    case.complete("order", by=chloe)

    assert [each.correlation for each in messages.unmatched()] == ["PO-l"]
    assert Case.start("ordered", {"po_no": "PO-2"}).complete("order", by=chloe)
    assert undelivered.awaited("confirmation") == ["PO-2"]


def test_news_that_nobody_waits_for_is_no_concern_of_operators(app: Flask) -> None:
    in_transaction(lambda: outbox.announce("moved", "PO-1", {}, key="1", is_news=True))

    assert db.session.scalars(select(Message.status)).all() == ["unmatched"]
    assert (messages.unmatched(), undelivered.unsettled()) == ([], 0)


def test_only_operators_of_the_whole_company_settle(
    given_up: int, early: tuple[Case, int], chloe: Person
) -> None:
    nils = a_person("nils", "operator", scope="site:NORTH")

    for person in (chloe, nils):
        with pytest.raises(NotYourRole):
            in_transaction(partial(undelivered.resend, given_up, by=person.id))
        with pytest.raises(NotYourRole):
            in_transaction(partial(undelivered.try_message, early[1], by=person.id))


def _due_now() -> None:
    for post in db.session.scalars(select(Post).where(Post.try_at.is_not(None))):
        post.try_at = clock.now()
