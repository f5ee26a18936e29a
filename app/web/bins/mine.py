"""The bins of the reader's sites."""

from sqlalchemy import or_, select

from app.domain.inventory import places
from app.domain.inventory.places import Location, Site
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.web.rooms import is_mine, my_sites


def bin_named(code: str) -> Location:
    """A bin at one of the reader's sites.

    Raises:
        NotFound: there is none, as far as they are concerned.
    """
    found = places.location(code)
    if found.kind != "internal" or not is_mine(found):
        raise NotFound
    return found


def bins(
    *, site: str | None = None, text: str = "", after: tuple[int, str] | None = None, limit: int
) -> list[Location]:
    """Bins along the walk, those after one of them."""
    query = select(Location).join(Site, Site.id == Location.site_id)
    query = query.where(Location.kind == "internal")
    if (sites := my_sites()) is not None:
        query = query.where(Site.code.in_(sites))
    if site:
        query = query.where(Site.code == site)
    if text:
        query = query.where(Location.code.icontains(text, autoescape=True))
    if after:
        walk, code = after
        later = (Location.walk_order == walk) & (Location.code > code)
        query = query.where(or_(Location.walk_order > walk, later))
    found = db.session.scalars(query.order_by(Location.walk_order, Location.code).limit(limit))
    return list(found)
