"""The purchase line as tests play it: an order, a notice, and the cases that follow."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.domain.catalog.products import Sku
from app.domain.inventory import ledger, places
from app.identity.people import Person
from app.kernel import attachments, clock
from app.kernel.db import db, in_transaction
from app.kernel.outbox import Message
from app.workflow import timers
from app.workflow.completion import Completion
from app.workflow.records import Definition, ProcessInstance, Task
from tests.builders.deliveries import a_notice, a_supplier, an_order
from tests.builders.goods import a_site
from tests.workflow.play import Case

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)


class Delivery(Case):
    """A receiving case, from the notice on."""

    def check_in(self, *, by: Person) -> None:
        self.complete("check_in_truck", by=by, gate={"vehicle": "KLA-2207", "cartons": "4"})

    def count(
        self, *rows: dict[str, Any], by: Person, wrong: tuple[dict[str, Any], ...] = ()
    ) -> Completion:
        """Count one row for each line of the notice, and goods that are not on it."""
        answers = {"receipt": {"lines": list(rows)}, "wrong_goods": list(wrong)}
        return self.complete("count_delivery", by=by, **answers)

    @property
    def receipt_no(self) -> str:
        return str(self.data["receipt"]["receipt_no"])


def a_delivery(*lines: tuple[Sku, int | str], **announced: int | str) -> Delivery:
    """The case of an announced delivery of what was ordered, or of `announced` by SKU code."""
    in_transaction(lambda: a_notice(an_order(*lines), **announced).id)
    return Delivery(the_case("receiving").id)


def a_blind_arrival(*, by: Person) -> Delivery:
    """Three cartons from Borea that nobody announced, recorded by `by`."""
    in_transaction(lambda: (a_supplier("BOREA").id, a_site().id))
    photo = in_transaction(lambda: attachments.keep("gate.png", PNG, by=by.id).id)
    case = Delivery.start("receiving", {"scope": "site:MAIN"}, by=by.id)
    gate = {"supplier": "BOREA", "cartons": "3", "description": "Flour?", "photos": [photo]}
    case.complete("record_blind_arrival", by=by, gate=gate)
    return Delivery(case.id)


def a_counted_delivery(sku: Sku, *, ordered: int, counted: int, by: Person, **row: Any) -> Delivery:
    """A delivery of one SKU that `by` counted."""
    delivery = a_delivery((sku, ordered))
    delivery.check_in(by=by)
    delivery.count({"counted": str(counted), **row}, by=by)
    return delivery


def an_accepted_delivery(
    sku: Sku, quantity: int, *, by: Person, inspected_by: Person, **row: Any
) -> Case:
    """Goods that wait to be put away, as the case that handles them."""
    a_counted_delivery(sku, ordered=quantity, counted=quantity, by=by, **row)
    verdict = {"lines": [{"accepted": str(quantity), "rejected": "0"}]}
    the_case("quality_control").complete("inspect_lot", by=inspected_by, inspection=verdict)
    return the_case("put_away")


def the_case(key: str) -> Case:
    """The last case of a process."""
    return cases(key)[-1]


def cases(key: str) -> list[Case]:
    """Every case of a process, in the order they began."""
    query = (
        select(ProcessInstance.id)
        .join(Definition, Definition.id == ProcessInstance.definition_id)
        .where(Definition.key == key)
        .order_by(ProcessInstance.id)
    )
    db.session.rollback()
    return [Case(found) for found in db.session.scalars(query)]


def messages(name: str) -> list[dict[str, Any]]:
    """What was said under this name and nobody has taken yet."""
    db.session.rollback()
    query = select(Message.payload).where(Message.name == name, Message.status == "unmatched")
    found = db.session.scalars(query.order_by(Message.id))
    return [payload for payload in found if isinstance(payload, dict)]


def on_hand(sku: Sku, place: str) -> Decimal:
    """What lies at a place, by its code."""
    db.session.rollback()
    return ledger.on_hand(db.session.merge(sku), places.location(place))


def priority(case: Case, element_id: str) -> int:
    """How urgent an open task is."""
    task_id = case.task(element_id)
    return db.session.get_one(Task, task_id, populate_existing=True).priority


def wait_for_next_timer(case: Case) -> None:
    """Let time pass until the first timer of the case is due, and fire it."""
    clock.turn(min(case.timers) - clock.now() + timedelta(seconds=1))
    while timers.fire_due():
        pass


def break_down(*_: object, **__: object) -> None:
    """What a domain verb does when its disk is full."""
    raise OSError("no space left on device")
