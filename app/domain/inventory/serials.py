"""One item, one code: where each serial is, and what it once was."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.catalog.products import Sku
from app.domain.inventory.places import Location
from app.domain.numbers import Code
from app.domain.recorded import Recorded
from app.kernel import append_only, batches, clock
from app.kernel.db import Instant, Model, RowId, db
from app.kernel.errors import N_, NotFound, Refusal

STATUS_AT = {
    "internal": "in_stock",
    "qc": "received",
    "hold": "held",
    "reject": "rejected",
    "transit": "moving",
    "custody": "in_custody",
    "supplier": "sent_back",
    "customer": "sold",
    "loss": "lost",
}
LINK_KINDS = ("contains", "replaces", "relabels", "duplicates")


class Serial(Model):
    """One physical unit; its code exists once, and it is at one place at any time."""

    __tablename__ = "serial"
    __table_args__ = (Index("ix_serial_location_id_sku_id", "location_id", "sku_id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    code: Mapped[str] = mapped_column(Code, unique=True)
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    status: Mapped[str] = mapped_column(String(20))
    born_with: Mapped[str] = mapped_column(String(80))
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    sku: Mapped[Sku] = relationship()
    location: Mapped[Location] = relationship()


class SerialLink(Recorded):
    """`child` contains, replaces, relabels or duplicates `parent`; links are never changed."""

    __tablename__ = "serial_link"
    __table_args__ = (
        UniqueConstraint("parent_id", "child_id", "kind"),
        CheckConstraint("kind IN ('contains', 'replaces', 'relabels', 'duplicates')", name="kind"),
        Index("ix_serial_link_child_id", "child_id"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("serial.id"))
    child_id: Mapped[int] = mapped_column(ForeignKey("serial.id"))
    kind: Mapped[str] = mapped_column(String(12))


class UnknownSerial(NotFound):
    """No unit ever carried this code."""

    code = "unknown_serial"
    message = N_("There is no unit with the code {serial}.")


class SerialTaken(Refusal):
    """The code is already on another unit."""

    code = "serial_taken"
    message = N_("The code {serial} is already on another unit. Choose a new code.")


class SerialNotHere(Refusal):
    """The unit is somewhere else."""

    code = "serial_not_here"
    message = N_("{serial} is not at {place}; it is at {actual}.")


class SerialOfAnother(Refusal):
    """The code belongs to a unit of another SKU."""

    code = "serial_of_another"
    message = N_("{serial} is a unit of {actual}, not of {sku}.")


def by_code(code: str) -> Serial:
    """The unit with this code, read afresh.

    Raises:
        UnknownSerial: there is none.
    """
    query = select(Serial).filter_by(code=code.strip())
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise UnknownSerial(serial=code)
    return found


def known(codes: Iterable[str]) -> dict[str, Serial]:
    """Those of `codes` that are on a unit already, read afresh."""
    wanted = sorted(set(codes))
    found: dict[str, Serial] = {}
    for some in batches.of(wanted):
        query = select(Serial).where(Serial.code.in_(some))
        rows = db.session.scalars(query.execution_options(populate_existing=True))
        found |= {serial.code: serial for serial in rows}
    return found


def register(sku: Sku, codes: Iterable[str], *, at: Location, born_with: str) -> set[str]:
    """Give `codes` to new units of `sku`, outside at `at`; return those that were still free.

    The database decides which are free, so two deliveries with one code cannot both have it.
    """
    fresh: set[str] = set()
    row = {
        "sku_id": sku.id,
        "location_id": at.id,
        "status": STATUS_AT[at.kind],
        "born_with": born_with,
        "recorded_at": clock.now(),
    }
    ordered = sorted(set(codes))
    for some in batches.of(ordered, 500):
        fresh |= _insert([{"code": code, **row} for code in some])
    return fresh


def carry(sku: Sku, codes: Sequence[str], *, source: Location, target: Location) -> None:
    """Note that these units of `sku` went from `source` to `target`.

    Raises:
        SerialNotHere: one of them is not at `source`.
        SerialOfAnother: one of them is a unit of another SKU.
    """
    for some in batches.of(codes):
        _carry(sku, some, source, target)


def retire(serial: Serial) -> None:
    """Note that the unit goes by another code now; this one is history."""
    db.session.refresh(serial)
    serial.status = "relabelled"
    db.session.flush()


def link(parent: Serial, child: Serial, kind: str) -> None:
    """Keep for ever that `child` `kind` `parent`; part of a process step."""
    db.session.add(
        SerialLink(
            parent_id=parent.id,
            child_id=child.id,
            kind=kind,
        )
    )
    db.session.flush()


def _insert(rows: list[dict[str, object]]) -> set[str]:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Serial).values(rows).on_conflict_do_nothing(index_elements=["code"])
    return set(db.session.scalars(statement.returning(Serial.code)))


def _carry(sku: Sku, codes: Sequence[str], source: Location, target: Location) -> None:
    here = (Serial.location_id == source.id, Serial.sku_id == sku.id)
    moved = db.session.scalars(
        update(Serial)
        .where(Serial.code.in_(codes), *here)
        .values(location_id=target.id, status=STATUS_AT[target.kind])
        .returning(Serial.code)
        .execution_options(synchronize_session=False)
    )
    strays = sorted(set(codes) - set(moved))
    if strays:
        _refuse(by_code(strays[0]), sku, source)


def _refuse(stray: Serial, sku: Sku, source: Location) -> None:
    if stray.sku_id != sku.id:
        raise SerialOfAnother(serial=stray.code, sku=sku.code, actual=stray.sku.code)
    raise SerialNotHere(serial=stray.code, place=source.code, actual=stray.location.code)
