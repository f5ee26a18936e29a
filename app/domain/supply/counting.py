"""Booking what was counted at the gate: every unit gets a place and a fate, in one move."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import func, insert, select, update

from app.domain.catalog.rules import plain
from app.domain.inventory import ledger, places, serials
from app.domain.inventory.ledger import Line, LotMissing, SerialsDoNotMatch
from app.domain.inventory.places import Location
from app.domain.supply import closings, piles, prices, purchase_orders
from app.domain.supply.piles import Counted, Pile
from app.domain.supply.receipts import Receipt, ReceiptLine, ReceiptSerial
from app.domain.supply.rules import Room
from app.kernel import cause, clock
from app.kernel.db import db
from app.kernel.errors import N_, Refusal


class AlreadyCounted(Refusal):
    """A delivery is counted once."""

    code = "already_counted"
    message = N_("{receipt} was counted before.")


class DamagedMoreThanCounted(Refusal):
    """Damaged goods are part of what was counted."""

    code = "damaged_more_than_counted"
    message = N_("{damaged} of {sku} are damaged, but only {counted} were counted.")


def book(receipt: Receipt, counted: Sequence[Counted], *, let_in: Collection[str] = ()) -> Receipt:
    """Take what was counted into the house, as a process step.

    Ordered goods go to wait for inspection, damaged ones in a line of their own. Held for a
    decision are: what is over, unless its SKU is in `let_in` (within tolerance), SKUs nobody
    ordered, and units whose code is already on another unit. Nothing counted is nothing booked:
    the whole delivery is short.

    Raises:
        AlreadyCounted: the delivery was counted before.
        SerialsDoNotMatch: not as many codes as units.
        LotMissing: goods kept by lot need their lot.
    """
    for line in counted:
        _check(line)
    _close_counting(receipt)
    rooms = _rooms(receipt, let_in)
    sorted_piles = [
        pile for line in counted for pile in piles.sort(receipt, line, rooms[line.sku.id])
    ]
    for room in (room for of_sku in rooms.values() for room in of_sku if room.let_in):
        purchase_orders.book(room.order_line_id, let_in=room.let_in)
    take_in(receipt, sorted_piles)
    if receipt.order_id is not None:
        closings.credit_arrivals(receipt.order_id)
    return receipt


def take_in(receipt: Receipt, arrived: Sequence[Pile]) -> None:
    """Write a line for each pile and move all of them from the supplier to where they wait."""
    outside = places.of_supplier(receipt.supplier.code)
    inspection = places.waiting_for_inspection(receipt.site)
    hold = places.on_hold(receipt.site)
    lines = []
    for at, pile in enumerate(arrived, start=_next_line_no(receipt)):
        place = inspection if pile.kind in ("expected", "damaged") else hold
        written = _write_down(receipt, pile, at, place)
        lines.append(
            Line(
                pile.sku,
                outside,
                place,
                pile.quantity,
                pile.lot,
                pile.serials,
                cost=prices.of(written),
                origin=written.id,
                is_ours=written.is_ours,
            )
        )
    if lines:
        ledger.move(lines, reason="received", document=receipt.number)
    db.session.expire(receipt, ["lines"])


def _check(line: Counted) -> None:
    if line.damaged > line.quantity:
        raise DamagedMoreThanCounted(
            damaged=plain(line.damaged), sku=line.sku.code, counted=plain(line.quantity)
        )
    if line.sku.serial_policy == "lot" and not line.lot:
        raise LotMissing(sku=line.sku.code)
    is_coded = line.sku.serial_policy == "unit"
    for quantity, codes in ((line.quantity, line.serials), (line.damaged, line.damaged_serials)):
        if len(codes) != (quantity if is_coded else 0):
            raise SerialsDoNotMatch(quantity=plain(quantity), sku=line.sku.code, scanned=len(codes))


def _close_counting(receipt: Receipt) -> None:
    """The row says who was first; the second count of a delivery finds it closed."""
    first = db.session.scalar(
        update(Receipt)
        .where(Receipt.id == receipt.id, Receipt.status == "open")
        .values(status="counted", counted_at=clock.now(), counted_by=cause.current().person_id)
        .returning(Receipt.id)
        .execution_options(synchronize_session=False)
    )
    if first is None:
        raise AlreadyCounted(receipt=receipt.number)
    db.session.expire(receipt)
    if receipt.asn is not None:
        receipt.asn.status = "counted"


def _rooms(receipt: Receipt, let_in: Collection[str]) -> dict[int, list[Room]]:
    """What each SKU's order lines may still take in; the lines stay locked until the commit."""
    rooms: dict[int, list[Room]] = defaultdict(list)
    for line in purchase_orders.locked_lines(receipt.order_id) if receipt.order_id else []:
        rooms[line.sku_id].append(Room(line.id, line.open, line.sku.code in let_in))
    return rooms


def _next_line_no(receipt: Receipt) -> int:
    query = select(func.max(ReceiptLine.line_no)).filter_by(receipt_id=receipt.id)
    return (db.session.scalar(query) or 0) + 1


def _write_down(receipt: Receipt, pile: Pile, line_no: int, place: Location) -> ReceiptLine:
    on_order = pile.order_line_id is not None and pile.kind != "over"
    line = ReceiptLine(
        receipt_id=receipt.id,
        line_no=line_no,
        kind=pile.kind,
        order_line_id=pile.order_line_id,
        on_order=on_order,
        sku_id=pile.sku.id,
        lot=pile.lot,
        expires_on=pile.expires_on,
        place_id=place.id,
        quantity=pile.quantity,
        waiting=pile.quantity,
    )
    db.session.add(line)
    db.session.flush()
    if on_order and pile.order_line_id is not None:
        purchase_orders.book(pile.order_line_id, received=pile.quantity)
    rows = [
        {"receipt_line_id": line.id, "serial_id": serial.id}
        for serial in serials.known(pile.serials).values()
    ]
    if rows:
        db.session.execute(insert(ReceiptSerial), rows)
    return line
