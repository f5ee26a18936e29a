"""Sorting what was counted into piles: goods of one kind that share one fate."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from app.domain.catalog.products import Sku
from app.domain.inventory import places, serials
from app.domain.inventory.places import Location
from app.domain.supply import rules
from app.domain.supply.receipts import Receipt
from app.domain.supply.rules import Room


@dataclass(frozen=True)
class Counted:
    """What was counted of one SKU and lot, in stock units; `damaged` are among them."""

    sku: Sku
    quantity: Decimal
    lot: str = ""
    expires_on: date | None = None
    serials: tuple[str, ...] = ()
    damaged: Decimal = Decimal(0)
    damaged_serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pile:
    """Goods with one fate."""

    kind: str
    sku: Sku
    quantity: Decimal
    lot: str = ""
    expires_on: date | None = None
    serials: tuple[str, ...] = ()
    order_line_id: int | None = None


def sort(receipt: Receipt, line: Counted, rooms: list[Room]) -> Iterator[Pile]:
    """Duplicates and damaged goods take the order's room first, so that what is over is good."""
    whole = Pile("wrong", line.sku, line.quantity, line.lot, line.expires_on, line.serials)
    good, duplicates = _without_duplicates(receipt, whole)
    if not rooms:
        yield from (pile for pile in (*duplicates, good) if pile.quantity)
        return
    for pile in (*duplicates, *_parted(good, line)):
        yield from _divided(pile, rooms)


def _without_duplicates(receipt: Receipt, pile: Pile) -> tuple[Pile, list[Pile]]:
    """Give each unit its code; one whose code was taken gets a provisional code, one per pile."""
    outside = places.of_supplier(receipt.supplier.code)
    fresh = serials.register(pile.sku, pile.serials, at=outside, born_with=receipt.number)
    kept: list[str] = []
    doubles: list[str] = []
    for code in pile.serials:
        (kept if code in fresh else doubles).append(code)
        fresh.discard(code)
    provisional = [_set_aside(receipt, pile.sku, code, at=outside) for code in doubles]
    piles = [
        replace(pile, kind="duplicate", quantity=Decimal(1), serials=(code,))
        for code in provisional
    ]
    left = pile.quantity - len(doubles)
    return replace(pile, quantity=left, serials=tuple(kept)), piles


def _set_aside(receipt: Receipt, sku: Sku, code: str, *, at: Location) -> str:
    """A provisional code for a unit whose own code is on another unit, linked to that one."""
    n = 1
    while not serials.register(
        sku, [name := f"{code}~{receipt.number}-{n}"], at=at, born_with=receipt.number
    ):
        n += 1
    serials.link(serials.by_code(code), serials.by_code(name), "duplicates")
    return name


def _parted(pile: Pile, line: Counted) -> tuple[Pile, Pile]:
    """The damaged part and the sound part; a damaged duplicate is a duplicate first."""
    broken = set(line.damaged_serials)
    bad = tuple(code for code in pile.serials if code in broken)
    well = tuple(code for code in pile.serials if code not in broken)
    damaged = Decimal(len(bad)) if pile.serials else line.damaged
    return (
        replace(pile, kind="damaged", quantity=damaged, serials=bad),
        replace(pile, kind="expected", quantity=pile.quantity - damaged, serials=well),
    )


def _divided(pile: Pile, rooms: list[Room]) -> Iterator[Pile]:
    """The pile by order line; what no line has room for is over."""
    division = rules.divide(pile.quantity, rooms)
    codes = list(pile.serials)
    for order_line_id, part in division.parts.items():
        taken, codes = codes[: int(part)], codes[int(part) :]
        yield replace(pile, quantity=part, serials=tuple(taken), order_line_id=order_line_id)
    if division.over:
        kind = "duplicate" if pile.kind == "duplicate" else "over"
        yield replace(
            pile,
            kind=kind,
            quantity=division.over,
            serials=tuple(codes),
            order_line_id=rooms[0].order_line_id if kind == "over" else None,
        )
