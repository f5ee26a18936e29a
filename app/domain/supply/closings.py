"""How each missing quantity was closed: received after all, waived, bought elsewhere, cancelled."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.recorded import Recorded
from app.domain.supply import chases, purchase_orders
from app.domain.supply.chases import Chase, ChaseLine
from app.domain.supply.purchase_orders import PurchaseOrderLine
from app.kernel import append_only, outbox
from app.kernel.db import Quantity, RowId, db
from app.kernel.money import Minor

GIVEN_UP = ("waived", "resourced", "cancelled")


class Closing(Recorded):
    """One quantity that is no longer missing, and why; never changed."""

    __tablename__ = "line_closing"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint(
            "outcome IN ('received', 'waived', 'resourced', 'cancelled')", name="outcome"
        ),
        Index("ix_line_closing_chase_line_id", "chase_line_id"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    chase_line_id: Mapped[int] = mapped_column(ForeignKey("chase_line.id"))
    outcome: Mapped[str] = mapped_column(String(10))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    claim_minor: Mapped[int | None] = mapped_column(Minor)
    reason: Mapped[str] = mapped_column(Text)


def give_up(
    line: ChaseLine, outcome: str, *, reason: str = "", claim_minor: int | None = None
) -> Decimal:
    """Wait no longer for what is missing on `line`; how much that was.

    The order line expects that much less. `claim_minor` is what the supplier is to pay for it,
    in minor units of the order's currency.
    """
    if outcome not in GIVEN_UP:
        raise ValueError(f"{outcome} does not give anything up")
    quantity = line.missing
    if quantity:
        _close(line, quantity, outcome, reason=reason, claim_minor=claim_minor)
        purchase_orders.book(line.order_line_id, waived=quantity)
        purchase_orders.close_when_settled(line.order_line.order_id)
    return quantity


def stop_chasing_surplus(line: PurchaseOrderLine, *, reason: str) -> None:
    """Chase no more of an order line than it expects, after part of it was taken out.

    The newest chase gives in first.
    """
    surplus = chases.chased(line.id) - line.open
    for each in reversed(chases.missing_on(line.id)):
        part = min(surplus, each.missing)
        if part > 0:
            surplus -= part
            _close(each, part, "cancelled", reason=reason)
            _tell_when_over(each.chase)


def credit_arrivals(order_id: int) -> None:
    """Close what came after all, the oldest chase first, and tell each chase that is over.

    More than an order line expects is never missing on it: the excess has come.
    """
    for line in purchase_orders.locked_lines(order_id):
        chased = chases.missing_on(line.id)
        come = sum((each.missing for each in chased), Decimal(0)) - line.open
        for each in chased:
            part = min(come, each.missing)
            if part > 0:
                come -= part
                _close(each, part, "received")
                _tell_when_over(each.chase)


def _close(
    line: ChaseLine,
    quantity: Decimal,
    outcome: str,
    *,
    reason: str = "",
    claim_minor: int | None = None,
) -> None:
    line.missing -= quantity
    db.session.add(
        Closing(
            chase_line_id=line.id,
            outcome=outcome,
            quantity=quantity,
            claim_minor=claim_minor,
            reason=reason,
        )
    )
    db.session.flush()


def _tell_when_over(chase: Chase) -> None:
    missing = select(func.sum(ChaseLine.missing)).where(ChaseLine.chase_id == chase.id)
    if not db.session.scalar(missing):
        payload = {"chase_no": chase.number}
        key = f"chase:{chase.number}:came"
        outbox.announce("chased_goods_came", chase.number, payload, key=key, is_news=True)
