"""Finding SKUs by what is written on them, and reading quantities in their units."""

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app.domain.catalog import rules
from app.domain.catalog.products import Sku
from app.kernel import batches
from app.kernel.db import db
from app.kernel.errors import N_, NotFound, Refusal


class UnknownSku(NotFound):
    """No SKU has this code or barcode."""

    code = "unknown_sku"
    message = N_("There is no SKU or barcode {sku}.")


class UnknownUnit(Refusal):
    """The SKU is not counted in this unit."""

    code = "unknown_unit"
    message = N_("{sku} is counted in {known}, not in {unit}.")


class NotAWholeStep(Refusal):
    """The quantity is finer than the SKU can be counted."""

    code = "not_a_whole_step"
    message = N_("{quantity} of {sku} cannot be counted: it comes in steps of {step} {unit}.")


class UnevenUnit(Refusal):
    """A price per this unit cannot be told exactly per stock unit."""

    code = "uneven_unit"
    message = N_("{unit} of {sku} is no even number of {stock_unit}. Price it per {stock_unit}.")


def by_code(code: str) -> Sku:
    """The SKU with exactly this code.

    Raises:
        UnknownSku: there is none.
    """
    return _found(db.session.scalar(select(Sku).filter_by(code=code)), code)


def scanned(text: str) -> Sku:
    """The SKU whose code or barcode was scanned."""
    query = select(Sku).where(or_(Sku.code == text.strip(), Sku.barcode == text.strip()))
    return _found(db.session.scalar(query), text)


def named(codes: Iterable[str]) -> dict[str, Sku]:
    """The SKUs among `codes`, by code; unknown codes are left out."""
    wanted = sorted(set(codes))
    found: dict[str, Sku] = {}
    for some in batches.of(wanted):
        query = select(Sku).where(Sku.code.in_(some))
        query = query.options(selectinload(Sku.conversions))
        found |= {sku.code: sku for sku in db.session.scalars(query)}
    return found


def in_stock_units(sku: Sku, quantity: Decimal, unit: str = "") -> Decimal:
    """`quantity` of `unit` (the stock unit when empty) as an exact number of stock units.

    Raises:
        UnknownUnit: the SKU has no such unit.
        NotAWholeStep: the result is no multiple of the SKU's step.
    """
    num, den = _ratio(sku, unit)
    result = rules.converted(quantity, num, den)
    if result is None or not rules.is_multiple(result, sku.step):
        shown = f"{rules.plain(quantity)} {unit or sku.unit}"
        raise NotAWholeStep(quantity=shown, sku=sku.code, step=rules.plain(sku.step), unit=sku.unit)
    return result


def priced_for(sku: Sku, unit: str) -> Decimal:
    """How many stock units a price per `unit` buys.

    Raises:
        UnevenUnit: six decimal places cannot say.
    """
    found = rules.converted(Decimal(1), *_ratio(sku, unit))
    if found is None:
        raise UnevenUnit(sku=sku.code, unit=unit, stock_unit=sku.unit)
    return found


def _ratio(sku: Sku, unit: str) -> tuple[int, int]:
    if unit in ("", sku.unit):
        return 1, 1
    for other in sku.conversions:
        if other.unit == unit:
            return other.num, other.den
    known = ", ".join([sku.unit, *(other.unit for other in sku.conversions)])
    raise UnknownUnit(sku=sku.code, known=known, unit=unit)


def _found(sku: Sku | None, text: str) -> Sku:
    if sku is None:
        raise UnknownSku(sku=text)
    return sku
