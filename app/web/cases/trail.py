"""The way back from a ledger row: to its case, and there to the step that wrote it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select

from app.kernel.db import db
from app.web.cases import naming
from app.web.cases.visible import within_reach
from app.workflow.records import ProcessInstance


@dataclass(frozen=True)
class Way:
    """The step by name, and its address where the reader may follow."""

    step: str
    address: str | None


def split(effect_key: str) -> tuple[int, str]:
    """The case and the element of an effect key `instance:path:visit`."""
    instance, _, rest = effect_key.partition(":")
    path = rest.rpartition(":")[0]
    element = path.rpartition("/")[2].partition("#")[0]
    return (int(instance) if instance.isdigit() else 0), element


def ways(effect_keys: Iterable[str | None]) -> Mapping[str, Way]:
    """For each key the way to its step, in one statement; only cases one may see are open."""
    keys = {key for key in effect_keys if key}
    ids = {split(key)[0] for key in keys}
    query = select(ProcessInstance.id, ProcessInstance.definition_id, within_reach())
    rows = db.session.execute(query.where(ProcessInstance.id.in_(ids)))
    cases = {case_id: (definition_id, bool(seen)) for case_id, definition_id, seen in rows}
    return {key: _way(key, cases) for key in keys}


def _way(key: str, cases: Mapping[int, tuple[int, bool]]) -> Way:
    case_id, element = split(key)
    if case_id not in cases:
        return Way(element.replace("_", " "), None)
    definition_id, seen = cases[case_id]
    address = url_for("cases.show", case_id=case_id, step=element, effect=key) if seen else None
    return Way(naming.element_title(definition_id, element), address)
