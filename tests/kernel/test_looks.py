"""A look writes nothing and keeps what the server has prepared."""

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.kernel.db import connection, db, end_look, in_transaction
from app.workflow.records import CaseNumber

_OFTEN = 10


@pytest.fixture
def database_kind() -> str:
    return "postgresql"


def _number() -> int:
    return db.session.scalar(select(func.count(CaseNumber.number))) or 0


def test_what_is_written_outside_of_a_step_is_refused(app: Flask) -> None:
    db.session.add(CaseNumber(number="A", instance_id=1))

    with pytest.raises(DBAPIError, match="read-only"):
        db.session.flush()

    end_look()
    assert _number() == 0


def test_a_step_after_a_look_writes(app: Flask) -> None:
    assert _number() == 0

    in_transaction(lambda: db.session.add(CaseNumber(number="A", instance_id=1)))

    assert _number() == 1


def test_a_look_after_a_step_that_failed_sees_nothing_of_it(app: Flask) -> None:
    def step() -> None:
        db.session.add(CaseNumber(number="A", instance_id=1))
        db.session.flush()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_transaction(step)

    assert _number() == 0


def test_a_look_that_failed_is_followed_by_one_that_does_not(app: Flask) -> None:
    with pytest.raises(DBAPIError, match="division by zero"):
        connection().execute(text("SELECT 1 / 0"))
    end_look()

    assert _number() == 0


def test_statements_of_many_looks_are_planned_once(app: Flask) -> None:
    for _ in range(_OFTEN):
        _number()
        end_look()

    prepared = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE :some")
    assert connection().scalar(prepared, {"some": "%case_number%"}) == 1
