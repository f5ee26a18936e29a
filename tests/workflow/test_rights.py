"""Who may do a task is decided where it is done."""

import pytest

from app.identity.people import Person
from app.kernel.db import in_transaction
from app.kernel.errors import NotFound
from app.workflow import completion, inbox, instances
from app.workflow.rights import HeldBySomeone, NobodyElseCan, NotYourRole, SomeoneElseMust
from tests.builders.office import a_person
from tests.diagrams import bpmn, parallel, user
from tests.workflow.play import Case, deploy

COUNTING = bpmn(
    "counting",
    user("order"),
    user("count", not_by="order"),
    user("inspect", not_by="count data.driver"),
    flows="begin -> order -> count -> inspect -> done",
    lanes={"Buyer": "order begin", "Warehouse keeper": "count", "Inspector": "inspect"},
)


@pytest.fixture
def case(app: object) -> Case:
    deploy(COUNTING, "counting")
    return Case.start("counting", {"scope": "site:DAYUAN", "driver": "ines"})


def test_only_the_role_of_the_lane_may_complete(case: Case, bruno: Person, chloe: Person) -> None:
    with pytest.raises(NotYourRole):
        case.complete("order", by=bruno)

    case.complete("order", by=chloe)

    assert case.open == ["count"]


def test_a_stranger_hears_of_no_such_task(case: Case, dov: Person) -> None:
    task = case.task("order")

    with pytest.raises(NotFound):
        case.complete("order", by=dov)
    with pytest.raises(NotFound):
        inbox.task(task, dov)


def test_a_role_reaches_only_its_place(case: Case, chloe: Person) -> None:
    case.complete("order", by=chloe)
    elsewhere = a_person("kai", "warehouse_keeper", scope="site:ZHONGLI")
    here = a_person("lee", "warehouse_keeper", scope="site:DAYUAN")

    with pytest.raises(NotFound):
        case.complete("count", by=elsewhere)
    case.complete("count", by=here)

    assert case.open == ["inspect"]


def test_who_ordered_may_not_count(case: Case, bruno: Person) -> None:
    both = a_person("ming", "buyer", "warehouse_keeper")
    case.complete("order", by=both)

    with pytest.raises(SomeoneElseMust, match="someone else must do this: Bruno"):
        case.complete("count", by=both)
    with pytest.raises(SomeoneElseMust):
        in_transaction(lambda: inbox.claim(case.task("count"), both))
    assert in_transaction(lambda: inbox.claim_next(both)) is None
    assert [row.excluded_me for row in inbox.page(both).rows] == [True]


def test_where_nobody_else_holds_the_role_it_is_said_what_to_do(case: Case) -> None:
    only = a_person("ming", "buyer", "warehouse_keeper")
    case.complete("order", by=only)

    with pytest.raises(NobodyElseCan, match="nobody else holds the role warehouse_keeper"):
        case.complete("count", by=only)


def test_people_named_in_the_data_are_excluded_too(
    case: Case, bruno: Person, chloe: Person
) -> None:
    driver = a_person("ines", "inspector")
    counted = a_person("lee", "warehouse_keeper", "inspector")
    free = a_person("wu", "inspector")
    case.complete("order", by=chloe)
    case.complete("count", by=counted)

    for excluded in (driver, counted):
        with pytest.raises(SomeoneElseMust):
            case.complete("inspect", by=excluded)
    case.complete("inspect", by=free)

    assert case.status == "finished"


def test_of_two_open_tasks_that_exclude_each_other_one_person_does_one(
    bruno: Person, ines: Person
) -> None:
    diagram = bpmn(
        "twice",
        parallel("split"),
        user("count_first", not_by="count_second"),
        user("count_second", not_by="count_first"),
        parallel("join"),
        flows="""
            begin -> split -> count_first -> join -> done
            split -> count_second -> join
        """,
        lanes={"Warehouse keeper": "count_first count_second"},
    )
    deploy(diagram, "twice")
    case = Case.start("twice")
    in_transaction(lambda: inbox.claim(case.task("count_second"), bruno))
    case.complete("count_first", by=bruno)

    with pytest.raises(SomeoneElseMust):
        case.complete("count_second", by=bruno)
    case.complete("count_second", by=ines)  # what Bruno had claimed was given back

    assert case.status == "finished"


def test_what_a_colleague_claimed_is_theirs(case: Case, chloe: Person) -> None:
    other = a_person("mei", "buyer")
    task = case.task("order")
    in_transaction(lambda: inbox.claim(task, chloe))

    with pytest.raises(HeldBySomeone, match="Chloe is working on this"):
        in_transaction(lambda: completion.complete_task(task, {}, by=other))
    with pytest.raises(HeldBySomeone):
        in_transaction(lambda: inbox.claim(task, other))
    in_transaction(lambda: inbox.release(task, chloe))
    in_transaction(lambda: inbox.claim(task, other))
    case.complete("order", by=other)

    assert case.open == ["count"]


def test_a_case_is_started_by_the_role_in_whose_lane_it_begins(
    bruno: Person, chloe: Person
) -> None:
    deploy(COUNTING, "counting")

    with pytest.raises(NotYourRole):
        in_transaction(lambda: instances.start("counting", {}, by=bruno.id))

    assert Case.start("counting", by=chloe.id).open == ["order"]
