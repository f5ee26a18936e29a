"""What a count brought up and somebody decided: over, wrong, duplicate and blind deliveries."""

from collections.abc import Mapping
from decimal import Decimal

from app.domain.catalog import skus
from app.domain.catalog.products import UNIDENTIFIED
from app.domain.finance.costs import FREE, Cost
from app.domain.inventory import ledger, places, serials
from app.domain.inventory.ledger import Line
from app.domain.inventory.places import Location, Site
from app.domain.inventory.serials import Serial, SerialTaken
from app.domain.supply import asns, counting, prices, purchase_orders, quality, receipts
from app.domain.supply.asns import Asn
from app.domain.supply.piles import Pile
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.quality import NotWaitingHere
from app.domain.supply.receipts import Receipt, ReceiptLine, ReceiptSerial
from app.domain.supply.suppliers import Supplier
from app.kernel.db import db
from app.kernel.errors import N_, Refusal

OVER_OUTCOMES = ("keep", "keep_free", "return")


class AnotherSupplier(Refusal):
    """Goods of one supplier cannot be what was ordered from another."""

    code = "another_supplier"
    message = N_("{order} was ordered from {supplier}; this delivery came from another supplier.")


def settle_over(line: ReceiptLine, outcome: str) -> None:
    """Decide on goods beyond the order.

    `keep` adds them to the order, at its price; `keep_free` takes them as a gift; both go to
    inspection. `return` puts them with the goods that wait for their supplier.

    Raises:
        NotWaitingHere: the line is not an over-delivery on hold.
    """
    _check_held(line, "over")
    if outcome not in OVER_OUTCOMES:
        raise ValueError(f"{outcome} is no outcome of an over-delivery")
    line.outcome = outcome
    if outcome == "return":
        quality.turn_down(line)
        return
    if outcome == "keep" and line.order_line_id is not None:
        purchase_orders.book(line.order_line_id, amended=line.waiting, received=line.waiting)
        line.on_order = True
    _to_inspection(line, reason="kept", cost=FREE if outcome == "keep_free" else prices.of(line))


def send_back(line: ReceiptLine) -> None:
    """Put goods nobody ordered, or nobody can identify, with those that wait for their supplier.

    Raises:
        NotWaitingHere: the line is not on hold.
    """
    _check_held(line, line.kind)
    line.outcome = "return"
    quality.turn_down(line)


def relabel(line: ReceiptLine, new_code: str) -> Serial:
    """Give a unit with a duplicate code a code of its own; it then waits for inspection.

    The new code stays linked to the provisional one, and that to the code on the other unit.

    Raises:
        SerialTaken: the new code is on another unit.
        NotWaitingHere: the line is not a duplicate on hold.
    """
    _check_held(line, "duplicate")
    (old,) = quality.units_waiting(line)
    was_ours = line.is_ours
    line.outcome = "relabel"
    new = _new_unit(line, old, new_code.strip())
    workbench = places.location(places.RELABELLING)
    inspection = places.waiting_for_inspection(line.receipt.site)
    ledger.move(
        [
            _unit(line, old, line.place, workbench, is_ours=was_ours),
            _unit(line, new, workbench, inspection),
        ],
        reason="relabelled",
        document=line.number,
    )
    serials.retire(old)
    line.place = inspection
    db.session.flush()
    return new


def arrive_blind(
    supplier: Supplier, *, site: Site, cartons: Decimal, gate: Mapping[str, object]
) -> Receipt:
    """Keep cartons nobody announced on hold until somebody says what they are."""
    receipt = receipts.open_blind(supplier, site=site, gate=gate)
    unknown = skus.by_code(UNIDENTIFIED)
    counting.take_in(receipt, [Pile("unidentified", unknown, cartons)])
    return receipt


def adopt(receipt: Receipt, order: PurchaseOrder) -> Asn:
    """Say that a blind delivery is what `order` expects.

    Its cartons are taken back out of the books, and a notice is written in the supplier's
    place, under the number of the receipt; the delivery is then received like any other.

    Raises:
        AnotherSupplier: the order was placed with somebody else.
        NotWaitingHere: the delivery is not a blind one on hold.
        OrderNotOpen: nothing is expected on the order.
    """
    if order.supplier_id != receipt.supplier_id:
        raise AnotherSupplier(order=order.number, supplier=order.supplier.name)
    cartons = receipts.line(receipt, 1)
    _check_held(cartons, "unidentified")
    notice = asns.stand_in(receipt.number, order=order)
    _take_back(cartons)
    return notice


def _check_held(line: ReceiptLine, kind: str) -> None:
    if line.kind != kind or line.place.kind != "hold" or not line.waiting:
        raise NotWaitingHere(line=line.number)


def _take_back(cartons: ReceiptLine) -> None:
    quantity, hold = cartons.waiting, cartons.place
    cartons.outcome = "adopted"
    cartons.returned, cartons.waiting = quantity, Decimal(0)
    cartons.receipt.status = "settled"
    db.session.flush()
    outside = places.of_supplier(cartons.receipt.supplier.code)
    ledger.move(
        [Line(cartons.sku, hold, outside, quantity, is_ours=cartons.is_ours)],
        reason="undone",
        document=cartons.receipt.number,
    )


def _unit(
    line: ReceiptLine, unit: Serial, source: Location, target: Location, *, is_ours: bool = True
) -> Line:
    one = Decimal(1)
    return Line(
        line.sku, source, target, one, line.lot, (unit.code,), origin=line.id, is_ours=is_ours
    )


def _to_inspection(line: ReceiptLine, *, reason: str, cost: Cost) -> None:
    """Goods that were not ours until now become so."""
    inspection = places.waiting_for_inspection(line.receipt.site)
    codes = tuple(serial.code for serial in quality.units_waiting(line))
    moved = Line(line.sku, line.place, inspection, line.waiting, line.lot, codes, cost, line.id)
    ledger.move([moved], reason=reason, document=line.number)
    line.place = inspection
    db.session.flush()


def _new_unit(line: ReceiptLine, old: Serial, code: str) -> Serial:
    workbench = places.location(places.RELABELLING)
    if not serials.register(line.sku, [code], at=workbench, born_with=line.receipt.number):
        raise SerialTaken(serial=code)
    new = serials.by_code(code)
    serials.link(old, new, "relabels")
    db.session.add(ReceiptSerial(receipt_line_id=line.id, serial_id=new.id))
    db.session.flush()
    return new
