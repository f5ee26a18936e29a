"""Blocked goods: units, or all of a SKU and lot, that nobody may use until somebody decides.

A block holds wherever the goods are: `stock_balance.held` says how much of a place is blocked, and
the ledger keeps it in step with every move. Blocked goods are promised to nobody; they move only
to the rejected goods, to their supplier, or in from outside.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.catalog.products import Sku
from app.domain.inventory import moves, reservations
from app.domain.inventory.balances import Key, StockBalance
from app.domain.inventory.lines import Line
from app.domain.inventory.places import Location, Site
from app.domain.inventory.serials import Serial
from app.domain.numbers import Code
from app.kernel import cause, clock
from app.kernel.db import Instant, Model, RowId, db
from app.kernel.errors import N_, Refusal

_LETS_IN = ("reject", "supplier")


class Hold(Model):
    """One unit, or all of a SKU and lot, blocked by a document until it is lifted."""

    __tablename__ = "hold"
    __table_args__ = (
        Index("ix_hold_sku_id_lot", "sku_id", "lot"),
        Index("ix_hold_serial_id", "serial_id"),
        Index("ix_hold_document", "document"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    document: Mapped[str] = mapped_column(String(80))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    lot: Mapped[str] = mapped_column(Code, default="")
    serial_id: Mapped[int | None] = mapped_column(ForeignKey("serial.id"))
    effect_key: Mapped[str] = mapped_column(String(400))
    placed_at: Mapped[datetime] = mapped_column(Instant)
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)

    sku: Mapped[Sku] = relationship(lazy="joined")
    serial: Mapped[Serial | None] = relationship()


class Blocked(Refusal):
    """Somebody found a defect, and nobody has decided yet."""

    code = "blocked"
    message = N_(
        "{goods} is blocked by {document}. It may be used again when quality control lifts "
        "the block; until then it stays where it is."
    )


def place(
    document: str, sku: Sku, *, lots: Collection[str] = (), units: Collection[Serial] = ()
) -> None:
    """Block these units of `sku`, or all of it in `lots`, wherever they are; part of a step.

    Promises of blocked goods are taken back, and kept from other stock where there is some.
    """
    _lock(sku.id)
    row = {"document": document, "sku_id": sku.id, "effect_key": cause.current().effect_key}
    for lot in sorted(set(lots)):
        db.session.add(Hold(**row, lot=lot, placed_at=clock.now()))
    for unit in sorted(units, key=lambda one: one.id):
        db.session.add(Hold(**row, serial_id=unit.id, placed_at=clock.now()))
    db.session.flush()
    _keep_step(sku)


def lift(document: str, *, keep: Collection[int] = ()) -> None:
    """End what `document` blocked, and every other block of the same goods; part of a step.

    Units whose ids are in `keep` stay blocked.
    """
    ended = [hold for hold in of(document) if hold.serial_id not in keep]
    for sku in sorted({hold.sku for hold in ended}, key=lambda one: one.id):
        _lock(sku.id)
        same = {(hold.lot, hold.serial_id) for hold in ended if hold.sku_id == sku.id}
        for hold in _active([sku.id]):
            if (hold.lot, hold.serial_id) in same:
                hold.lifted_at = clock.now()
        db.session.flush()
        _keep_step(sku)


def of(document: str) -> list[Hold]:
    """What the document blocks now."""
    query = select(Hold).filter_by(document=document, lifted_at=None).order_by(Hold.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def carried(lines: Sequence[Line]) -> Mapping[Key, Decimal]:
    """How much of what `lines` take (−) and put (+) is blocked, by balance.

    Raises:
        Blocked: blocked goods are to go anywhere but back to their supplier.
    """
    active = _active({line.sku.id for line in lines})
    changes: dict[Key, Decimal] = defaultdict(Decimal)
    for line in lines if active else ():
        held = _held_part(line, active)
        if held and not (line.source.is_virtual or line.target.kind in _LETS_IN):
            raise Blocked(goods=_name(line, active), document=_documents(line, active))
        for end, sign in ((line.source, -1), (line.target, 1)):
            if held and not end.is_virtual:
                changes[Key(line.sku.id, end.id, line.lot)] += held * sign
    return changes


def _active(sku_ids: Collection[int]) -> Sequence[Hold]:
    query = select(Hold).where(Hold.sku_id.in_(sku_ids), Hold.lifted_at.is_(None))
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def _touching(line: Line, active: Sequence[Hold]) -> list[Hold]:
    """The blocks that bear on what the line moves."""
    codes = set(line.serials)
    return [
        hold
        for hold in active
        if hold.sku_id == line.sku.id
        and (hold.lot == line.lot if hold.serial is None else hold.serial.code in codes)
    ]


def _held_part(line: Line, active: Sequence[Hold]) -> Decimal:
    touching = _touching(line, active)
    if any(hold.serial_id is None for hold in touching):
        return line.quantity
    return Decimal(len({hold.serial_id for hold in touching}))


def _name(line: Line, active: Sequence[Hold]) -> str:
    found = [hold.serial.code for hold in _touching(line, active) if hold.serial is not None]
    return min(found) if found else f"{line.sku.code} {line.lot}".strip()


def _documents(line: Line, active: Sequence[Hold]) -> str:
    return ", ".join(sorted({hold.document for hold in _touching(line, active)}))


def _lock(sku_id: int) -> None:
    """Nobody writes about the SKU meanwhile: rows that name it wait for this lock.

    Then its promises, then its stock: everybody takes locks in this order.
    """
    db.session.execute(select(Sku.id).filter_by(id=sku_id).with_for_update())
    reservations.lock_live(sku_id)


def _keep_step(sku: Sku) -> None:
    """Write to each balance of the SKU how much of it is blocked; promises give way."""
    query = (
        select(StockBalance)
        .filter_by(sku_id=sku.id)
        .order_by(StockBalance.location_id, StockBalance.lot)
        .with_for_update(of=StockBalance)
        .execution_options(populate_existing=True)
    )
    found = db.session.scalars(query).all()
    held = _held_in(sku, found)
    left_waiting: set[int] = set()
    for balance in found:
        left_waiting |= reservations.give_way(balance, balance.quantity - held[balance.id])
        _set_held(balance, held[balance.id])
    served = select(Site).where(Site.id.in_(left_waiting | _sites(found))).order_by(Site.id)
    for site in db.session.scalars(served).all():
        reservations.serve_waiting(sku, site=site)


def _held_in(sku: Sku, found: Sequence[StockBalance]) -> dict[int, Decimal]:
    active = _active([sku.id])
    lots = {hold.lot for hold in active if hold.serial_id is None}
    units = {hold.serial_id for hold in active if hold.serial_id is not None}
    lies_in = moves.lots_of(units)
    rows = db.session.execute(select(Serial.id, Serial.location_id).where(Serial.id.in_(units)))
    here = Counter((place, lies_in.get(unit, "")) for unit, place in rows)
    return {
        each.id: each.quantity if each.lot in lots else Decimal(here[each.location_id, each.lot])
        for each in found
    }


def _set_held(balance: StockBalance, held: Decimal) -> None:
    db.session.execute(
        update(StockBalance)
        .where(StockBalance.id == balance.id)
        .values(held=held)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(balance)


def _sites(found: Sequence[StockBalance]) -> set[int]:
    """Where freed goods may serve somebody who waits."""
    ids = {balance.location_id for balance in found}
    query = select(Location.site_id).where(Location.id.in_(ids), Location.site_id.is_not(None))
    return {site_id for site_id in db.session.scalars(query) if site_id is not None}
