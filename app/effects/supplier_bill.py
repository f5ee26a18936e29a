"""Bills: propose, compare three ways, dispute or accept, and book to the cent."""

from decimal import Decimal
from typing import Any

from app.domain.catalog.rules import plain
from app.domain.finance.company import ours
from app.domain.payables import bills, proposals, rules, settling, standing
from app.domain.payables.bills import Bill
from app.domain.payables.rules import Tolerance
from app.domain.supply import correspondence, suppliers
from app.effects import bill_sheets, billed_orders, letters
from app.effects.papers import Paper
from app.kernel import policy
from app.kernel.errors import N_, Refusal
from app.kernel.money import digits
from app.workflow import nudges
from app.workflow.effects import effect


class MoreThanAccepted(Refusal):
    """No decision makes us pay for goods we have not got."""

    code = "more_than_accepted"
    message = N_(
        "{billed} of {sku} are billed, {billable} may be. Ask the supplier, or correct the lines."
    )


@effect
def propose_lines(bill: dict[str, Any], before: Paper | None = None) -> Paper:
    """What this supplier may bill or owes, or which goods bear a carrier's cost.

    Raises:
        NotCorrectable, CorrectedMeanwhile: a correction names a bill that cannot be corrected now.
    """
    supplier, named = suppliers.by_code(bill["supplier"]), bill_sheets.named(bill)
    if bill["kind"] == "correction":
        sheet = bill_sheets.corrected(bill, bills.locked(before["bill_no"]) if before else None)
        return {"supplier_name": supplier.name, "goods": [], "carried": [], **sheet}
    currency = bill_sheets.currency_of(bill)
    is_credit = bill["kind"] == "credit"
    if bill["kind"] == "freight":
        goods, carried = [], bill_sheets.carriers(proposals.carried(named))
    else:
        found = (proposals.returns if is_credit else proposals.goods)(supplier, named)
        goods, carried = bill_sheets.proposal(found, currency), []
    return {
        "supplier_name": supplier.name,
        "currency": currency,
        "goods": goods,
        "carried": carried,
        "corrected": "",
        "was": "",
        "difference": "",
    }


@effect
def keep_bill(bill: dict[str, Any], proposal: Paper, before: Paper | None) -> Paper:
    """Write the bill down and compare it with what was ordered and what was accepted."""
    old = bills.locked(before["bill_no"]) if before else None
    kept = bill_sheets.keep(bill, proposal, old)
    matches = settling.match(kept, _tolerance(kept))
    worth = bill_sheets.in_our_currency(kept)
    limit = Decimal(str(policy.value("supplier_bill.approval_above")))
    return {
        "bill_no": kept.number,
        "po_nos": [order.number for order in standing.orders_of(kept)],
        "lines": [bill_sheets.compared(each, kept) for each in matches],
        "total": f"{worth.amount:f}",
        "currency": worth.currency,
        "is_sound": kept.total < 0 or not any(each.wrong for each in matches),
        "is_large": abs(worth.amount) > limit,
    }


@effect
def accept_difference(bill_no: str, reason: str) -> str:
    """Let a difference of price stand, for a reason; goods we have not got are never accepted.

    Raises:
        MoreThanAccepted: more is billed than was accepted.
    """
    kept = bills.locked(bill_no)
    for each in settling.match(kept, _tolerance(kept)):
        if rules.MORE_THAN_ACCEPTED in each.wrong and each.line.receipt_line is not None:
            claim = each.claim
            raise MoreThanAccepted(
                billed=plain(claim.billed),
                sku=each.line.receipt_line.sku.code,
                billable=plain(claim.accepted - claim.already),
            )
    return reason


@effect
def dispute_bill(bill_no: str, claim: str) -> str:
    """Write to the supplier what is wrong with the bill; to which address."""
    kept = bills.locked(bill_no)
    bills.dispute(kept)
    return _write(kept, claim)


@effect
def remind_supplier(bill_no: str, claim: str) -> str:
    """Write once more; to which address."""
    return _write(bills.locked(bill_no), claim)


@effect
def nudge_approver() -> int:
    """Move the approval up in the inbox."""
    return nudges.nudge("approve_bill")


@effect
def book_bill(bill_no: str) -> Paper:
    """Book the bill as owed, and tell the orders it is about."""
    kept = bills.locked(bill_no)
    voucher = settling.accept(kept)
    for order in standing.orders_of(kept):
        billed_orders.tell(order, document=kept.number)
    return {"voucher_no": voucher.number, "is_settled": kept.status == "accepted"}


@effect
def drop_bill(kept: Paper | None) -> str:
    """Let go of the bill, if it was written down at all; its number."""
    if kept is None:
        return ""
    found = bills.locked(kept["bill_no"])
    bills.drop(found)
    return found.number


@effect
def give_up(kept: Paper | None) -> str:
    """The case is cancelled: the bill is let go of, if it was written down at all."""
    return drop_bill(kept)


def _tolerance(bill: Bill) -> Tolerance:
    """How far a price may be off; the amount, which is in our currency, in the bill's."""
    amount = Decimal(str(policy.value("supplier_bill.price_amount")))
    theirs = amount if bill.currency == ours().currency else amount / bill.exchange_rate
    return Tolerance(
        percent=Decimal(str(policy.value("supplier_bill.price_percent"))),
        amount=int(theirs.scaleb(digits(bill.currency))),
    )


def _write(bill: Bill, claim: str) -> str:
    return correspondence.send(bill.supplier, letters.disputed_bill(bill, claim))
