"""Promises of stock: exact, only from shelves, and kept oldest first."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, delete, select, text, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.catalog.products import Sku
from app.domain.catalog.rules import plain
from app.domain.inventory.balances import NotEnoughStock, StockBalance
from app.domain.inventory.places import Location, Site
from app.kernel import clock
from app.kernel.db import Instant, Model, Quantity, RowId, db
from app.kernel.errors import N_, Refusal

_EXPIRING = text("status IN ('live', 'waiting') AND expires_at IS NOT NULL")
_QUEUED = text("status = 'waiting'")


class Reservation(Model):
    """`wanted` of one SKU promised to one document line, or waiting until there is enough."""

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'live', 'released', 'used')", name="status"),
        CheckConstraint("wanted > 0", name="wanted"),
        Index("ix_reservation_sku_id_site_id_status", "sku_id", "site_id", "status"),
        Index("ix_reservation_document", "document"),
        Index(
            "ix_reservation_expiring",
            "expires_at",
            sqlite_where=_EXPIRING,
            postgresql_where=_EXPIRING,
        ),
        Index(
            "ix_reservation_queue",
            "sku_id",
            "site_id",
            "id",
            sqlite_where=_QUEUED,
            postgresql_where=_QUEUED,
        ),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    document: Mapped[str] = mapped_column(String(80))
    wanted: Mapped[Decimal] = mapped_column(Quantity)
    status: Mapped[str] = mapped_column(String(10))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)

    parts: Mapped[list["ReservationPart"]] = relationship(order_by="ReservationPart.balance_id")


class ReservationPart(Model):
    """How much of a reservation lies in which balance."""

    __tablename__ = "reservation_part"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        Index("ix_reservation_part_balance_id", "balance_id"),
        Index("ix_reservation_part_reservation_id", "reservation_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    reservation_id: Mapped[int] = mapped_column(ForeignKey("reservation.id"))
    balance_id: Mapped[int] = mapped_column(ForeignKey("stock_balance.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)


class NotReserved(Refusal):
    """The promise is over."""

    code = "not_reserved"
    message = N_("The reservation for {document} is over: {status}.")


def take(
    sku: Sku, quantity: Decimal, *, site: Site, document: str, expires_at: datetime | None = None
) -> Reservation:
    """Promise `quantity` of what is on the site's shelves to `document`, all or nothing.

    Raises:
        NotEnoughStock: less than that is there and promised to nobody.
    """
    new = _ask(sku, quantity, site=site, document=document, expires_at=expires_at)
    found = _free_balances(sku.id, site.id)
    available = sum((balance.free for balance in found), Decimal(0))
    if available < quantity:
        raise NotEnoughStock(
            available=plain(available), sku=sku.code, place=site.code, wanted=plain(quantity)
        )
    _promise(new, found)
    return new


def wait(sku: Sku, quantity: Decimal, *, site: Site, document: str) -> Reservation:
    """Note that `document` waits for `quantity`; `serve_waiting` gives it when it arrives."""
    return _ask(sku, quantity, site=site, document=document, expires_at=None)


def serve_waiting(sku: Sku, *, site: Site) -> list[Reservation]:
    """Give what has arrived to those who wait, the oldest first, nobody overtaking."""
    served = []
    for waiting in lock_waiting(sku, site=site):
        found = _free_balances(sku.id, site.id)
        if sum((balance.free for balance in found), Decimal(0)) < waiting.wanted:
            break
        _promise(waiting, found)
        served.append(waiting)
    return served


def lock_waiting(sku: Sku, *, site: Site) -> Sequence[Reservation]:
    """Those who wait for the SKU, the oldest first; locked, which goes before stock is locked."""
    queue = select(Reservation).filter_by(sku_id=sku.id, site_id=site.id, status="waiting")
    return db.session.scalars(queue.order_by(Reservation.id).with_for_update()).all()


def release(reservation: Reservation, *, used: bool = False) -> None:
    """End the promise; when `used`, the goods leave in this same step.

    Raises:
        NotReserved: it had ended before.
    """
    query = select(Reservation).filter_by(id=reservation.id).with_for_update()
    fresh = db.session.scalars(query.execution_options(populate_existing=True)).one()
    if fresh.status not in ("live", "waiting"):
        raise NotReserved(document=fresh.document, status=fresh.status)
    for balance_id, quantity in _promised(fresh):
        _change_reserved(balance_id, -quantity)
    fresh.status = "used" if used else "released"
    db.session.flush()


def lock_live(sku_id: int) -> None:
    """Lock every promise of a SKU, kept or waiting, which goes before stock is locked."""
    query = select(Reservation.id).where(
        Reservation.sku_id == sku_id, Reservation.status.in_(("live", "waiting"))
    )
    db.session.scalars(query.order_by(Reservation.id).with_for_update()).all()


def give_way(balance: StockBalance, room: Decimal) -> set[int]:
    """Take back promises until at most `room` of a locked balance is promised; at which sites.

    The newest goes first. Each waits again, in the place it had in the queue.
    """
    query = (
        select(Reservation)
        .join(ReservationPart, ReservationPart.reservation_id == Reservation.id)
        .where(ReservationPart.balance_id == balance.id, Reservation.status == "live")
        .order_by(Reservation.id.desc())
        .execution_options(populate_existing=True)
    )
    sites: set[int] = set()
    for promise in db.session.scalars(query).all():
        db.session.refresh(balance)
        if balance.reserved <= room:
            break
        _take_back(promise)
        sites.add(promise.site_id)
    return sites


def release_expired(limit: int = 100) -> int:
    """End the promises whose time is over, kept or waiting; how many there were.

    One that somebody uses in this instant is left to them.
    """
    query = (
        select(Reservation)
        .where(_EXPIRING, Reservation.expires_at <= clock.now())
        .order_by(Reservation.expires_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    expired = db.session.scalars(query).all()
    for reservation in expired:
        release(reservation)
    return len(expired)


def _take_back(promise: Reservation) -> None:
    for balance_id, quantity in _promised(promise):
        _change_reserved(balance_id, -quantity)
    db.session.execute(delete(ReservationPart).filter_by(reservation_id=promise.id))
    promise.status = "waiting"
    db.session.flush()
    db.session.expire(promise, ["parts"])


def _ask(
    sku: Sku, quantity: Decimal, *, site: Site, document: str, expires_at: datetime | None
) -> Reservation:
    new = Reservation(
        sku_id=sku.id,
        site_id=site.id,
        document=document,
        wanted=quantity,
        status="waiting",
        asked_at=clock.now(),
        expires_at=expires_at,
    )
    db.session.add(new)
    db.session.flush()
    return new


def _free_balances(sku_id: int, site_id: int) -> Sequence[StockBalance]:
    """Balances on shelves with something unpromised, locked in key order.

    Only shelves count: what waits for inspection or a decision, or is blocked, is never promised.
    """
    unbound = StockBalance.quantity - StockBalance.reserved - StockBalance.held
    query = (
        select(StockBalance)
        .join(Location)
        .where(StockBalance.sku_id == sku_id, Location.site_id == site_id)
        .where(Location.kind == "internal", unbound > 0)
        .order_by(StockBalance.location_id, StockBalance.lot)
        .with_for_update(of=StockBalance)
    )
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def _promise(reservation: Reservation, balances: Sequence[StockBalance]) -> None:
    left = reservation.wanted
    for balance in balances:
        part = min(left, balance.free)
        if part <= 0:
            break
        _change_reserved(balance.id, part)
        db.session.add(
            ReservationPart(reservation_id=reservation.id, balance_id=balance.id, quantity=part)
        )
        left -= part
    reservation.status = "live"
    db.session.flush()
    db.session.expire(reservation, ["parts"])


def _promised(reservation: Reservation) -> list[tuple[int, Decimal]]:
    """What it holds of each balance, in key order, as every stock change goes."""
    query = (
        select(ReservationPart.balance_id, ReservationPart.quantity)
        .join(StockBalance, StockBalance.id == ReservationPart.balance_id)
        .where(ReservationPart.reservation_id == reservation.id)
        .order_by(StockBalance.location_id, StockBalance.lot)
    )
    return [(row.balance_id, row.quantity) for row in db.session.execute(query)]


def _change_reserved(balance_id: int, by: Decimal) -> None:
    db.session.execute(
        update(StockBalance)
        .where(StockBalance.id == balance_id)
        .values(reserved=StockBalance.reserved + by)
        .execution_options(synchronize_session=False)
    )
