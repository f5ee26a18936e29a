"""Who holds which role, and where: everywhere, at one site, for one supplier."""

import re

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    String,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from app.identity import audit, roles, substitutions
from app.identity.people import HELD, Person
from app.identity.substitutions import Substitution
from app.kernel import clock, once
from app.kernel.db import Instant, Model, RowId, connection, db
from app.kernel.errors import N_, Refusal

EVERYWHERE = "*"
_SCOPE = re.compile(r"\*|(site|supplier):[^\s:]{1,60}")


class Membership(Model):
    """One role of one person at one scope."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person_id", "role", "scope"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(ForeignKey("role.code"), index=True)
    scope: Mapped[str] = mapped_column(String(100))


_OWN = (
    select(Membership.role, Membership.scope)
    .join(Person, Person.id == Membership.person_id)
    .where(Membership.person_id == bindparam("person"), Person.is_active)
)
# An absent person counts while they are active, and so does who stands in for them.
_STANDING_IN = (
    select(Membership.role, Membership.scope)
    .join(Substitution, Substitution.person_id == Membership.person_id)
    .join(Person, Person.id == Substitution.substitute_id)
    .where(
        Substitution.substitute_id == bindparam("person"),
        substitutions.in_force(bindparam("now", type_=Instant)),
        *(Membership.role != role for role in substitutions.KEPT_ROLES),
        Person.is_active,
    )
)
_HELD = union_all(_OWN, _STANDING_IN)


class BadScope(Refusal):
    """A scope is everything, one site or one supplier."""

    code = "bad_scope"
    message = N_("{scope!r} is no scope. Write *, site:CODE or supplier:CODE.")


def of(person_id: int) -> frozenset[tuple[str, str]]:
    """Every (role, scope) the person holds, or has by standing in; none while inactive."""
    return once.per_transaction((HELD, person_id), lambda: _read(person_id))


def whose(
    role: InstrumentedAttribute[str], scope: InstrumentedAttribute[str]
) -> ColumnElement[int | None]:
    """In a statement: whose role the one who is bound as `person` has `now`, as an id.

    Their own comes before that of somebody absent for whom they stand in; NULL is nobody's.
    """
    reaches = (Membership.role == role, Membership.scope.in_((EVERYWHERE, scope)))
    own = _OWN.with_only_columns(func.min(Membership.person_id)).where(*reaches)
    absent = _STANDING_IN.with_only_columns(func.min(Membership.person_id)).where(*reaches)
    return func.coalesce(
        own.correlate(role.parent).scalar_subquery(),
        absent.correlate(role.parent).scalar_subquery(),
    )


def of_account(person_id: int) -> list[tuple[str, str]]:
    """Every (role, scope) of the account, also while it is locked and they count for nothing."""
    query = select(Membership.role, Membership.scope).filter_by(person_id=person_id)
    return [(role, scope) for role, scope in db.session.execute(query)]


def held_roles() -> frozenset[str]:
    """The roles that somebody active holds somewhere."""
    query = select(Membership.role).join(Person, Person.id == Membership.person_id)
    return frozenset(db.session.scalars(query.where(Person.is_active).distinct()))


def holders(role: str, scope: str = EVERYWHERE) -> list[Person]:
    """The active people who hold `role` where `scope` is, by name."""
    query = (
        select(Person)
        .where(
            Person.is_active,
            Person.id.in_(
                select(Membership.person_id).where(
                    Membership.role == role, Membership.scope.in_({EVERYWHERE, scope})
                )
            ),
        )
        .order_by(Person.name, Person.id)
    )
    return list(db.session.scalars(query))


def who_may(role: str, scope: str) -> list[Person]:
    """As `holders`, and those who stand in for one of them now."""
    own = holders(role, scope)
    absent = [one.id for one in own] if role not in substitutions.KEPT_ROLES else []
    standing_in = select(Substitution.substitute_id).where(
        Substitution.person_id.in_(absent), substitutions.in_force(clock.now())
    )
    query = select(Person).where(Person.is_active, Person.id.in_(standing_in))
    found = {one.id: one for one in (*own, *db.session.scalars(query))}
    return sorted(found.values(), key=lambda one: (one.name, one.id))


def covers(held: str, wanted: str) -> bool:
    """Whether a role held at `held` reaches a thing at `wanted`."""
    return held in {EVERYWHERE, wanted}


def grant(person: Person, role: str, scope: str = EVERYWHERE, *, by: int | None = None) -> None:
    """Let `person` hold `role` at `scope`; doing it twice changes nothing."""
    if not _SCOPE.fullmatch(scope):
        raise BadScope(scope=scope)
    roles.known(role)
    if _held(person, role, scope) is None:
        db.session.add(Membership(person_id=person.id, role=role, scope=scope))
        db.session.flush()
        once.forget((HELD, person.id))
        _record("role_granted", person, role=role, scope=scope, by=by)


def revoke(person: Person, role: str, scope: str = EVERYWHERE, *, by: int | None = None) -> None:
    """Take `role` at `scope` away from `person`, if they hold it."""
    held = _held(person, role, scope)
    if held is not None:
        db.session.execute(delete(Membership).filter_by(id=held))
        once.forget((HELD, person.id))
        _record("role_revoked", person, role=role, scope=scope, by=by)


def _read(person_id: int) -> frozenset[tuple[str, str]]:
    rows = connection().execute(_HELD, {"person": person_id, "now": clock.now()})
    return frozenset((row.role, row.scope) for row in rows)


def _held(person: Person, role: str, scope: str) -> int | None:
    query = select(Membership.id).filter_by(person_id=person.id, role=role, scope=scope)
    return db.session.scalar(query)


def _record(action: str, person: Person, *, role: str, scope: str, by: int | None) -> None:
    details: dict[str, object] = {"role": role, "scope": scope}
    audit.record(action, by=by, subject=f"person:{person.id}", details=details)
