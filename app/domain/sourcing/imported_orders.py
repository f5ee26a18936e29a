"""Orders that were written elsewhere: a case follows each of them, whenever it was brought in."""

from sqlalchemy import exists, literal, select

from app.domain.sourcing.order_versions import IMPORTED, OrderVersion
from app.domain.supply.purchase_orders import PurchaseOrder
from app.kernel import outbox
from app.kernel.db import db
from app.kernel.outbox import Message

MESSAGE = "order_imported"
_KEY = "imported:"
_AT_ONCE = 100


def tell(order: PurchaseOrder) -> bool:
    """Let the order be followed like one that was written here; False when it was told before."""
    supplier, site = order.supplier, order.site
    paper = {
        "po_no": order.number,
        "supplier": supplier.code,
        "supplier_name": supplier.name,
        "supplier_scope": supplier.scope,
        "site": site.code,
        "scope": site.scope,
    }
    payload = {"order": paper, "scope": site.scope}
    return outbox.announce(MESSAGE, order.number, payload, key=f"{_KEY}{order.number}")


def tell_missed() -> int:
    """Tell of open orders brought in before anybody followed them; how many there were."""
    version, order = OrderVersion, PurchaseOrder
    came_from_elsewhere = exists().where(version.order_id == order.id, version.kind == IMPORTED)
    was_told = exists().where(Message.key == literal(_KEY) + order.number)
    query = select(order).where(order.status == "open", came_from_elsewhere, ~was_told)
    found = list(db.session.scalars(query.order_by(order.id).limit(_AT_ONCE)))
    return sum(tell(each) for each in found)
