"""What a finished case of three tasks leaves in the database."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import event, text

from app.kernel.db import db
from bench import company
from bench.grounds import SQLITE, Grounds, tidy
from bench.rows import Row
from bench.size import Size

_TABLES = """
SELECT relname, pg_total_relation_size(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
_PAGES = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name"


def stored(grounds: Grounds, size: Size) -> Iterator[Row]:
    """Vacuumed before and after; durability is off meanwhile, which changes no size."""
    with grounds.ground():
        _hurry(grounds.kind)
        bruno = company.bruno()
        before = _size(grounds.kind)
        for _ in range(size.stored_cases):
            case_id = company.start()
            for _step in company.STEPS:
                company.complete(*company.task_of(case_id), bruno)
        after = _size(grounds.kind)
    grown = {name: (after[name] - before.get(name, 0)) / size.stored_cases / 1000 for name in after}
    each = sum(grown.values())
    largest = sorted(grown.items(), key=lambda pair: -pair[1])[:8]
    what = "database for each finished case of three tasks, twenty lines"
    detail: dict[str, object] = {"cases": size.stored_cases, "kB": dict(largest)}
    yield Row("stored", what, grounds.kind, each, "kB", 4.5, detail)


def _hurry(kind: str) -> None:
    statement = "PRAGMA synchronous=OFF" if kind == SQLITE else "SET synchronous_commit=off"
    db.session.remove()
    db.engine.dispose()

    @event.listens_for(db.engine, "connect")
    def _(connection: Any, *_more: object) -> None:
        if kind != SQLITE:
            connection.autocommit = True
        connection.cursor().execute(statement)
        if kind != SQLITE:
            connection.autocommit = False


def _size(kind: str) -> dict[str, int]:
    tidy("VACUUM" if kind == SQLITE else "VACUUM FULL")
    with db.engine.connect() as connection:
        rows = connection.execute(text(_PAGES if kind == SQLITE else _TABLES))
        return {row[0]: row[1] for row in rows}
