"""Importing products, their SKUs, units and serial policies."""

from decimal import Decimal
from functools import partial

from sqlalchemy import select

from app.domain.catalog.products import SERIAL_POLICIES, Product, Sku, UnitConversion
from app.domain.imports import references
from app.domain.imports.cells import Cells, Report
from app.domain.imports.kinds import Column, Kind, Plan, different, same_in_all, together
from app.domain.imports.table import Row
from app.kernel.db import db
from app.kernel.errors import N_

_OF_PRODUCT = ("product_name", "category")
_OF_SKU = (
    "name",
    "unit",
    "step",
    "serial_policy",
    "barcode",
    "zone",
    "hazard",
    "is_high_value",
)


def understand(rows: list[Row], report: Report, _by: str) -> Plan:
    """One row per SKU; rows of one product agree on its name and category."""
    plan = Plan()
    groups = together(rows, "product", report)
    products = {each.code: each for each in db.session.scalars(select(Product))}
    known = references.known_skus(rows)
    barcodes = _barcodes()
    for code, group in groups.items():
        same_in_all(group, _OF_PRODUCT)
        facts = _product(group[0], code)
        if code in products:
            _compare_product(group[0], products[code])
        else:
            plan.add(partial(_write_product, products, facts), made=0)
        for cells in group:
            sku = _understand_sku(plan, cells, code, known, barcodes)
            if sku is not None:
                plan.add(partial(_write_sku, products, code, sku))
    return plan


def _understand_sku(
    plan: Plan, cells: Cells, product: str, known: dict[str, Sku], barcodes: dict[str, str]
) -> Sku | None:
    """The SKU to be made, or None when it is there or cannot be."""
    theirs = _sku(cells)
    if theirs.barcode and barcodes.setdefault(theirs.barcode, theirs.code) != theirs.code:
        message = N_("The barcode {barcode} belongs to {sku}.")
        facts = {"barcode": theirs.barcode, "sku": barcodes[theirs.barcode]}
        cells.report.add(cells.row, "barcode", message, **facts)
    ours = known.setdefault(theirs.code, theirs)
    if ours is theirs:
        return theirs
    if not ours.id:
        cells.report.add(cells.row, "sku", N_("{code} is there twice."), code=ours.code)
    elif not _differs(cells, ours, product, theirs):
        plan.knows([cells.row])
    return None


def _differs(cells: Cells, ours: Sku, product: str, theirs: Sku) -> bool:
    pairs = {name: (getattr(ours, name), getattr(theirs, name)) for name in _OF_SKU}
    pairs["product"] = (ours.product.code, product)
    pairs["conversions"] = (_ratios(ours), _ratios(theirs))
    return different(cells.report, cells.row, ours.code, pairs)


def _ratios(sku: Sku) -> str:
    return " ".join(sorted(f"{each.unit}={each.num}/{each.den}" for each in sku.conversions))


def _product(cells: Cells, code: str) -> dict[str, str]:
    return {
        "code": code,
        "name": cells.text("product_name") or cells.row.cells.get("name", ""),
        "category": cells.text("category", longest=100),
    }


def _compare_product(cells: Cells, ours: Product) -> None:
    written = {name: cells.row.cells.get(name) for name in _OF_PRODUCT}
    pairs = {"product_name": (ours.name, written["product_name"])}
    pairs["category"] = (ours.category, written["category"])
    different(cells.report, cells.row, ours.code, {k: v for k, v in pairs.items() if v[1]})


def _sku(cells: Cells) -> Sku:
    step = cells.quantity("step", required=False)
    policy = cells.choice("serial_policy", SERIAL_POLICIES, default="none")
    if policy == "unit" and step not in (None, 1):
        message = N_("Goods with a code on every unit are counted one by one: step is 1.")
        cells.report.add(cells.row, "step", message)
    return Sku(
        code=cells.code("sku"),
        name=cells.text("name", required=True),
        unit=cells.text("unit", required=True, longest=20),
        step=step or Decimal(1),
        serial_policy=policy,
        barcode=cells.code("barcode", required=False) or None,
        zone=cells.text("zone", longest=30),
        hazard=cells.text("hazard", longest=30),
        is_high_value=cells.yes("high_value"),
        conversions=_conversions(cells),
    )


def _conversions(cells: Cells) -> list[UnitConversion]:
    """`roll=20 box=1/3`: one roll is 20 of the stock unit."""
    found: dict[str, UnitConversion] = {}
    text = cells.row.cells.get("conversions", "")
    for part in text.replace(";", " ").replace(",", " ").split():
        unit, _, ratio = part.partition("=")
        value = cells.ratio("conversions", ratio)
        if value is not None:
            found[unit] = UnitConversion(unit=unit, num=value.numerator, den=value.denominator)
    return list(found.values())


def _barcodes() -> dict[str, str]:
    rows = db.session.execute(select(Sku.barcode, Sku.code).where(Sku.barcode.is_not(None)))
    return {row.barcode: row.code for row in rows}


def _write_product(products: dict[str, Product], facts: dict[str, str]) -> None:
    products[facts["code"]] = new = Product(**facts)
    db.session.add(new)


def _write_sku(products: dict[str, Product], product: str, sku: Sku) -> None:
    sku.product = products[product]
    db.session.add(sku)


KIND = Kind(
    "products",
    N_("Products"),
    (
        Column("product", "COPPER-PIPE", required=True),
        Column("product_name", "Insulated copper pipe"),
        Column("category", "Installation material"),
        Column("sku", "CP-2-3", required=True),
        Column("name", "Insulated copper pipe 2/3", required=True),
        Column("unit", "m", required=True),
        Column("step", "0.5"),
        Column("conversions", "roll=20"),
        Column("serial_policy", "none"),
        Column("barcode", "4710000000017"),
        Column("zone", ""),
        Column("hazard", ""),
        Column("high_value", "no"),
    ),
    understand,
)
