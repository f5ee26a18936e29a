"""The practice company with its history: prepared and copied, or made at once, it is the same."""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.cli import deploy, prepared, schema
from app.cli.application import application
from app.config import Settings
from app.demo import history, story
from app.demo.acting import TAIPEI, Stage
from app.demo.history import Extent
from app.domain import proof
from app.domain.finance.journal import Journal, JournalLine
from app.domain.inventory.balances import StockBalance
from app.kernel import clock
from app.kernel.db import db
from app.workflow.records import Definition, Incident, ProcessInstance, Task

# Exceptions reach three weeks back; of the purchases a few are enough.
FEW = Extent(first_day=26, most=3)
EXCEPTIONS = {
    "approve_price",
    "quote",
    "decide_silence",
    "judge_changes",
    "call_supplier",
    "identify_duplicates",
    "identify_arrival",
    "decide_over_delivery",
    "decide_lot",
    "arrange_reinspection",
    "agree_return",
    "resolve_mismatch",
    "count_first",
    "press_for_credit",
}


@pytest.fixture(autouse=True)
def _afternoon() -> Iterator[None]:
    """It is three o'clock in Taipei, so that no day ends during a test."""
    afternoon = datetime.now(TAIPEI).replace(hour=15, minute=0) + timedelta(days=1)
    with clock.turned_to(afternoon):
        yield


def test_prepared_and_copied_it_equals_one_that_was_made_at_once(tmp_path: Path) -> None:
    at_once = _in(tmp_path / "at_once.sqlite3")
    with _house(at_once, is_new=True):
        stage = Stage(clock.now())
        history.tell(stage, FEW)
        story.tell_today(stage)
        made = _figures()

    ahead = _in(tmp_path / "houtai.sqlite3")
    prepared.prepare(ahead, FEW)
    file = prepared.ready(ahead)
    assert file is not None
    assert not ahead.practice_progress.exists()
    shutil.copyfile(file, ahead.own_file)
    with _house(ahead):
        story.tell_today(Stage(clock.now()))
        copied = _figures()

    assert copied == made
    _check(made)


def _check(figures: dict[str, Any]) -> None:
    assert figures["broken"] == []
    assert figures["incidents"] == 0
    assert set(figures["tasks"]) >= EXCEPTIONS
    assert figures["cases"]["purchase", "finished"] >= FEW.most
    assert sum(figures["accounts"].values()) == 0
    assert min(figures["stock"].values()) >= 0


def test_a_file_is_used_for_some_days_and_by_its_own_release_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = _in(tmp_path / "houtai.sqlite3")
    settings.practice_folder.mkdir()
    assert prepared.ready(settings) is None

    with monkeypatch.context() as quick:
        quick.setattr("app.cli.prepared._play", lambda there, *_: there.own_file.touch())
        prepared.prepare(settings)
    assert prepared.ready(settings) is not None

    with clock.turned_to(clock.now() + timedelta(days=prepared.GOOD_FOR_DAYS)):
        assert prepared.ready(settings) is not None
    with clock.turned_to(clock.now() + timedelta(days=prepared.GOOD_FOR_DAYS + 1)):
        assert prepared.ready(settings) is None
    monkeypatch.setattr("app.cli.prepared._digest", lambda: "another")
    assert prepared.ready(settings) is None


def _in(file: Path) -> Settings:
    return Settings(f"sqlite:///{file}", "only for tests", demo=True)


@contextmanager
def _house(settings: Settings, *, is_new: bool = False) -> Iterator[None]:
    with application(settings=settings, migrated=not is_new):
        if is_new:
            schema.upgrade()
            deploy.publish_shipped()
        yield


def _figures() -> dict[str, Any]:
    """Cases by process and state, open tasks, stock by place, balances of accounts, the proof."""
    db.session.rollback()
    cases = select(Definition.key, ProcessInstance.status).join(ProcessInstance)
    stock = select(StockBalance.location_id, StockBalance.sku_id, StockBalance.quantity)
    accounts = select(JournalLine.account, func.sum(JournalLine.amount))
    return {
        "cases": Counter(map(tuple, db.session.execute(cases))),
        "tasks": Counter(db.session.scalars(select(Task.element_id))),
        "stock": {(place, sku): many for place, sku, many in db.session.execute(stock)},
        "accounts": dict(db.session.execute(accounts.group_by(JournalLine.account)).all()),
        "vouchers": db.session.scalar(select(func.count(Journal.id))),
        "incidents": db.session.scalar(select(func.count(Incident.id))),
        "broken": [result.code for result in proof.run() if result.rows],
    }
