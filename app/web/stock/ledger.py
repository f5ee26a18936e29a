"""Ledger rows with the way back to person and step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.domain.inventory.moves import REASONS, StockMove
from app.domain.inventory.serials import Serial
from app.domain.inventory.stock import Entry
from app.kernel.db import db
from app.web.cases import trail
from app.web.documents import addresses
from app.web.tongue import _
from app.web.words import name_of


@dataclass(frozen=True)
class Row:
    """One entry as a page shows it."""

    seq: int
    quantity: Decimal
    balance: Decimal
    reason: str
    document: str
    document_address: str | None
    at: datetime
    person: str
    step: str
    step_address: str | None
    serial: str | None


def rows(entries: Sequence[Entry]) -> list[Row]:
    """The entries, newest first as they come."""
    ways = trail.ways(one.move.effect_key for one in entries)
    return [_row(one, ways[one.move.effect_key]) for one in entries]


def reason_words(move: StockMove) -> str:
    """Why stock moved."""
    return _(REASONS.get(move.reason, move.reason))


def _row(found: Entry, way: trail.Way) -> Row:
    entry, move = found.entry, found.move
    serial = db.session.get(Serial, entry.serial_id) if entry.serial_id else None
    return Row(
        seq=entry.seq,
        quantity=entry.quantity,
        balance=found.balance,
        reason=reason_words(move),
        document=move.document,
        document_address=addresses.of(move.document),
        at=move.recorded_at,
        person=name_of(move.person_id),
        step=way.step,
        step_address=way.address,
        serial=serial.code if serial else None,
    )
