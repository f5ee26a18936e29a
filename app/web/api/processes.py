"""Processes: what can be begun, beginning it, and publishing another version."""

from typing import Any

from flask import json, url_for

from app.kernel.errors import N_, NotFound
from app.web.api import case_shapes, cases, etags, form_shapes
from app.web.api import process_shapes as shapes
from app.web.api.room import Room
from app.web.cases import drawn, naming, starting
from app.web.cases.starting import Start
from app.web.language import locale_code
from app.web.session import current_person, my_roles
from app.web.tongue import _
from app.workflow import definitions, instances, publishing, rights
from app.workflow.blueprints import Blueprint, form_name
from app.workflow.forms.occasion import Occasion
from app.workflow.records import Definition

room = Room("processes", N_("The processes this company is run by."), house_room="cases")
_KEY = "<string(maxlength=80):key>"


@room.get("", answer=shapes.ProcessList)
def list_processes() -> dict[str, Any]:
    """List the published processes."""
    return {"items": [_line(one) for one in definitions.all_live()]}


@room.get(f"/{_KEY}", answer=shapes.Process)
def show_process(key: str) -> dict[str, Any]:
    """Show one process: its starts and what is drawn in it."""
    return _shown(definitions.live(key))


@room.post(f"/{_KEY}/cases", answer=case_shapes.Case, body=shapes.Beginning, status=201)
def begin_case(asked: dict[str, Any], key: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Begin a case by hand."""
    start, person = _start(key, asked.get("start")), current_person()
    if not start.roles & my_roles():
        raise rights.NotYourRole(role=", ".join(sorted(start.roles)))
    data = dict(asked["answers"])
    if start.form is not None:
        data = start.form.validate(data, {}, occasion=Occasion(by=person.id))
    place = _place(start, asked.get("place"))
    if place is not None:
        data["scope"] = place
    case = instances.start(key, data, at=start.element, by=person.id)
    return cases.shown(case), {"Location": url_for("api_cases.show_case", case_id=case.id)}


@room.post(f"/{_KEY}/versions", answer=shapes.Published, body=shapes.Version, status=201)
def publish_version(asked: dict[str, Any], key: str) -> dict[str, Any]:
    """Publish a version; cases that run keep the one they began with.

    Names that seem misspelt are told as doubts.
    """
    person = current_person()
    rights.check_office(person.id, rights.ANALYSTS)
    definitions.lock_live(key)
    etags.check(shapes.Process, lambda: show_process(key))
    files = {one["name"]: one["content"].encode() for one in asked["files"]}
    made = definitions.deploy(key, files, by=person.id)
    doubts = publishing.doubts(definitions.blueprint(made.id))
    told = [{"step": one.element, "sentence": f"{one.message} {one.hint}"} for one in doubts]
    return {**_shown(made), "doubts": told}


def _start(key: str, element: str | None) -> Start:
    definitions.live(key)
    found = [one for one in starting.every() if one.key == key and element in {None, one.element}]
    mine = [one for one in found if one.roles & my_roles()] or found
    if not mine or (element is None and len(mine) > 1):
        raise instances.NoSuchStart(key=key, at=element or "?")
    return mine[0]


def _place(start: Start, wanted: str | None) -> str | None:
    """The place asked for; the only one there is when none was asked for."""
    known = [scope for scope, _name in starting.places(start)]
    if wanted is None:
        return known[0] if len(known) == 1 else None
    if wanted not in known:
        raise NotFound
    return wanted


def _line(found: Definition) -> dict[str, Any]:
    return {
        "key": found.key,
        "version": found.version,
        "title": naming.process_title(found),
        "published_at": found.created_at,
    }


def _shown(found: Definition) -> dict[str, Any]:
    blueprint = definitions.blueprint(found.id)
    starts = [one for one in starting.every() if one.key == found.key]
    return {
        **_line(found),
        "starts": [_begun_by(blueprint, one) for one in starts],
        "steps": [
            {"id": one.id, "kind": one.kind, "title": drawn.title(one), "role": one.lane}
            for one in blueprint.elements.values()
        ],
    }


def _begun_by(blueprint: Blueprint, start: Start) -> dict[str, Any]:
    element = blueprint.elements[start.element]
    mine = bool(start.roles & my_roles())
    form = None
    if start.form is not None:
        view = start.form.view({}, locale=locale_code(), say=_)
        form = form_shapes.form(view, json.loads(blueprint.files[form_name(element)]))
    return {
        "step": start.element,
        "title": drawn.title(element),
        "roles": sorted(start.roles),
        "is_mine": mine,
        "places": [{"scope": scope, "name": name} for scope, name in starting.places(start)],
        "form": form,
    }
