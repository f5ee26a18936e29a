"""Runs of the proof: quick ones look at what came since the last that held, full ones at all.

A quick run asks the same questions of the rows after the marks, and of the SKUs they touched,
over the whole history of those SKUs. What somebody changed behind the ledgers' back is found by
the next full run.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain import proof
from app.domain.proof import Result, Since
from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import Instant, Json, Model, RowId, db

DAILY = timedelta(hours=24)
# A step that is still open may write smaller numbers than those that are committed already.
_SETTLED_AFTER = timedelta(minutes=15)
_ABANDONED_AFTER = timedelta(hours=1)

_MOVES = "SELECT id FROM stock_move WHERE recorded_at <= :then ORDER BY id DESC LIMIT 1"
_VOUCHERS = "SELECT id FROM journal WHERE recorded_at <= :then ORDER BY id DESC LIMIT 1"
_ENTRIES = "SELECT seq FROM stock_entry WHERE move_id <= :moves ORDER BY seq DESC LIMIT 1"
_COSTS = "SELECT seq FROM cost_entry WHERE recorded_at <= :then ORDER BY seq DESC LIMIT 1"
_LINES = "SELECT seq FROM journal_line WHERE journal_id <= :vouchers ORDER BY seq DESC LIMIT 1"
_TOUCHED = """
SELECT sku_id FROM stock_entry WHERE seq > :entries
UNION SELECT p.sku_id FROM cost_entry e JOIN cost_pool p ON p.id = e.pool_id WHERE e.seq > :costs
UNION SELECT sku_id FROM journal_line WHERE seq > :lines AND sku_id IS NOT NULL
"""


class ProofRun(Model):
    """One run; `done` of its questions are answered, `marks` is how far the ledgers were then."""

    __tablename__ = "proof_run"
    __table_args__ = (
        CheckConstraint("kind IN ('quick', 'full')", name="kind"),
        CheckConstraint("status IN ('asked', 'running', 'held', 'broken')", name="status"),
        Index("ix_proof_run_status", "status", "id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(10))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    begun_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    done: Mapped[int] = mapped_column(default=0)
    marks: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    results: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None


def quick() -> list[Result]:
    """Ask what came since the last run that held; everything, when none ever did."""
    since = _since_last()
    return [proof.asked(invariant, since) for invariant in proof.every()]


def ask(*, by: int | None) -> ProofRun:
    """Want a full run in the background; one that waits or goes on already is the same."""
    waiting = db.session.scalar(select(ProofRun).where(ProofRun.status.in_(("asked", "running"))))
    if waiting is not None and not _is_abandoned(waiting):
        return waiting
    new = ProofRun(kind="full", status="asked", asked_by=by, asked_at=clock.now())
    db.session.add(new)
    db.session.flush()
    return new


def ask_daily() -> ProofRun | None:
    """Want the day's full run, when the last one is a day old."""
    last = last_full()
    if last is not None and last.asked_at > clock.now() - DAILY:
        return None
    return ask(by=None)


def begin() -> int | None:
    """Take up the run that waits, or one that died; how it is called."""
    query = select(ProofRun).where(ProofRun.status.in_(("asked", "running")))
    for found in db.session.scalars(query.order_by(ProofRun.id).with_for_update(skip_locked=True)):
        if found.status == "asked" or _is_abandoned(found):
            found.status, found.begun_at = "running", clock.now()
            found.done, found.results, found.marks = 0, [], marks()
            db.session.flush()
            return found.id
    return None


def note(run_id: int, result: Result) -> None:
    """Keep an answer; with the last one the run is over."""
    run = db.session.get_one(ProofRun, run_id, with_for_update=True)
    run.results = [*run.results, _kept(result)]
    run.done = len(run.results)
    if run.done == len(proof.every()):
        _end(run)
    db.session.flush()


def keep_quick() -> ProofRun | None:
    """Run quickly and move the marks, when something was written; the run before is forgotten."""
    ahead = marks()
    last = last_held()
    if last is None or last.marks == ahead:
        return None
    results = [_kept(result) for result in quick()]
    for old in db.session.scalars(select(ProofRun).filter_by(kind="quick")):
        db.session.delete(old)
    now = clock.now()
    new = ProofRun(kind="quick", asked_at=now, begun_at=now, done=len(results), results=results)
    new.marks = ahead
    _end(new)
    db.session.add(new)
    db.session.flush()
    return new


def last_full() -> ProofRun | None:
    """The latest full run, waiting, going on or over."""
    return db.session.scalar(select(ProofRun).filter_by(kind="full").order_by(ProofRun.id.desc()))


def last_held() -> ProofRun | None:
    """The latest run after which everything held."""
    query = select(ProofRun).filter_by(status="held").order_by(ProofRun.id.desc()).limit(1)
    return db.session.scalar(query)


def marks() -> dict[str, int]:
    """How far each ledger has come, less what may still be open."""
    then = clock.now() - _SETTLED_AFTER
    found = {
        "moves": _last(_MOVES, then=instant(then)),
        "vouchers": _last(_VOUCHERS, then=instant(then)),
        "costs": _last(_COSTS, then=instant(then)),
    }
    found["entries"] = _last(_ENTRIES, moves=found["moves"])
    found["lines"] = _last(_LINES, vouchers=found["vouchers"])
    return found


def instant(at: datetime) -> object:
    """The instant as the ledgers keep it: queries here are plain text."""
    return Instant().process_bind_param(at, db.engine.dialect)


def shown(run: ProofRun) -> Sequence[Result]:
    """The kept answers with their meanings; what is no longer asked is left out."""
    meanings = {invariant.code: invariant.meaning for invariant in proof.every()}
    return [
        Result(each["code"], meanings[each["code"]], each["seconds"], each["rows"])
        for each in run.results
        if each["code"] in meanings
    ]


def _since_last() -> Since | None:
    held = last_held()
    if held is None:
        return None
    touched = db.session.execute(text(_TOUCHED), held.marks)
    return Since(held.marks, sorted(sku for (sku,) in touched))


def _end(run: ProofRun) -> None:
    run.status = "broken" if any(result["rows"] for result in run.results) else "held"
    run.ended_at = clock.now()


def _is_abandoned(run: ProofRun) -> bool:
    """Whether whoever ran it is gone."""
    began = run.begun_at
    return run.status == "running" and began is not None and began < clock.now() - _ABANDONED_AFTER


def _last(query: str, **facts: object) -> int:
    found = db.session.scalar(text(query), facts)
    return int(found or 0)


def _kept(result: Result) -> dict[str, Any]:
    rows = [_plain(row) for row in result.rows]
    return {"code": result.code, "seconds": round(result.seconds, 4), "rows": rows}


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in row.items()
    }
