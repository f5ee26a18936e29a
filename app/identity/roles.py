"""Roles: what a lane of a diagram is called, and what people hold."""

from collections.abc import Mapping

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import i18n
from app.kernel.db import Json, Model, connection, db
from app.kernel.errors import N_, NotFound

ADMINISTRATOR = "administrator"
OPERATOR = "operator"
ANALYST = "analyst"

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
    """A role; its title is kept in every language of the product."""

    __tablename__ = "role"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    title: Mapped[dict[str, str]] = mapped_column(Json)


_TITLES = select(Role.code, Role.title)


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
    rows = connection().execute(_TITLES)
    return {code: i18n.text_of(title, locale) or code for code, title in rows}
