"""Who stands in for whom, as *Me* and the account's page show and change it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from app.identity import people, substitutions
from app.identity.people import Person
from app.identity.substitutions import Substitution
from app.kernel.db import db
from app.kernel.errors import N_, NotFound, Refusal
from app.web.addresses import row_number
from app.web.words import name_of, zone

_EARLIEST, _LATEST = date(2000, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True)
class Absence:
    """One period in which somebody stands in."""

    id: int
    substitute: str
    first: datetime
    last: datetime


class UnclearDays(Refusal):
    """Two days, and a colleague."""

    code = "unclear_days"
    message = N_("Choose a colleague, the first day and the last day of the absence.")
    status = 422


def of(person_id: int) -> list[Absence]:
    """The person's absences, now and to come."""
    return [
        Absence(row.id, name_of(row.substitute_id), row.begins_at, _last(row))
        for row in substitutions.of(person_id)
    ]


def stands_in_for(person_id: int) -> list[str]:
    """Whose roles this person has besides their own just now."""
    return [name_of(one) for one in substitutions.absent(person_id)]


def colleagues(person: Person) -> list[tuple[int, str]]:
    """Who could stand in: active people of the same company."""
    query = select(Person.id, Person.name).where(
        Person.is_active, Person.id != person.id, Person.party.is_not_distinct_from(person.party)
    )
    return [(one, name) for one, name in db.session.execute(query.order_by(Person.name))]


def name(person: Person, form: dict[str, str], *, by: int) -> None:
    """Let the chosen colleague stand in from the first day to the end of the last."""
    substitute = (
        people.get(int(form["substitute"])) if form.get("substitute", "").isdecimal() else None
    )
    if substitute is None:
        raise UnclearDays
    begins_at, ends_at = _midnight(form.get("first", "")), _midnight(form.get("last", ""))
    substitutions.name(
        person, substitute, begins_at=begins_at, ends_at=ends_at + timedelta(days=1), by=by
    )


def end(person: Person, form: dict[str, str], *, by: int) -> None:
    """Nobody stands in any more."""
    try:
        one = row_number(form.get("absence", ""))
    except ValueError as error:
        raise NotFound from error
    substitutions.end(one, of=person.id, by=by)


def _midnight(text: str) -> datetime:
    """The first instant of a day on the company's clock."""
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise UnclearDays from error
    if not _EARLIEST < found < _LATEST:
        raise UnclearDays
    return datetime.combine(found, time(), zone()).astimezone(UTC)


def _last(row: Substitution) -> datetime:
    """The last moment of the last day reads as that day."""
    return row.ends_at - timedelta(minutes=1)
