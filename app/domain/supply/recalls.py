"""Defects found after goods were put away: block them wherever they are, then decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain import numbers
from app.domain.catalog.products import Sku
from app.domain.inventory import holds, moves
from app.domain.inventory.balances import StockBalance
from app.domain.inventory.holds import Hold
from app.domain.inventory.places import Location, Site
from app.domain.inventory.serials import Serial
from app.domain.numbers import Numbered
from app.domain.supply.receipts import Receipt, ReceiptLine, ReceiptSerial
from app.kernel import cause, clock
from app.kernel.db import Instant, db
from app.kernel.errors import N_, Refusal

_ACCEPTED = ("internal", "transit")


class Recall(Numbered):
    """Why goods are blocked; which ones, say its holds."""

    PREFIX = "RC"
    __tablename__ = "recall"
    __table_args__ = (CheckConstraint("status IN ('open', 'confirmed', 'lifted')", name="status"),)

    status: Mapped[str] = mapped_column(String(10), default="open")
    reason: Mapped[str] = mapped_column(Text)
    receipt_id: Mapped[int | None] = mapped_column(ForeignKey("receipt.id"))
    effect_key: Mapped[str] = mapped_column(String(400))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)

    receipt: Mapped[Receipt | None] = relationship()


@dataclass(frozen=True)
class Suspects:
    """What may be bad of one SKU: units by code, or everything in some lots.

    Goods with neither code nor lot cannot be told apart: the lot "" means all of them.
    """

    sku: Sku
    lots: tuple[str, ...] = ()
    units: tuple[Serial, ...] = ()


@dataclass(frozen=True)
class Spot:
    """Blocked goods at one place."""

    balance: StockBalance
    units: tuple[Serial, ...]

    @property
    def site(self) -> Site:
        """The site it lies at.

        Raises:
            ValueError: it lies at none: somebody has it with them.
        """
        found = self.balance.location.site
        if found is None:
            raise ValueError(f"{self.balance.location.code} is at no site")
        return found

    @property
    def quantity(self) -> Decimal:
        return Decimal(len(self.units)) if self.units else self.balance.held

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether it was accepted and is at a site; the rest waits for a verdict, or goes back."""
        place = self.balance.location
        return place.kind in _ACCEPTED and place.site is not None


class NothingSuspected(Refusal):
    """A recall is about some goods."""

    code = "nothing_suspected"
    message = N_("Nothing was found to block. Name serial numbers, a lot of a SKU, or a receipt.")


class RecallOver(Refusal):
    """A recall is decided once."""

    code = "recall_over"
    message = N_("{number} was decided before: {status}.")


def of_receipt(receipt: Receipt) -> list[Suspects]:
    """All that was accepted of a delivery."""
    found: dict[int, list[ReceiptLine]] = {}
    for line in receipt.lines:
        if line.accepted or line.waiting:
            found.setdefault(line.sku_id, []).append(line)
    return [_of_lines(lines) for _, lines in sorted(found.items())]


def of_units(units: Sequence[Serial]) -> list[Suspects]:
    """These units."""
    by_sku: dict[int, list[Serial]] = {}
    for unit in units:
        by_sku.setdefault(unit.sku_id, []).append(unit)
    return [Suspects(some[0].sku, units=tuple(some)) for _, some in sorted(by_sku.items())]


def of_lot(sku: Sku, lot: str) -> list[Suspects]:
    """All of a SKU in one lot; nothing when no such lot ever came."""
    known = select(StockBalance.id).filter_by(sku_id=sku.id, lot=lot).limit(1)
    return [Suspects(sku, lots=(lot,))] if db.session.scalar(known) is not None else []


def open_for(
    suspects: Sequence[Suspects], *, reason: str, receipt: Receipt | None = None
) -> Recall:
    """Block the goods, as a process step.

    Raises:
        NothingSuspected: there are none.
    """
    if not suspects:
        raise NothingSuspected
    by = cause.current()
    new = Recall(
        status="open",
        reason=reason,
        receipt_id=receipt.id if receipt else None,
        effect_key=by.effect_key,
        person_id=by.person_id,
        opened_at=clock.now(),
    )
    db.session.add(new)
    db.session.flush()
    for each in sorted(suspects, key=lambda one: one.sku.id):
        holds.place(new.number, each.sku, lots=each.lots, units=each.units)
    return new


def locked(number: str) -> Recall:
    """The recall with this number, locked and read afresh.

    Raises:
        NoSuchDocument: there is none.
    """
    return numbers.locked(Recall, number)


def spots(recall: Recall) -> list[Spot]:
    """Where its blocked goods lie in the house, place by place."""
    blocked = holds.of(recall.number)
    ids = {hold.sku_id for hold in blocked}
    query = (
        select(StockBalance)
        .join(Location)
        .where(StockBalance.sku_id.in_(ids), StockBalance.held > 0)
        .order_by(Location.code, StockBalance.sku_id, StockBalance.lot)
        .execution_options(populate_existing=True)
    )
    lots = moves.lots_of(hold.serial_id for hold in blocked if hold.serial_id is not None)
    found = [_spot(balance, blocked, lots) for balance in db.session.scalars(query).all()]
    return [spot for spot in found if spot]


def away(recall: Recall) -> list[Serial]:
    """Its units that are at no site: with customers or people, sent back, lost."""
    units = [hold.serial for hold in holds.of(recall.number) if hold.serial is not None]
    gone = (unit for unit in units if unit.location.site_id is None)
    return sorted(gone, key=lambda one: one.code)


def close(recall: Recall, status: str) -> None:
    """Decide the recall and end its blocks; a confirmed one keeps those of units outside.

    Raises:
        RecallOver: it was decided before.
    """
    check_open(recall)
    recall.status, recall.closed_at = status, clock.now()
    db.session.flush()
    outside = {unit.id for unit in away(recall)} if status == "confirmed" else set()
    holds.lift(recall.number, keep=outside)


def check_open(recall: Recall) -> None:
    """Refuse a recall that was decided."""
    if recall.status != "open":
        raise RecallOver(number=recall.number, status=recall.status)


def _of_lines(lines: Sequence[ReceiptLine]) -> Suspects:
    sku = lines[0].sku
    if sku.serial_policy != "unit":
        return Suspects(sku, lots=tuple(line.lot for line in lines))
    query = (
        select(Serial)
        .join(ReceiptSerial, ReceiptSerial.serial_id == Serial.id)
        .where(ReceiptSerial.receipt_line_id.in_([line.id for line in lines]))
        .where(Serial.status != "relabelled")
        .order_by(Serial.code)
    )
    return Suspects(sku, units=tuple(db.session.scalars(query)))


def _spot(balance: StockBalance, blocked: Sequence[Hold], lots: Mapping[int, str]) -> Spot | None:
    mine = [hold for hold in blocked if hold.sku_id == balance.sku_id]
    units = tuple(
        hold.serial
        for hold in mine
        if hold.serial is not None
        and hold.serial.location_id == balance.location_id
        and lots.get(hold.serial.id, "") == balance.lot
    )
    whole = any(hold.serial_id is None and hold.lot == balance.lot for hold in mine)
    return Spot(balance, units) if units or whole else None
