"""The papers a case is about, and what it did to stock."""

from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.catalog.products import Sku
from app.domain.inventory.moves import StockEntry, StockMove
from app.domain.inventory.places import VIRTUAL
from app.domain.inventory.serials import Serial
from app.kernel.db import db
from app.web import rooms
from app.web.cases import trail
from app.web.cases.standing import Standing
from app.web.documents import finding
from app.web.documents.papers import Paper
from app.web.stock.ledger import reason_words
from app.web.stock.spots import place_words
from app.web.words import name_of
from app.workflow.records import ProcessInstance

MOST = 500


def of(case: ProcessInstance) -> list[Paper]:
    """The papers whose numbers the case carries."""
    numbers = [case.business_key or "", *(case.numbers or "").split()]
    return [paper for number in dict.fromkeys(numbers) for paper in finding.named(number)]


def stock_entries(standing: Standing, *, most: int | None = MOST) -> list[dict[str, Any]]:
    """The ledger rows this case wrote, as they were booked; places outside the house left out."""
    if not rooms.is_open("stock"):
        return []
    query = (
        select(StockEntry, Sku.code, Serial.code)
        .join(StockMove, StockMove.id == StockEntry.move_id)
        .join(Sku, Sku.id == StockEntry.sku_id)
        .outerjoin(Serial, Serial.id == StockEntry.serial_id)
        .where(StockMove.instance_id == standing.case.id)
        .options(joinedload(StockEntry.move), joinedload(StockEntry.location))
        .order_by(StockEntry.seq)
        .limit(most)
    )
    found = [row for row in db.session.execute(query) if row[0].location.kind not in VIRTUAL]
    ways = trail.ways(row[0].move.effect_key for row in found)
    return [_line(entry, sku, serial, ways[entry.move.effect_key]) for entry, sku, serial in found]


def _line(entry: StockEntry, sku: str, serial: str | None, way: trail.Way) -> dict[str, Any]:
    place = entry.location.code
    return {
        "sku": sku,
        "address": url_for("stock.entries", code=sku, location=place, lot=entry.lot or None),
        "quantity": entry.quantity,
        "location": place_words(place),
        "reason": reason_words(entry.move),
        "at": entry.move.recorded_at,
        "person": name_of(entry.move.person_id),
        "step": way.step,
        "step_address": way.address,
        "serial": serial,
    }
