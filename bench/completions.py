"""Completing a task: over HTTP, at the service layer, beside the engine alone and a bare commit."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from statistics import mean, median
from typing import Any

from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.workflow import completion
from bench import company, in_memory
from bench.browser import Browser, Gauge
from bench.grounds import SQLITE, Grounds
from bench.meters import Spent, Traffic, middle, spent, traffic
from bench.rows import Row
from bench.size import Size

Runs = list[Spent]


def over_http(grounds: Grounds, size: Size) -> Iterator[Row]:
    """Session, token, rights, form, engine, commit and redirect; and what the database hears."""
    with grounds.ground() as app:
        gauge = Gauge(app)
        browser = Browser(app, company.BRUNO)
        started = (company.start() for _ in range(size.warm_up + size.cases))
        cases = [list(_clicked(browser, gauge, case_id)) for case_id in started]
        heard = [traffic_of for _ in range(3) for traffic_of in _heard(browser, company.start())]
    took = middle(_per_completion(cases[size.warm_up :]))
    limit = 5.0 if grounds.kind == SQLITE else 8.0
    detail: dict[str, object] = {"wall_ms": took.wall}
    what = "complete a task over HTTP: CPU of the server"
    yield Row("http", what, grounds.kind, took.cpu, "ms", limit, detail)
    most = max(heard, key=lambda seen: len(seen.statements))
    shown: dict[str, object] = {"statements": most.texts}
    what = "SQL statements of a completion over HTTP (savepoints too)"
    yield Row("statements", what, grounds.kind, len(most.statements), "", 15, shown)
    commits = max(seen.commits for seen in heard)
    yield Row("commits", "commits of a completion over HTTP", grounds.kind, commits, "", 1)


def at_the_service_layer(grounds: Grounds, size: Size) -> Iterator[Row]:
    """The step itself; other cases are undone before the commit, and their rows committed."""
    with grounds.ground(), in_memory.library() as library:
        bruno = company.bruno()
        whole: list[Runs] = []
        bare: Runs = []
        alone: list[float] = []
        for number in range(size.warm_up + size.cases):
            case_id = company.start()
            whole.append([_completed(case_id, bruno) for _ in company.STEPS])
            steps = library()
            if number >= size.warm_up:
                alone.append(mean(steps))
                bare += _bare_commits(company.start(), bruno)
    took, floor = middle(_per_completion(whole[size.warm_up :])), middle(bare)
    detail: dict[str, object] = {"wall_ms": took.wall, "waited_ms": took.waited}
    limit = 3.0 if grounds.kind == SQLITE else 6.0
    what = "complete a task, service layer: CPU"
    yield Row("service", what, grounds.kind, took.cpu, "ms", limit, detail)
    yield from _beside_the_engine(grounds.kind, took, median(alone), size)
    waited = middle([Spent(0, run.waited) for runs in whole[size.warm_up :] for run in runs]).wall
    bare_wait = middle([Spent(0, run.wall) for run in bare]).wall
    what = "bare commit of the same rows on the same disk: wall"
    yield Row("bare_commit", what, grounds.kind, bare_wait, "ms", None, {"cpu_ms": floor.cpu})
    what = "wall minus CPU of a completion / bare commit of the same rows"
    shown: dict[str, object] = {"waited_ms": waited, "bare_commit_ms": bare_wait}
    yield Row("wait_ratio", what, grounds.kind, waited / bare_wait, "x", 1.5, shown)


def _beside_the_engine(kind: str, took: Spent, library: float, size: Size) -> Iterator[Row]:
    """The library's steps were taken in turn with ours: a clock that falls meanwhile meets both."""
    ours = in_memory.of_ours(size.cases)
    what = "one step of SpiffWorkflow alone, in memory: CPU"
    yield Row("engine_library", what, kind, library, "ms")
    what = "one step of our engine alone, in memory: CPU"
    yield Row("engine_ours", what, kind, ours, "ms")
    what = "service layer / SpiffWorkflow alone, in memory"
    detail: dict[str, object] = {"to_ours": took.cpu / ours}
    yield Row("engine_ratio", what, kind, took.cpu / library, "x", 4.0, detail)


def _per_completion(cases: list[Runs]) -> Iterator[Spent]:
    """The three completions of a case are unlike each other; their mean is what a case costs."""
    for runs in cases:
        yield Spent(mean(run.cpu for run in runs), mean(run.wall for run in runs))


def _clicked(browser: Browser, gauge: Gauge, case_id: int) -> Iterator[Spent]:
    for _ in company.STEPS:
        browser.complete(*company.task_of(case_id))
        yield gauge.last


def _heard(browser: Browser, case_id: int) -> Iterator[Traffic]:
    for _ in company.STEPS:
        task_id, element_id = company.task_of(case_id)
        with traffic() as seen:
            browser.complete(task_id, element_id)
        yield seen


def _completed(case_id: int, by: Person) -> Spent:
    task_id, element_id = company.task_of(case_id)
    return spent(lambda: company.complete(task_id, element_id, by))


class _Undone(Exception):
    """Ends a step before its commit."""


def _bare_commits(case_id: int, by: Person) -> Runs:
    """For each step of the case: the rows it writes, committed by themselves."""
    return [_bare_commit(*company.task_of(case_id), by) for _ in company.STEPS]


def _bare_commit(task_id: int, element_id: str, by: Person) -> Spent:
    with traffic() as seen, suppress(_Undone):
        in_transaction(partial(_undone, task_id, element_id, by))
    connection = db.engine.raw_connection()
    try:
        return spent(partial(_write, connection, seen.writes))
    finally:
        connection.close()


def _undone(task_id: int, element_id: str, by: Person) -> None:
    completion.complete_task(task_id, company.answers(element_id), by=by)
    raise _Undone


def _write(connection: Any, writes: list[tuple[str, Any, bool]]) -> None:
    cursor = connection.cursor()
    if db.engine.dialect.name == SQLITE:
        cursor.execute("BEGIN IMMEDIATE")
    for text, given, many in writes:
        (cursor.executemany if many else cursor.execute)(text, given)
    if db.engine.dialect.name == SQLITE:
        cursor.execute("COMMIT")
    else:
        connection.commit()
