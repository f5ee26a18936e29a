"""What people decided about the lines of a plan: ordered, left out, or lapsed undecided."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.recorded import Recorded
from app.domain.supply.suppliers import Supplier
from app.identity.people import Person
from app.kernel import append_only
from app.kernel.db import Quantity, RowId

ORDERED, LEFT_OUT, LAPSED = "ordered", "left_out", "lapsed"


class PlanDecision(Recorded):
    """The one decision on one line; `message_key` names the message that ordered it."""

    __tablename__ = "plan_decision"
    __table_args__ = (
        CheckConstraint("outcome IN ('ordered', 'left_out', 'lapsed')", name="outcome"),
        CheckConstraint("(outcome = 'ordered') = (quantity > 0)", name="quantity"),
        Index("ix_plan_decision_message_key", "message_key"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("plan_line.id"), unique=True)
    outcome: Mapped[str] = mapped_column(String(10))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("supplier.id"))
    required_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text)
    message_key: Mapped[str | None] = mapped_column(String(300))

    supplier: Mapped[Supplier | None] = relationship(lazy="joined")
    person: Mapped[Person | None] = relationship(lazy="joined")
