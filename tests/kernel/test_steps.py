"""Steps: one commit, their turn, and connections that died."""

import threading

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from app.kernel import liveness
from app.kernel.db import after_commit, db, in_transaction


class _Again(Exception):
    """As the database says that a step may succeed when it is run again."""

    sqlstate = "40001"


def test_what_fails_after_the_commit_does_not_run_the_step_again(app: Flask) -> None:
    runs: list[int] = []

    def fail() -> None:
        raise DBAPIError("", {}, _Again())

    def step() -> None:
        runs.append(1)
        after_commit(fail)

    with pytest.raises(DBAPIError):
        in_transaction(step)

    assert runs == [1]


def test_a_step_that_may_succeed_later_is_run_again(app: Flask) -> None:
    runs: list[int] = []

    def step() -> None:
        runs.append(1)
        if len(runs) < 3:
            raise DBAPIError("", {}, _Again())

    in_transaction(step)

    assert len(runs) == 3


def test_writers_of_one_process_get_their_turn_even_after_one_that_failed(app: Flask) -> None:
    counted: list[int] = []

    def step() -> None:
        db.session.execute(text("SELECT 1"))
        counted.append(1)
        if len(counted) % 3 == 0:
            raise ZeroDivisionError

    def work() -> None:
        with app.app_context():
            for _ in range(5):
                try:
                    in_transaction(step)
                except ZeroDivisionError:
                    continue
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert len(counted) == 20


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_a_connection_that_died_while_it_stood_idle_is_replaced(
    app: Flask, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = db.session.scalar(text("SELECT pg_backend_pid()"))
    db.session.remove()
    plain = make_url(database_url).set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(hide_password=False)) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    monkeypatch.setattr(liveness, "_IDLE_SECONDS", 0.0)

    second = in_transaction(lambda: db.session.scalar(text("SELECT pg_backend_pid()")))

    assert second != first
