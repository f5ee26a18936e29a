"""Roles that nobody holds although published steps are theirs: such a step waits for ever."""

from collections import defaultdict
from dataclasses import dataclass

from app.identity import memberships
from app.identity.accounts import SUPPLIER
from app.workflow import definitions


@dataclass(frozen=True)
class Unstaffed:
    """A role without anybody, and its steps as (definition id, element id)."""

    role: str
    steps: tuple[tuple[int, str], ...]


def every() -> list[Unstaffed]:
    """The roles nobody holds anywhere, by code.

    People of suppliers are no staff: what they do not answer is written down by ours.
    """
    held = memberships.held_roles() | {SUPPLIER}
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for definition in definitions.all_live():
        for element in definitions.blueprint(definition.id).parsed.outline.elements.values():
            if element.kind == "userTask" and element.lane and element.lane not in held:
                found[element.lane].append((definition.id, element.id))
    return [Unstaffed(role, tuple(steps)) for role, steps in sorted(found.items())]
