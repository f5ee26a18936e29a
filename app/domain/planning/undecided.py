"""What plans propose and nobody ordered yet: it counts as ordered, and is not proposed again."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select

from app.domain.planning.decisions import ORDERED, PlanDecision
from app.domain.planning.demand import Pair
from app.domain.planning.plans import PlanLine, PlanRun
from app.kernel import clock
from app.kernel.db import db
from app.kernel.outbox import Message

_TAKEN = "consumed"
_PAIR = PlanLine.sku_id, PlanLine.site_id


def planned(days: int) -> Mapping[Pair, Decimal]:
    """By SKU and site, what plans of the last `days` propose and what is decided but on its way.

    A line counts until it is decided. What was ordered counts until the purchase has begun:
    from then on its order, a draft at first, stands in the order book. The time limit is for
    plans whose case was cancelled: nobody will ever decide on them.
    """
    since = clock.now() - timedelta(days=days)
    found: dict[Pair, Decimal] = defaultdict(Decimal)
    proposed = _open(since).add_columns(func.sum(PlanLine.quantity).label("quantity"))
    on_its_way = (
        select(*_PAIR, func.sum(PlanDecision.quantity).label("quantity"))
        .join(PlanDecision, PlanDecision.line_id == PlanLine.id)
        .outerjoin(Message, Message.key == PlanDecision.message_key)
        .where(PlanDecision.outcome == ORDERED, PlanDecision.recorded_at >= since)
        .where(func.coalesce(Message.status, "") != _TAKEN)
        .group_by(*_PAIR)
    )
    for query in (proposed, on_its_way):
        for row in db.session.execute(query):
            found[row.sku_id, row.site_id] += row.quantity
    return found


def under_review(days: int) -> frozenset[Pair]:
    """The SKUs and sites that a plan of the last `days` asks somebody about just now."""
    rows = db.session.execute(_open(clock.now() - timedelta(days=days)))
    return frozenset((row.sku_id, row.site_id) for row in rows)


def _open(since: datetime) -> Select[*tuple[Any, ...]]:
    """Each SKU and site of which a line waits for its decision."""
    return (
        select(*_PAIR)
        .join(PlanRun, PlanRun.id == PlanLine.run_id)
        .outerjoin(PlanDecision, PlanDecision.line_id == PlanLine.id)
        .where(PlanDecision.id.is_(None), PlanRun.made_at >= since)
        .group_by(*_PAIR)
    )
