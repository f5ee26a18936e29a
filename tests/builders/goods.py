"""SKUs, sites, bins and stock for tests."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select

from app.domain.catalog.products import Product, Sku, UnitConversion
from app.domain.inventory import ledger, places, serials
from app.domain.inventory.ledger import Line
from app.domain.inventory.places import Location, Site
from app.kernel.db import db


def a_sku(code: str = "FLOUR", *, units: dict[str, int] | None = None, **facts: object) -> Sku:
    """A SKU kept in pieces without codes, unless `facts` say otherwise."""
    product = Product(code=f"P-{code}", name=code.title())
    db.session.add(product)
    db.session.flush()
    sku = Sku(**{"code": code, "name": code.title(), "unit": "pcs", **facts})
    sku.product_id = product.id
    sku.conversions = [UnitConversion(unit=unit, num=num) for unit, num in (units or {}).items()]
    db.session.add(sku)
    db.session.flush()
    return sku


def a_site(code: str = "MAIN") -> Site:
    """The warehouse, made when it is first asked for."""
    found = db.session.scalar(select(Site).filter_by(code=code))
    return found or places.add_site(code, name=code.title())


def a_bin(code: str = "A-01", *, site: str = "MAIN", **facts: object) -> Location:
    """A shelf without limits, unless `facts` say otherwise."""
    found = Location(code=code, site_id=a_site(site).id, **facts)
    db.session.add(found)
    db.session.flush()
    return found


def stock(
    sku: Sku,
    quantity: int | str,
    *,
    at: Location,
    lot: str = "",
    codes: Sequence[str] = (),
    document: str = "OS-000001",
) -> None:
    """Let `quantity` lie at `at`; call it inside a step."""
    outside = places.location(places.OPENING)
    serials.register(sku, codes, at=outside, born_with=document)
    line = Line(sku, outside, at, Decimal(quantity), lot, tuple(codes))
    ledger.move([line], reason="opening", document=f"{document}:{sku.code}:{at.code}:{lot}")
