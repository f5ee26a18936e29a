"""Opening stock: what lay on the shelves before the first delivery, entered once by a process."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain import numbers
from app.domain.catalog.products import Sku
from app.domain.finance import costs
from app.domain.inventory import ledger, places, serials
from app.domain.inventory.ledger import Line
from app.domain.inventory.places import Location
from app.domain.numbers import Code, Numbered
from app.kernel import clock
from app.kernel.db import Instant, Json, Model, Quantity, RowId, db
from app.kernel.errors import N_, Refusal


class OpeningSheet(Numbered):
    """One list of opening stock; it counts once its process has posted it."""

    PREFIX = "OS"
    __tablename__ = "opening_sheet"

    given_by: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime] = mapped_column(Instant)
    posted_at: Mapped[datetime | None] = mapped_column(Instant)

    lines: Mapped[list["OpeningLine"]] = relationship(order_by="OpeningLine.line_no")


class OpeningLine(Model):
    """Opening stock of one SKU and lot at one place; there is only one such line ever.

    `unit_cost` buys `priced_for` stock units, in the company's currency; without one the goods'
    cost is estimated.
    """

    __tablename__ = "opening_line"
    __table_args__ = (
        UniqueConstraint("sku_id", "location_id", "lot"),
        UniqueConstraint("sheet_id", "line_no"),
        CheckConstraint("quantity > 0", name="quantity"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("opening_sheet.id"))
    line_no: Mapped[int]
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    lot: Mapped[str] = mapped_column(Code, default="")
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    serials: Mapped[list[str]] = mapped_column(Json)
    unit_cost: Mapped[Decimal | None] = mapped_column(Quantity)
    priced_for: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(1))

    sku: Mapped[Sku] = relationship()
    location: Mapped[Location] = relationship()


class AlreadyPosted(Refusal):
    """Opening stock counts once."""

    code = "already_posted"
    message = N_("Opening stock {sheet} was posted before.")


def write_down(lines: Sequence[OpeningLine], *, given_by: str) -> OpeningSheet:
    """Keep a list of opening stock for the process `opening_stock` to post."""
    sheet = OpeningSheet(given_by=given_by, given_at=clock.now(), lines=list(lines))
    db.session.add(sheet)
    db.session.flush()
    return sheet


def locked(number: str) -> OpeningSheet:
    """The list with this number, locked and read afresh.

    Raises:
        NoSuchDocument: there is none.
    """
    return numbers.locked(OpeningSheet, number)


def post(sheet: OpeningSheet) -> int:
    """Put the whole list on its shelves, as a process step; how many lines it had.

    Raises:
        AlreadyPosted: it was posted before.
        SerialTaken: a code on the list is already on another unit.
        BinFull: a place has no room for what the list says is there.
    """
    if sheet.posted_at is not None:
        raise AlreadyPosted(sheet=sheet.number)
    outside = places.location(places.OPENING)
    lines = [_line(line, outside, sheet.number) for line in sheet.lines]
    ledger.move(lines, reason="opening", document=sheet.number)
    sheet.posted_at = clock.now()
    return len(lines)


def _line(line: OpeningLine, outside: Location, number: str) -> Line:
    codes = tuple(line.serials)
    taken = set(codes) - serials.register(line.sku, codes, at=outside, born_with=number)
    if taken:
        raise serials.SerialTaken(serial=min(taken))
    cost = costs.at_price(line.quantity, line.unit_cost, per=line.priced_for, basis="opening")
    return Line(line.sku, outside, line.location, line.quantity, line.lot, codes, cost)
