"""Whatever happens, in whatever order, at once and again: stock is worth what the journal says."""

import os
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import func, select

from app.domain import proof
from app.domain.finance import worth
from app.domain.finance.journal import JournalLine
from app.domain.finance.pools import CostEntry
from app.kernel import clock
from app.kernel.cause import Cause
from app.kernel.db import db, in_transaction
from app.kernel.errors import Refusal
from app.workflow import effects
from app.workflow.effects import Run
from tests.builders import book_days
from tests.builders.book_days import DEEDS
from tests.builders.crowds import all_at_once

EFFECT = "book_days.deed"
# `HOUTAI_BOOK_DEEDS=100000` for a long night.
MANY = int(os.environ.get("HOUTAI_BOOK_DEEDS", "160"))
deeds = st.sampled_from(sorted(DEEDS))
seeds = st.integers(0, 2**32)
_keys = count(1)


def deed(name: str, seed: int) -> None:
    """What the effect does: run again, it would throw the same dice."""
    DEEDS[name](random.Random(seed))


def a_step(name: str, seed: int) -> Callable[[], object]:
    """A deed as a service step, once for its key."""
    cause = Cause(f"7:deed:{next(_keys)}", 7, "deed", None)
    arguments: dict[str, object] = {"name": name, "seed": seed}
    return lambda: effects.happen(Run(EFFECT, arguments, cause, 1, clock.now()))


def check() -> None:
    """Nothing offends, and stock is worth what the journal says, to the cent."""
    db.session.rollback()
    broken = [result for result in proof.run() if not result.holds]
    if broken:
        raise AssertionError(broken)
    assert worth.total(worth.now()) == worth.booked()


def rows() -> tuple[int, int]:
    counted = [
        db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in (CostEntry, JournalLine)
    ]
    return counted[0], counted[1]


@pytest.fixture
def books(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """Books that begin in the middle of June."""
    monkeypatch.setitem(effects._REGISTERED, EFFECT, deed)
    with clock.turned_to(datetime(2026, 6, 15, 4, tzinfo=UTC)):
        in_transaction(book_days.open_books)
        yield app


class AnyBooks(RuleBasedStateMachine):
    """Days of one company, whose books go on from example to example."""

    app: Flask

    @rule(first=deeds, second=deeds, dice=st.tuples(seeds, seeds))
    def two_people_at_once(self, first: str, second: str, dice: tuple[int, int]) -> None:
        db.session.rollback()
        all_at_once(self.app, [a_step(first, dice[0]), a_step(second, dice[1])])
        check()

    @rule(name=deeds, seed=seeds)
    def one_step_again_and_again(self, name: str, seed: int) -> None:
        step = a_step(name, seed)
        try:
            in_transaction(step)
        except Refusal:
            return
        before = rows()
        for _ in range(3):
            in_transaction(step)
        assert rows() == before
        check()


def test_the_books_stay_right_whatever_happens(books: Flask) -> None:
    AnyBooks.app = books
    run_state_machine_as_test(
        AnyBooks,
        settings=settings(
            max_examples=5,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert min(rows()) > 0


@pytest.mark.parametrize("workers", [2, 8])
def test_many_deeds_at_once_leave_the_books_right(books: Flask, workers: int) -> None:
    dice = random.Random(workers)
    names = [*sorted(DEEDS), *["buy", "sell", "bill", "accept_bill"] * 4]
    for wave in range(MANY // workers):
        steps = [a_step(dice.choice(names), dice.getrandbits(32)) for _ in range(workers)]
        db.session.rollback()
        all_at_once(books, steps)
        if wave % 20 == 0:
            check()
    check()
    assert min(rows()) > MANY // 8
