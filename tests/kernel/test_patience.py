"""Who waits too long for another reads a sentence, and nothing was changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.config import Settings
from app.kernel import patience
from app.kernel.db import db, in_transaction
from app.kernel.errors import Refusal
from app.kernel.patience import Busy, TookTooLong

SLEEP = text("SELECT pg_sleep(3)")
_ADD = text("INSERT INTO role (code, title) VALUES ('operator', '{}') ON CONFLICT DO NOTHING")
_ADD_ANOTHER = text("INSERT INTO role (code, title) VALUES ('another', '{}')")
_COUNT = text("SELECT count(*) FROM role WHERE code = 'another'")
_HOLD = text("UPDATE role SET title = title WHERE code = 'operator'")


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Little patience."""
    plain = Settings(database_url=database_url, secret_key="only for tests")
    return replace(plain, lock_seconds=0.2, statement_seconds=0.5)


@pytest.fixture
def step(app: Flask) -> list[int]:
    """A role to wait for, and what a step did before it had to wait."""
    in_transaction(lambda: db.session.execute(_ADD))
    return []


def test_who_waits_for_a_lock_is_told_and_nothing_is_changed(app: Flask, step: list[int]) -> None:
    def wait() -> None:
        db.session.execute(_ADD_ANOTHER)
        step.append(1)
        db.session.execute(_HOLD)

    with _someone_else_holds(), pytest.raises(Busy, match="nothing was changed"):
        in_transaction(wait)

    assert len(step) <= 1  # SQLite waits before the step begins, PostgreSQL inside it
    assert db.session.scalar(_COUNT) == 0
    db.session.rollback()
    in_transaction(wait)
    assert db.session.scalar(_COUNT) == 1


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_what_takes_too_long_is_stopped(app: Flask) -> None:
    with pytest.raises(TookTooLong):
        in_transaction(lambda: db.session.execute(SLEEP))

    assert in_transaction(lambda: db.session.scalar(text("SELECT 1"))) == 1


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_the_limits_survive_a_rollback_and_may_be_lifted_for_one_step(app: Flask) -> None:
    db.session.rollback()
    shown = text("SHOW statement_timeout")

    def lifted() -> str:
        patience.take_time(db.session.connection())
        return str(db.session.scalar(shown))

    assert in_transaction(lifted) == "0"
    assert in_transaction(lambda: db.session.scalar(shown)) == "500ms"


def test_another_fault_of_the_database_is_no_refusal(app: Flask) -> None:
    found: list[Refusal | None] = []
    try:
        in_transaction(lambda: db.session.execute(text("SELECT nothing FROM nowhere")))
    except DBAPIError as error:
        found.append(patience.refusal_of(error))

    assert found == [None]


@contextmanager
def _someone_else_holds() -> Iterator[None]:
    db.session.rollback()
    with db.engine.connect().execution_options(houtai_step=True) as other:
        if db.engine.dialect.name == "sqlite":
            db.session.execute(text("PRAGMA busy_timeout = 100"))
            db.session.rollback()
        other.execute(_HOLD)
        yield
        other.rollback()
