"""Beginning a case by hand: the starts drawn in the lanes of one's own roles."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select

from app.domain.inventory.places import Site
from app.identity.memberships import EVERYWHERE
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.web.cases import drawn
from app.web.language import locale_code
from app.web.session import my_memberships, my_roles
from app.web.words import title
from app.workflow import definitions, rights
from app.workflow.blueprints import Blueprint
from app.workflow.forms.form import Form
from app.workflow.records import Definition
from app.workflow.spiff.outline import Element


@dataclass(frozen=True)
class Start:
    """One way to begin a case."""

    key: str
    element: str
    title: str
    process: str
    roles: frozenset[str]
    form: Form | None
    has_place: bool


def mine() -> list[Start]:
    """Every start this person may use."""
    return [start for start in every() if start.roles & my_roles()]


def every() -> list[Start]:
    """Every start by hand, whoever may use it."""
    live = definitions.all_live()
    called = frozenset(key for one in live for key in definitions.blueprint(one.id).parsed.called)
    return [start for one in live for start in _starts(one, called)]


def chosen(key: str, element: str) -> Start:
    """One of them.

    Raises:
        NotFound: it is not this person's, or there is none.
    """
    found = next((one for one in mine() if (one.key, one.element) == (key, element)), None)
    if found is None:
        raise NotFound
    return found


def address(key: str, element: str) -> str | None:
    """Where this person begins such a case, if they may."""
    mine_too = any((one.key, one.element) == (key, element) for one in mine())
    return url_for("cases.start_page", key=key, element=element) if mine_too else None


def places(start: Start) -> list[tuple[str, str]]:
    """Where this person may begin it: scope and name; nowhere, when it is of no place."""
    if not start.has_place:
        return []
    held = {scope for role, scope in my_memberships() if role in start.roles}
    sites = db.session.scalars(select(Site).order_by(Site.code))
    return [(one.scope, one.name) for one in sites if held & {EVERYWHERE, one.scope}]


def _starts(definition: Definition, called: frozenset[str]) -> Iterator[Start]:
    blueprint = definitions.blueprint(definition.id)
    for event in blueprint.parsed.start_events.values():
        element = blueprint.parsed.elements[event.id]
        if definition.key not in called and _is_by_hand(blueprint, element):
            yield Start(
                key=definition.key,
                element=event.id,
                title=_deed(blueprint, element),
                process=title(definition.titles) or definition.key,
                roles=rights.may_begin(element),
                form=blueprint.form(element),
                has_place=blueprint.parsed.properties.get("scope", "scope") == "scope",
            )


def _deed(blueprint: Blueprint, start: Element) -> str:
    """What one does by beginning it: in its author's words, else by its first task."""
    said = start.properties.get(f"action.{locale_code()}") or start.properties.get("action")
    return said or drawn.title(next(iter(_tasks(blueprint, start)), start))


def _is_by_hand(blueprint: Blueprint, start: Element) -> bool:
    """A plain start of somebody's role that asks for a form, itself or as its first task."""
    event = blueprint.parsed.start_events[start.id]
    if event.kind != "none" or not rights.may_begin(start):
        return False
    return blueprint.form(start) is not None or bool(_tasks(blueprint, start))


def _tasks(blueprint: Blueprint, start: Element) -> list[Element]:
    """What its own role does first."""
    first = _first(blueprint, start.id)
    return [one for one in first if one.kind in drawn.TASKS and one.lane == start.lane]


def _first(blueprint: Blueprint, after: str) -> list[Element]:
    """What comes next; a gateway that only joins two ways is nothing by itself."""
    found = _next(blueprint, after)
    joins = len(found) == 1 and found[0].kind == "exclusiveGateway"
    return _next(blueprint, found[0].id) if joins else found


def _next(blueprint: Blueprint, after: str) -> list[Element]:
    targets = [flow.target for flow in blueprint.parsed.flows if flow.source == after]
    return [blueprint.parsed.elements[one] for one in targets]
