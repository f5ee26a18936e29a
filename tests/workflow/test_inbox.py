"""The inbox shows what is mine to do now, in order, a page at a time."""

from datetime import timedelta

import pytest
from sqlalchemy import event, update

from app.identity import memberships
from app.identity.people import Person
from app.kernel import clock, policy
from app.kernel.db import db, in_transaction
from app.kernel.errors import NotFound
from app.workflow import inbox
from app.workflow.records import Task
from tests.builders.office import a_person
from tests.diagrams import bpmn, user
from tests.workflow.play import Case, deploy

WORK = bpmn(
    "work",
    user("count", "Count the delivery", due="PT4H", title__zh_Hant="清點到貨", summary="Came."),
    flows="begin -> count -> done",
    lanes={"Warehouse keeper": "count"},
    business_key="no",
    numbers="lines.serials",
    subject="{no} · {supplier.name}",
)
URGENT = bpmn(
    "urgent",
    user("stop", "Stop the belt", priority="90"),
    flows="begin -> stop -> done",
    lanes={"Warehouse keeper": "stop"},
)


@pytest.fixture
def processes(app: object) -> None:
    deploy(WORK, "work")
    deploy(URGENT, "urgent")


def a_case(number: int, scope: str = "site:DAYUAN", **more: object) -> Case:
    data = {"no": f"N-{number}", "supplier": {"name": "Borea"}, "scope": scope, **more}
    return Case.start("work", data)


def listed(person: Person, view: str = inbox.ROLES) -> list[str | None]:
    db.session.rollback()
    return [row.business_key for row in inbox.page(person, view=view).rows]


def test_a_row_says_what_and_about_what_in_the_readers_language(
    processes: None, bruno: Person
) -> None:
    a_case(1)

    (row,) = inbox.page(bruno).rows

    assert row.title("en") == "Count the delivery"
    assert row.title("zh_Hant") == "清點到貨"
    assert (row.business_key, row.subject) == ("N-1", "N-1 · Borea")
    assert row.due_at is not None


def test_the_urgent_come_first_then_what_is_due_first(processes: None, bruno: Person) -> None:
    with clock.turned_to(clock.now() + timedelta(days=1)):
        a_case(2)
    a_case(1)
    Case.start("urgent", {"scope": "site:DAYUAN"})

    assert listed(bruno) == [None, "N-1", "N-2"]


def test_pages_follow_each_other_without_gap_or_double(processes: None) -> None:
    keeper = a_person("lee", "warehouse_keeper", scope="site:DAYUAN")
    in_transaction(lambda: grant(keeper, "site:ZHONGLI"))
    for number in range(7):
        a_case(number, "site:DAYUAN" if number % 2 else "site:ZHONGLI")
    a_case(99, "site:ELSEWHERE")

    for view in (inbox.ROLES, inbox.DUE_TODAY):
        seen, after = [], None
        while True:
            end = clock.now() + timedelta(days=30)
            page = inbox.page(keeper, view=view, after=after, limit=3, today_ends=end)
            seen += [row.business_key for row in page.rows]
            after = page.after
            if after is None:
                break
        assert sorted(map(str, seen)) == [f"N-{number}" for number in range(7)]


def test_views_and_their_counts(processes: None, bruno: Person) -> None:
    for number in range(3):
        a_case(number)
    task = inbox.page(bruno).rows[0].id
    in_transaction(lambda: inbox.claim(task, bruno))

    assert listed(bruno, inbox.MINE) == ["N-0"]
    assert inbox.page(bruno).rows[0].holder == "Bruno"
    with clock.turned_to(clock.now() + timedelta(days=9)):
        assert inbox.counts(bruno) == {"mine": 1, "roles": 3, "due_today": 3, "breached": 3}
    assert inbox.counts(bruno)["breached"] == 0


def test_counting_stops_at_a_thousand(
    processes: None, bruno: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "COUNTED_TO", 2)
    for number in range(4):
        a_case(number)

    assert inbox.counts(bruno)["roles"] == 2


