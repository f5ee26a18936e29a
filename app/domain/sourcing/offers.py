"""Prices a buyer negotiated, row by row, as the agreements they would become."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from app.domain.catalog import skus
from app.domain.catalog.products import Sku
from app.domain.sourcing import agreeing, agreements
from app.domain.sourcing.agreeing import Terms
from app.domain.sourcing.errors import TermsDiffer
from app.domain.supply.suppliers import Supplier

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """One break; what belongs to the whole agreement may be left out but in its first row."""

    sku: str
    min_quantity: Decimal
    unit_price: Decimal
    unit: str = ""
    moq: Decimal | None = None
    pack: Decimal | None = None
    lead_days: int | None = None


@dataclass(frozen=True)
class Offer:
    """What one supplier offers, from `valid_from` on."""

    supplier: Supplier
    currency: str
    valid_from: date
    valid_to: date | None
    rows: tuple[Row, ...]


def terms(offer: Offer) -> list[Terms]:
    """The agreements of an offer, one per SKU, each of them sound in itself.

    Raises:
        UnknownSku, UnknownUnit, TermsDiffer: the rows cannot be understood.
        NoBreaks, BreakTwice, EndsBeforeItBegins, NoCurrency: they can, and make no agreement.
    """
    found = [_terms(offer, skus.by_code(code), rows) for code, rows in _by_sku(offer.rows).items()]
    for each in found:
        agreeing.check_alone(each)
    return found


def prices_today(offer: Offer, day: date) -> Mapping[str, agreements.Agreement]:
    """The agreements that hold now for the SKUs of an offer, by SKU."""
    held = {
        code: agreements.in_force(offer.supplier.id, skus.by_code(code).id, day)
        for code in _by_sku(offer.rows)
    }
    return {code: each for code, each in held.items() if each is not None}


def _by_sku(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.sku.strip(), []).append(row)
    return found


def _terms(offer: Offer, sku: Sku, rows: list[Row]) -> Terms:
    return Terms(
        sku,
        unit=_same(sku, (row.unit or None for row in rows)) or sku.unit,
        currency=offer.currency,
        valid_from=offer.valid_from,
        valid_to=offer.valid_to,
        breaks=[(row.min_quantity, row.unit_price) for row in rows],
        lead_days=_same(sku, (row.lead_days for row in rows)) or 0,
        moq=_same(sku, (row.moq for row in rows)) or Decimal(1),
        pack=_same(sku, (row.pack for row in rows)) or Decimal(1),
    )


def _same(sku: Sku, values: Iterable[T | None]) -> T | None:
    """What every row that says something says."""
    said = {value for value in values if value is not None}
    if len(said) > 1:
        raise TermsDiffer(sku=sku.code, values=sorted(map(str, said)))
    return said.pop() if said else None
