"""The search's pages: one field for everything, and the scanner's."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.web.search import hits

rooms = Blueprint("search", __name__)
LONGEST = 200


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