def test_a_page_is_few_statements_whatever_the_roles(processes: None) -> None:
    busy = a_person("max", "warehouse_keeper", "buyer", "inspector")
    for number in range(3):
        a_case(number)
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))

    inbox.page(busy)

    assert len([each for each in statements if not each.startswith("BEGIN")]) <= 4


def test_nobody_without_a_role_sees_anything(processes: None, dov: Person) -> None:
    a_case(1)

    assert listed(dov) == []
    assert inbox.counts(dov) == {"mine": 0, "roles": 0, "due_today": 0, "breached": 0}
    assert inbox.search("N-1", dov).cases == []


def test_opening_a_task_shows_its_reason_and_claims_nothing(processes: None, bruno: Person) -> None:
    case = a_case(1)

    opened = inbox.task(case.task("count"), bruno)

    assert opened.title("zh_Hant") == "清點到貨"
    assert opened.summary("en") == "Came."
    assert opened.data["no"] == "N-1"
    assert opened.holder is None
    assert opened.refusal is None


def test_a_case_is_found_by_any_of_its_numbers(processes: None, bruno: Person) -> None:
    case = a_case(1, lines=[{"serials": ["ba28-001", "BA28-002"]}, {"serials": []}])
    a_case(2)

    for text in ("n-1", "BA28-00", "ba28-002"):
        db.session.rollback()
        found = inbox.search(text, bruno)
        assert [hit.id for hit in found.cases] == [case.id]
        assert [row.instance_id for row in found.tasks] == [case.id]


def test_a_finished_case_is_still_found(processes: None, bruno: Person) -> None:
    case = a_case(1)
    case.complete("count", by=bruno)

    (hit,) = inbox.search("N-1", bruno).cases

    assert (hit.id, hit.status) == (case.id, "finished")


def test_tasks_are_found_by_what_they_are_called(processes: None, bruno: Person) -> None:
    case = a_case(1)

    assert [row.instance_id for row in inbox.search("count the", bruno).tasks] == [case.id]
    assert [row.instance_id for row in inbox.search("清點", bruno, locale="zh_Hant").tasks] == [
        case.id
    ]


def test_a_search_does_not_reach_another_place(processes: None) -> None:
    elsewhere = a_person("kai", "warehouse_keeper", scope="site:ZHONGLI")
    case = a_case(1)

    assert inbox.search("N-1", elsewhere).cases == []
    with pytest.raises(NotFound):
        inbox.task(case.task("count"), elsewhere)


def test_a_due_time_may_come_from_a_policy(bruno: Person) -> None:
    diagram = bpmn(
        "d",
        user("count", due="policy:counting.within"),
        flows="begin -> count -> done",
        lanes={"Warehouse keeper": "count"},
        policy__counting__within="PT2H",
    )
    deploy(diagram, "d")
    assert policy.value("counting.within") == "PT2H"

    Case.start("d")

    (row,) = inbox.page(bruno).rows
    assert row.due_at is not None
    assert row.due_at > clock.now()


def test_claiming_the_next_takes_the_most_urgent_free_one(
    processes: None, bruno: Person, ines: Person
) -> None:
    usual = a_case(1)
    urgent = Case.start("urgent", {"scope": "site:DAYUAN"})

    first = in_transaction(lambda: inbox.claim_next(bruno))
    second = in_transaction(lambda: inbox.claim_next(ines))

    assert (first, second) == (urgent.task("stop"), usual.task("count"))
    assert in_transaction(lambda: inbox.claim_next(ines)) is None


def test_who_may_not_do_the_most_urgent_ones_gets_the_next(processes: None, bruno: Person) -> None:
    cases = [a_case(number) for number in range(22)]
    not_his = [case.task("count") for case in cases[:21]]
    bar = update(Task).where(Task.id.in_(not_his)).values(excluded=f" {bruno.id} ")
    in_transaction(lambda: db.session.execute(bar))

    found = in_transaction(lambda: inbox.claim_next(bruno))

    assert found == cases[21].task("count")


def grant(person: Person, scope: str) -> None:
    memberships.grant(person, "warehouse_keeper", scope)
