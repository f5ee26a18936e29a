"""Cases: started, with many instances of one task, with many rounds of a loop."""

from collections.abc import Iterator
from functools import partial

from app.kernel.db import db
from bench import company
from bench.grounds import SQLITE, Grounds
from bench.meters import middle, spent
from bench.rows import Row
from bench.size import Size

_AROUND = 5


def started(grounds: Grounds, size: Size) -> Iterator[Row]:
    """A case of a known process, run to its first task; the script worker's time is apart."""
    with grounds.ground():
        runs = [spent(company.start) for _ in range(size.warm_up + size.cases)]
    took = middle(runs[size.warm_up :])
    limit = 5.0 if grounds.kind == SQLITE else 9.0
    detail: dict[str, object] = {"wall_ms": took.wall}
    what = "start a case of a known process: CPU"
    yield Row("start", what, grounds.kind, took.cpu, "ms", limit, detail)


def with_many_instances(grounds: Grounds, size: Size) -> Iterator[Row]:
    """Each of the parallel instances is completed; the first, middle and last few are compared."""
    items = [f"box {number}" for number in range(size.instances)]
    with grounds.ground():
        bruno = company.bruno()
        _warm(size)
        case_id = company.start(company.MANY, {"items": items, "scope": company.PLACE})
        tasks = company.tasks_of(case_id)
        db.session.rollback()
        runs = [spent(partial(company.complete, *one, bruno)) for one in tasks]
    half = len(runs) // 2
    parts = {
        "first": middle(runs[1 : 1 + _AROUND] or runs),
        "middle": middle(runs[half - _AROUND : half + _AROUND] or runs),
        "last": middle(runs[-1 - _AROUND : -1] or runs),
    }
    slowest = max(part.wall for part in parts.values())
    detail: dict[str, object] = {f"{name}_ms": part.wall for name, part in parts.items()}
    detail |= {f"{name}_cpu_ms": part.cpu for name, part in parts.items()}
    detail |= {"very_first_ms": runs[0].wall, "very_last_ms": runs[-1].wall}
    what = f"one step with {len(runs)} parallel instances (slowest of first, middle, last)"
    yield Row("many", what, grounds.kind, slowest, "ms", 12.0, detail)
    slope = max(part.cpu for part in parts.values()) / min(part.cpu for part in parts.values())
    what = "the same: slowest / fastest of first, middle, last (flat is 1)"
    yield Row("many_flat", what, grounds.kind, slope, "x", None, {})


def with_many_rounds(grounds: Grounds, size: Size) -> Iterator[Row]:
    """A case that goes round a loop, one completion per round."""
    with grounds.ground():
        bruno = company.bruno()
        _warm(size)
        case_id = company.start(company.LOOP, {"scope": company.PLACE})
        runs = []
        for _ in range(size.rounds):
            task = company.task_of(case_id)
            runs.append(spent(partial(company.complete, *task, bruno)))
    last, first = middle(runs[-_AROUND * 2 :]), middle(runs[1 : 1 + _AROUND * 2] or runs)
    detail: dict[str, object] = {"first_ms": first.wall, "cpu_ms": last.cpu}
    what = f"round {len(runs)} of a loop, database included: wall"
    yield Row("loop", what, grounds.kind, last.wall, "ms", 60.0, detail)


def _warm(size: Size) -> None:
    bruno = company.bruno()
    for _ in range(size.warm_up):
        case_id = company.start()
        for _step in company.STEPS:
            company.complete(*company.task_of(case_id), bruno)
