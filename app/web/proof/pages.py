"""The proof's page: what is new is asked now, everything in the background."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.domain import proof, proof_runs
from app.domain.proof_runs import ProofRun
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.web.cases import trail
from app.web.fact_words import named
from app.web.rooms import enter
from app.web.session import current_person
from app.web.tongue import _
from app.web.words import name_of
from app.workflow.records import EffectRow

rooms = Blueprint("proof", __name__, url_prefix="/proof")


@rooms.before_request
def _door() -> None:
    enter("proof")


@rooms.get("")
def index() -> ResponseReturnValue:
    held, full = proof_runs.last_held(), proof_runs.last_full()
    results = [_shown(result) for result in proof_runs.quick()]
    return render_template(
        "proof/index.html",
        results=results,
        broken=sum(bool(result["rows"]) for result in results),
        at=clock.now(),
        since=held.begun_at if held else None,
        full=full,
        seconds=_seconds(full),
        found_before=_found_before(full),
    )


@rooms.post("/runs")
def ask_all() -> ResponseReturnValue:
    by = current_person().id
    in_transaction(lambda: proof_runs.ask(by=by).id)
    return redirect(url_for(".index"), code=303)


def _found_before(full: ProofRun | None) -> list[dict[str, Any]]:
    """What the last full run found; the quick one may not look there."""
    if full is None or full.status != "broken":
        return []
    return [_shown(result, then=True) for result in proof_runs.shown(full) if not result.holds]


def _seconds(full: ProofRun | None) -> str:
    if full is None or full.begun_at is None or full.ended_at is None:
        return ""
    return f"{(full.ended_at - full.begun_at).total_seconds():.1f}"


def _shown(result: proof.Result, *, then: bool = False) -> dict[str, Any]:
    keys = list(dict.fromkeys(key for row in result.rows for key in row if key != "effect_key"))
    ways = trail.ways(_key(row) for row in result.rows)
    people = _people(ways)
    return {
        "id": f"then-{result.code}" if then else result.code,
        "code": result.code,
        "meaning": _(result.meaning),
        "milliseconds": round(result.seconds * 1000),
        "columns": [named(key) for key in keys],
        "rows": [
            {
                "figures": {named(key): row.get(key) for key in keys},
                "person": people.get(_key(row) or "", ""),
                "step": getattr(ways.get(_key(row) or ""), "step", ""),
                "step_address": getattr(ways.get(_key(row) or ""), "address", None),
            }
            for row in result.rows
        ],
    }


def _people(effect_keys: Iterable[str]) -> dict[str, str]:
    """Who stands behind each step."""
    query = select(EffectRow.key, EffectRow.person_id).where(EffectRow.key.in_(list(effect_keys)))
    return {key: name_of(person) for key, person in db.session.execute(query)}


def _key(row: Mapping[str, object]) -> str | None:
    found = row.get("effect_key")
    return str(found) if found else None
