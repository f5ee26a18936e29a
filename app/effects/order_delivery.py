"""Following an order until nothing is expected, nothing waits, and everything is billed."""

from datetime import timedelta

from app.domain.payables import standing
from app.domain.supply import chases, lateness, purchase_orders, return_documents
from app.domain.supply.purchase_orders import PurchaseOrder
from app.effects import papers
from app.effects.papers import Paper
from app.kernel import calendars, clock, policy
from app.workflow.effects import effect

_A_MOMENT = timedelta(seconds=1)


@effect
def look_at_order(order: Paper) -> Paper:
    """Chase what is late, say whether all is settled, and when to look again."""
    own = purchase_orders.by_number(order["po_no"])
    now, grace = clock.now(), str(policy.value("order_delivery.grace"))
    chase = chases.open_for_late(own, lateness.of(own, now, grace=grace))
    again = calendars.of_scope(own.site.scope).after(
        now, str(policy.value("order_delivery.look_again"))
    )
    overdue = lateness.next_look(own, now, grace=grace)
    return {
        "late": papers.late_order(own, chase.number) if chase else None,
        "is_settled": _is_settled(own),
        "look_at": (min(overdue + _A_MOMENT, again) if overdue else again).isoformat(),
    }


def _is_settled(order: PurchaseOrder) -> bool:
    lines = purchase_orders.locked_lines(order.id)
    if any(line.open > 0 or line.waiting for line in lines):
        return False
    return standing.order_standing(order).is_settled and not return_documents.is_going_back(order)
