"""Stock's pages: the list, one SKU, and the ledger rows behind a number."""

from collections.abc import Collection
from decimal import Decimal

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.domain.catalog import skus
from app.domain.catalog.products import Sku
from app.domain.inventory import places, stock
from app.domain.inventory.places import Location, Site
from app.domain.inventory.serials import Serial
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.web.addresses import row_number
from app.web.files import sheets
from app.web.rooms import enter, my_sites
from app.web.stock import ledger, listed, unseen
from app.web.stock.words import kind_words
from app.web.tongue import _

rooms = Blueprint("stock", __name__, url_prefix="/stock")
PAGE = 50
UNITS = 200


@rooms.before_request
def _door() -> None:
    enter("stock")


@rooms.get("")
def index() -> ResponseReturnValue:
    site, text = request.args.get("site"), request.args.get("q", "").strip()
    if kind := sheets.wanted():
        shown = listed.overview(
            _sites(site), text, is_unseen=lambda item: unseen.hides_figures(item, site)
        )
        return sheets.answer(shown, kind)
    after = request.args.get("after", "")
    found = stock.overview(sites=_sites(site), text=text, after=after, limit=PAGE + 1)
    rows, more = found[:PAGE], len(found) > PAGE
    older = url_for(".index", site=site, q=text or None, after=rows[-1].sku.code) if more else None
    return render_template(
        "stock/index.html",
        rows=rows,
        unseen={row.sku.id for row in rows if unseen.hides_figures(row.sku, site)},
        older=older,
        site=site,
        wanted=text,
        sites=_my_sites(),
        may_all=True,
    )


@rooms.get("/<path:code>/at/<path:location>")
def entries(code: str, location: str) -> ResponseReturnValue:
    item, place, lot = skus.by_code(code), _place(location), request.args.get("lot", "")
    before = request.args.get("before", type=row_number)
    if unseen.hides(item, place):
        return _unseen_entries(item, place, lot)
    if kind := sheets.wanted():
        return sheets.answer(listed.entries(item, place, lot), kind)
    found = stock.entries(item, place, lot, before=before, limit=PAGE + 1)
    rows, more = ledger.rows(found[:PAGE]), len(found) > PAGE
    now = stock.entries(item, place, lot, limit=1)
    return render_template(
        "stock/entries.html",
        sku=item,
        location=place.code,
        lot=lot,
        quantity=now[0].balance if now else 0,
        rows=rows,
        older=_entries_page(item, place, lot, before=rows[-1].seq) if more else None,
        newest=_entries_page(item, place, lot) if before else None,
    )


@rooms.get("/<path:code>")
def sku(code: str) -> ResponseReturnValue:
    item, site = skus.by_code(code), request.args.get("site")
    sites = _sites(site)
    figures = stock.one(item, sites=sites)
    return render_template(
        "stock/sku.html",
        sku=item,
        site=site,
        figures=_figures(figures, is_unseen=unseen.hides_figures(item, site)),
        is_unseen=lambda place: unseen.hides(item, place),
        balances=stock.balances(item, sites=sites),
        units=_units(item, sites),
        kind_words=kind_words,
    )


def _entries_page(item: Sku, place: Location, lot: str, before: int | None = None) -> str:
    return url_for(".entries", code=item.code, location=place.code, lot=lot or None, before=before)


def _unseen_entries(item: Sku, place: Location, lot: str) -> str:
    """The page without its rows, while the reader may have to count what they add up to."""
    return render_template(
        "stock/entries.html", sku=item, location=place.code, lot=lot, hidden_while_counting=True
    )


def _figures(found: stock.Overview, *, is_unseen: bool) -> list[tuple[str, Decimal | None]]:
    """Figures by name; None for what stays unseen."""
    return [
        (_("on the shelf"), found.on_hand),
        (_("promised"), found.reserved),
        (_("free"), found.available),
        (_("to inspect"), found.in_qc),
        (_("on hold"), found.on_hold),
        (_("to put away"), None if is_unseen else found.to_put_away),
        (_("rejected"), found.rejected),
        (_("with workers"), found.in_custody),
        (_("in all"), None if is_unseen else found.total),
    ]


def _units(item: Sku, sites: Collection[str] | None) -> list[Serial]:
    if item.serial_policy != "unit":
        return []
    query = select(Serial).join(Location, Location.id == Serial.location_id)
    query = query.where(Serial.sku_id == item.id, Location.kind.not_in(places.VIRTUAL))
    if sites is not None:
        query = query.join(Site, Site.id == Location.site_id).where(Site.code.in_(sites))
    found = db.session.scalars(query.order_by(Serial.code).limit(UNITS))
    return [one for one in found if not unseen.hides(item, one.location)]


def _my_sites() -> list[Site]:
    mine, query = my_sites(), select(Site).order_by(Site.code)
    if mine is not None:
        query = query.where(Site.code.in_(mine))
    return list(db.session.scalars(query))


def _sites(chosen: str | None) -> Collection[str] | None:
    """The chosen site, where it is the person's; all of theirs when none is chosen."""
    mine = my_sites()
    if not chosen:
        return mine
    if mine is not None and chosen not in mine:
        raise NotFound
    return {chosen}


def _place(code: str) -> Location:
    place, mine = places.location(code), my_sites()
    if mine is not None and (place.site is None or place.site.code not in mine):
        raise NotFound
    return place
