"""Messages find their case, once, whenever it waits."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.kernel.outbox import Message
from app.workflow import cases, incident_rows, incidents, messages
from app.workflow.definitions import MessageTaken
from app.workflow.records import MessageWait, ProcessInstance
from tests.diagrams import bpmn, catch, service, start, throw, user
from tests.workflow import effects
from tests.workflow.play import Case, deploy, tell
from tests.workflow.test_timers import spoil

ORDERED = bpmn(
    "ordered",
    user("order"),
    catch("confirmed", "confirmation", into="answer", correlation="po_no"),
    user("read"),
    flows="begin -> order -> confirmed -> read -> done",
    lanes={"Buyer": "order read"},
)
RECEIVING = bpmn(
    "receiving",
    start("announced", message="asn_announced", correlation="asn_no"),
    user("count"),
    throw("told", "lot_ready", payload="{'lot': asn_no}", correlation="asn_no"),
    flows="announced -> count -> told -> done",
    lanes={"Warehouse keeper": "count announced"},
    business_key="asn_no",
)
INSPECTING = bpmn(
    "inspecting",
    start("ready", message="lot_ready", correlation="lot"),
    user("inspect"),
    flows="ready -> inspect -> done",
    lanes={"Inspector": "inspect"},
    business_key="lot",
)


def test_a_message_reaches_the_case_that_waits_for_its_number(chloe: Person) -> None:
    deploy(ORDERED, "ordered")
    one, two = (Case.start("ordered", {"po_no": number}) for number in ("PO-1", "PO-2"))
    for case in (one, two):
        case.complete("order", by=chloe)
    assert one.waits == ["confirmation"]

    tell("confirmation", "PO-2", {"on": "Friday"})

    assert (one.open, two.open) == ([], ["read"])
    assert two.data["answer"] == {"on": "Friday"}
    assert ("message", "confirmed") in two.story


def test_a_message_that_comes_too_early_waits_for_its_case(chloe: Person) -> None:
    deploy(ORDERED, "ordered")
    case = Case.start("ordered", {"po_no": "PO-1"})
    tell("confirmation", "PO-1", {"on": "Friday"})
    assert [each.correlation for each in messages.unmatched()] == ["PO-1"]

    case.complete("order", by=chloe)

    assert case.open == ["read"]
    assert messages.unmatched() == []


def test_the_clockwork_delivers_what_its_sender_could_not(chloe: Person) -> None:
    deploy(ORDERED, "ordered")
    case = Case.start("ordered", {"po_no": "PO-1"})
    tell("confirmation", "PO-1")
    put_in_wait_quietly(case, chloe)

    assert messages.deliver_pending() == 0
    assert messages.deliver_kept() == 1

    assert case.open == ["read"]


def test_a_kept_message_that_cannot_be_delivered_is_tried_patiently(chloe: Person) -> None:
    deploy(ORDERED, "ordered")
    case = Case.start("ordered", {"po_no": "PO-1"})
    tell("confirmation", "PO-1")
    put_in_wait_quietly(case, chloe)
    spoil(case)

    for _ in range(7):
        messages.deliver_kept()
        messages.deliver_pending()

    assert incidents.open_ones() == []
    with clock.turned_to(clock.now() + timedelta(minutes=1)):
        messages.deliver_pending()
    (message,) = db.session.scalars(select(Message))
    assert (message.failures, message.status) == (2, "pending")


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_case_that_goes_on_meanwhile_leaves_the_message_to_the_next(
    chloe: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(ORDERED, "ordered")
    first, second = (Case.start("ordered", {"po_no": "PO-1"}) for _ in range(2))
    for case in (first, second):
        case.complete("order", by=chloe)
    lock = cases.lock

    def lock_too_late(instance_id: int) -> cases.Case | None:
        with db.engine.begin() as other:
            went_on = delete(MessageWait).where(MessageWait.instance_id == first.id)
            other.execute(went_on)
        return lock(instance_id)

    monkeypatch.setattr(cases, "lock", lock_too_late)
    tell("confirmation", "PO-1")

    assert (first.open, second.open) == ([], ["read"])


def test_twenty_times_the_same_message_is_one(bruno: Person) -> None:
    deploy(RECEIVING, "receiving")

    fresh = [tell("asn_announced", "A-1", {"asn_no": "A-1"}, key="asn:A-1") for _ in range(20)]

    assert fresh == [True] + [False] * 19
    assert len(all_cases()) == 1


def test_twenty_deliveries_of_one_message_are_one(bruno: Person) -> None:
    deploy(RECEIVING, "receiving")
    tell("asn_announced", "A-1", {"asn_no": "A-1"})
    (number,) = db.session.scalars(select(Message.id))

    delivered = [messages.deliver(number) for _ in range(20)]

    assert not any(delivered)
    assert len(all_cases()) == 1


def test_a_message_may_start_a_case_and_its_case_the_next_one(bruno: Person, chloe: Person) -> None:
    deploy(RECEIVING, "receiving")
    deploy(INSPECTING, "inspecting")
    tell("asn_announced", "A-1", {"asn_no": "A-1", "scope": "site:DAYUAN"})
    (receiving,) = all_cases()
    assert (receiving.business_key, receiving.scope) == ("A-1", "site:DAYUAN")

    Case(receiving.id).complete("count", by=bruno)

    _, inspecting = all_cases()
    assert inspecting.business_key == "A-1"
    assert Case(inspecting.id).open == ["inspect"]


def test_two_processes_cannot_begin_with_one_message(app: object) -> None:
    deploy(RECEIVING, "receiving")
    again = RECEIVING.replace(b'id="receiving"', b'id="receiving_too"')

    with pytest.raises(MessageTaken, match="already starts the process receiving"):
        deploy(again, "receiving_too")


def test_a_newer_version_takes_the_message_over(bruno: Person) -> None:
    deploy(RECEIVING, "receiving")
    deploy(
        RECEIVING.replace(b'"count"', b'"recount"').replace(b">count<", b">recount<"), "receiving"
    )

    tell("asn_announced", "A-1", {"asn_no": "A-1"})

    (case,) = all_cases()
    assert Case(case.id).open == ["recount"]


def test_a_step_that_breaks_behind_a_message_still_consumes_it(app: object) -> None:
    diagram = bpmn(
        "d",
        start("told", message="go"),
        service("book", "effects.book", sku="'S'", quantity="1"),
        flows="told -> book -> done",
    )
    deploy(diagram, "d")
    effects.broken["book"] = RuntimeError("no")

    tell("go", "1")

    (case,) = all_cases()
    assert [incident.element_id for incident in Case(case.id).incidents] == ["book"]
    db.session.rollback()
    assert db.session.scalars(select(Message.status)).all() == ["consumed"]


def test_a_message_that_cannot_be_delivered_is_an_incident_and_can_be_sent_again(
    chloe: Person, olga: Person
) -> None:
    deploy(ORDERED, "ordered")
    case = Case.start("ordered", {"po_no": "PO-1"})
    case.complete("order", by=chloe)
    sound = spoil(case)
    tell("confirmation", "PO-1", {"on": "Friday"})
    for days in range(1, 6):
        with clock.turned_to(clock.now() + timedelta(days=days)):
            messages.deliver_pending()
    (incident,) = incidents.open_ones()
    assert (incident.kind, incident.failures) == ("message", 5)
    spoil(case, sound)

    in_transaction(lambda: incidents.retry(incident.id, by=olga.id))

    assert case.open == ["read"]
    assert case.data["answer"] == {"on": "Friday"}


def test_a_message_that_was_consumed_is_not_sent_again_by_a_late_retry(
    chloe: Person, olga: Person
) -> None:
    deploy(RECEIVING, "receiving")
    tell("asn_announced", "A-1", {"asn_no": "A-1"})
    (number,) = db.session.scalars(select(Message.id))
    values = {"kind": "message", "message_id": number, "failures": 5, "try_at": None}
    error = RuntimeError("it had failed")
    incident = in_transaction(lambda: incident_rows.open_one(values, error, clock.now()))

    in_transaction(lambda: incidents.retry(incident, by=olga.id))

    assert len(all_cases()) == 1
    assert db.session.scalars(select(Message.status)).all() == ["consumed"]


def all_cases() -> list[ProcessInstance]:
    db.session.rollback()
    return list(db.session.scalars(select(ProcessInstance).order_by(ProcessInstance.id)))


def put_in_wait_quietly(case: Case, by: Person) -> None:
    """Complete as a server would that dies right after its commit."""
    task = case.task("order")

    def step() -> None:
        from app.workflow import completion  # noqa: PLC0415

        completion.complete_task(task, {}, by=by)
        db.session.info["after_commit"].clear()

    in_transaction(step)
