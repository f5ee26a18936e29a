"""Questions about plans, for pages: a list to leaf through, the lines of one."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, case, func, or_, select

from app.domain.inventory.places import Site
from app.domain.planning.decisions import LAPSED, LEFT_OUT, ORDERED, PlanDecision
from app.domain.planning.plans import PlanLine, PlanRun
from app.kernel.db import db

Codes = Collection[str] | None


@dataclass(frozen=True)
class Summary:
    """One plan in a list, and what became of its lines, as far as they are the reader's."""

    run: PlanRun
    lines: int = 0
    ordered: int = 0
    left_out: int = 0
    lapsed: int = 0

    @property
    def undecided(self) -> int:
        return self.lines - self.ordered - self.left_out - self.lapsed


def runs(*, sites: Codes = None, before: int | None = None, limit: int = 50) -> list[Summary]:
    """A page of plans, the newest first; None means every site."""
    query = _within(select(PlanRun), sites).order_by(PlanRun.id.desc()).limit(limit)
    if before is not None:
        query = query.where(PlanRun.id < before)
    found = list(db.session.scalars(query))
    counts = _counts([run.id for run in found], sites)
    return [Summary(run, *counts.get(run.id, ())) for run in found]


def is_within(run: PlanRun, sites: Codes) -> bool:
    """Whether a plan is of these sites, in part at least."""
    query = _within(select(PlanRun.id).where(PlanRun.id == run.id), sites)
    return db.session.scalar(query) is not None


def lines(run: PlanRun, *, sites: Codes = None) -> list[PlanLine]:
    """The lines of a plan at these sites."""
    query = select(PlanLine).filter_by(run_id=run.id).order_by(PlanLine.line_no)
    if sites is not None:
        query = query.where(PlanLine.site_id.in_(_ids(sites)))
    return list(db.session.scalars(query))


def _within(query: Select[*tuple[object, ...]], sites: Codes) -> Select[*tuple[object, ...]]:
    if sites is None:
        return query
    there = select(PlanLine.run_id).where(PlanLine.site_id.in_(_ids(sites)))
    scopes = [f"site:{code}" for code in sites]
    return query.where(or_(PlanRun.scope.in_(scopes), PlanRun.id.in_(there)))


def _ids(sites: Collection[str]) -> Select[int]:
    return select(Site.id).where(Site.code.in_(sites))


def _counts(run_ids: list[int], sites: Codes) -> dict[int, tuple[int, ...]]:
    became = [
        func.sum(case((PlanDecision.outcome == one, 1), else_=0))
        for one in (ORDERED, LEFT_OUT, LAPSED)
    ]
    query = (
        select(PlanLine.run_id, func.count(PlanLine.id), *became)
        .outerjoin(PlanDecision, PlanDecision.line_id == PlanLine.id)
        .where(PlanLine.run_id.in_(run_ids))
        .group_by(PlanLine.run_id)
    )
    if sites is not None:
        query = query.where(PlanLine.site_id.in_(_ids(sites)))
    return {row[0]: tuple(int(one) for one in row[1:]) for row in db.session.execute(query)}
