"""Which goods the reader may still have to count blindly: their figures stay unseen."""

from collections.abc import Collection

from flask import g
from sqlalchemy import select

from app.domain.catalog.products import Sku
from app.domain.inventory import places
from app.domain.inventory.places import Location
from app.domain.numbers import named
from app.domain.supply.releases import Release
from app.kernel.db import db
from app.web.session import my_memberships
from app.workflow import answering, definitions, rights
from app.workflow.records import Definition, Task

Lot = tuple[int, int]  # SKU and site: what of it waits there for a shelf is being counted


def lots() -> frozenset[Lot]:
    """What is being counted by two people, of whom the reader may be one; read once a request."""
    if "unseen_lots" not in g:
        g.unseen_lots = frozenset(_lot(named(Release, one)) for one in _numbers_to_count())
    found: frozenset[Lot] = g.unseen_lots
    return found


def hides(sku: Sku, place: Location) -> bool:
    """Whether what lies of the SKU at this place stays unseen."""
    return place.kind == "transit" and (sku.id, place.site_id) in lots()


def hides_total(sku: Sku, sites: Collection[int]) -> bool:
    """Whether figures over these sites (all, when there are none) would tell what lies there."""
    return any(one == sku.id and (not sites or site in sites) for one, site in lots())


def hides_figures(sku: Sku, site: str | None) -> bool:
    """Whether figures at a site (everywhere, without one) would tell what may be to count."""
    return hides_total(sku, {places.site(site).id} if site else ())


def _lot(release: Release) -> Lot:
    return release.sku_id, release.site_id


def _numbers_to_count() -> set[str]:
    """The releases whose open blind tasks are the reader's to do."""
    query = select(Task.business_key, Task.role, Task.scope).where(
        Task.role.in_({role for role, _scope in my_memberships()}),
        Task.element_id.in_(_blind_steps()),
        Task.business_key.startswith(f"{Release.PREFIX}-"),
    )
    held = my_memberships()
    rows = db.session.execute(query)
    return {row.business_key for row in rows if rights.holds(held, row.role, row.scope)}


def _blind_steps() -> set[str]:
    ids = db.session.scalars(select(Definition.id).order_by(Definition.id))
    return {
        step.id
        for one in ids
        for step in definitions.blueprint(one).elements.values()
        if answering.is_blind(step.properties)
    }
