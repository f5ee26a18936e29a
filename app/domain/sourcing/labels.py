"""Labels of announced deliveries: one code per unit or carton; every printing is written down."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import append_only
from app.kernel.db import Instant, Model, RowId


class LabelPrint(Model):
    """One printing of a delivery's labels; a second one says why."""

    __tablename__ = "label_print"
    __table_args__ = (
        CheckConstraint("labels > 0", name="labels"),
        CheckConstraint("kind IN ('unit', 'carton')", name="kind"),
        Index("ix_label_print_asn_id", "asn_id"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    asn_id: Mapped[int] = mapped_column(ForeignKey("asn.id"))
    kind: Mapped[str] = mapped_column(String(10))
    labels: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    printed_at: Mapped[datetime] = mapped_column(Instant)
