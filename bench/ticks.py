"""A tick of the clockwork, when nothing is due."""

from collections.abc import Iterator

from sqlalchemy import text

from app.kernel.db import db
from app.scheduler.jobs import Job, schedule
from bench import company
from bench.grounds import SQLITE, Grounds, tidy
from bench.meters import Spent, middle, spent
from bench.rows import Row
from bench.size import Size

_FEW = 10
_TICK_SECONDS = 1.0
_OFTEN = 60.0
_NOTHING = 0.0001
_CASES = """
INSERT INTO process_instance (definition_id, status, edition, scope, started_at, state)
SELECT c.definition_id, c.status, c.edition, c.scope, c.started_at, c.state
FROM {numbers}, process_instance AS c WHERE c.id = :pattern
"""
_TIMERS = """
INSERT INTO timer_due (instance_id, token, element_id, due_at, try_at, failures)
SELECT c.id, t.token, t.element_id, t.due_at, t.try_at, 0
FROM process_instance AS c, timer_due AS t WHERE t.instance_id = :pattern AND c.id > :last
"""
_TASKS = """
INSERT INTO task (instance_id, definition_id, token, element_id, role, scope, priority, rank,
  opened_at)
SELECT c.id, t.definition_id, t.token, t.element_id, t.role, t.scope, t.priority, t.rank,
  t.opened_at
FROM process_instance AS c, task AS t WHERE t.instance_id = :pattern AND c.id > :last
"""
_NUMBERS = {
    "sqlite": (
        "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < :wanted)"
        " SELECT n FROM c) AS n"
    ),
    "postgresql": "generate_series(1, CAST(:wanted AS bigint)) AS n(n)",
}


def ticks(grounds: Grounds, size: Size) -> Iterator[Row]:
    """All jobs that run at least every minute, with ten open cases and with many."""
    with grounds.ground():
        begun = [company.start(company.WAITING, {"scope": company.PLACE}) for _ in range(_FEW)]
        few = _ticked(size)
        _copy(grounds.kind, begun[-1], size.open_cases)
        many, slow = _ticked(size), {job.name: spent(job.run).wall for job in _jobs(often=False)}
    each = max(many.wall - few.wall, 0.0) / size.open_cases
    detail: dict[str, object] = {"few_ms": few.wall, "many_ms": many.wall, "now_and_then_ms": slow}
    name = f"{size.open_cases:,} open, not due cases"
    what = f"a tick of the scheduler with {name}: wall"
    yield Row("tick", what, grounds.kind, many.wall, "ms", None, detail)
    what = f"the same / a tick with {_FEW}"
    yield Row("tick_ratio", what, grounds.kind, many.wall / few.wall, "x", None, {})
    what = "a tick per open, not due case"
    yield Row("tick_each", what, grounds.kind, round(each, 4), "ms", _NOTHING, {"exact_ms": each})


def _ticked(size: Size) -> Spent:
    jobs = list(_jobs(often=True))

    def tick() -> None:
        for job in jobs:
            job.run()

    return middle([spent(tick) for _ in range(size.warm_up + size.ticks)][size.warm_up :])


def _jobs(*, often: bool) -> Iterator[Job]:
    return (job for job in schedule(_TICK_SECONDS) if (job.every_seconds <= _OFTEN) is often)


def _copy(kind: str, pattern: int, wanted: int) -> None:
    """Rows of further cases that wait as `pattern` does; starting them one by one takes minutes."""
    with db.engine.begin() as connection:
        given = {"pattern": pattern, "wanted": wanted, "last": pattern}
        for statement in (_CASES.format(numbers=_NUMBERS[kind]), _TIMERS, _TASKS):
            used = {name: value for name, value in given.items() if f":{name}" in statement}
            connection.execute(text(statement), used)
    tidy("ANALYZE" if kind == SQLITE else "VACUUM ANALYZE")
