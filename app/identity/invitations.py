"""Invitations: a link that lets one person choose their password, once and not for long."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.identity import audit, sign_in
from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import Instant, Model, RowId, db
from app.kernel.errors import N_, Refusal

LASTING = timedelta(days=3)


class Invitation(Model):
    """One link that was handed out; of its token only the hash is kept."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class InvitationOver(Refusal):
    """Used, withdrawn, too old, or never given: which of them is not said."""

    code = "invitation_over"
    message = N_("This invitation is over. Ask your administrator for a new one.")
    status = 404


def invite(person: Person, *, by: int | None) -> str:
    """A new link for `person`, whose earlier ones end; returns its token, stored nowhere."""
    withdraw(person)
    token, now = secrets.token_urlsafe(32), clock.now()
    db.session.add(
        Invitation(
            token_hash=_hash(token),
            person_id=person.id,
            made_by=by,
            made_at=now,
            expires_at=now + LASTING,
        )
    )
    audit.record("invited", by=by, subject=f"person:{person.id}")
    return token


def withdraw(person: Person) -> None:
    """End the links that are still open."""
    now = clock.now()
    still_open = update(Invitation).filter_by(person_id=person.id, used_at=None)
    db.session.execute(still_open.where(Invitation.expires_at > now).values(expires_at=now))


def open_for(person_id: int) -> Invitation | None:
    """The link the person has not used yet."""
    query = select(Invitation).filter_by(person_id=person_id, used_at=None)
    return db.session.scalars(query.where(Invitation.expires_at > clock.now())).first()


def invited(token: str) -> Person:
    """Whom the link is for.

    Raises:
        InvitationOver: it lets nobody in (any more).
    """
    return _person_of(_known(token))


def accept(token: str, password: str) -> Person:
    """Give the invited person the password they chose; the link has then done its work.

    Raises:
        InvitationOver, WeakPassword: nothing was changed.
    """
    invitation = _known(token, for_update=True)
    person = _person_of(invitation)
    sign_in.set_password(person, password, by=person.id)
    invitation.used_at = clock.now()
    audit.record("invitation_used", by=person.id, subject=f"person:{person.id}")
    return person


def _known(token: str, *, for_update: bool = False) -> Invitation:
    query = select(Invitation).filter_by(token_hash=_hash(token), used_at=None)
    query = query.where(Invitation.expires_at > clock.now())
    found = db.session.scalar(query.with_for_update() if for_update else query)
    if found is None:
        raise InvitationOver
    return found


def _person_of(invitation: Invitation) -> Person:
    person = db.session.get(Person, invitation.person_id)
    if person is None or not person.is_active:
        raise InvitationOver
    return person


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
