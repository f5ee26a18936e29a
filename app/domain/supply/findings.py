"""What inspectors found: how many units they looked at, how many were bad, what they measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.supply.receipts import Inspection, Receipt, ReceiptLine
from app.kernel import append_only
from app.kernel.db import Model, Quantity, RowId, db


class Measure(Model):
    """One criterion in one inspection, with the limits of that day; never changed."""

    __tablename__ = "inspection_measure"
    __table_args__ = (
        Index("ix_inspection_measure_inspection_id", "inspection_id"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    criterion: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(20))
    at_least: Mapped[Decimal | None] = mapped_column(Quantity)
    at_most: Mapped[Decimal | None] = mapped_column(Quantity)
    measured: Mapped[Decimal | None] = mapped_column(Quantity)
    is_met: Mapped[bool]


@dataclass(frozen=True)
class Finding:
    """What was seen of the goods of one line; `defect` says what was wrong with the bad ones."""

    looked_at: Decimal
    bad_found: Decimal
    defect: str = ""
    measures: Sequence[Measure] = ()


NOBODY_LOOKED = Finding(Decimal(0), Decimal(0))


def record(line: ReceiptLine, accepted: Decimal, rejected: Decimal, found: Finding) -> None:
    """Keep a verdict for ever; part of a process step."""
    new = Inspection(
        receipt_line_id=line.id,
        accepted=accepted,
        rejected=rejected,
        looked_at=found.looked_at,
        bad_found=found.bad_found,
        defect=found.defect,
    )
    db.session.add(new)
    db.session.flush()
    for measure in found.measures:
        measure.inspection_id = new.id
        db.session.add(measure)
    db.session.flush()


def of(receipt: Receipt) -> list[Inspection]:
    """Every verdict on a receipt, the first first."""
    query = select(Inspection).join(ReceiptLine, ReceiptLine.id == Inspection.receipt_line_id)
    query = query.where(ReceiptLine.receipt_id == receipt.id).order_by(Inspection.id)
    return list(db.session.scalars(query))


def measures(verdicts: Sequence[Inspection]) -> list[Measure]:
    """What was measured for these verdicts, in the order it was."""
    ids = [each.id for each in verdicts]
    query = select(Measure).where(Measure.inspection_id.in_(ids)).order_by(Measure.id)
    return list(db.session.scalars(query))
