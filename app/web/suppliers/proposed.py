"""What a proposal would change: read on its own page, and on the task of who decides on it."""

import re
from dataclasses import dataclass

from app.domain.sourcing import proposals
from app.domain.sourcing.master_data import FACTS
from app.domain.sourcing.proposals import Proposal
from app.web.rooms import is_open
from app.web.suppliers import reach, words
from app.web.tongue import _

_NUMBER = re.compile(r"SP-\d+")


@dataclass(frozen=True)
class Change:
    """One field: what it is called, what it was and what it shall be."""

    title: str
    was: str
    wanted: str


def changes(found: Proposal) -> list[Change]:
    """Field by field; of prices, which lie in their case, nothing."""
    return [
        Change(_(FACTS[one.name].title), _said(one.name, one.was), _said(one.name, one.wanted))
        for one in found.fields
    ]


def to_decide_on(number: str | None) -> list[Change]:
    """The changes a task is about, as far as its reader may see them; the case holds none."""
    if not (number and _NUMBER.fullmatch(number) and is_open("suppliers")):
        return []
    found = proposals.by_number(number)
    return changes(found) if reach.sees(found) else []


def _said(name: str, value: str) -> str:
    return words.standing_words(value) if name == "standing" and value else value
