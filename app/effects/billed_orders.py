"""Telling an order that a bill or a credit about its goods is settled."""

from app.domain.payables import standing
from app.domain.supply.purchase_orders import PurchaseOrder
from app.kernel import cause, outbox


def tell(order: PurchaseOrder, *, document: str) -> None:
    """Announce `order_billed` by the order's number, once for this step."""
    stands = standing.order_standing(order)
    outbox.announce(
        "order_billed",
        order.number,
        {"po_no": order.number, "bill_no": document, "is_settled": stands.is_settled},
        key=f"{cause.current().effect_key}:{order.number}",
        is_news=True,
    )
