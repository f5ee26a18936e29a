"""Bad goods that no delivery brought: back to a supplier at what they are worth, or scrapped."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from app.domain.catalog.products import Sku
from app.domain.finance import accounts, journal, periods
from app.domain.finance.company import ours
from app.domain.finance.journal import Journal, JournalLine
from app.domain.inventory import ledger, places
from app.domain.inventory.ledger import Line
from app.domain.inventory.moves import StockMove
from app.domain.inventory.places import Location
from app.domain.supply.suppliers import Supplier
from app.kernel import clock
from app.kernel.db import db
from app.kernel.money import Money


@dataclass(frozen=True)
class Stranded:
    """Goods at a place of rejected goods that came with no receipt of that site."""

    sku: Sku
    place: Location
    lot: str
    quantity: Decimal
    serials: tuple[str, ...] = ()


def scrap(goods: Sequence[Stranded], *, document: str) -> None:
    """Write the goods off at their cost, as a process step."""
    _take_out(goods, places.location(places.SCRAPPED), "scrapped", document)


def send_back(goods: Sequence[Stranded], supplier: Supplier, *, document: str) -> Money:
    """Hand the goods to a supplier, who owes us what they are worth in the books; how much.

    Raises:
        NotEnoughStock, SerialNotHere: they are not there any more.
    """
    target = places.of_supplier(supplier.code)
    worth = _worth(_take_out(goods, target, "returned", document))
    voucher = journal.begin("charge", document, day=periods.day_for(clock.now()))
    for sku_id, amount in worth.items():
        voucher.transfer(
            amount,
            debit=accounts.PAYABLES,
            credit=accounts.RECEIVED_NOT_BILLED,
            sku_id=sku_id,
        )
    voucher.write()
    return Money(sum(worth.values()), ours().currency)


def _take_out(goods: Sequence[Stranded], target: Location, reason: str, document: str) -> StockMove:
    lines = [
        Line(each.sku, each.place, target, each.quantity, each.lot, each.serials) for each in goods
    ]
    return ledger.move(lines, reason=reason, document=document)


def _worth(move: StockMove) -> dict[int, int]:
    """What left our stock with the move, by SKU."""
    query = (
        select(JournalLine.sku_id, func.sum(JournalLine.amount))
        .join(Journal, Journal.id == JournalLine.journal_id)
        .where(Journal.move_id == move.id, JournalLine.account == accounts.RECEIVED_NOT_BILLED)
        .group_by(JournalLine.sku_id)
    )
    return {sku_id: amount for sku_id, amount in db.session.execute(query) if sku_id}
