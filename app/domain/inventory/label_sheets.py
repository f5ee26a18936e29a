"""Labels of bins and units that the house prints itself; every printing is written down."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.inventory.places import Location
from app.domain.inventory.serials import Serial
from app.kernel import append_only, clock
from app.kernel.db import Instant, Model, RowId, db
from app.kernel.errors import N_, NotFound, Refusal

BIN, UNIT = "bin", "unit"
MOST = 2_000


class LabelSheet(Model):
    """One printing; whatever is on it and was printed before is printed again for a reason."""

    __tablename__ = "label_sheet"
    __table_args__ = (
        CheckConstraint("kind IN ('bin', 'unit')", name="kind"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    printed_at: Mapped[datetime] = mapped_column(Instant)

    bins: Mapped[list[Location]] = relationship(
        secondary="label_sheet_bin", order_by=(Location.walk_order, Location.code)
    )
    units: Mapped[list[Serial]] = relationship(secondary="label_sheet_unit", order_by=Serial.code)


class LabelSheetBin(Model):
    """One bin on a sheet."""

    __tablename__ = "label_sheet_bin"
    __table_args__ = (
        Index("ix_label_sheet_bin_location_id", "location_id"),
        {"info": append_only.MARK},
    )

    sheet_id: Mapped[int] = mapped_column(ForeignKey("label_sheet.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True)


class LabelSheetUnit(Model):
    """One unit on a sheet."""

    __tablename__ = "label_sheet_unit"
    __table_args__ = (
        Index("ix_label_sheet_unit_serial_id", "serial_id"),
        {"info": append_only.MARK},
    )

    sheet_id: Mapped[int] = mapped_column(ForeignKey("label_sheet.id"), primary_key=True)
    serial_id: Mapped[int] = mapped_column(ForeignKey("serial.id"), primary_key=True)


class NothingOnSheet(Refusal):
    """A sheet has labels on it."""

    code = "nothing_on_sheet"
    message = N_("Tick from 1 to {most} things to print labels for.")


class LabelledBefore(Refusal):
    """Two labels for one thing are no accident."""

    code = "labelled_before"
    message = N_("The label of {code} was printed before. Say why it is printed again.")


def print_bins(bins: Sequence[Location], *, reason: str, by: int | None) -> LabelSheet:
    """Keep that labels of bins are printed.

    Raises:
        NothingOnSheet: there are none, or too many to print at once.
        LabelledBefore: one of them was, and there is no reason.
    """
    before = printed_bins(bins)
    again = next((one.code for one in bins if one.id in before), "")
    return _print(LabelSheet(kind=BIN, bins=list(bins)), len(bins), again, reason=reason, by=by)


def print_units(units: Sequence[Serial], *, reason: str, by: int | None) -> LabelSheet:
    """Keep that labels of units are printed; refuses as `print_bins` does."""
    query = select(LabelSheetUnit.serial_id).where(
        LabelSheetUnit.serial_id.in_([one.id for one in units])
    )
    before = set(db.session.scalars(query))
    again = next((one.code for one in units if one.id in before), "")
    return _print(LabelSheet(kind=UNIT, units=list(units)), len(units), again, reason=reason, by=by)


def printed_bins(bins: Iterable[Location]) -> dict[int, int]:
    """How many times the label of each bin was printed, by its key."""
    query = (
        select(LabelSheetBin.location_id, func.count())
        .where(LabelSheetBin.location_id.in_([one.id for one in bins]))
        .group_by(LabelSheetBin.location_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def of_bin(found: Location) -> list[LabelSheet]:
    """Every printing of a bin's label, the latest first."""
    query = select(LabelSheet).join(LabelSheetBin).where(LabelSheetBin.location_id == found.id)
    return list(db.session.scalars(query.order_by(LabelSheet.id.desc())))


def of_unit(found: Serial) -> list[LabelSheet]:
    """Every printing of a unit's label by the house, the latest first."""
    query = select(LabelSheet).join(LabelSheetUnit).where(LabelSheetUnit.serial_id == found.id)
    return list(db.session.scalars(query.order_by(LabelSheet.id.desc())))


def get(sheet_id: int) -> LabelSheet:
    """One printing.

    Raises:
        NotFound: there was none.
    """
    found = db.session.get(LabelSheet, sheet_id)
    if found is None:
        raise NotFound
    return found


def _print(new: LabelSheet, labels: int, again: str, *, reason: str, by: int | None) -> LabelSheet:
    if not 0 < labels <= MOST:
        raise NothingOnSheet(most=MOST)
    if again and not reason.strip():
        raise LabelledBefore(code=again)
    new.reason, new.person_id, new.printed_at = reason.strip(), by, clock.now()
    db.session.add(new)
    db.session.flush()
    return new
