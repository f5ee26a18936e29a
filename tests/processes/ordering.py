"""Purchases as tests play them: begun by a buyer, or wanted by a plan."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.domain.catalog.products import Sku
from app.domain.sourcing import agreeing, order_issuing, order_versions
from app.domain.sourcing.agreeing import Terms
from app.domain.sourcing.order_versions import OrderVersion
from app.identity.people import Person
from app.kernel import clock, mail
from app.kernel.db import db, in_transaction
from app.kernel.outbox import Post
from app.workflow import completion, inbox
from tests.builders.deliveries import a_supplier
from tests.builders.goods import a_site
from tests.builders.orders import a_draft, wanted
from tests.builders.steps import in_a_step
from tests.processes.play import the_case
from tests.workflow.play import Case, tell


def a_purchase(
    sku: Sku, quantity: int, price: str | None = "10", *, by: Person, supplier: str = "BOREA"
) -> Case:
    """What a buyer wants, written down; without a price when it is agreed on or asked for."""
    in_transaction(lambda: (a_site().id, a_supplier(supplier).id))
    case = Case.start("purchase", {"scope": "site:MAIN"}, by=by.id)
    case.complete("write_order", by=by, wish=a_wish(sku, quantity, price, supplier=supplier))
    return case


def a_wish(
    sku: Sku, quantity: int, price: str | None = "10", *, supplier: str = "BOREA"
) -> dict[str, Any]:
    """The answers of a buyer who writes an order of one line."""
    row = {"sku": sku.code, "quantity": str(quantity), "unit_price": price or ""}
    return {"supplier": supplier, "required_on": next_month(), "lines": [row]}


def next_month() -> str:
    """A day that is still to come, whatever the test's clock says."""
    return (clock.now() + timedelta(days=30)).date().isoformat()


def a_planned_purchase(sku: Sku, quantity: int, *others: Sku, by: Person) -> Case:
    """What a reviewed plan wants: as much of each."""
    in_transaction(lambda: (a_site().id, a_supplier().id))
    tell(
        "purchase_wanted",
        "PLAN-1:BOREA:MAIN",
        {
            "supplier": "BOREA",
            "site": "MAIN",
            "scope": "site:MAIN",
            "required_on": next_month(),
            "wanted_by": by.username,
            "plan_no": "PLAN-1:BOREA:MAIN",
            "lines": [
                {"sku": each.code, "quantity": str(quantity), "reason": "reorder point"}
                for each in (sku, *others)
            ],
        },
    )
    return the_case("purchase")


def paid_before(sku: Sku, price: str) -> None:
    """An earlier order of one unit of the SKU."""
    in_a_step(lambda: order_issuing.issue(a_draft(wanted(sku, 1, price))).id)


def an_agreement(
    sku: Sku, price: str, *, pack: str = "1", supplier: str = "BOREA", currency: str = "TWD"
) -> None:
    """What the supplier agreed to deliver for, this year."""
    in_transaction(
        lambda: (
            agreeing.agree(
                a_supplier(supplier),
                Terms(
                    sku,
                    sku.unit,
                    currency,
                    date(2026, 1, 1),
                    date(2026, 12, 31),
                    [(Decimal(1), Decimal(price))],
                    lead_days=7,
                    moq=Decimal(pack),
                    pack=Decimal(pack),
                ),
                by="chloe",
            ).id
        )
    )


def version(case: Case) -> OrderVersion:
    """The version a case is about, as the database has it now."""
    order = case.data["order"]
    return order_versions.get(order["version_id"])


def letters() -> list[str]:
    """The subjects of the letters that were written."""
    db.session.rollback()
    found = db.session.scalars(
        select(Post.payload).where(Post.channel == mail.CHANNEL).order_by(Post.id)
    )
    return [str(payload["subject"]) for payload in found if isinstance(payload, dict)]


def with_address(supplier: str = "BOREA") -> None:
    """Let the supplier have an address for letters."""
    in_transaction(lambda: setattr(a_supplier(supplier), "email", f"{supplier}@example.com"))


def ask_suppliers(case: Case, by: Person, *suppliers: str) -> None:
    """Ask these suppliers for their prices."""
    in_transaction(lambda: [a_supplier(code).id for code in suppliers])
    rows = [{"supplier": code} for code in suppliers]
    case.complete("request_quotation", by=by, pricing={"asked": rows})


def quote(case: Case, by: Person, price: str) -> None:
    """Answer in one's own inbox."""
    (row,) = in_transaction(lambda: inbox.page(by).rows)
    request = {"currency": "TWD", "lines": [{"unit_price": price}]}
    answers = {"request": request, "quotation_answer": "quote"}
    in_transaction(lambda: completion.complete_task(row.id, answers, by=by))


def seen(case: Case, element: str, by: Person) -> Mapping[str, Any]:
    """The data of an open task, as whoever opens it has it."""
    task_id = case.task(element)
    return in_transaction(lambda: inbox.task(task_id, by).data)


def asked_for(sku: Sku, *, by: Person) -> Case:
    """Borea and Other were asked what 100 of the SKU cost."""
    with_address("BOREA")
    with_address("OTHER")
    case = a_purchase(sku, 100, None, by=by)
    ask_suppliers(case, by, "BOREA", "OTHER")
    return case
