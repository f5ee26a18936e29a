"""Whatever arrives, whoever counts, retries or shelves at the same instant: the books are right."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from random import Random

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import func, select, update

from app.domain import proof
from app.domain.inventory import ledger
from app.domain.inventory.moves import StockEntry
from app.domain.inventory.places import Location
from app.identity import people
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.kernel.errors import Refusal
from app.kernel.outbox import Message
from app.workflow import giving_back, incidents, messages, timers
from app.workflow.giving_back import TooLateToGiveBack
from app.workflow.records import EffectRow, HistoryRow, ProcessInstance, Task
from tests.processes import warehouse_people as staff
from tests.processes.play import break_down
from tests.workflow.together import together

seeds = st.integers(0, 2**32)
EXAMPLES, STEPS, RECENT = 4, 25, 12
_ROOM = Location.id, Location.capacity


class AnyDelivery(RuleBasedStateMachine):
    """Days at one gate, whose cases go on from example to example."""

    app: Flask
    breaks: pytest.MonkeyPatch

    @rule(seed=seeds)
    def goods_arrive(self, seed: int) -> None:
        dice = Random(seed)
        arrive = staff.announce if dice.random() < 0.8 else staff.arrive_unannounced
        in_transaction(lambda: arrive(dice))

    @rule(seed=seeds)
    def several_tasks_are_done_in_turn(self, seed: int) -> None:
        dice = Random(seed)
        for _ in range(12):
            _tried(_a_completion(dice))

    @rule(seed=seeds, same=st.booleans())
    def two_people_press_at_once(self, seed: int, same: bool) -> None:  # noqa: FBT001
        dice = Random(seed)
        for _ in range(3):
            first = _a_completion(dice)
            second = first if same else _a_completion(dice)
            db.session.rollback()
            answers = together(self.app, [partial(_tried, job) for job in (first, second)])
            assert [answer for answer in answers if isinstance(answer, Exception)] == []
            assert not same or answers.count(True) <= 1

    @rule(seed=seeds)
    def one_completion_is_sent_twenty_times_more(self, seed: int) -> None:
        job = _a_completion(Random(seed))
        if not _tried(job):
            return
        before = _everything()
        assert [_tried(job) for _ in range(20)] == [False] * 20
        assert _everything() == before

    @rule(seed=seeds)
    def one_message_comes_twenty_times_more(self, seed: int) -> None:
        db.session.rollback()
        ids = list(db.session.scalars(select(Message.id).filter_by(status=messages.CONSUMED)))
        if not ids:
            return
        chosen = Random(seed).choice(ids)
        before = _everything()
        for _ in range(20):
            assert in_transaction(partial(_announce_again, chosen)) is False
            assert messages.deliver(chosen) is False
        assert _everything() == before

    @rule(seed=seeds)
    def a_step_breaks_and_is_retried(self, seed: int) -> None:
        with self.breaks.context() as broken:
            broken.setattr(ledger, "move", break_down)
            _tried(_a_completion(Random(seed)))
        _retry_all()
        _give_back_all()  # the second try was refused: its bin has no room for it
        if _open_incidents():
            with _more_room():
                _retry_all()
        assert _open_incidents() == []

    @rule(hours=st.integers(1, 8))
    def time_passes(self, hours: int) -> None:
        clock.turn(timedelta(hours=hours))
        while timers.fire_due():
            pass
        messages.deliver_pending()

    def teardown(self) -> None:
        db.session.rollback()
        assert [result for result in proof.run() if not result.holds] == []
        assert _open_incidents() == []


def test_the_books_stay_right_whatever_is_delivered(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_transaction(staff.open_warehouse)
    AnyDelivery.app, AnyDelivery.breaks = app, monkeypatch
    run_state_machine_as_test(
        AnyDelivery,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # the cases go on, so that no example can be made smaller
            suppress_health_check=list(HealthCheck),
        ),
    )
    entries, *_rest = _everything()
    assert entries > 0


def _a_completion(dice: Random) -> Callable[[], None]:
    """Somebody answers one of the youngest open tasks."""
    db.session.rollback()
    open_now = list(db.session.scalars(select(Task.id).order_by(Task.id.desc()).limit(RECENT)))
    if not open_now:
        in_transaction(lambda: staff.announce(dice))
        return _a_completion(dice)
    chosen = dice.choice(open_now)
    name = staff.someone_for(chosen, dice)
    answers = in_transaction(lambda: staff.answers_to(chosen, name, dice))
    return partial(staff.complete, chosen, name, answers)


def _tried(job: Callable[[], None]) -> bool:
    """Whether it was done; a refusal is an answer, anything else is a fault."""
    try:
        job()
    except Refusal:
        return False
    return True


def _announce_again(message_id: int) -> bool:
    kept = db.session.get_one(Message, message_id)
    payload = kept.payload if isinstance(kept.payload, dict) else {}
    return messages.send(kept.name, kept.correlation, payload, key=kept.key)


def _everything() -> tuple[int, ...]:
    """How many rows there are of all that must not happen twice."""
    db.session.rollback()
    kinds = (StockEntry, EffectRow, HistoryRow, ProcessInstance, Task)
    return tuple(db.session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds)


def _open_incidents() -> list[int]:
    db.session.rollback()
    return [incident.id for incident in incidents.open_ones()]


def _retry_all() -> None:
    for incident in _open_incidents():
        in_transaction(partial(incidents.retry, incident, by=None))


def _give_back_all() -> None:
    """Who answered answers anew, where nothing else was done meanwhile."""
    operator = people.by_username(staff.OPERATOR)
    assert operator is not None
    for incident in _open_incidents():
        back = partial(giving_back.give_back, incident, by=operator)
        with suppress(TooLateToGiveBack):
            assert in_transaction(back).task_id


@contextmanager
def _more_room() -> Iterator[None]:
    """Bins that hold as much as anybody wants; afterwards as much as before, or what is in them."""
    limited = Location.capacity.is_not(None)
    before = {row.id: row.capacity for row in db.session.execute(select(*_ROOM).where(limited))}
    in_transaction(lambda: db.session.execute(update(Location).where(limited).values(capacity=999)))
    yield

    def back() -> None:
        for place in db.session.scalars(select(Location).where(Location.id.in_(before))):
            place.capacity = max(before[place.id], place.filled)

    in_transaction(back)
