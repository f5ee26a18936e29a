"""Labels of announced deliveries: one code per unit or carton; every printing is written down."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.numbers import NoSuchDocument
from app.domain.sourcing.errors import NothingToLabel, ReprintNeedsReason
from app.domain.supply.asns import Asn
from app.kernel import append_only, clock
from app.kernel.db import Instant, Model, RowId, db

MOST = 2_000


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


def codes(asn: Asn) -> list[tuple[str, str]]:
    """Every announced unit that carries a code: its SKU and the code."""
    return [(line.sku.code, one.code) for line in asn.lines for one in line.serials]


def write_down(asn: Asn, kind: str, labels: int, *, reason: str, by: int | None) -> LabelPrint:
    """Keep that labels are printed.

    Raises:
        NothingToLabel: there are none, or too many to print at once.
        ReprintNeedsReason: these were printed before; two units with one label are no accident.
    """
    if not 0 < labels <= MOST:
        raise NothingToLabel(asn=asn.number, most=MOST)
    if not reason.strip() and any(one.kind == kind for one in prints(asn)):
        raise ReprintNeedsReason(asn=asn.number)
    new = LabelPrint(
        asn_id=asn.id,
        kind=kind,
        labels=labels,
        reason=reason.strip(),
        person_id=by,
        printed_at=clock.now(),
    )
    db.session.add(new)
    db.session.flush()
    return new


def prints(asn: Asn) -> list[LabelPrint]:
    """Every printing of a delivery's labels, the first first."""
    query = select(LabelPrint).filter_by(asn_id=asn.id).order_by(LabelPrint.id)
    return list(db.session.scalars(query))


def printed(asn: Asn, print_id: int) -> LabelPrint:
    """One printing of this delivery.

    Raises:
        NoSuchDocument: it was of another, or never.
    """
    found = db.session.scalar(select(LabelPrint).filter_by(id=print_id, asn_id=asn.id))
    if found is None:
        raise NoSuchDocument(number=f"{asn.number}/{print_id}")
    return found
