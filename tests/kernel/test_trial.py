"""A step that is tried leaves nothing behind, and says what would refuse it."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.identity import people
from app.identity.people import Person
from app.kernel import trial
from app.kernel.db import after_commit, db
from app.kernel.errors import N_, Refusal
from app.kernel.patience import Busy


class NotToday(Refusal):
    """Never today."""

    code = "not_today"
    message = N_("Not today.")


def test_what_nothing_refuses_is_undone_all_the_same(app: Flask) -> None:
    told: list[str] = []

    def step() -> None:
        people.add("vera", name="Vera", password="correct horse battery")
        after_commit(lambda: told.append("Vera is here"))

    assert trial.refusal_of(step) is None
    assert (_people(), told) == (0, [])


def test_a_refusal_is_handed_back_and_what_was_done_before_it_is_undone(app: Flask) -> None:
    def step() -> None:
        people.add("vera", name="Vera", password="correct horse battery")
        raise NotToday

    assert isinstance(trial.refusal_of(step), NotToday)
    assert _people() == 0


def test_an_impatient_database_is_no_answer(app: Flask) -> None:
    def step() -> None:
        raise Busy

    with pytest.raises(Busy):
        trial.refusal_of(step)


def _people() -> int:
    db.session.rollback()
    return db.session.scalars(select(func.count(Person.id))).one()
