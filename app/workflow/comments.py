"""What colleagues say about a case, beside its process: comments, mentions and files.

A comment stays for ever as a fact (who, when, about which case); its words are kept apart and can
be erased, because people write other people's names into them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.identity import audit, memberships
from app.identity.memberships import EVERYWHERE
from app.identity.people import Person
from app.identity.roles import ADMINISTRATOR
from app.kernel import append_only, attachments, clock
from app.kernel.attachments import Attachment
from app.kernel.db import Instant, Model, RowId, db
from app.kernel.errors import N_, NotAllowed, NotFound, Refusal
from app.workflow import calling, search
from app.workflow.records import ProcessInstance

LONGEST = 4_000
MOST_FILES = 10


class Comment(Model):
    """That somebody said something about a case."""

    __tablename__ = "comment"
    __table_args__ = ({"info": append_only.MARK},)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class CommentText(Model):
    """What was said; a row that is erased leaves the comment without words."""

    __tablename__ = "comment_text"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class CommentFile(Model):
    """A file that came with a comment, until the comment is erased."""

    __tablename__ = "comment_file"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), primary_key=True)


class Mention(Model):
    """Somebody who was called into a case; a notice in their inbox until they have seen it."""

    __tablename__ = "mention"
    __table_args__ = (Index("ix_mention_person_id", "person_id", "seen_at"),)

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    seen_at: Mapped[datetime | None] = mapped_column(Instant)


@dataclass(frozen=True)
class Said:
    """One comment as it is read; without text when that was erased."""

    id: int
    person_id: int
    at: datetime
    text: str | None
    files: tuple[Attachment, ...]


class NothingSaid(Refusal):
    """A comment says something, or shows something."""

    code = "nothing_said"
    field = "text"
    message = N_("Write something of at most {most} characters, or add a file.")
    status = 422


class TooManyFiles(Refusal):
    """A comment is no archive."""

    code = "too_many_files"
    message = N_("A comment takes up to {most} files. Write a second one for the rest.")
    status = 422


class NotYourComment(NotAllowed):
    """Words are taken back by whoever said them."""

    code = "not_your_comment"
    message = N_("Only who wrote a comment, or an administrator, can erase it.")


def write(case_id: int, text: str, files: Sequence[int], *, by: Person) -> list[Person]:
    """Say something about a case; returns the colleagues it calls, who get a notice.

    Raises:
        NotFound: the case is not theirs to see; people of suppliers see no comments at all.
        NothingSaid, TooManyFiles, CallsAStranger: nothing was kept.
    """
    _check_inside(by, case_id)
    words = text.replace("\0", "").strip()
    if len(words) > LONGEST or not (words or files):
        raise NothingSaid(most=LONGEST)
    if len(files) > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    if attachments.unknown(frozenset(files), by.id):
        raise NotFound
    called = calling.called(words, case_id, by=by)
    comment = Comment(instance_id=case_id, person_id=by.id, at=clock.now())
    db.session.add(comment)
    db.session.flush()
    db.session.add(CommentText(comment_id=comment.id, text=words))
    db.session.add_all(CommentFile(comment_id=comment.id, attachment_id=one) for one in set(files))
    db.session.add_all(Mention(comment_id=comment.id, person_id=one.id) for one in called)
    return called


def of(case_id: int) -> list[Said]:
    """Everything said about a case, the oldest first; who may read it is asked before."""
    query = (
        select(Comment, CommentText.text)
        .outerjoin(CommentText, CommentText.comment_id == Comment.id)
        .where(Comment.instance_id == case_id)
        .order_by(Comment.id)
    )
    rows = db.session.execute(query).all()
    files = _files([comment.id for comment, _text in rows])
    return [
        Said(one.id, one.person_id, one.at, text, tuple(files.get(one.id, ())))
        for one, text in rows
    ]


def has_file(case_id: int, attachment_id: int) -> bool:
    """Whether a comment on the case still shows this file."""
    query = select(CommentFile.comment_id).join(Comment, Comment.id == CommentFile.comment_id)
    found = query.where(Comment.instance_id == case_id, CommentFile.attachment_id == attachment_id)
    return db.session.scalar(found.limit(1)) is not None


def erase(comment_id: int, *, by: Person) -> int:
    """Take the words and files of a comment away for good; returns its case.

    Raises:
        NotYourComment: it is somebody else's.
    """
    comment = db.session.get(Comment, comment_id)
    if comment is None:
        raise NotFound
    _check_inside(by, comment.instance_id)
    administers = (ADMINISTRATOR, EVERYWHERE) in memberships.of(by.id)
    if comment.person_id != by.id and not administers:
        raise NotYourComment
    for table in (CommentText, CommentFile):
        db.session.execute(delete(table).where(table.comment_id == comment_id))
    audit.record("comment_erased", by=by.id, subject=f"comment:{comment_id}")
    return comment.instance_id


def see(case_id: int, *, by: Person) -> None:
    """The person has looked at what was said about the case."""
    said = select(Comment.id).where(Comment.instance_id == case_id)
    unseen = update(Mention).where(Mention.person_id == by.id, Mention.seen_at.is_(None))
    db.session.execute(unseen.where(Mention.comment_id.in_(said)).values(seen_at=clock.now()))


def _check_inside(person: Person, case_id: int) -> None:
    known = db.session.get(ProcessInstance, case_id)
    if known is None or person.party or not search.may_see_case(person, case_id):
        raise NotFound


def _files(comment_ids: Iterable[int]) -> dict[int, list[Attachment]]:
    query = (
        select(CommentFile.comment_id, Attachment)
        .join(Attachment, Attachment.id == CommentFile.attachment_id)
        .where(CommentFile.comment_id.in_(list(comment_ids)))
        .order_by(Attachment.id)
    )
    found: dict[int, list[Attachment]] = {}
    for comment_id, kept in db.session.execute(query):
        found.setdefault(comment_id, []).append(kept)
    return found
