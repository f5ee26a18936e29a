"""Those who wait for goods: whose turn has come although nobody called them."""

from sqlalchemy import func, select

from app.domain.catalog.products import Sku
from app.domain.inventory import reservations
from app.domain.inventory.balances import StockBalance
from app.domain.inventory.places import Location, Site
from app.domain.inventory.reservations import Reservation
from app.kernel.db import db

Queue = tuple[int, int]  # the SKU and the site it is waited for


def servable(limit: int = 100) -> list[Queue]:
    """Queues whose first one could have what they wait for.

    Shelving serves those who wait; who began to wait in that same instant, or waits for what
    another promise gave back, is found here.
    """
    free = func.sum(StockBalance.quantity - StockBalance.reserved - StockBalance.held)
    on_shelves = (
        select(free)
        .join(Location, Location.id == StockBalance.location_id)
        .where(StockBalance.sku_id == Reservation.sku_id, Location.kind == "internal")
        .where(Location.site_id == Reservation.site_id)
        .scalar_subquery()
    )
    first = (
        select(func.min(Reservation.id))
        .where(Reservation.status == "waiting")
        .group_by(Reservation.sku_id, Reservation.site_id)
    )
    query = (
        select(Reservation.sku_id, Reservation.site_id)
        .where(Reservation.id.in_(first), on_shelves >= Reservation.wanted)
        .order_by(Reservation.id)
    )
    return [(row.sku_id, row.site_id) for row in db.session.execute(query.limit(limit))]


def serve(queue: Queue) -> int:
    """Give what is free to those who wait, the oldest first; how many have theirs now."""
    sku, site = db.session.get_one(Sku, queue[0]), db.session.get_one(Site, queue[1])
    return len(reservations.serve_waiting(sku, site=site))
