"""Completing a task: one step, one commit."""

import pytest
from sqlalchemy import event, func, select

from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.workflow import completion, drafts, inbox
from app.workflow.answering import NothingToAnswer
from app.workflow.closed import AlreadyDone, NoLongerNeeded
from app.workflow.forms.errors import InvalidAnswers
from app.workflow.records import EffectRow, HistoryRow, ProcessInstance
from tests.diagrams import attached, bpmn, exclusive, script, service, user
from tests.workflow import effects
from tests.workflow.play import Case, deploy

DELIVERY = bpmn(
    "delivery",
    script("prepare", "expected = sum(line['quantity'] for line in lines)"),
    user("count", "Count the delivery"),
    exclusive("enough"),
    user("approve", "Approve the shortage"),
    service("book", "effects.book", result="receipt", sku="lines[0]['sku']", quantity="expected"),
    user("put_away"),
    flows="""
        begin -> prepare -> count -> enough
        enough -> approve ? int(counted) < expected
        enough -> book ? else
        approve -> book -> put_away -> done
    """,
    lanes={"Warehouse keeper": "count put_away", "Buyer": "approve"},
    business_key="po_no",
    subject="{po_no} · {supplier}",
)
DATA = {"po_no": "PO-1", "supplier": "Borea", "lines": [{"sku": "FLOUR", "quantity": 100}]}


@pytest.fixture
def delivery(bruno: Person, chloe: Person) -> Case:
    deploy(DELIVERY, "delivery", {"count": "counted"})
    return Case.start("delivery", DATA)


def test_a_case_goes_from_inbox_to_inbox_to_its_end(
    delivery: Case, bruno: Person, chloe: Person
) -> None:
    delivery.complete("count", by=bruno, counted="60")
    assert delivery.open == ["approve"]
    delivery.complete("approve", by=chloe)
    assert delivery.open == ["put_away"]
    delivery.complete("put_away", by=bruno)

    assert delivery.status == "finished"
    assert delivery.data["receipt"] == {"booked": 100}
    assert delivery.story == [
        ("started", "begin"),
        ("passed", "prepare"),
        ("completed", "count"),
        ("passed", "enough"),
        ("completed", "approve"),
        ("passed", "book"),
        ("completed", "put_away"),
        ("passed", "done"),
    ]


def test_completing_says_where_the_case_went(delivery: Case, bruno: Person) -> None:
    came_of_it = delivery.complete("count", by=bruno, counted="60")

    assert [(each.titles["en"], each.role) for each in came_of_it.next] == [
        ("Approve the shortage", "buyer")
    ]
    assert not came_of_it.is_finished


def test_twenty_replays_of_a_completion_change_nothing_more(delivery: Case, bruno: Person) -> None:
    task = delivery.task("count")
    in_transaction(lambda: completion.complete_task(task, {"counted": "100"}, by=bruno))
    before = everything(delivery)

    for _ in range(20):
        with pytest.raises(AlreadyDone, match="Bruno finished this"):
            in_transaction(lambda: completion.complete_task(task, {"counted": "7"}, by=bruno))

    assert everything(delivery) == before
    assert effects.calls == ["FLOUR:100"]


def test_who_is_late_reads_who_was_faster_and_keeps_the_draft(
    delivery: Case, bruno: Person, ines: Person
) -> None:
    task = delivery.task("count")
    in_transaction(lambda: drafts.save(task, {"counted": "59"}, ines))
    delivery.complete("count", by=bruno, counted="60")

    with pytest.raises(AlreadyDone) as told:
        in_transaction(lambda: completion.complete_task(task, {"counted": "59"}, by=ines))

    assert told.value.facts["person"] == "Bruno"
    assert drafts.of(task, ines) == {"counted": "59"}


def test_a_used_draft_is_forgotten(delivery: Case, bruno: Person) -> None:
    task = delivery.task("count")
    in_transaction(lambda: drafts.save(task, {"counted": "5"}, bruno))
    in_transaction(lambda: drafts.save(task, {"counted": "60"}, bruno))
    assert inbox.task(task, bruno).draft == {"counted": "60"}

    delivery.complete("count", by=bruno, counted="60")

    assert drafts.of(task, bruno) is None


def test_a_refusal_nobody_catches_changes_nothing_and_is_read(
    delivery: Case, bruno: Person
) -> None:
    effects.broken["book"] = effects.NotEnough(left=3)
    before = everything(delivery)

    with pytest.raises(effects.NotEnough, match="Only 3 are left"):
        delivery.complete("count", by=bruno, counted="100")

    assert everything(delivery) == before
    assert delivery.open == ["count"]
    assert delivery.incidents == []


def test_a_refusal_that_the_diagram_catches_takes_its_path(bruno: Person) -> None:
    diagram = bpmn(
        "d",
        user("count"),
        service("book", "effects.book", sku="'S'", quantity="1"),
        attached("short", "book", error="not_enough"),
        user("find_more"),
        flows="""
            begin -> count -> book -> done
            short -> find_more -> done
        """,
        lanes={"Warehouse keeper": "count find_more"},
    )
    deploy(diagram, "d")
    effects.broken["book"] = effects.NotEnough(left=3)
    case = Case.start("d")

    case.complete("count", by=bruno)

    assert case.open == ["find_more"]
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(EffectRow)) == 0


def test_answers_are_checked_by_the_form_and_kept_as_it_cleaned_them(
    delivery: Case, bruno: Person
) -> None:
    with pytest.raises(InvalidAnswers):
        delivery.complete("count", by=bruno, counted="60", smuggled="1")

    delivery.complete("count", by=bruno, counted=" 60 ")

    assert delivery.data["counted"] == "60"


def test_a_task_without_a_form_takes_no_answers(
    delivery: Case, bruno: Person, chloe: Person
) -> None:
    delivery.complete("count", by=bruno, counted="60")

    with pytest.raises(NothingToAnswer):
        delivery.complete("approve", by=chloe, expected="0")


def test_a_task_the_case_took_away_is_no_longer_needed(bruno: Person, chloe: Person) -> None:
    diagram = bpmn(
        "d",
        user("count"),
        user("stop"),
        attached("stopped", "count", message="stop"),
        flows="begin -> count -> done\nstopped -> stop -> done",
        lanes={"Warehouse keeper": "count stop"},
    )
    deploy(diagram, "d")
    case = Case.start("d", {"no": "1"})
    task = case.task("count")
    case.tell("stop", "1")

    with pytest.raises(NoLongerNeeded):
        in_transaction(lambda: completion.complete_task(task, {}, by=bruno))
    assert case.open == ["stop"]


def test_a_completion_is_few_statements_and_one_commit(delivery: Case, bruno: Person) -> None:
    delivery.task("count")
    statements: list[str] = []
    commits: list[object] = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    event.listen(db.engine, "commit", commits.append)

    delivery.complete("count", by=bruno, counted="60")

    own = statements[2:]  # the two before are the test's own look for the task
    assert len(commits) == 1
    assert len(own) <= 15, "\n".join(own)


def everything(case: Case) -> list[object]:
    """All that a completion may change of a case."""
    db.session.rollback()
    row = db.session.get(ProcessInstance, case.id)
    assert row
    told = select(func.count()).select_from(HistoryRow)
    happened = select(func.count()).select_from(EffectRow)
    counted = [db.session.scalar(told), db.session.scalar(happened)]
    return [row.edition, row.state, row.status, *counted, case.open]
