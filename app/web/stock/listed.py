"""Stock's lists as files."""

from collections.abc import Callable, Collection

from app.domain.catalog.products import Sku
from app.domain.inventory import stock
from app.domain.inventory.places import Location
from app.web.files.sheets import MOST_ROWS, Sheet, Value
from app.web.stock import ledger
from app.web.stock.words import goods_words
from app.web.tongue import _


def overview(
    sites: Collection[str] | None, text: str, *, is_unseen: Callable[[Sku], bool]
) -> Sheet:
    """Every SKU the page would list; what is being counted is left empty."""
    found = stock.overview(sites=sites, text=text, limit=MOST_ROWS)
    headings = [
        _("SKU"),
        _("Name"),
        _("On the shelf"),
        _("Promised"),
        _("Free"),
        _("To inspect"),
        _("On hold"),
        _("To put away"),
        _("Rejected"),
        _("With workers"),
        _("In all"),
        _("Unit"),
    ]
    rows = [_figures(row, is_unseen=is_unseen(row.sku)) for row in found]
    return Sheet(_("Stock"), headings, rows)


def entries(sku: Sku, place: Location, lot: str) -> Sheet:
    """Every ledger row behind a number, the newest first."""
    found = ledger.rows(stock.entries(sku, place, lot, limit=MOST_ROWS))
    headings = [
        _("Change"),
        _("Then there were"),
        _("Why"),
        _("Document"),
        _("When"),
        _("Who"),
        _("Step in the process"),
        _("Unit code"),
    ]
    rows: list[list[Value]] = [
        [
            row.quantity,
            row.balance,
            row.reason,
            row.document,
            row.at,
            row.person,
            row.step,
            row.serial,
        ]
        for row in found
    ]
    return Sheet(f"{sku.code} {place.code}", headings, rows)


def _figures(row: stock.Overview, *, is_unseen: bool) -> list[Value]:
    return [
        row.sku.code,
        goods_words(row.sku.name),
        row.on_hand,
        row.reserved,
        row.available,
        row.in_qc,
        row.on_hold,
        None if is_unseen else row.to_put_away,
        row.rejected,
        row.in_custody,
        None if is_unseen else row.total,
        row.sku.unit,
    ]
