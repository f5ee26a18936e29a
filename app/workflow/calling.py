"""Who a text calls with @name: colleagues who may see the case, by their sign-in names."""

import re

from sqlalchemy import select

from app.identity import memberships
from app.identity.people import Person, normal
from app.kernel.db import db
from app.kernel.errors import N_, Refusal
from app.workflow import definitions, rights
from app.workflow.records import ProcessInstance

# A sign-in name may be followed by letters of a script without spaces: "@lee請看".
_CALL = re.compile(r"(?<![\w.@+-])@(\w[\w.@+-]{0,63})")
_TAIL = re.compile(r"[\w.@+-]", re.ASCII)


class CallsAStranger(Refusal):
    """Whoever is called must be able to come."""

    code = "calls_a_stranger"
    message = N_(
        "“@{name}” is nobody who may see this case. Write a colleague's sign-in name, "
        "or take out the @."
    )
    status = 422


def called(text: str, case_id: int, *, by: Person) -> list[Person]:
    """The colleagues that `text` calls, in that order, each once; never who wrote it.

    Raises:
        CallsAStranger: a name is nobody's, or of somebody who may not see the case.
    """
    wanted = dict.fromkeys(_CALL.findall(text))
    if not wanted:
        return []
    staff = {
        person.username: person
        for person in db.session.scalars(select(Person).where(Person.is_active))
        if not person.party
    }
    found = {name: _person(normal(name), staff) for name in wanted}
    case = db.session.get_one(ProcessInstance, case_id)
    for name, person in found.items():
        if person is None or not _may_read(person, case):
            raise CallsAStranger(name=name)
    people = {person.id: person for person in found.values() if person and person.id != by.id}
    return list(people.values())


def _person(name: str, staff: dict[str, Person]) -> Person | None:
    """Whoever the longest beginning of `name` names; what follows may not be more of a name."""
    for length in range(len(name), 0, -1):
        rest = name[length:]
        if name[:length] in staff and not _TAIL.match(rest.lstrip(".")):
            return staff[name[:length]]
    return None


def _may_read(person: Person, case: ProcessInstance) -> bool:
    """Whether an office role or a lane of the process lets them read the case."""
    held = memberships.of(person.id)
    lanes = {lane.role for lane in definitions.blueprint(case.definition_id).lanes}
    return rights.oversees(held, case.scope) or any(
        role in lanes and memberships.covers(where, case.scope) for role, where in held
    )
