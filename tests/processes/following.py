"""Orders that were sent, as tests play what follows: confirmed, moved, billed."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.domain.catalog.products import Sku
from app.domain.payables import bills, settling
from app.domain.payables.bills import Asked
from app.domain.sourcing import order_issuing, order_versions
from app.domain.supply import asns, counting, promises, purchase_orders, quality, receipts
from app.domain.supply.asns import Announced
from app.domain.supply.promises import Promised
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.domain.supply.receipts import Receipt, ReceiptLine
from app.effects import order_papers
from app.effects.papers import Paper
from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import db
from app.kernel.outbox import Post
from tests.builders.deliveries import a_supplier, counted
from tests.builders.orders import a_draft, wanted
from tests.builders.steps import in_a_step
from tests.workflow.play import Case, tell

WANTED = "2026-07-01"


def a_sent_order(sku: Sku, quantity: int, price: str = "10", *, mail: str = "") -> Paper:
    """An order that Chloé wrote and that was issued, as its case carries it."""

    def step() -> Paper:
        a_supplier().email = mail
        version = a_draft(wanted(sku, quantity, price))
        order_issuing.issue(version)
        return order_papers.described(version)

    return in_a_step(step)


def a_confirmed_order(
    sku: Sku, quantity: int, *promised: tuple[str, int], price: str = "10"
) -> Paper:
    """An order whose supplier promised all of it for the wanted day, or as `promised`."""
    paper = a_sent_order(sku, quantity, price)
    days = promised or ((WANTED, quantity),)
    parts = [Promised(date.fromisoformat(day), Decimal(many)) for day, many in days]
    in_a_step(
        lambda: promises.keep(order_of(paper), paper["version_no"], {1: parts}, channel="portal").id
    )
    return paper


def asked_to_confirm(paper: Paper) -> Case:
    """The supplier is asked."""
    return Case.start("order_confirmation", {"order": paper, "scope": paper["scope"]})


def followed(paper: Paper) -> Case:
    """The order is followed."""
    return Case.start("order_delivery", {"order": paper, "scope": paper["scope"]})


def answer(  # noqa: PLR0913 - what stands on the supplier's page
    case: Case,
    by: Person,
    quantity: int | str = 40,
    price: str = "10",
    day: str = WANTED,
    *,
    parts: tuple[tuple[str, int], ...] = (),
    note: str = "",
) -> None:
    """The supplier answers an order of one line on their page."""
    row = {"quantity": str(quantity), "unit_price": price, "promised_on": day}
    split = [{"line": "1", "quantity": str(many), "day": when} for when, many in parts]
    confirmation = {"lines": [row], "parts": split, "supplier_note": note}
    case.complete("confirm_order", by=by, confirmation=confirmation)


def announced(paper: Paper, number: str, quantity: int) -> None:
    """The supplier announces part of the first line."""
    in_a_step(
        lambda: (
            asns.announce(number, order=order_of(paper), lines=[Announced(1, Decimal(quantity))]).id
        )
    )


def arrived(paper: Paper, number: str, quantity: int) -> None:
    """Goods that were announced come and are counted."""

    def step() -> int:
        receipt = receipts.open_for(asns.by_number(number))
        sku = order_of(paper).lines[0].sku
        return counting.book(receipt, [counted(sku, quantity)]).id

    in_a_step(step)


def received(paper: Paper, number: str, quantity: int) -> None:
    """Goods of the first line are announced, come, and are accepted."""
    announced(paper, number, quantity)
    arrived(paper, number, quantity)

    def step() -> None:
        line = receipts.line(_receipt(number), 1)
        quality.judge(line, accepted=line.waiting)

    in_a_step(step)


def bill(paper: Paper, quantity: int | None = None) -> None:
    """The supplier's bill for everything that was accepted, or `quantity`, is booked and told."""

    def step() -> None:
        own = order_of(paper)
        price = own.lines[0].unit_price or Decimal(0)
        many = None if quantity is None else Decimal(quantity)
        lines = [Asked(many or line.accepted, price, line.id) for line in _receipt_lines(own)]
        new = bills.record(
            own.supplier, "INV-1", lines, currency="TWD", billed_on=clock.now().date()
        )
        settling.accept(new)

    in_a_step(step)
    tell("order_billed", paper["po_no"], {"po_no": paper["po_no"]})


def order_of(paper: Paper) -> PurchaseOrder:
    return purchase_orders.by_number(paper["po_no"])


def line_of(paper: Paper) -> PurchaseOrderLine:
    """The first line, as the database has it now."""
    db.session.rollback()
    return order_of(paper).lines[0]


def versions(paper: Paper) -> list[tuple[int, str]]:
    """Every version of the order with its state."""
    db.session.rollback()
    return [(each.version_no, each.state) for each in order_versions.of(order_of(paper))]


def figures(paper: Paper, *names: str) -> list[int]:
    """Figures of the first line, such as what is open or was waived."""
    line = line_of(paper)
    return [int(getattr(line, name)) for name in names]


def promised(paper: Paper) -> list[tuple[str, int]]:
    """What is promised of the first line."""
    found = promises.current(order_of(paper)).get(line_of(paper).id, [])
    return [(one.day.isoformat(), int(one.quantity)) for one in found]


def letters() -> list[str]:
    """The subjects of the letters that were written."""
    db.session.rollback()
    found = db.session.scalars(select(Post.payload).filter_by(channel="mail").order_by(Post.id))
    return [str(payload["subject"]) for payload in found if isinstance(payload, dict)]


def _receipt_lines(order: PurchaseOrder) -> list[ReceiptLine]:
    ids = [line.id for line in order.lines]
    query = select(ReceiptLine).where(ReceiptLine.order_line_id.in_(ids), ReceiptLine.accepted > 0)
    return list(db.session.scalars(query.order_by(ReceiptLine.id)))


def _receipt(number: str) -> Receipt:
    query = select(Receipt).filter_by(asn_id=asns.by_number(number).id)
    return db.session.scalars(query).one()
