"""What rarely changes is read once, until somebody changes it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from app.domain.inventory import places
from app.identity import roles
from app.kernel import policy
from app.kernel.db import db, end_look, in_transaction

_ROLE = "night_watch"


@contextmanager
def _statements() -> Iterator[list[str]]:
    found: list[str] = []

    def note(*given: object) -> None:
        found.append(str(given[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    yield found
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def known(app: Flask) -> None:
    """A role, a site and a policy that this process has read."""

    def step() -> None:
        roles.ensure(_ROLE, {"en": "Night watch"})
        places.add_site("NORTH", name="North hall")
        policy.seed("some.limit", 1)

    in_transaction(step)
    _look()
    end_look()


def _look() -> tuple[str, str, object]:
    return roles.titles("en")[_ROLE], places.site_names()["site:NORTH"], policy.value("some.limit")


def test_one_question_finds_that_nothing_changed(known: None) -> None:
    with _statements() as sent:
        assert _look() == ("Night watch", "North hall", 1)

    assert len([one for one in sent if one.startswith("SELECT")]) == 1


def test_what_a_step_changed_is_seen_by_the_next_look(known: None) -> None:
    def step() -> None:
        db.session.get_one(roles.Role, _ROLE).title = {"en": "Night guard"}
        places.site("NORTH").name = "North wing"
        policy.set_value("some.limit", 2, by=None, reason="More is needed")

    in_transaction(step)

    assert _look() == ("Night guard", "North wing", 2)


def test_a_step_sees_what_it_added_itself(known: None) -> None:
    def step() -> set[str]:
        places.add_site("SOUTH", name="South hall")
        return set(places.site_names().values())

    assert in_transaction(step) >= {"North hall", "South hall"}


def test_what_a_failed_step_added_is_forgotten(known: None) -> None:
    def step() -> None:
        places.add_site("SOUTH", name="South hall")
        places.site_names()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_transaction(step)

    assert "South hall" not in places.site_names().values()
