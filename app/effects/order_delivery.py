"""Following an order until nothing is expected, nothing waits, and everything is billed."""

from datetime import datetime, timedelta

from app.domain.payables import bill_chases, standing
from app.domain.payables.proposals import Billable
from app.domain.supply import chases, lateness, purchase_orders, return_documents
from app.domain.supply.purchase_orders import PurchaseOrder
from app.effects import papers
from app.effects.papers import Paper
from app.kernel import calendars, clock, policy
from app.workflow.effects import effect

_A_MOMENT = timedelta(seconds=1)


@effect
def look_at_order(order: Paper) -> Paper:
    """Chase what is late and bills that do not come, say whether all is settled, when to look."""
    own = purchase_orders.by_number(order["po_no"])
    now, grace = clock.now(), str(policy.value("order_delivery.grace"))
    chase = chases.open_for_late(own, lateness.of(own, now, grace=grace))
    goods = bill_chases.unbilled(own)
    bill_due = bill_chases.due_at(own, goods, patience=str(policy.value("order_delivery.bill_due")))
    return {
        "late": papers.late_order(own, chase.number) if chase else None,
        "unbilled": _unbilled(own, goods, is_due=bill_due is not None and bill_due <= now),
        "is_settled": _is_settled(own),
        "look_at": _next_look(own, now, lateness.next_look(own, now, grace=grace), bill_due),
    }


def _unbilled(order: PurchaseOrder, goods: list[Billable], *, is_due: bool) -> Paper | None:
    """The paper of a chase that begins with this look; who asks for nothing any more is told."""
    if not goods:
        bill_chases.end_when_billed(order)
    chase = bill_chases.open_for(order) if goods and is_due else None
    return {**papers.about_order(order), "chase_no": chase.number} if chase else None


def _next_look(order: PurchaseOrder, now: datetime, *due: datetime | None) -> str:
    """What is due first and has not passed, and no later than `order_delivery.look_again`."""
    again = calendars.of_scope(order.site.scope).after(
        now, str(policy.value("order_delivery.look_again"))
    )
    ahead = [each + _A_MOMENT for each in due if each is not None and each > now]
    return min([again, *ahead]).isoformat()


def _is_settled(order: PurchaseOrder) -> bool:
    lines = purchase_orders.locked_lines(order.id)
    if any(line.open > 0 or line.waiting for line in lines):
        return False
    return standing.order_standing(order).is_settled and not return_documents.is_going_back(order)
