"""`python -m tests.kill`: kill workers at random moments, then say what was lost or doubled."""

import json
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import configure_mappers

from app.cli import schema
from app.config import Settings
from app.domain import proof
from app.domain.inventory.moves import StockEntry, StockMove
from app.domain.inventory.places import Location
from app.factory import create_app
from app.kernel.db import db
from app.workflow.records import HistoryRow, ProcessInstance
from tests.kill import company, lines, worker

# A planted fault shows itself soon: whoever looks every so often need not kill to the end.
_A_FEW = 10
# Seconds a worker lives: from before its first step until after several.
_PATIENCE = {"shelving": (0.005, 0.4), "purchase": (0.01, 0.5)}


@dataclass
class Report:
    """What a run found; everything but the counts must be empty."""

    kills: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unproved: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.unproved)


@click.command()
@click.option("--url", default="", help="A migrated, empty database; a SQLite file if not given.")
@click.option("--kills", default=50, show_default=True)
@click.option("--seed", default=None, type=int, help="Repeat the same waiting times.")
@click.option("--line", default="shelving", type=click.Choice(sorted(lines.WORK)))
@click.option("--planted-fault", is_flag=True, help="Effects happen in their own transaction.")
def main(url: str, kills: int, seed: int | None, line: str, planted_fault: bool) -> None:  # noqa: FBT001
    """Kill two workers in turn; exit with 1 when a promise was broken."""
    random.seed(seed)
    url = url or _own_file()
    _in_its_own_process(lines.WORK[line].found, url)
    report, acknowledged = Report(), set[str]()
    at_once = _A_FEW if planted_fault else kills
    while report.is_clean and report.kills < kills:
        acknowledged |= set(_killing(url, at_once, line, planted=planted_fault))
        with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as elsewhere:
            found = elsewhere.submit(_report, url, acknowledged, report.kills + at_once)
            report = found.result()
    click.echo(json.dumps(asdict(report)))
    sys.exit(0 if report.is_clean else 1)


def _report(url: str, acknowledged: set[str], kills: int) -> Report:
    """What is broken after so many kills."""
    with _application(url).app_context():
        return Report(
            kills,
            len(acknowledged),
            lost=sorted(acknowledged - _kept()),
            doubled=[*_completed_twice(), *_moved_twice()],
            unproved=[each.code for each in proof.run() if each.rows],
        )


def _killing(url: str, kills: int, line: str, *, planted: bool) -> list[str]:
    configure_mappers()  # once, and not in each worker that is to be killed
    acknowledged: list[str] = []
    working = [worker.fork(url, name, line, planted=planted) for name in company.WORKERS]
    for number in range(kills):
        time.sleep(random.uniform(*_PATIENCE[line]))
        place = number % len(working)
        acknowledged += working[place].kill()
        working[place] = worker.fork(url, company.WORKERS[place], line, planted=planted)
    for each in working:
        acknowledged += each.kill()
    return acknowledged


def _kept() -> set[str]:
    """Every case that exists and every task that history knows as completed."""
    cases = db.session.scalars(select(ProcessInstance.id))
    return {f"case {number}" for number in cases} | {f"task {number}" for number in _completed()}


def _completed_twice() -> Iterator[str]:
    for task_id, times in Counter(_completed()).items():
        if times > 1:
            yield f"task {task_id} completed {times} times"


def _completed() -> list[int]:
    query = select(HistoryRow.task_id).where(HistoryRow.kind == "completed")
    return [number for number in db.session.scalars(query) if number is not None]


def _moved_twice() -> Iterator[str]:
    """A unit enters each place once: more means an effect happened again."""
    query = (
        select(StockMove.document, Location.code, func.count())
        .join(StockEntry, StockEntry.move_id == StockMove.id)
        .join(Location, Location.id == StockEntry.location_id)
        .where(StockMove.reason == "moved", StockEntry.quantity > 0)
        .group_by(StockMove.document, Location.code)
        .having(func.count() > 1)
    )
    for unit, place, times in db.session.execute(query):
        yield f"{unit} came to {place} {times} times"


def _own_file() -> str:
    path = Path(tempfile.mkdtemp()) / "kills.sqlite3"
    url = f"sqlite:///{path}"
    _in_its_own_process(schema.upgrade, url)
    return url


def _in_its_own_process(action: Callable[[], object], url: str) -> None:
    """Do what opens connections elsewhere, so that the workers are forked from a clean process."""

    def run() -> None:
        with _application(url).app_context():
            action()

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(process.exitcode)


def _application(url: str) -> Flask:
    return create_app(Settings(database_url=url, secret_key="only for tests"))


main()
