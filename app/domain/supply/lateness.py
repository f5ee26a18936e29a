"""What of an order should have come by now, and when to look again."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from app.domain.supply import asns, promises, purchase_orders
from app.domain.supply.promises import Promised
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.kernel import calendars

Expected = list[tuple[PurchaseOrderLine, list[Promised]]]


def of(order: PurchaseOrder, at: datetime, *, grace: str) -> dict[int, Decimal]:
    """How much of each line did not come by the end of its day and `grace`, by the line's id.

    What the supplier announced for a day that has not passed is on the way, not late.
    """
    late = {
        line.id: sum(
            (one.quantity for one in parts if overdue_at(order, one.day, grace) <= at),
            Decimal(0),
        )
        - line.received
        - asns.coming(line.id, calendars.of_scope(order.site.scope).today(at))
        for line, parts in _expected(order)
    }
    return {line_id: quantity for line_id, quantity in late.items() if quantity > 0}


def next_look(order: PurchaseOrder, at: datetime, *, grace: str) -> datetime | None:
    """When the next promise that is not kept yet is overdue; None when none is ahead."""
    ahead = [
        due
        for line, parts in _expected(order)
        if line.open > 0
        for due in (overdue_at(order, one.day, grace) for one in parts)
        if due > at
    ]
    return min(ahead, default=None)


def promised_on(order: PurchaseOrder, line_ids: set[int]) -> date | None:
    """The earliest day on which any of these lines was promised."""
    days = [parts[0].day for line, parts in _expected(order) if line.id in line_ids and parts]
    return min(days, default=None)


def overdue_at(order: PurchaseOrder, day: date, grace: str) -> datetime:
    """The promised day belongs to the supplier; `grace` of working time is counted from its end."""
    calendar = calendars.of_scope(order.site.scope)
    end = datetime.combine(day + timedelta(days=1), time(), calendar.zone)
    return calendar.after(end, grace)


def _expected(order: PurchaseOrder) -> Expected:
    promised = promises.current(order)
    return [
        (line, promises.expected(line, promised.get(line.id, [])))
        for line in purchase_orders.locked_lines(order.id)
    ]
