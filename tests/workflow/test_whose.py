"""Whose role somebody does a task with: the statement that locks it says what is said elsewhere."""

import itertools
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import bindparam, select

from app.identity import memberships, people, substitutions
from app.identity.memberships import EVERYWHERE
from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import connection, in_transaction
from app.workflow.records import Task
from tests.builders.office import a_person
from tests.diagrams import bpmn, user
from tests.workflow.play import Case, deploy

COUNTING = bpmn(
    "counting",
    user("count"),
    flows="begin -> count -> done",
    lanes={"Warehouse keeper": "begin count"},
)
DAY = timedelta(days=1)
HERE, ELSEWHERE = "site:DAYUAN", "site:ZHONGLI"
_WHOSE = (
    select(memberships.whose(Task.role, Task.scope))
    .select_from(Task)
    .where(Task.id == bindparam("wanted"))
)


@pytest.fixture
def case(app: object) -> Case:
    deploy(COUNTING, "counting")
    return Case.start("counting", {"scope": HERE})


def test_it_is_what_memberships_and_substitutes_say(case: Case) -> None:
    absent = [
        a_person(f"absent{number}", role, scope=scope)
        for number, (role, scope) in enumerate(
            itertools.product(
                ("warehouse_keeper", "buyer", "operator"), (EVERYWHERE, HERE, ELSEWHERE)
            )
        )
    ]
    found = {}
    for number, one in enumerate(absent):
        for name, (begins, ends) in {"now": (-1, 1), "later": (1, 2)}.items():
            substitute = a_person(f"{name}{number}")
            _stand_in(one, substitute, begins, ends)
            found[substitute.username] = _whose(case, substitute)
        found[one.username] = _whose(case, one)

    keepers = {"absent0": absent[0].id, "absent1": absent[1].id}
    assert found == dict.fromkeys(found) | keepers | {
        "now0": absent[0].id,
        "now1": absent[1].id,
    }


def test_ones_own_role_comes_before_that_of_the_absent(case: Case) -> None:
    first, second = a_person("ana", "warehouse_keeper"), a_person("ben", "warehouse_keeper")
    own, without = a_person("cho", "warehouse_keeper", scope=HERE), a_person("dan")
    for one in (own, without):
        _stand_in(second, one, -1, 1)
        _stand_in(first, one, -1, 1)

    assert _whose(case, own) == own.id
    assert _whose(case, without) == first.id


def test_who_is_locked_has_nobodys(case: Case) -> None:
    absent = a_person("ana", "warehouse_keeper")
    own, substitute = a_person("cho", "warehouse_keeper"), a_person("dan")
    _stand_in(absent, substitute, -1, 1)
    for one in (own, substitute):
        in_transaction(partial(people.set_active, one, False, by=None))

    assert [_whose(case, own), _whose(case, substitute)] == [None, None]


def _whose(case: Case, person: Person) -> int | None:
    """As the statement says, which is as the rest of the product says."""
    asker = {"wanted": case.task("count"), "person": person.id, "now": clock.now()}
    said: int | None = in_transaction(lambda: connection().scalar(_WHOSE, asker))
    held = in_transaction(lambda: memberships.of(person.id))
    may = any(
        role == "warehouse_keeper" and memberships.covers(where, HERE) for role, where in held
    )
    assert (said is not None) is may
    return said


def _stand_in(absent: Person, substitute: Person, begins: int, ends: int) -> None:
    now = clock.now()
    in_transaction(
        lambda: substitutions.name(
            absent, substitute, begins_at=now + begins * DAY, ends_at=now + ends * DAY, by=absent.id
        )
    )
