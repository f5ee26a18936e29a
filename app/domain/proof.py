"""The proof that the books are right: every invariant, asked of the database now."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import text

from app.domain.book_invariants import BOOKS
from app.domain.invariants import INVARIANTS, Invariant
from app.kernel import append_only, patience
from app.kernel.db import db
from app.kernel.errors import N_

_APPEND_ONLY = Invariant(
    "I15",
    N_("The database itself refuses to change or delete what was once written into a ledger."),
    "",
)
MOST_ROWS = 100


@dataclass(frozen=True)
class Since:
    """The last row of each ledger that a run looked at, and the SKUs that rows after it touch."""

    marks: Mapping[str, int]
    skus: Sequence[int]


@dataclass(frozen=True)
class Result:
    """One invariant: `rows` offend against it (at most MOST_ROWS are shown)."""

    code: str
    meaning: str
    seconds: float
    rows: list[Mapping[str, object]] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.rows


def run() -> list[Result]:
    """Ask every invariant of everything; all hold when no result has rows."""
    return [asked(invariant) for invariant in every()]


def every() -> list[Invariant]:
    """What must hold, in order of their codes."""
    return sorted((*INVARIANTS, *BOOKS, _APPEND_ONLY), key=lambda one: int(one.code[1:]))


def asked(invariant: Invariant, since: Since | None = None) -> Result:
    """Ask one invariant, of everything or of what came `since`."""
    began = time.perf_counter()
    rows = _rows(invariant, since) if invariant.query else _unprotected()
    return Result(invariant.code, invariant.meaning, time.perf_counter() - began, rows)


def _rows(invariant: Invariant, since: Since | None) -> list[Mapping[str, object]]:
    query = invariant.whole() if since is None else invariant.since(since.skus)
    wanted = {} if since is None else since.marks
    known = {name: value for name, value in wanted.items() if f":{name}" in query}
    patience.take_time(db.session.connection())
    _plan_plainly()
    found = db.session.execute(text(query), known).mappings().fetchmany(MOST_ROWS)
    return [dict(row) for row in found]


def _plan_plainly() -> None:
    """PostgreSQL 15 compiles these long queries for seconds, to run them for milliseconds."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL jit = off"))


def _unprotected() -> list[Mapping[str, object]]:
    """Ledger tables whose triggers are missing, from the database's own catalogue."""
    tables = append_only.marked(db.metadata)
    missing = append_only.missing(db.session.connection(), tables)
    return [{"problem": problem} for problem in missing]
