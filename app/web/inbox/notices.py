"""Who called this person into which case: a line above the list until they have looked."""

from dataclasses import dataclass
from datetime import datetime

from app.web.cases import naming
from app.web.rooms import is_outsider
from app.web.session import current_person
from app.web.tongue import _
from app.web.words import name_of
from app.workflow import comments, instances


@dataclass(frozen=True)
class Notice:
    """One line; opening it is having looked."""

    case_id: int
    words: str
    at: datetime


def mine() -> list[Notice]:
    """The latest few."""
    if is_outsider():
        return []
    found = {one.case_id: one for one in reversed(comments.notices(current_person().id))}
    return [
        Notice(one.case_id, _words(one.by, one.case_id), one.at)
        for one in sorted(found.values(), key=lambda one: one.at, reverse=True)
    ]


def _words(by: int, case_id: int) -> str:
    case = naming.name(instances.get(case_id))
    return _("%(name)s asks you to look at %(case)s", name=name_of(by), case=case)
