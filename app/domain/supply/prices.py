"""What received goods cost: the order's price in its currency, at the rate the order froze."""

from decimal import Decimal

from app.domain.finance import costs, rates
from app.domain.finance.costs import Cost
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.domain.supply.receipts import ReceiptLine
from app.kernel.db import db


def of(line: ReceiptLine) -> Cost:
    """The cost of all goods of a receipt line; estimated while the order says no price."""
    ordered = order_line(line)
    if ordered is None:
        return costs.ESTIMATED
    return costs.at_price(
        line.quantity, ordered.unit_price, rate=rate(ordered.order), per=ordered.priced_for
    )


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
