"""The inbox page: for a role with a hundred members, then with a million open tasks."""

from collections.abc import Iterator

from sqlalchemy import text

from app.identity import memberships, people
from app.kernel.db import db, in_transaction
from app.workflow import inbox
from app.workflow.records import Task
from bench import company
from bench.browser import Browser, Gauge
from bench.grounds import SQLITE, Grounds, tidy
from bench.meters import Spent, middle, spent
from bench.rows import Row
from bench.size import Size

_FEW = 300
_SCOPED = "mei"
_ROLES = (("warehouse_keeper", "site:SITE1"), ("buyer", "*"), ("inspector", "site:SITE2"))
_SPREAD = ("warehouse_keeper", "buyer", "inspector", "finance", "planner")
_COPY = """
INSERT INTO task (instance_id, definition_id, token, element_id, role, scope, holder_id, excluded,
  priority, rank, due_at, opened_at, claimed_at, business_key, subject)
SELECT t.instance_id, t.definition_id, 'copy ' || n.n, t.element_id, {role}, {scope}, NULL, NULL,
  t.priority, t.rank + (n.n * 7919) % 1000003, {due}, t.opened_at, NULL,
  'SO-' || n.n, 'SO-' || n.n || ' · Borea Foods'
FROM {numbers}, task AS t WHERE t.id = :pattern
"""
_NUMBERS = {
    "sqlite": (
        "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < :wanted)"
        " SELECT n FROM c) AS n"
    ),
    "postgresql": "generate_series(1, CAST(:wanted AS bigint)) AS n(n)",
}
_LATER = {
    "sqlite": "t.due_at + (n.n * 7907) % 9000000 * 1000000",
    "postgresql": "t.due_at + (n.n * 7907) % 9000000 * interval '1 second'",
}


def pages(grounds: Grounds, size: Size) -> Iterator[Row]:
    """The first page over HTTP at 300 tasks; the same for a person in 3 roles at a million."""
    with grounds.ground() as app:
        gauge = Gauge(app)
        in_transaction(_hire)
        _fill(grounds.kind, _FEW, spread=False)
        first = _turned(Browser(app, company.BRUNO), gauge, size)
        few, few_list = _turned(Browser(app, _SCOPED), gauge, size), _listed(size)
        _fill(grounds.kind, size.open_tasks, spread=True)
        many, many_list = _turned(Browser(app, _SCOPED), gauge, size), _listed(size)
    detail: dict[str, object] = {"cpu_ms": first.cpu, "members": company.COLLEAGUES}
    what = "inbox page of 50, a role with 100 members, 300 tasks: wall"
    yield Row("inbox", what, grounds.kind, first.wall, "ms", 8.0, detail)
    what = f"inbox page of a person in 3 roles with {size.open_tasks:,} open tasks: wall"
    yield Row("inbox_million", what, grounds.kind, many.wall, "ms", 12.0, {"cpu_ms": many.cpu})
    what = "the same / that page with 300 tasks"
    shown: dict[str, object] = {"few_ms": few.wall}
    yield Row("inbox_ratio", what, grounds.kind, many.wall / first.wall, "x", 1.5, shown)
    what = f"its rows and counts alone, {size.open_tasks:,} open tasks: wall"
    shown = {"few_ms": few_list.wall}
    yield Row("inbox_query", what, grounds.kind, many_list.wall, "ms", None, shown)


def _hire() -> None:
    """Someone in three roles, at two places."""
    one = people.add(_SCOPED, name="Mei", password=company.PASSWORD)
    for role, scope in _ROLES:
        memberships.grant(one, role, scope)


def _fill(kind: str, number: int, *, spread: bool) -> None:
    """Copies of one open task: all for one role, or over five roles at eight sites."""
    pattern = company.task_of(company.start())[0]
    role, scope = "'warehouse_keeper'", "'site:SITE1'"
    if spread:
        roles = " ".join(f"WHEN {n} THEN '{each}'" for n, each in enumerate(_SPREAD))
        role, scope = f"CASE (n.n / 8) % 5 {roles} END", "'site:SITE' || (n.n % 8)"
    statement = _COPY.format(role=role, scope=scope, numbers=_NUMBERS[kind], due=_LATER[kind])
    indexes = Task.metadata.tables["task"].indexes if number > _FEW else set()
    with db.engine.begin() as connection:
        for index in indexes:  # a million rows go in ten times faster without them
            index.drop(connection)
        given = {"pattern": pattern, "wanted": number}
        connection.execute(text(statement.replace("'copy '", f"'copy {pattern} '")), given)
        for index in indexes:
            index.create(connection)
    tidy("ANALYZE task" if kind == SQLITE else "VACUUM ANALYZE task")


def _turned(browser: Browser, gauge: Gauge, size: Size) -> Spent:
    runs = []
    for _ in range(size.warm_up + size.pages):
        browser.get("/inbox")
        runs.append(gauge.last)
    return middle(runs[size.warm_up :])


def _listed(size: Size) -> Spent:
    person = people.named(_SCOPED)

    def look() -> None:
        inbox.page(person)
        inbox.counts(person)
        db.session.rollback()

    return middle([spent(look) for _ in range(size.warm_up + size.pages)][size.warm_up :])
