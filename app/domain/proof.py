"""The proof that the books are right: every invariant, asked of the database now."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import text

from app.domain.book_invariants import BOOKS
from app.domain.invariants import INVARIANTS, Invariant
from app.kernel import append_only
from app.kernel.db import db
from app.kernel.errors import N_

_APPEND_ONLY = Invariant(
    "I15",
    N_("The database itself refuses to change or delete what was once written into a ledger."),
    "",
)
MOST_ROWS = 100


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
    """Ask every invariant, in order of their codes; all hold when no result has rows."""
    results = [_asked(invariant) for invariant in (*INVARIANTS, *BOOKS, _APPEND_ONLY)]
    return sorted(results, key=lambda result: int(result.code[1:]))


def _asked(invariant: Invariant) -> Result:
    began = time.perf_counter()
    rows = _rows(invariant.query) if invariant.query else _unprotected()
    seconds = time.perf_counter() - began
    return Result(invariant.code, invariant.meaning, seconds, rows)


def _rows(query: str) -> list[Mapping[str, object]]:
    found = db.session.execute(text(query)).mappings().fetchmany(MOST_ROWS)
    return [dict(row) for row in found]


def _unprotected() -> list[Mapping[str, object]]:
    """Ledger tables whose triggers are missing, from the database's own catalogue."""
    tables = append_only.marked(db.metadata)
    missing = append_only.missing(db.session.connection(), tables)
    return [{"problem": problem} for problem in missing]
