"""Handing a task to a colleague: who may, to whom, and what undo takes back."""

from datetime import timedelta

import pytest

from app.identity import substitutions
from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.kernel.errors import NotFound
from app.workflow import assigning, claims, completion, drafts, inbox, unseen
from app.workflow.assigning import (
    NobodyToTakeIt,
    NothingToTakeBack,
    NotYoursToHandOn,
    TheyDidAnEarlierStep,
)
from app.workflow.closed import AlreadyDone
from app.workflow.records import Task
from app.workflow.rights import HeldBySomeone
from tests.builders.office import a_person
from tests.diagrams import bpmn, user
from tests.workflow.play import Case, deploy

COUNTING = bpmn(
    "counting",
    user("order"),
    user("count", not_by="order"),
    flows="begin -> order -> count -> done",
    lanes={"Buyer": "order begin", "Warehouse keeper": "count"},
)


@pytest.fixture
def case(app: object, chloe: Person) -> Case:
    """Chloe ordered; somebody must count."""
    deploy(COUNTING, "counting")
    case = Case.start("counting", {"scope": "site:DAYUAN"})
    case.complete("order", by=chloe)
    return case


@pytest.fixture
def maud(app: object) -> Person:
    """Runs the warehouse."""
    return a_person("maud", "warehouse_manager", scope="site:DAYUAN")


def test_who_holds_a_task_hands_it_to_a_colleague_who_is_told(
    case: Case, bruno: Person, ines: Person
) -> None:
    task = case.task("count")
    in_transaction(lambda: claims.claim(task, by=bruno))

    _assign(task, "ines", by=bruno)

    assert _holder(task) == ines.id
    assert _told(ines) == [("assigned", task, bruno.id)]
    with pytest.raises(HeldBySomeone, match="Ines"):
        case.complete("count", by=bruno)
    case.complete("count", by=ines)
    assert _told(ines) == []


def test_who_does_not_hold_it_hands_nothing_on(case: Case, bruno: Person, ines: Person) -> None:
    task = case.task("count")

    with pytest.raises(NotYoursToHandOn):
        _assign(task, "ines", by=bruno)

    assert _holder(task) is None


def test_a_manager_of_the_role_hands_on_any_open_task_also_a_held_one(
    case: Case, maud: Person, bruno: Person, ines: Person
) -> None:
    task = case.task("count")

    _assign(task, "bruno", by=maud)
    _assign(task, "ines", by=maud)

    assert _holder(task) == ines.id
    assert _told(bruno) == []
    assert [(one.from_id, one.to_id) for one in _kept(case)] == [
        (None, bruno.id),
        (bruno.id, ines.id),
    ]


def test_a_manager_of_another_place_hears_of_no_such_task(case: Case, ines: Person) -> None:
    kai = a_person("kai", "warehouse_manager", scope="site:ZHONGLI")

    with pytest.raises(NotFound):
        _assign(case.task("count"), "ines", by=kai)


@pytest.mark.parametrize("username", ["dov", "nobody", "sven", "", "\0"])
def test_whoever_cannot_do_it_is_refused_with_those_who_can(
    case: Case, maud: Person, dov: Person, ines: Person, username: str
) -> None:
    sven = a_person("sven", "warehouse_keeper")
    in_transaction(lambda: setattr(db.session.merge(sven), "party", "supplier:BOREA"))

    with pytest.raises(NobodyToTakeIt, match="Choose a colleague who can: Ines"):
        _assign(case.task("count"), username, by=maud)


def test_four_eyes_hold_for_who_gets_a_task(case: Case, maud: Person, ines: Person) -> None:
    both = a_person("ming", "buyer", "warehouse_keeper")
    other = Case.start("counting", {"scope": "site:DAYUAN"})
    other.complete("order", by=both)

    with pytest.raises(TheyDidAnEarlierStep, match="Ming did an earlier step"):
        _assign(other.task("count"), "ming", by=maud)


def test_a_task_that_is_done_is_not_handed_on(case: Case, maud: Person, ines: Person) -> None:
    task = case.task("count")
    case.complete("count", by=ines)

    with pytest.raises(AlreadyDone):
        _assign(task, "ines", by=maud)


def test_undo_gives_it_back_to_who_had_it_and_untells(
    case: Case, bruno: Person, ines: Person
) -> None:
    task = case.task("count")
    in_transaction(lambda: claims.claim(task, by=bruno))
    _assign(task, "ines", by=bruno)

    in_transaction(lambda: assigning.take_back(task, by=bruno))

    assert _holder(task) == bruno.id
    assert _told(ines) == []
    assert [one.to_id for one in _kept(case)] == [ines.id, bruno.id]


def test_nothing_is_taken_back_from_who_has_begun(case: Case, maud: Person, ines: Person) -> None:
    task = case.task("count")
    _assign(task, "ines", by=maud)
    in_transaction(lambda: drafts.save(task, {"counted": "4"}, by=ines))

    with pytest.raises(NothingToTakeBack):
        in_transaction(lambda: assigning.take_back(task, by=maud))

    assert _holder(task) == ines.id


def test_only_who_handed_it_on_takes_it_back(
    case: Case, maud: Person, bruno: Person, ines: Person
) -> None:
    task = case.task("count")
    _assign(task, "ines", by=maud)

    with pytest.raises(NothingToTakeBack):
        in_transaction(lambda: assigning.take_back(task, by=bruno))


def test_who_stands_in_is_among_those_who_could_take_it(
    case: Case, maud: Person, bruno: Person, ines: Person, dov: Person
) -> None:
    now = clock.now()
    in_transaction(
        lambda: substitutions.name(
            ines, dov, begins_at=now, ends_at=now + timedelta(days=1), by=ines.id
        )
    )
    asked = in_transaction(lambda: claims.locked(case.task("count"), maud))

    assert [one.username for one in assigning.candidates(asked, maud)] == ["bruno", "dov", "ines"]
    _assign(case.task("count"), "dov", by=maud)
    in_transaction(lambda: completion.complete_task(case.task("count"), {}, by=dov))
    assert case.status == "finished"


def test_a_manager_may_look_and_not_do(case: Case, maud: Person, bruno: Person) -> None:
    assert inbox.task(case.task("count"), maud).refusal is not None


def _assign(task: int, username: str, *, by: Person) -> None:
    in_transaction(lambda: assigning.assign(task, username, by=by))


def _holder(task: int) -> int | None:
    db.session.rollback()
    return db.session.get_one(Task, task, populate_existing=True).holder_id


def _told(person: Person) -> list[tuple[str, int, int]]:
    db.session.rollback()
    return [(one.kind, one.subject_id, one.by_id) for one in unseen.lines(person.id)]


def _kept(case: Case) -> list[assigning.Assignment]:
    db.session.rollback()
    return assigning.of_case(case.id)
