"""Goods bought at a price, sold, sent back and billed, for tests of the books."""

from decimal import Decimal
from itertools import count

from sqlalchemy import select

from app.domain import proof
from app.domain.catalog.products import Sku
from app.domain.finance import worth
from app.domain.finance.pools import CostPool
from app.domain.inventory import ledger, places
from app.domain.inventory.ledger import Line
from app.domain.inventory.places import Location
from app.domain.supply import counting, put_away, quality, receipts
from app.domain.supply.receipts import Receipt, ReceiptLine
from app.kernel.db import db
from tests.builders.deliveries import a_notice, an_order, counted
from tests.builders.goods import a_bin

_numbers = count(1)


def bought(
    sku: Sku, quantity: int | str, price: str | None, *codes: str, **order: object
) -> ReceiptLine:
    """`quantity` ordered at `price`, received, and waiting for inspection; `order` are facts."""
    placed = an_order((sku, quantity))
    placed.lines[0].unit_price = None if price is None else Decimal(price)
    for name, value in order.items():
        owner = placed if hasattr(placed, name) else placed.lines[0]
        setattr(owner, name, value)
    db.session.flush()
    receipt = receipts.open_for(a_notice(placed))
    counting.book(receipt, [counted(sku, quantity, *codes)])
    return first(receipt)


def first(receipt: Receipt) -> ReceiptLine:
    return receipts.line(receipt, 1)


def in_stock(sku: Sku, quantity: int | str, price: str | None, *codes: str) -> ReceiptLine:
    """The same, accepted and on the shelf A-01."""
    line = bought(sku, quantity, price, *codes)
    release = quality.judge(line, accepted=line.waiting)
    if release is not None:
        put_away.shelve(release, shelf(), release.quantity, serials=codes)
    return line


def shelf() -> Location:
    """The shelf, made when first asked for."""
    found = db.session.scalar(select(Location).filter_by(code="A-01"))
    return found or a_bin("A-01")


def sold(sku: Sku, quantity: int | str, *codes: str, at: Location | None = None) -> None:
    """A customer takes goods from the shelf, or from `at`."""
    away = places.location(places.CUSTOMERS)
    line = Line(sku, at or shelf(), away, Decimal(quantity), serials=codes)
    ledger.move([line], reason="issued", document=f"O-{next(_numbers)}")


def sent_back(line: ReceiptLine, quantity: int | str, *codes: str) -> None:
    """Goods of a receipt line go back to their supplier from the shelf."""
    outside = places.of_supplier(line.receipt.supplier.code)
    back = Line(line.sku, shelf(), outside, Decimal(quantity), line.lot, codes, origin=line.id)
    ledger.move([back], reason="returned", document=f"SR-{next(_numbers)}")


def pool(sku: Sku) -> tuple[object, int]:
    """What we own of the SKU, and its value."""
    query = select(CostPool.quantity, CostPool.value).filter_by(sku_id=sku.id)
    quantity, value = db.session.execute(query).one()
    return quantity, value


def booked(*accounts: str) -> list[int]:
    """What the journal says of each account."""
    return [worth.booked(account) for account in accounts]


def is_proven() -> bool:
    """Whether all holds, but for the effects that tests without processes do not record."""
    broken = [each for each in proof.run() if not each.holds and each.code != "I9"]
    if broken:
        raise AssertionError(broken)
    return True
