"""Rejected goods on their way back to the supplier: authorised, then scanned out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.catalog.rules import plain
from app.domain.inventory import ledger, places
from app.domain.inventory.ledger import Line, SerialsDoNotMatch
from app.domain.inventory.serials import Serial
from app.domain.supply import purchase_orders, receipts
from app.domain.supply.receipts import Receipt, ReceiptLine
from app.domain.supply.return_documents import (
    SupplierReturn,
    SupplierReturnLine,
    left,
    units_left,
)
from app.kernel import cause, clock
from app.kernel.db import db
from app.kernel.errors import N_, Refusal

SETTLEMENTS = ("credit", "replacement")


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to go back of one line: a quantity, or units by code."""

    quantity: Decimal
    serials: tuple[str, ...] = ()


class NothingGoesBack(Refusal):
    """A return returns something."""

    code = "nothing_goes_back"
    message = N_("Say what goes back: every line of {number} is empty.")


class MoreThanRejected(Refusal):
    """Only rejected goods go back."""

    code = "more_than_rejected"
    message = N_("{rejected} of {sku} wait for their supplier; {wanted} cannot go back.")


class NotThisUnit(Refusal):
    """Another unit than the one that was meant."""

    code = "not_this_unit"
    message = N_("{serial} does not belong to {number}. Put it aside.")


class UnitMissing(Refusal):
    """A unit that was to go back is not there."""

    code = "unit_missing"
    message = N_("{serial} was not scanned; {number} cannot leave without it.")


class NotAsAuthorised(Refusal):
    """Another quantity than the one that was authorised."""

    code = "not_as_authorised"
    message = N_("{wanted} of {sku} are to go back; {scanned} were counted.")


class NothingToReplace(Refusal):
    """Goods nobody ordered are not replaced."""

    code = "nothing_to_replace"
    message = N_("None of these goods was on an order; ask for a credit instead.")


class AlreadyShipped(Refusal):
    """What has left the house is not changed any more."""

    code = "already_shipped"
    message = N_("{number} has left the house.")


def open_for(receipt: Receipt, line_nos: Sequence[int], *, reason: str) -> SupplierReturn:
    """Propose to return all that was rejected on these lines and is in no other return."""
    new = SupplierReturn(
        receipt_id=receipt.id,
        reason=reason,
        effect_key=cause.current().effect_key,
        opened_at=clock.now(),
    )
    for number in sorted(set(line_nos)):
        line = receipts.line(receipt, number)
        quantity = left(line)
        if quantity:
            new.lines.append(_line(len(new.lines) + 1, line, quantity))
    db.session.add(new)
    db.session.flush()
    return new


def authorise(
    found: SupplierReturn, wanted: Mapping[int, Wanted], *, settlement: str, freight_payer: str
) -> None:
    """Say how much of each line goes back, and what we want for it.

    Raises:
        AlreadyShipped: it has left the house.
        NothingGoesBack: every line is empty.
        NothingToReplace: a replacement is wanted for goods nobody ordered.
        MoreThanRejected: more than waits for the supplier.
    """
    if settlement not in SETTLEMENTS:
        raise ValueError(f"{settlement} settles no return")
    check_open(found)
    for line in found.lines:
        _want(line, wanted[line.line_no])
    going = [line for line in found.lines if line.quantity]
    if not going:
        raise NothingGoesBack(number=found.number)
    if settlement == "replacement" and not any(line.receipt_line.on_order for line in going):
        raise NothingToReplace
    found.settlement, found.freight_payer = settlement, freight_payer
    db.session.flush()


def ship(found: SupplierReturn, scanned: Mapping[int, Wanted]) -> None:
    """Take exactly what was authorised out of the house, as scanned line by line.

    Raises:
        NotThisUnit: a unit was scanned that does not go back.
        UnitMissing: a unit that goes back was not scanned.
        NotAsAuthorised: another quantity was scanned.
        AlreadyShipped: it has left the house.
    """
    check_open(found)
    going = [line for line in found.lines if line.quantity]
    for line in going:
        _check_scanned(line, scanned[line.line_no])
    found.status, found.shipped_at = "shipped", clock.now()
    db.session.flush()
    source = places.rejected(found.receipt.site)
    target = places.of_supplier(found.receipt.supplier.code)
    moved = [
        Line(
            line.receipt_line.sku,
            source,
            target,
            line.quantity,
            line.receipt_line.lot,
            tuple(line.codes),
            origin=line.receipt_line_id,
            is_ours=line.receipt_line.is_ours,
            rejected=line.receipt_line.rejected,
        )
        for line in going
    ]
    ledger.move(moved, reason="returned", document=found.number)
    if found.receipt.order_id is not None:
        purchase_orders.tell_moved(found.receipt.order_id)


def expect_replacement(found: SupplierReturn) -> Decimal:
    """Let the order expect again what went back of it; how much that is."""
    expected = Decimal(0)
    for line in found.lines:
        source = line.receipt_line
        if line.quantity and source.on_order and source.order_line_id is not None:
            purchase_orders.order_again(source.order_line_id, line.quantity)
            expected += line.quantity
    return expected


def check_open(found: SupplierReturn) -> None:
    """Refuse a return that has left the house."""
    if found.status != "open":
        raise AlreadyShipped(number=found.number)


def _line(line_no: int, line: ReceiptLine, quantity: Decimal) -> SupplierReturnLine:
    return SupplierReturnLine(
        line_no=line_no,
        receipt_line_id=line.id,
        quantity=quantity,
        units=units_left(line),
    )


def _want(line: SupplierReturnLine, wanted: Wanted) -> None:
    source = receipts.line(line.whole.receipt, line.receipt_line.line_no)
    is_coded = source.sku.serial_policy == "unit"
    quantity = Decimal(len(wanted.serials)) if is_coded else wanted.quantity
    rejected = left(source) + line.quantity
    if quantity > rejected:
        raise MoreThanRejected(
            rejected=plain(rejected), sku=source.sku.code, wanted=plain(quantity)
        )
    if is_coded:
        line.units = _units(line, wanted.serials)
    line.quantity = quantity
    db.session.flush()


def _units(line: SupplierReturnLine, codes: Sequence[str]) -> list[Serial]:
    here = {unit.code: unit for unit in [*units_left(line.receipt_line), *line.units]}
    strange = [code for code in codes if code not in here]
    if strange:
        raise NotThisUnit(serial=strange[0], number=line.whole.number)
    if len(set(codes)) != len(codes):
        raise SerialsDoNotMatch(
            quantity=len(codes), sku=line.receipt_line.sku.code, scanned=len(set(codes))
        )
    return [here[code] for code in codes]


def _check_scanned(line: SupplierReturnLine, scanned: Wanted) -> None:
    if line.receipt_line.sku.serial_policy == "unit":
        _check_units(line, scanned.serials)
    elif scanned.quantity != line.quantity:
        raise NotAsAuthorised(
            wanted=plain(line.quantity),
            sku=line.receipt_line.sku.code,
            scanned=plain(scanned.quantity),
        )


def _check_units(line: SupplierReturnLine, scanned: Sequence[str]) -> None:
    number = line.whole.number
    strange = sorted(set(scanned) - set(line.codes))
    if strange:
        raise NotThisUnit(serial=strange[0], number=number)
    missing = sorted(set(line.codes) - set(scanned))
    if missing:
        raise UnitMissing(serial=missing[0], number=number)
