"""Roles: what a lane of a diagram is called, and what people hold."""

from collections.abc import Mapping

from sqlalchemy import String, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import editions, i18n, once
from app.kernel.db import Json, Model, connection, db
from app.kernel.errors import N_, NotFound

ADMINISTRATOR = "administrator"
OPERATOR = "operator"
ANALYST = "analyst"
_KEY = "roles"

_MANAGERS = {
    "warehouse_keeper": "warehouse_manager",
    "inspector": "qc_manager",
    "planner": "purchasing_manager",
    "buyer": "purchasing_manager",
    "warehouse_manager": "general_manager",
    "qc_manager": "general_manager",
    "purchasing_manager": "general_manager",
    "finance": "general_manager",
}


class Role(Model):
    """A role; its title is kept in every language of the product. None is ever deleted."""

    __tablename__ = "role"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    title: Mapped[dict[str, str]] = mapped_column(Json)
    edition: Mapped[int] = mapped_column(default=1, onupdate=text("edition + 1"))


_TITLES = select(Role.code, Role.title)
editions.watch(_KEY, *editions.raised(Role.edition))


class NoSuchRole(NotFound):
    """No lane and no shipped role has that code."""

    code = "no_such_role"
    message = N_("There is no role {role}. Choose one of {choice}.")


def ensure(code: str, title: Mapping[str, str]) -> Role:
    """The role `code`, made when a deployed process brings it; languages it lacks are added."""
    role = db.session.get(Role, code)
    if role is None:
        role = Role(code=code, title=dict(title))
        db.session.add(role)
    elif title.keys() - role.title.keys():
        role.title = {**title, **role.title}
    once.forget(_KEY)
    return role


def known(code: str) -> Role:
    """The role `code`.

    Raises:
        NoSuchRole: there is none; the sentence lists those that exist.
    """
    role = db.session.get(Role, code)
    if role is None:
        raise NoSuchRole(role=code, choice=", ".join(codes()))
    return role


def managers(code: str) -> frozenset[str]:
    """The roles that say who of this role does what."""
    found = _MANAGERS.get(code)
    return frozenset({found}) if found else frozenset()


def codes() -> list[str]:
    """Every role's code."""
    return list(db.session.scalars(select(Role.code).order_by(Role.code)))


def titles(locale: str) -> dict[str, str]:
    """Every role's title in one language, by code."""
    found = editions.kept(_KEY, _read)
    return {code: i18n.text_of(title, locale) or code for code, title in found.items()}


def _read() -> dict[str, dict[str, str]]:
    db.session.flush()
    return {row.code: row.title for row in connection().execute(_TITLES)}
