"""Stock: how much there is and where, at the sites of the key's person."""

from collections.abc import Collection
from typing import Any

from app.domain.catalog import skus
from app.domain.inventory import stock
from app.domain.inventory.balances import StockBalance
from app.kernel.errors import N_, NotFound
from app.web.api import goods_shapes as shapes
from app.web.api import paging
from app.web.api.room import Room
from app.web.rooms import my_sites
from app.web.stock import unseen
from app.web.stock.words import goods_words

room = Room("stock", N_("Stock per SKU and per place."), house_room="stock")


@room.get("", answer=shapes.StockPage, query=shapes.SkusAsked)
def list_stock(asked: dict[str, Any]) -> dict[str, Any]:
    """List SKUs with what there is of them."""
    site = asked.get("site")
    rows = stock.overview(
        sites=_sites(site), text=asked["q"], after=asked.get("after", ""), limit=asked["limit"] + 1
    )
    found, last = paging.cut(rows, asked["limit"])
    return paging.page([_line(one, site) for one in found], last.sku.code if last else None)


@room.get("/<path:sku>", answer=shapes.Stock, query=shapes.AtSite)
def show_stock(asked: dict[str, Any], sku: str) -> dict[str, Any]:
    """Show where one SKU lies."""
    item, site = skus.by_code(sku), asked.get("site")
    sites = _sites(site)
    places = [_balance(one) for one in stock.balances(item, sites=sites)]
    return {**_line(stock.one(item, sites=sites), site), "places": places}


def _sites(chosen: str | None) -> Collection[str] | None:
    mine = my_sites()
    if chosen is None:
        return mine
    if mine is not None and chosen not in mine:
        raise NotFound
    return {chosen}


def _line(found: stock.Overview, site: str | None) -> dict[str, Any]:
    hidden = unseen.hides_figures(found.sku, site)
    return {
        "sku": found.sku.code,
        "name": goods_words(found.sku.name),
        "unit": found.sku.unit,
        "on_hand": found.on_hand,
        "reserved": found.reserved,
        "available": found.available,
        "in_qc": found.in_qc,
        "on_hold": found.on_hold,
        "to_put_away": None if hidden else found.to_put_away,
        "rejected": found.rejected,
        "in_custody": found.in_custody,
        "total": None if hidden else found.total,
    }


def _balance(found: StockBalance) -> dict[str, Any]:
    place = found.location
    hidden = unseen.hides(found.sku, place)
    return {
        "site": place.site.code if place.site else None,
        "location": place.code,
        "kind": place.kind,
        "lot": found.lot,
        "quantity": None if hidden else found.quantity,
        "reserved": None if hidden else found.reserved,
    }
