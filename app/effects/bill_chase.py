"""Asking for a bill that does not come, until it does or the goods are free of charge."""

from typing import Any

from app.domain.catalog.rules import plain
from app.domain.finance import company
from app.domain.payables import bill_chases
from app.domain.payables.bill_chases import BillChase
from app.domain.payables.proposals import Billable
from app.domain.supply import charge_notes, correspondence
from app.effects import billed_orders, letters, papers
from app.effects.papers import Paper
from app.workflow.effects import effect

Rows = list[dict[str, Any]]


@effect
def ask_supplier(chase_no: str) -> Paper:
    """Write to the supplier which goods came without a bill; the goods, and to which address."""
    chase = bill_chases.locked(chase_no)
    goods = bill_chases.unbilled(chase.order)
    if goods:
        correspondence.send(chase.order.supplier, letters.missing_bill(chase, goods))
    return {
        "lines": [_row(each) for each in goods],
        "written_to": chase.order.supplier.email or "–",
        "written_on": papers.today(chase.order.site.scope),
        "contact": papers.contact(chase.order.supplier),
    }


@effect
def look_what_is_unbilled(chase_no: str) -> Rows:
    """What has no bill now: some of it may have come on one meanwhile."""
    chase = bill_chases.locked(chase_no)
    return [_row(each) for each in bill_chases.unbilled(chase.order)]


@effect
def note_free_of_charge(chase_no: str) -> str:
    """Clear what we owed for the goods; our number of the bill of nothing.

    Raises:
        BillChaseOver: the bill came meanwhile.
        NothingUnbilled: all of it is billed.
    """
    chase: BillChase = bill_chases.locked(chase_no)
    bill = bill_chases.note_free(chase)
    billed_orders.tell(chase.order, document=bill.number)
    return bill.number


def _row(each: Billable) -> Paper:
    worth = charge_notes.price_of(each.line, each.quantity)
    return {
        **papers.goods(each.line.sku),
        "receipt_line": each.line.number,
        "quantity": plain(each.quantity),
        "worth": company.written(worth) if worth.minor else "–",
    }
