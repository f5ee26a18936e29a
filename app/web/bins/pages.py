"""The bins' pages: the list with its labels, and one bin."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.inventory import label_sheets, stock
from app.web.bins import mine
from app.web.rooms import enter
from app.web.stock import unseen

rooms = Blueprint("bins", __name__, url_prefix="/bins")
PAGE = 200


@rooms.before_request
def _door() -> None:
    enter("stock")


@rooms.get("")
def index() -> ResponseReturnValue:
    site, text = request.args.get("site"), request.args.get("q", "").strip()
    found = mine.bins(site=site, text=text, after=_after(), limit=PAGE + 1)
    bins, more = found[:PAGE], len(found) > PAGE
    last = f"{bins[-1].walk_order}.{bins[-1].code}" if more else None
    return render_template(
        "bins/index.html",
        bins=bins,
        printed=label_sheets.printed_bins(bins),
        wanted=text,
        older=url_for(".index", site=site, q=text or None, after=last) if more else None,
    )


@rooms.get("/<path:code>")
def show(code: str) -> ResponseReturnValue:
    found = mine.bin_named(code)
    rows = [one for one in stock.in_bin(found) if not unseen.hides(one.sku, found)]
    return render_template(
        "bins/show.html", bin=found, rows=rows, prints=label_sheets.of_bin(found)
    )


def _after() -> tuple[int, str] | None:
    """Where the page before ended; from the beginning when that cannot be read."""
    walk, _, code = request.args.get("after", "").partition(".")
    digits = walk.removeprefix("-")
    readable = digits.isascii() and digits.isdecimal() and len(digits) < len(str(2**31))
    return (int(walk), code) if readable else None
