"""Goods that are judged and go back, as inspectors, buyers and keepers play it."""

from decimal import Decimal

from app.domain.catalog.products import Sku
from app.domain.supply import purchase_orders
from app.identity.people import Person
from app.kernel.db import in_transaction
from app.workflow.completion import Completion
from tests.processes.play import a_delivery, the_case
from tests.workflow.play import Case


def judge(by: Person, defect: str = "transport", **row: str) -> None:
    """An inspector judges the one line of the lot that waits."""
    bad = {} if row["rejected"] == "0" else {"defect": defect}
    inspection = {"lines": [{**bad, **row}]}
    the_case("quality_control").complete("inspect_lot", by=by, inspection=inspection)


def three_rejected(
    sku: Sku, *, counted_by: Person, inspected_by: Person, price: Decimal | None = None
) -> Case:
    """Of 40 that came, at `price` each, 3 are bad; the case of their return."""
    delivery = a_delivery((sku, 40))
    if price is not None:
        in_transaction(lambda: _price_by_the_roll(delivery.data["po_no"], price))
    delivery.check_in(by=counted_by)
    delivery.count({"counted": "40"}, by=counted_by)
    judge(inspected_by, accepted="37", rejected="3")
    return the_case("supplier_return")


def authorise(
    case: Case,
    by: Person,
    how: str = "debit",
    *,
    settlement: str = "credit",
    freight_payer: str = "supplier",
    **row: str,
) -> Completion:
    """A buyer says what of the one line goes back."""
    return case.complete(
        "authorise_return",
        by=by,
        slip={"lines": [row]},
        settlement=settlement,
        freight_payer=freight_payer,
        authorisation=how,
    )


def ship(case: Case, by: Person, **row: str) -> Completion:
    """A keeper scans the one line out."""
    return case.complete("ship_return", by=by, goods={"lines": [row]}, shipping="shipped")


def _price_by_the_roll(number: str, price: Decimal) -> None:
    """The order names its price for twenty, as a supplier who sells by the roll does."""
    for line in purchase_orders.by_number(number).lines:
        line.unit_price, line.priced_for = 20 * price, Decimal(20)
