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
    """For each key the way to its step, in one statement."""
    keys = {key for key in effect_keys if key}
    cases = _cases({split(key)[0] for key in keys})
    return {key: _way(key, cases) for key in keys}


def _cases(ids: set[int]) -> dict[int, ProcessInstance]:
    query = select(ProcessInstance).where(ProcessInstance.id.in_(ids), within_reach())
    return {case.id: case for case in db.session.scalars(query)}


def _way(key: str, cases: Mapping[int, ProcessInstance]) -> Way:
    case_id, element = split(key)
    case = cases.get(case_id)
    if case is None:
        return Way(element.replace("_", " "), None)
    address = url_for("cases.show", case_id=case_id, step=element, effect=key)
    return Way(naming.element_title(case.definition_id, element), address)
