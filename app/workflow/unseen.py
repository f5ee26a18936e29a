"""What waits above a person's inbox until they look: deeds of colleagues, and their calls."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Select,
    String,
    and_,
    bindparam,
    func,
    literal,
    select,
    union_all,
)

from app.kernel.db import connection
from app.workflow.comments import Comment, Mention
from app.workflow.notices import ASSIGNED, GIVEN_BACK, Notice
from app.workflow.records import Task

CALLED = "called"
MOST = 5
_PERSON: BindParameter[int] = bindparam("person")


class Unseen(NamedTuple):
    """One line: a notice by its kind, or a call into the case that is its subject.

    `id` is that of the notice, or of the comment that called.
    """

    id: int
    kind: str
    subject_id: int
    by_id: int
    at: datetime


_HELD = select(Task.id).where(Task.holder_id == _PERSON)
_UNSEEN = (
    Notice.person_id == _PERSON,
    Notice.seen_at.is_(None),
    and_(Notice.kind != ASSIGNED, Notice.kind != GIVEN_BACK) | Notice.subject_id.in_(_HELD),
)
_NOTICES = select(Notice.id, Notice.kind, Notice.subject_id, Notice.by_id, Notice.at).where(
    *_UNSEEN
)
_UNHEARD = (
    Mention.comment_id == Comment.id,
    Mention.person_id == _PERSON,
    Mention.seen_at.is_(None),
)
_CALLS = select(
    Comment.id,
    literal(CALLED, String).label("kind"),
    Comment.instance_id.label("subject_id"),
    Comment.person_id.label("by_id"),
    Comment.at,
)


def _latest(query: Select[*tuple[Any, ...]], number: Any) -> Select[*tuple[Any, ...]]:
    return select(query.order_by(number.desc()).limit(MOST).subquery())


_LINES = union_all(
    _latest(_NOTICES.where(*_UNSEEN), Notice.id), _latest(_CALLS.where(*_UNHEARD), Comment.id)
)
_NUMBER = select(
    select(func.count(Notice.id)).where(*_UNSEEN, Notice.id > bindparam("told")).scalar_subquery()
    + select(func.count(Comment.instance_id.distinct()))
    .where(*_UNHEARD, Comment.id > bindparam("called"))
    .scalar_subquery()
)


def lines(person_id: int) -> list[Unseen]:
    """The latest few of each sort; no task the person no longer holds."""
    return [Unseen(*row) for row in connection().execute(_LINES, {"person": person_id})]


def number(person_id: int, *, told: int = 0, called: int = 0) -> int:
    """How many notices, and cases the person is called into, after that notice and that comment."""
    given = {"person": person_id, "told": told, "called": called}
    return connection().scalar(_NUMBER, given) or 0
