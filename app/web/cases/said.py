"""Comments as the page shows them: who, when, words with the calls in them, files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import select

from app.identity.people import Person
from app.kernel.attachments import SHOWN
from app.kernel.db import db
from app.web.session import current_person, my_roles
from app.web.words import name_of
from app.workflow import comments
from app.workflow.comments import Said
from app.workflow.records import HistoryRow, ProcessInstance

_CALL = re.compile(r"((?<![\w.@+-])@\w[\w.@+-]*)")
_MOST_HELPERS = 6


@dataclass(frozen=True)
class File:
    """One file of a comment; `photographs` of the templates shows it."""

    name: str
    address: str
    is_picture: bool
    step: str
    person: str


@dataclass(frozen=True)
class Line:
    """One comment."""

    id: int
    who: str
    at: datetime
    parts: list[tuple[str, bool]]
    is_erased: bool
    files: list[File]
    may_erase: bool


def of(case: ProcessInstance) -> list[Line]:
    """What was said about the case, the oldest first."""
    return [_line(one, case.id) for one in comments.of(case.id)]


def helpers(case: ProcessInstance) -> list[tuple[str, str]]:
    """Colleagues who did a step of the case: those one would call, by sign-in name."""
    did = select(HistoryRow.person_id).filter_by(instance_id=case.id).distinct()
    query = select(Person.username, Person.name).where(
        Person.id.in_(did), Person.id != current_person().id, Person.party.is_(None)
    )
    rows = db.session.execute(query.order_by(Person.name).limit(_MOST_HELPERS))
    return [(username, name) for username, name in rows]


def _line(one: Said, case_id: int) -> Line:
    who = name_of(one.person_id)
    is_mine = one.person_id == current_person().id
    return Line(
        id=one.id,
        who=who,
        at=one.at,
        parts=list(_parts(one.text or "")),
        is_erased=one.text is None,
        files=[
            File(
                name=kept.name,
                address=url_for("cases.file", case_id=case_id, file_id=kept.id),
                is_picture=kept.media_type in SHOWN,
                step="",
                person=who,
            )
            for kept in one.files
        ],
        may_erase=one.text is not None and (is_mine or "administrator" in my_roles()),
    )


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The words, and which of them call somebody."""
    for number, part in enumerate(_CALL.split(text)):
        if part:
            yield part, bool(number % 2)
