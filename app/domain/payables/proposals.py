"""What a bill may be about: goods accepted and not billed, or gone back and not credited."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, func, or_, select

from app.domain import numbers
from app.domain.numbers import NoSuchDocument
from app.domain.payables import settling
from app.domain.payables.bills import BillMatch
from app.domain.supply import prices, receipts
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.domain.supply.receipts import Receipt, ReceiptLine
from app.domain.supply.suppliers import Supplier
from app.kernel.db import db
from app.kernel.errors import N_, Refusal

MOST = 200


@dataclass(frozen=True)
class Billable:
    """`quantity` (stock units) of a receipt line that a bill, or a credit, may name now."""

    line: ReceiptLine
    ordered: PurchaseOrderLine | None
    quantity: Decimal


class NothingNamed(Refusal):
    """A carrier's bill is about somebody else's goods, so it must say which."""

    code = "nothing_named"
    message = N_("Name the orders or receipts that this bill is about, one per line.")


class NothingFound(Refusal):
    """What is named has brought nothing."""

    code = "nothing_found"
    message = N_("Nothing that is ours came with {numbers}. Check the numbers.")


def goods(supplier: Supplier, named: Sequence[str] = ()) -> list[Billable]:
    """What of a supplier's goods is accepted and not billed, of what is `named` or of all."""
    billed = _billed().subquery()
    still = ReceiptLine.accepted > func.coalesce(billed.c.quantity, 0)
    query = _lines(named).outerjoin(billed, billed.c.receipt_line_id == ReceiptLine.id)
    query = query.where(Receipt.supplier_id == supplier.id, still)
    found = [_billable(line) for line in db.session.scalars(query.limit(MOST))]
    return [each for each in found if each.quantity > 0]


def of_order(order: PurchaseOrder) -> list[Billable]:
    """What of an order's goods is accepted and not billed, all that has gone back left aside."""
    query = _lines([]).where(
        Receipt.order_id == order.id, ReceiptLine.on_order, ReceiptLine.accepted > 0
    )
    found = [_billable(line) for line in db.session.scalars(query)]
    return [each for each in found if each.quantity > 0]


def returns(supplier: Supplier, named: Sequence[str] = ()) -> list[Billable]:
    """What was billed and has gone back since, so that its supplier owes a credit."""
    billed = _billed().subquery()
    query = _lines(named).join(billed, billed.c.receipt_line_id == ReceiptLine.id)
    query = query.where(Receipt.supplier_id == supplier.id, billed.c.quantity > 0)
    found = []
    for line in db.session.scalars(query.order_by(ReceiptLine.id.desc()).limit(MOST)):
        open_ = settling.owed(line.id).quantity
        if open_ < 0:
            found.append(Billable(line, prices.order_line(line), -open_))
    return found


def carried(named: Sequence[str]) -> list[ReceiptLine]:
    """The goods that came with the named orders or receipts, whoever sent them.

    Raises:
        NothingNamed: a carrier's bill says which goods it is about.
        NothingFound: they brought nothing that is ours.
    """
    if not named:
        raise NothingNamed
    query = _lines(named).where(ReceiptLine.quantity > ReceiptLine.returned)
    found = [line for line in db.session.scalars(query.limit(MOST)) if line.is_ours]
    if not found:
        raise NothingFound(numbers=", ".join(named))
    return found


def line_named(number: str) -> ReceiptLine:
    """The receipt line R-000012/3.

    Raises:
        NoSuchDocument: there is none.
    """
    receipt, _, line_no = number.rpartition("/")
    if not line_no.isdecimal():
        raise NoSuchDocument(number=number)
    return receipts.line(receipts.by_number(receipt), int(line_no))


def _billable(line: ReceiptLine) -> Billable:
    quantity = min(line.accepted, settling.owed(line.id).quantity)
    billed = settling.billed(line.id)
    return Billable(line, prices.order_line(line), min(quantity, line.accepted - billed))


def _billed() -> Select[int, Decimal]:
    columns = (BillMatch.receipt_line_id, func.sum(BillMatch.quantity).label("quantity"))
    return select(*columns).group_by(BillMatch.receipt_line_id)


def _lines(named: Sequence[str]) -> Select[ReceiptLine]:
    """Receipt lines whose goods are ours to pay for; of what is named, where something is."""
    query = (
        select(ReceiptLine)
        .join(Receipt, Receipt.id == ReceiptLine.receipt_id)
        .outerjoin(PurchaseOrder, PurchaseOrder.id == Receipt.order_id)
        .where(ReceiptLine.outcome != "keep_free")
        .order_by(ReceiptLine.id)
    )
    if not named:
        return query
    texts = [number.strip().upper() for number in named]
    ids = [_row_id(text) for text in texts]
    known = [found for found in ids if found is not None]
    return query.where(or_(func.upper(PurchaseOrder.number).in_(texts), Receipt.id.in_(known)))


def _row_id(number: str) -> int | None:
    try:
        return numbers.row_id(Receipt.PREFIX, number)
    except NoSuchDocument:
        return None
