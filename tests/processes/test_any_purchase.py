"""Whatever is bought, by how many at once: the proof holds and stock is worth what is booked."""

import os
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from functools import partial
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domain import proof
from app.domain.finance import worth
from app.domain.inventory import ledger
from app.domain.inventory.moves import StockEntry
from app.domain.planning import calling
from app.kernel import clock, outbox
from app.kernel.cause import Cause
from app.kernel.db import db, in_transaction
from app.kernel.errors import Refusal
from app.scheduler import jobs
from app.workflow import effects, incidents, instances, messages, timers
from app.workflow.effects import Run
from app.workflow.records import OPEN, EffectRow, HistoryRow, Incident, ProcessInstance
from tests.processes import purchase_people as staff
from tests.processes import reached, seldom, warehouse_people
from tests.processes.play import break_down
from tests.processes.purchase_beginnings import sell
from tests.processes.purchase_company import found_company
from tests.workflow.together import together

# `HOUTAI_DEEDS=100000` for a long night; `HOUTAI_SEED` to throw the same dice.
MANY = int(os.environ.get("HOUTAI_DEEDS", "64"))
SEED = int(os.environ.get("HOUTAI_SEED", "1"))
# From so many deeds on, everything there is in a diagram or a form is to be reached.
_EVERYTHING = 20_000
_OFTEN, _FULL_PROOF_EVERY = 500, 25
# Mostly a morning; now and then so long that nobody did what they had to do, credits included.
_HOURS = (*(1,) * 6, *(4,) * 4, *(20,) * 4, 80, 80, 400, 900)
_CUT_OFF, _CANCELLED = 0.2, 4
_SALE = "purchase_days.sell"


@pytest.fixture
def company(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A company that buys, and whose customers take what lies on the shelves."""
    monkeypatch.setitem(effects._REGISTERED, _SALE, sell)
    seldom.forget()
    in_transaction(found_company)
    for seed in range(4):
        in_transaction(partial(warehouse_people.announce, Random(seed)))
    return app


@pytest.mark.parametrize("workers", [2, 8])
def test_the_proof_holds_whatever_is_bought(
    company: Flask, database_kind: str, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database_kind == "sqlite" and workers > 2:
        pytest.skip("SQLite lets one write at a time")
    _play(company, workers, monkeypatch)
    assert _rows(StockEntry) > 0
    if MANY > _OFTEN:
        print(reached.table({**reached.counted(), **reached.ended()}))  # noqa: T201 - for `-s`
    assert MANY < _EVERYTHING or reached.missing() == []


def _play(company: Flask, workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice, given_up = Random(SEED * 100 + workers), set[int]()
    for wave in range(MANY // workers):
        with monkeypatch.context() as broken:
            if dice.random() < _CUT_OFF:
                _cut_off(broken)
            _a_wave(company, dice, workers)
        if wave % 5 == 0:
            _others_act(dice)
        if wave % 4 == 0:
            _let_time_pass(dice.choice(_HOURS))
        if wave % 7 == 0:
            given_up |= _one_step_breaks(dice, monkeypatch)
        if wave % 6 == 0:
            _once_more(dice)
        if MANY <= _OFTEN or wave % _FULL_PROOF_EVERY == 0:
            _check(given_up)
    _check(given_up)


def _a_wave(company: Flask, dice: Random, workers: int) -> None:
    """Several people at the same instant, two of them now and then with one task."""
    seeds = [dice.getrandbits(64) for _ in range(workers)]
    if dice.random() < 0.3:
        seeds[-1] = seeds[0]
    db.session.rollback()
    _raise_first(together(company, [partial(_a_deed, seed) for seed in seeds]))


def _cut_off(broken: pytest.MonkeyPatch) -> None:
    """The power fails right after each commit: what was said is heard when the clock next ticks."""
    broken.setattr(outbox, "_LISTENERS", [])


def _a_deed(seed: int) -> bool:
    try:
        job = staff.a_deed(Random(seed))
    finally:
        db.session.rollback()
    return _tried(job)


def _others_act(dice: Random) -> None:
    """Customers take goods, and operators cancel cases."""
    _others_buy(dice)
    _some_are_cancelled(dice)


def _others_buy(dice: Random) -> None:
    seed = dice.getrandbits(32)
    cause = Cause(f"7:sale:{seed}", 7, "sale", None)
    run = Run(_SALE, {"seed": seed}, cause, 1, clock.now())
    _tried(lambda: effects.happen(run))


def _let_time_pass(hours: int) -> None:
    clock.turn(timedelta(hours=hours))
    while timers.fire_due():
        pass
    messages.deliver_pending()
    messages.deliver_kept()
    in_transaction(calling.call_for_the_day)
    jobs.tell_months_that_ended()
    jobs.end_promises()


def _some_are_cancelled(dice: Random) -> None:
    """Operators try to end cases wherever they stand; where that leaves goods, they are refused."""
    db.session.rollback()
    query = select(ProcessInstance.id).filter_by(status=OPEN).order_by(ProcessInstance.id)
    found = list(db.session.scalars(query))
    db.session.rollback()
    for case_id in dice.sample(found, min(_CANCELLED, len(found))):
        _tried(partial(instances.cancel, case_id, "Begun twice", None))


def _one_step_breaks(dice: Random, monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The disk is full while somebody works; an operator lets it be done again.

    What the person would have been refused is refused now, too late to tell them: those incidents.
    """
    with monkeypatch.context() as broken:
        broken.setattr(ledger, "move", break_down)
        db.session.rollback()
        job = staff.a_completion(dice)
        if job is not None:
            _tried(job)
    for incident in _incidents():
        _tried(partial(incidents.retry, incident.id, by=None))
    return {incident.id for incident in _incidents() if _is_refused(incident)}


def _once_more(dice: Random) -> None:
    """An answer that is sent again changes nothing."""
    db.session.rollback()
    job = staff.a_completion(dice)
    if job is None or not _tried(job):
        return
    before = [_rows(model) for model in (StockEntry, EffectRow, HistoryRow)]
    assert not _tried(job)
    assert [_rows(model) for model in (StockEntry, EffectRow, HistoryRow)] == before


def _check(given_up: Collection[int]) -> None:
    messages.deliver_pending()
    db.session.rollback()
    broken = [result for result in proof.run() if not result.holds]
    assert broken == []
    assert worth.total(worth.now()) == worth.booked()
    assert reached.stuck() == []
    faults = [incident.trace for incident in _incidents() if incident.id not in given_up]
    assert faults == []


def _incidents() -> list[Incident]:
    db.session.rollback()
    return list(incidents.open_ones())


def _is_refused(incident: Incident) -> bool:
    """Whether the last word of its trace is a sentence for people."""
    last = incident.trace.rstrip().splitlines()[-1]
    return any(name in last for name in _refusals(Refusal))


def _refusals(kind: type[Refusal]) -> list[str]:
    return [kind.__name__, *(name for each in kind.__subclasses__() for name in _refusals(each))]


def _tried(job: Callable[[], object]) -> bool:
    """Whether it was done; a refusal is an answer, anything else is a fault."""
    try:
        in_transaction(job)
    except Refusal:
        return False
    return True


def _raise_first(answers: Sequence[bool | Exception]) -> None:
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer


def _rows(model: type[StockEntry] | type[EffectRow] | type[HistoryRow]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0
