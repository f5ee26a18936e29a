"""The search's pages: one field for everything, and the scanner's."""

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.errors import Refusal
from app.web.problems import sentence, wants_json
from app.web.rooms import is_open
from app.web.scanning import photographs
from app.web.search import hits
from app.web.serials.pages import matching

rooms = Blueprint("search", __name__)
LONGEST = 200
# What a person types of a code: fewer characters would end too many.
FEWEST = 6
MOST_UNITS = 8


@rooms.get("/search")
def index() -> ResponseReturnValue:
    text = request.args.get("q", "").strip()[:LONGEST]
    found = hits.groups(text)
    every = [hit for group in found for hit in group.hits]
    if len(every) == 1:
        return redirect(every[0].address, code=303)
    return render_template("search/index.html", q=text, groups=found)


@rooms.get("/scan")
def scan() -> ResponseReturnValue:
    return render_template("search/scan.html")


@rooms.get("/scan/units")
def units() -> ResponseReturnValue:
    """The units of the reader whose code is this, or ends like it."""
    ends = request.args.get("ends", "").strip()[:LONGEST]
    return jsonify(codes=_units_ending(ends) if len(ends) >= FEWEST and is_open("serials") else [])


@rooms.post("/scan/photograph")
def read_photograph() -> ResponseReturnValue:
    """Read the codes in a photograph: for a script as they are, else on to what carries them."""
    file = request.files.get("photograph")
    content = file.read(photographs.MOST_BYTES + 1) if file else b""
    if wants_json():
        return jsonify(codes=_codes(content))
    try:
        codes = _codes(content)
    except Refusal as refusal:
        return render_template("search/scan.html", problem=sentence(refusal)), refusal.status
    if len(codes) == 1:
        return redirect(url_for(".index", q=codes[0]), code=303)
    return render_template("search/scan.html", codes=codes)


def _units_ending(text: str) -> list[str]:
    found = [one.code for one in matching(text)]
    alike = [code for code in found if code.lower().endswith(text.lower())]
    return alike[:MOST_UNITS]


def _codes(content: bytes) -> list[str]:
    return [code[:LONGEST] for code in photographs.codes(content)]
