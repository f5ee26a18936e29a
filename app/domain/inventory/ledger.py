"""The stock ledger: the only way stock changes, and always inside a process step."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, insert, select

from app.domain.catalog import rules
from app.domain.catalog.products import Sku
from app.domain.catalog.skus import NotAWholeStep
from app.domain.finance import books
from app.domain.inventory import balances, holds, ownership, serials
from app.domain.inventory.balances import Key, StockBalance
from app.domain.inventory.lines import Line as Line  # noqa: PLC0414 - a word of the ledger
from app.domain.inventory.moves import REASONS, StockEntry, StockMove
from app.domain.inventory.places import Location
from app.kernel import cause, clock
from app.kernel.db import db
from app.kernel.errors import N_, Refusal


class NothingToMove(Refusal):
    """A quantity that moves is more than nothing, and goes somewhere else."""

    code = "nothing_to_move"
    message = N_("{quantity} of {sku} cannot go from {source} to {target}.")


class SerialsDoNotMatch(Refusal):
    """Units that carry codes move by their codes."""

    code = "serials_do_not_match"
    message = N_("{quantity} of {sku}, but {scanned} different codes were scanned.")


class LotMissing(Refusal):
    """Goods kept by batch move by their batch."""

    code = "lot_missing"
    message = N_("{sku} is kept by lot; write down the lot on the package.")


class NoLotKept(Refusal):
    """A unit is told apart by its own code: a second way would count it twice."""

    code = "no_lot_kept"
    message = N_("Every unit of {sku} has a code of its own; leave the lot empty.")


def move(
    lines: Sequence[Line], *, reason: str, document: str, effective_at: datetime | None = None
) -> StockMove:
    """Book `lines` as one move, all or nothing.

    `document` is the number people know (R-000012); `effective_at` may lie in the past. What
    becomes ours or ceases to be is valued in the same step.

    Raises:
        NotEnoughStock: a place has less than is taken; the ledger never goes below zero.
        BinFull: a place has no room for what is put.
        SerialNotHere: a unit is not where it is taken from.
        Blocked: blocked goods are to go anywhere but back to their supplier.
        NotOurs: goods leave that the books do not know as ours.
    """
    for line in lines:
        check(line)
    header = _header(reason, document, effective_at)
    _apply(lines)
    units = {unit.code: unit.id for unit in serials.known(_codes(lines)).values()}
    rows = [row for line in lines for row in _entries(header, line, units)]
    db.session.execute(insert(StockEntry), rows)
    _value(header, lines, units)
    return header


def check(line: Line) -> None:
    """Refuse a line that could not be booked wherever there is stock and room."""
    if line.quantity <= 0 or line.source.id == line.target.id:
        raise NothingToMove(
            quantity=rules.plain(line.quantity),
            sku=line.sku.code,
            source=line.source.code,
            target=line.target.code,
        )
    if not rules.is_multiple(line.quantity, line.sku.step):
        raise NotAWholeStep(
            quantity=rules.plain(line.quantity),
            sku=line.sku.code,
            step=rules.plain(line.sku.step),
            unit=line.sku.unit,
        )
    if line.sku.serial_policy == "lot" and not line.lot:
        raise LotMissing(sku=line.sku.code)
    if line.sku.serial_policy == "unit" and line.lot and line.source.is_virtual:
        raise NoLotKept(sku=line.sku.code)
    _check_serials(line)


def on_hand(sku: Sku, location: Location, lot: str | None = None) -> Decimal:
    """What is at `location` now, over all lots unless one is named."""
    query = select(func.sum(StockBalance.quantity)).filter_by(
        sku_id=sku.id, location_id=location.id
    )
    if lot is not None:
        query = query.filter_by(lot=lot)
    return db.session.scalar(query) or Decimal(0)


def _check_serials(line: Line) -> None:
    wanted = line.quantity if line.sku.serial_policy == "unit" else Decimal(0)
    if len(set(line.serials)) != wanted or len(line.serials) != wanted:
        raise SerialsDoNotMatch(
            quantity=rules.plain(line.quantity), sku=line.sku.code, scanned=len(set(line.serials))
        )


def _header(reason: str, document: str, effective_at: datetime | None) -> StockMove:
    if reason not in REASONS:
        raise ValueError(f"{reason} is no reason for a stock move")
    by, now = cause.current(), clock.now()
    header = StockMove(
        reason=reason,
        document=document,
        effect_key=by.effect_key,
        instance_id=by.instance_id,
        element_id=by.element_id,
        person_id=by.person_id,
        effective_at=effective_at or now,
        recorded_at=now,
    )
    db.session.add(header)
    db.session.flush()
    return header


def _apply(lines: Sequence[Line]) -> None:
    """Balances, room, serials, and then costs: everybody takes locks in this order."""
    stock: dict[Key, Decimal] = defaultdict(Decimal)
    room: dict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        for place, quantity in ((line.source, -line.quantity), (line.target, line.quantity)):
            if not place.is_virtual:
                stock[Key(line.sku.id, place.id, line.lot)] += quantity
            if place.capacity is not None:
                room[place.id] += quantity
    balances.apply(stock, holds.carried(lines))
    balances.fill(room)
    for line in lines:
        serials.carry(line.sku, line.serials, source=line.source, target=line.target)


def _codes(lines: Sequence[Line]) -> list[str]:
    return [code for line in lines for code in line.serials]


def _entries(
    header: StockMove, line: Line, units: Mapping[str, int]
) -> Iterator[dict[str, object]]:
    """Out of one place, into the other; unit by unit where units carry codes."""
    parts: list[tuple[int | None, Decimal]] = [(units[code], Decimal(1)) for code in line.serials]
    for serial_id, quantity in parts or [(None, line.quantity)]:
        for place, signed in ((line.source, -quantity), (line.target, quantity)):
            yield {
                "move_id": header.id,
                "sku_id": line.sku.id,
                "location_id": place.id,
                "lot": line.lot,
                "serial_id": serial_id,
                "quantity": signed,
            }


def _value(header: StockMove, lines: Sequence[Line], units: Mapping[str, int]) -> None:
    moved = books.Moved(header.id, header.reason, header.document, header.effective_at)
    books.post(ownership.crossings(lines, units), move=moved)
