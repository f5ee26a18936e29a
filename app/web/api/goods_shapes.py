"""Products and stock as programs read them."""

from marshmallow import fields, validate

from app.web.api.shapes import WHOLE_TEXT, PagedByCode, Shape, code, figure, flag, many, text


class Searched(PagedByCode):
    """Which SKUs."""

    q = fields.String(
        load_default="",
        validate=[validate.Length(max=200), WHOLE_TEXT],
        metadata={"description": "Words of a code, a name or a barcode."},
    )


class SkusAsked(Searched):
    """Which SKUs, and where."""

    site = code("The code of one site; without it, every site of the reader.")


class Unit(Shape):
    """One `unit` is exactly `num` / `den` stock units."""

    unit = text()
    num = fields.Integer(required=True)
    den = fields.Integer(required=True)


class Product(Shape):
    """One SKU with the product it is a size of."""

    sku = text()
    name = text()
    product = text("The code of its product.")
    category = text()
    barcode = text(nullable=True)
    unit = text("The unit stock is counted in.")
    step = figure("Stock is counted in multiples of it.")
    units = many(Unit, about="Other units it is bought or sold in.")
    serials = text("unit: every unit has a code; lot: every batch; none.")
    is_high_value = flag()


class ProductPage(Shape):
    """Some SKUs, by code."""

    items = many(Product)
    next = text(nullable=True)


class StockLine(Shape):
    """What there is of one SKU. A figure is null while the reader still has to count it."""

    sku = text()
    name = text()
    unit = text()
    on_hand = figure("On shelves.")
    reserved = figure("Promised to somebody.")
    available = figure("On shelves and promised to nobody.")
    in_qc = figure("Waiting for inspection.")
    on_hold = figure("Waiting for a decision.")
    to_put_away = figure("Waiting for a shelf.", nullable=True)
    rejected = figure("Rejected.")
    in_custody = figure("With workers.")
    total = figure("All that is in the house.", nullable=True)


class StockPage(Shape):
    """Some SKUs, by code."""

    items = many(StockLine)
    next = text(nullable=True)


class Balance(Shape):
    """What lies at one place."""

    site = text(nullable=True)
    location = text()
    kind = text()
    lot = text()
    quantity = figure("Null while the reader still has to count it.", nullable=True)
    reserved = figure(nullable=True)


class Stock(StockLine):
    """One SKU with its places."""

    places = many(Balance)


class AtSite(Shape):
    """Where."""

    site = code("The code of one site; without it, every site of the reader.")
