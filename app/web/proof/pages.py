"""The proof's page: every invariant, asked now."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.domain import proof
from app.kernel import clock
from app.web.cases import trail
from app.web.fact_words import named
from app.web.rooms import enter
from app.web.tongue import _

rooms = Blueprint("proof", __name__, url_prefix="/proof")


@rooms.before_request
def _door() -> None:
    enter("proof")


@rooms.get("")
def index() -> ResponseReturnValue:
    results = [_shown(result) for result in proof.run()]
    broken = sum(bool(result["rows"]) for result in results)
    return render_template("proof/index.html", results=results, broken=broken, at=clock.now())


def _shown(result: proof.Result) -> dict[str, Any]:
    keys = list(dict.fromkeys(key for row in result.rows for key in row if key != "effect_key"))
    ways = trail.ways(_key(row) for row in result.rows)
    return {
        "code": result.code,
        "meaning": _(result.meaning),
        "milliseconds": round(result.seconds * 1000),
        "columns": [named(key) for key in keys],
        "rows": [
            {
                "figures": {named(key): row.get(key) for key in keys},
                "step_address": getattr(ways.get(_key(row) or ""), "address", None),
            }
            for row in result.rows
        ],
    }


def _key(row: Mapping[str, object]) -> str | None:
    found = row.get("effect_key")
    return str(found) if found else None
