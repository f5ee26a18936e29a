"""A case begun by hand twice with one token is one case, also when both come at once."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask

from app.identity import memberships, people
from app.kernel.db import db, in_transaction
from app.workflow import begun
from app.workflow.records import ProcessInstance
from tests.builders.goods import a_site


@pytest.fixture
def is_shipped() -> bool:
    """What the repository ships is deployed."""
    return True


@pytest.fixture
def keeper(app: Flask) -> int:
    """Somebody who may report goods nobody announced."""

    def engage() -> int:
        a_site()
        person = people.add("bruno", name="Bruno", password="correct horse battery")
        memberships.grant(person, "warehouse_keeper")
        return person.id

    return in_transaction(engage)


def _begin(keeper: int, token: str) -> int:
    return in_transaction(
        lambda: (
            begun.once(
                "receiving",
                {"scope": "site:MAIN"},
                at="blind_arrival_reported",
                by=keeper,
                token=token,
            ).id
        )
    )


def _cases() -> int:
    db.session.rollback()
    return db.session.query(ProcessInstance).count()


def test_one_token_begins_one_case(keeper: int) -> None:
    assert _begin(keeper, "a") == _begin(keeper, "a")
    assert _begin(keeper, "b") != _begin(keeper, "a")
    assert _cases() == 2


def test_two_at_once_begin_one_case(app: Flask, keeper: int) -> None:
    found: list[int] = []
    together = threading.Barrier(2)

    def click() -> None:
        with app.app_context():
            together.wait()
            found.append(_begin(keeper, "a"))

    _all_at_once(click, click)

    assert len(set(found)) == 1
    assert len(found) == 2
    assert _cases() == 1


def _all_at_once(*acts: Callable[[], None]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
