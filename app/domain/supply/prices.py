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


def returned(line: ReceiptLine, quantity: Decimal, *, document: str) -> Money | None:
    """What `quantity` of a line that just went back with a return is charged at.

    It is what the journal says its supplier bears. In another currency that is said at the
    order's price, or once a bill or a concession changed what the goods cost, at the order's
    rate; so it is right too where they came before anybody entered one. None while the order
    says no price.
    """
    ordered = order_line(line)
    if ordered is None or ordered.unit_price is None:
        return None
    borne = Money(origins.given_back(line.id, document=document).value, ours().currency)
    if ordered.order.currency == borne.currency:
        return borne
    return _abroad(line, ordered, quantity, borne)


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


def _abroad(
    line: ReceiptLine, ordered: PurchaseOrderLine, quantity: Decimal, borne: Money
) -> Money:
    """The rejected part at the order's price; the accepted part too, unless it was changed."""
    gone = origins.given_back(line.id).quantity - quantity
    bad = origins.rejected_of(quantity, gone=gone, rejected=line.rejected)
    if bad == quantity or not origins.charged(line.id):
        return _at_order(line, quantity, gone=gone)
    value = borne.minor - origins.entered(line.id, bad, gone=gone)
    amount = Money(value, borne.currency).amount
    price = _at_order(line, bad, gone=gone)
    rate = rate_on(ordered.order, periods.day_for(clock.now()))
    return price + priced(Decimal(1), amount, price.currency, per=rate)


def _at_order(line: ReceiptLine, quantity: Decimal, *, gone: Decimal) -> Money:
    """The order's price of `quantity`, when `gone` was charged before; parts add up."""
    before, after = by_order(line, gone), by_order(line, gone + quantity)
    if before is None or after is None:
        raise ValueError(f"receipt line {line.id} has no price")
    return after - before
