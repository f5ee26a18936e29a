"""The labels' pages: print some, look at what was printed."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.inventory import label_sheets, serials
from app.domain.inventory.places import Location
from app.domain.inventory.serials import Serial
from app.kernel import db
from app.kernel.errors import NotFound
from app.web.bins import mine
from app.web.labels import stickers
from app.web.rooms import enter, is_mine
from app.web.session import current_person

rooms = Blueprint("labels", __name__, url_prefix="/labels")
_LONGEST_REASON = 200


@rooms.before_request
def _door() -> None:
    enter("stock")


@rooms.post("/bins")
def print_bins() -> ResponseReturnValue:
    form, person = request.form, current_person()
    chosen = form.getlist("shown" if "all" in form else "bin")
    return _printed(
        lambda: (
            label_sheets.print_bins(
                [mine.bin_named(code) for code in chosen[: label_sheets.MOST + 1]],
                reason=_reason(),
                by=person.id,
            ).id
        )
    )


@rooms.post("/units")
def print_unit() -> ResponseReturnValue:
    """Print the label of one unit, such as one whose label was torn."""
    code, person = request.form.get("unit", ""), current_person()
    return _printed(
        lambda: label_sheets.print_units([_unit(code)], reason=_reason(), by=person.id).id
    )


@rooms.get("/<int:sheet_id>")
def show(sheet_id: int) -> ResponseReturnValue:
    sheet = label_sheets.get(sheet_id)
    if not all(map(is_mine, _places(sheet.bins, sheet.units))):
        raise NotFound
    return render_template("labels/show.html", sheet=sheet, labels=stickers.of(sheet))


def _printed(step: Callable[[], int]) -> ResponseReturnValue:
    return redirect(url_for(".show", sheet_id=db.in_transaction(step)), code=303)


def _reason() -> str:
    return request.form.get("reason", "")[:_LONGEST_REASON]


def _unit(code: str) -> Serial:
    found = serials.by_code(code)
    if not is_mine(found.location):
        raise NotFound
    return found


def _places(bins: list[Location], units: list[Serial]) -> list[Location]:
    return [*bins, *(one.location for one in units)]
