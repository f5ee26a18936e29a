"""What received goods cost: the order's price in its currency, at the rate the order froze."""

from datetime import date
from decimal import Decimal

from app.domain.finance import costs, origins, periods, rates
from app.domain.finance.company import ours
from app.domain.finance.costs import Cost
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.domain.supply.receipts import ReceiptLine
from app.kernel import clock
from app.kernel.db import db
from app.kernel.money import Money, priced


def of(line: ReceiptLine) -> Cost:
    """The cost of all goods of a receipt line; estimated while the order says no price."""
    ordered = order_line(line)
    if ordered is None:
        return costs.ESTIMATED
    return costs.at_price(
        line.quantity, ordered.unit_price, rate=rate(ordered.order), per=ordered.priced_for
    )


def by_order(line: ReceiptLine, quantity: Decimal) -> Money | None:
    """What `quantity` of a line costs by its order; None while the order says no price."""
    ordered = order_line(line)
    if ordered is None or ordered.unit_price is None:
        return None
    return priced(quantity, ordered.unit_price, ordered.order.currency, per=ordered.priced_for)


def returned(line: ReceiptLine, quantity: Decimal) -> Money | None:
    """What the first `quantity` of a line to go back cost; None while the order says no price.

    What was rejected goes first, at the order's price. What a bill, a concession or a gift
    changed later is of the accepted goods, one as much as the other.
    """
    price = by_order(line, quantity)
    accepted = max(quantity - line.rejected, Decimal(0))
    if price is None or not accepted:
        return price
    return price + _changed(line, accepted, price.currency)


def order_line(line: ReceiptLine) -> PurchaseOrderLine | None:
    """The order line the goods came for."""
    if line.order_line_id is None:
        return None
    return db.session.get_one(PurchaseOrderLine, line.order_line_id)


def rate(order: PurchaseOrder) -> Decimal | None:
    """How much of our currency one unit of the order's is, frozen as soon as it is known."""
    if order.exchange_rate is None:
        order.exchange_rate = rates.known(order.currency, order.ordered_on)
    return order.exchange_rate


def rate_on(order: PurchaseOrder, day: date) -> Decimal:
    """The rate the order froze, else that of the day.

    Raises:
        NoRate: nobody entered one.
    """
    return rate(order) or rates.on(order.currency, day)


def _changed(line: ReceiptLine, accepted: Decimal, currency: str) -> Money:
    """The share that `accepted` goods of the line have in what was charged or let off later."""
    late = origins.charged(line.id)
    if not late or line.receipt.order is None:
        return Money(0, currency)
    rate = rate_on(line.receipt.order, periods.day_for(clock.now()))
    amount = Money(late, ours().currency).amount
    return priced(accepted, amount, currency, per=line.accepted * rate)
