"""Stopping a supplier: its open orders are cancelled, what was paid ahead is claimed."""

from decimal import Decimal
from typing import Any

from app.domain.catalog.rules import plain
from app.domain.finance import company
from app.domain.sourcing import withdrawing
from app.domain.supply import cancelling, correspondence, prepayments, supplier_stops, suppliers
from app.domain.supply.cancelling import OrderCancellation
from app.domain.supply.prepayments import SupplierClaim
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.effects import letters, papers
from app.effects.papers import Paper
from app.kernel import cause, money, outbox
from app.kernel.errors import N_, Refusal
from app.kernel.money import Money
from app.workflow.effects import effect

Rows = list[dict[str, Any]]


class StopIsDone(Refusal):
    """Orders that were cancelled do not come back by ending the case."""

    code = "stop_is_done"
    message = N_(
        "{supplier} is stopped already. Claim what was paid ahead and read what is planned again;"
        " this case then ends."
    )


@effect
def look_up_supplier(stop: Paper) -> Paper:
    """The open orders of the supplier, and what of them has not come.

    Raises:
        UnknownSupplier: there is no such supplier.
        AlreadyStopped: it was stopped before.
    """
    supplier = suppliers.by_code(stop["supplier"])
    supplier_stops.check_not_stopped(supplier)
    return {
        **stop,
        "supplier_name": supplier.name,
        "proposer": papers.name_of_who_does_this(),
        "orders": [_at_stake(order) for order in supplier_stops.open_orders(supplier)],
    }


@effect
def stop_supplier(stopping: Paper) -> str:
    """Order nothing more from the supplier.

    Raises:
        AlreadyStopped: it was stopped before.
    """
    supplier = suppliers.by_code(stopping["supplier"])
    supplier_stops.stop(supplier, stopping["cause"], reason=stopping["reason"])
    return supplier.code


@effect
def cancel_orders(stopping: Paper) -> Paper:
    """Cancel what did not come of every open order, claim what was paid ahead, tell planning.

    Raises:
        TooManyDecimals: an amount paid ahead is finer than its currency.
    """
    supplier = suppliers.by_code(stopping["supplier"])
    paid = {row["po_no"]: Decimal(row.get("prepaid") or 0) for row in stopping["orders"]}
    goods: Rows = []
    claims: Rows = []
    for order in supplier_stops.open_orders(supplier):
        gone = withdrawing.withdraw(order, reason=stopping["reason"])
        _tell(order, gone)
        goods += [_gone(order, each) for each in gone]
        if paid.get(order.number):
            claims.append(_claimed(_claim(order, paid[order.number])))
    return {"goods": goods, "claims": claims}


@effect
def give_up(stop_key: str | None, stopping: Paper | None) -> None:
    """The case is cancelled while the supplier is not stopped: nothing is to be tidied.

    Raises:
        StopIsDone: orders were cancelled, and what was paid ahead is claimed.
    """
    if stop_key and stopping:
        raise StopIsDone(supplier=stopping["supplier_name"])


def _at_stake(order: PurchaseOrder) -> Paper:
    missing = [line for line in order.lines if line.open]
    return {
        "po_no": order.number,
        "goods": ", ".join(map(_goods, missing)),
        "value": company.written(sum(map(_value, missing), Money(0, order.currency))),
        "prepaid": None,
    }


def _goods(line: PurchaseOrderLine) -> str:
    return f"{line.sku.code} {plain(line.open)} {line.sku.unit}"


def _value(line: PurchaseOrderLine) -> Money:
    price = line.unit_price or Decimal(0)
    return money.priced(line.open, price, line.order.currency, per=line.priced_for)


def _tell(order: PurchaseOrder, gone: list[OrderCancellation]) -> None:
    key = f"{cause.current().effect_key}:{order.number}"
    payload = papers.to_plan_again(order, cancelling.by_sku(gone))
    outbox.announce("replan_wanted", order.number, payload, key=f"replan_wanted:{key}")
    if gone:
        correspondence.send(order.supplier, letters.taken_back(order, gone), key=key)


def _gone(order: PurchaseOrder, each: OrderCancellation) -> Paper:
    return {
        **papers.goods(each.order_line.sku),
        "site_name": order.site.name,
        "po_no": order.number,
        "quantity": plain(each.quantity),
    }


def _claim(order: PurchaseOrder, paid: Decimal) -> SupplierClaim:
    return prepayments.claim(order, money.of(paid, order.currency))


def _claimed(claim: SupplierClaim) -> Paper:
    return {
        "claim_no": claim.number,
        "po_no": claim.order.number,
        "amount": company.written(claim.total),
    }
