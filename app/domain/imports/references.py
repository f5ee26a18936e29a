"""What rows refer to, which other files bring in first."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from app.domain.catalog import skus
from app.domain.catalog.products import Sku
from app.domain.imports.cells import Cells
from app.domain.imports.table import Row
from app.domain.inventory.places import Site
from app.domain.supply.suppliers import Supplier
from app.kernel.db import db
from app.kernel.errors import N_


def known_skus(rows: Iterable[Row]) -> dict[str, Sku]:
    """The SKUs that rows name, by code."""
    return skus.named(row.cells.get("sku", "") for row in rows)


def known_suppliers() -> dict[str, Supplier]:
    return {each.code: each for each in db.session.scalars(select(Supplier))}


def known_sites() -> dict[str, Site]:
    return {each.code: each for each in db.session.scalars(select(Site))}


def sku(cells: Cells, known: Mapping[str, Sku]) -> Sku | None:
    return cells.known("sku", known, N_("There is no SKU {code}. Import products first."))


def supplier(cells: Cells, known: Mapping[str, Supplier]) -> Supplier | None:
    message = N_("There is no supplier {code}. Import suppliers first.")
    return cells.known("supplier", known, message)


def site(cells: Cells, known: Mapping[str, Site]) -> Site | None:
    return cells.known("site", known, N_("There is no site {code}. Import locations first."))
