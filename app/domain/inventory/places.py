"""Where goods can be: sites, and the locations inside and around them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.catalog.products import Sku
from app.domain.numbers import Code
from app.kernel import editions, once
from app.kernel.db import Model, Quantity, RowId, connection, db
from app.kernel.errors import N_, NotFound

# Virtual places stand for the world outside: goods come from and go to them without limit.
VIRTUAL: Final = ("supplier", "customer", "loss")
KINDS: Final = ("internal", "qc", "reject", "hold", "transit", "custody", *VIRTUAL)
SITE_KINDS: Final = ("warehouse", "outlet")

GAIN_OR_LOSS = "GAIN-LOSS"
OPENING = "OPENING"
RELABELLING = "RELABELLING"
# Samples that a test destroys, and goods that nobody can use.
TESTED = "TESTED"
SCRAPPED = "SCRAPPED"
CUSTOMERS = "CUSTOMERS"
SUPPLIER = "SUPPLIER:"
_SITES = "sites"

# What each site needs one of: goods waiting for inspection, for a decision, for their
# supplier, and for somebody to shelve them.
_STANDARD: Final = {"QC": "qc", "HOLD": "hold", "REJECT": "reject", "SHELVING": "transit"}


class Site(Model):
    """A warehouse or an outlet; none is ever deleted."""

    __tablename__ = "site"
    __table_args__ = (CheckConstraint("kind IN ('warehouse', 'outlet')", name="kind"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    code: Mapped[str] = mapped_column(Code, unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20), default="warehouse")
    edition: Mapped[int] = mapped_column(default=1, onupdate=text("edition + 1"))

    @property
    def scope(self) -> str:
        """How memberships and tasks name this site."""
        return f"site:{self.code}"


class Location(Model):
    """One place of the ledger: a bin, a waiting area, a van, or the world outside.

    `capacity` (stock units, None for no limit) is compared with `filled` by the database, so
    that two people cannot both use the last free room.
    """

    __tablename__ = "location"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('internal', 'qc', 'reject', 'hold', 'transit', 'custody',"
            " 'supplier', 'customer', 'loss')",
            name="kind",
        ),
        CheckConstraint("filled >= 0", name="filled"),
        CheckConstraint("capacity IS NULL OR filled <= capacity", name="capacity"),
        Index("ix_location_site_id_kind", "site_id", "kind"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    code: Mapped[str] = mapped_column(Code, unique=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    kind: Mapped[str] = mapped_column(String(10), default="internal")
    zone: Mapped[str] = mapped_column(String(30), default="")
    hazard: Mapped[str] = mapped_column(String(30), default="")
    capacity: Mapped[Decimal | None] = mapped_column(Quantity)
    filled: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    fixed_sku_id: Mapped[int | None] = mapped_column(ForeignKey("sku.id"), index=True)
    walk_order: Mapped[int] = mapped_column(default=0)

    site: Mapped[Site | None] = relationship(lazy="joined")
    fixed_sku: Mapped[Sku | None] = relationship()

    @property
    def is_virtual(self) -> bool:
        return self.kind in VIRTUAL


_NAMES = select(Site.code, Site.name)
editions.watch(_SITES, *editions.raised(Site.edition))


class UnknownSite(NotFound):
    """No site has this code."""

    code = "unknown_site"
    message = N_("There is no warehouse or outlet {site}.")


class UnknownLocation(NotFound):
    """No location has this code."""

    code = "unknown_location"
    message = N_("There is no location {location}.")


def site(code: str) -> Site:
    """The site with this code.

    Raises:
        UnknownSite: there is none.
    """
    found = db.session.scalar(select(Site).filter_by(code=code))
    if found is None:
        raise UnknownSite(site=code)
    return found


def site_of(scope: str) -> Site:
    """The warehouse or outlet a scope names."""
    return site(scope.removeprefix("site:"))


def location(code: str) -> Location:
    """The location with this code, as a scanner reads it.

    Raises:
        UnknownLocation: there is none.
    """
    found = db.session.scalar(select(Location).filter_by(code=code.strip()))
    if found is None:
        raise UnknownLocation(location=code)
    return found


def add_site(code: str, *, name: str, kind: str = "warehouse") -> Site:
    """A new site, with the four waiting areas every site needs."""
    new = Site(code=code, name=name, kind=kind)
    db.session.add(new)
    db.session.flush()
    for suffix, purpose in _STANDARD.items():
        db.session.add(Location(code=f"{code}-{suffix}", site_id=new.id, kind=purpose))
    db.session.flush()
    once.forget(_SITES)
    return new


def site_names() -> Mapping[str, str]:
    """Every site's name by its scope."""
    return editions.kept(_SITES, _read_names)


def _read_names() -> dict[str, str]:
    return {f"site:{code}": name for code, name in connection().execute(_NAMES)}


def standard_codes(site_code: str) -> set[str]:
    """The codes of the waiting areas that are made together with a site."""
    return {f"{site_code}-{suffix}" for suffix in _STANDARD}


def purpose(code: str) -> tuple[str, str]:
    """The site in the code of a waiting area, and what waits there; nothing for other codes."""
    site_code, _dash, suffix = code.rpartition("-")
    return (site_code, _STANDARD[suffix]) if suffix in _STANDARD else ("", "")


def waiting_for_inspection(at: Site) -> Location:
    """Where received goods wait for quality control."""
    return location(f"{at.code}-QC")


def on_hold(at: Site) -> Location:
    """Where goods wait for somebody's decision."""
    return location(f"{at.code}-HOLD")


def rejected(at: Site) -> Location:
    """Where goods wait to go back to their supplier."""
    return location(f"{at.code}-REJECT")


def waiting_for_shelf(at: Site) -> Location:
    """Where released goods wait to be put away."""
    return location(f"{at.code}-SHELVING")


def of_supplier(code: str) -> Location:
    """The world outside, as far as it is this supplier."""
    return location(SUPPLIER + code)
