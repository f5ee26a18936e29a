"""Who is at the other end: the signed-in person of this request."""

from flask import Flask, Request, g, session
from flask_login import LoginManager, current_user, login_user, logout_user

from app.identity import api_keys, memberships, sessions
from app.identity.people import Person
from app.kernel.db import db
from app.web.addresses import is_api


class SignedIn:
    """A person and the key of their session on the server, or the key their program came with."""

    def __init__(self, token: str, person: Person) -> None:
        self.token = token
        self.person = person

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.token


def register(app: Flask) -> None:
    """Let Flask-Login find people by their session's key."""
    logins = LoginManager(app)
    logins.session_protection = None  # the key itself is the protection, and is revocable
    logins.user_loader(_known)
    logins.request_loader(_by_key)
    settings = app.config["HOUTAI"]
    app.config.update(
        SESSION_COOKIE_NAME="houtai",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
    )


def current_person() -> Person:
    """The person signed in; pages are closed to everyone else.

    To be read, not changed: it is in no transaction's hands, so that none reads it again.
    """
    person: Person = current_user.person
    return person


def current_token() -> str:
    """The key of this browser's session."""
    return str(getattr(current_user, "token", ""))


def person_or_none() -> Person | None:
    """The person signed in, if any (the door and the language switch ask)."""
    return getattr(current_user, "person", None)


def my_roles() -> frozenset[str]:
    """The role codes of the person, whatever their scope."""
    return frozenset(role for role, _scope in my_memberships())


def my_memberships() -> frozenset[tuple[str, str]]:
    """The person's (role, scope) pairs, read once per request."""
    if "memberships" not in g:
        g.memberships = memberships.of(current_person().id)
    found: frozenset[tuple[str, str]] = g.memberships
    return found


def begin(token: str, person: Person, *, speaking: str | None = None) -> None:
    """Remember the session's key in a fresh cookie; only the language is carried over."""
    kept = speaking or session.get("locale")
    session.clear()
    if kept:
        session["locale"] = kept
    login_user(SignedIn(token, person))


def end() -> str | None:
    """Forget the key; its row is revoked by the caller."""
    token = getattr(current_user, "token", None)
    kept = session.get("locale")
    logout_user()
    session.clear()
    if kept:
        session["locale"] = kept
    return token


def _known(token: str) -> SignedIn | None:
    """The person of a cookie; a cookie opens no door of the API."""
    person = None if is_api() else sessions.person_of(token)
    if person is None:
        return None
    db.session.expunge(person)
    return SignedIn(token, person)


def _by_key(request: Request) -> SignedIn | None:
    """The person of a key; a key opens no page."""
    given = request.authorization
    if not is_api() or given is None or given.type != "bearer" or not given.token:
        return None
    bearer = api_keys.bearer_of(given.token)
    if bearer is None:
        return None
    db.session.expunge(bearer.person)
    db.session.expunge(bearer.key)
    g.api_key = bearer.key
    return SignedIn(given.token, bearer.person)
