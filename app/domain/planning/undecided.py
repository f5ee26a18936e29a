"""What plans propose and nobody ordered yet: it counts as ordered, so that nothing is twice."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import func, select

from app.domain.planning.decisions import ORDERED, PlanDecision
from app.domain.planning.demand import Pair
from app.domain.planning.plans import PlanLine, PlanRun
from app.kernel import clock
from app.kernel.db import db
from app.kernel.outbox import Message

_TAKEN = "consumed"


def planned(days: int) -> Mapping[Pair, Decimal]:
    """By SKU and site, what plans of the last `days` propose and what is decided but on its way.

    A line counts until it is decided. What was ordered counts until the purchase has begun:
    from then on its order, a draft at first, stands in the order book. The time limit is for
    plans whose case was cancelled: nobody will ever decide on them.
    """
    since = clock.now() - timedelta(days=days)
    found: dict[Pair, Decimal] = defaultdict(Decimal)
    pair = PlanLine.sku_id, PlanLine.site_id
    proposed = (
        select(*pair, func.sum(PlanLine.quantity).label("quantity"))
        .join(PlanRun, PlanRun.id == PlanLine.run_id)
        .outerjoin(PlanDecision, PlanDecision.line_id == PlanLine.id)
        .where(PlanDecision.id.is_(None), PlanRun.made_at >= since)
        .group_by(*pair)
    )
    on_its_way = (
        select(*pair, func.sum(PlanDecision.quantity).label("quantity"))
        .join(PlanDecision, PlanDecision.line_id == PlanLine.id)
        .outerjoin(Message, Message.key == PlanDecision.message_key)
        .where(PlanDecision.outcome == ORDERED, PlanDecision.recorded_at >= since)
        .where(func.coalesce(Message.status, "") != _TAKEN)
        .group_by(*pair)
    )
    for query in (proposed, on_its_way):
        for row in db.session.execute(query):
            found[row.sku_id, row.site_id] += row.quantity
    return found
