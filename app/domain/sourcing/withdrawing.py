"""Taking an order back from a supplier that will not deliver any more."""

from app.domain.sourcing import amending
from app.domain.supply import cancelling
from app.domain.supply.cancelling import OrderCancellation
from app.domain.supply.purchase_orders import PurchaseOrder
from app.kernel import outbox


def withdraw(order: PurchaseOrder, *, reason: str) -> list[OrderCancellation]:
    """Cancel all that was not received, on the way or not; nobody confirms or chases it any more.

    Message `order_withdrawn` about the version that waits for its confirmation ends the waiting.
    """
    waiting = amending.unconfirmed(order)
    gone = cancelling.cancel_rest(order, "stopped", reason=reason, with_announced=True)
    if waiting is not None:
        payload = {"po_no": order.number, "title": waiting.title}
        key = f"order_withdrawn:{waiting.title}"
        outbox.announce("order_withdrawn", waiting.title, payload, key=key, is_news=True)
    return gone
