"""Whatever two people do at once in the warehouse, in whatever order, the books stay right."""

import random
from collections.abc import Callable
from itertools import count

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import func, select

from app.domain import proof
from app.domain.inventory.moves import StockEntry
from app.kernel import clock
from app.kernel.cause import Cause
from app.kernel.db import db, in_transaction
from app.kernel.errors import Refusal
from app.workflow import effects
from app.workflow.effects import Run
from tests.builders import warehouse_days
from tests.builders.crowds import all_at_once
from tests.builders.warehouse_days import DEEDS

EFFECT = "warehouse_days.deed"
deeds = st.sampled_from(sorted(DEEDS))
seeds = st.integers(0, 2**32)
_keys = count(1)


def deed(name: str, seed: int) -> None:
    """What the effect does: run again, it would throw the same dice."""
    DEEDS[name](random.Random(seed))


def a_step(name: str, seed: int, key: str | None = None) -> Callable[[], object]:
    """A deed as a service step, once for its key."""
    cause = Cause(key or f"7:deed:{next(_keys)}", 7, "deed", None)
    arguments: dict[str, object] = {"name": name, "seed": seed}
    return lambda: effects.happen(Run(EFFECT, arguments, cause, 1, clock.now()))


class AnyDay(RuleBasedStateMachine):
    """Days in one warehouse, whose books go on from example to example."""

    app: Flask

    @rule(first=deeds, second=deeds, dice=st.tuples(seeds, seeds))
    def two_people_at_once(self, first: str, second: str, dice: tuple[int, int]) -> None:
        db.session.rollback()
        all_at_once(self.app, [a_step(first, dice[0]), a_step(second, dice[1])])

    @rule(name=deeds, seed=seeds)
    def one_step_again_and_again(self, name: str, seed: int) -> None:
        step = a_step(name, seed)
        try:
            in_transaction(step)
        except Refusal:
            return
        before = entries()
        for _ in range(3):
            in_transaction(step)
        assert entries() == before

    def teardown(self) -> None:
        db.session.rollback()
        assert [result for result in proof.run() if not result.holds] == []


def entries() -> int:
    return db.session.scalar(select(func.count()).select_from(StockEntry)) or 0


def test_the_books_stay_right_on_any_day(
    app: Flask, database_kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_transaction(warehouse_days.open_warehouse)
    monkeypatch.setitem(effects._REGISTERED, EFFECT, deed)
    AnyDay.app = app
    run_state_machine_as_test(
        AnyDay,
        settings=settings(
            max_examples=8,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert entries() > 0
