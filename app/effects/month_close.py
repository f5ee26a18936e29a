"""Closing a month: what it lacks is listed, one person closes, a second confirms."""

from datetime import datetime
from typing import Any

from app.domain import proof_runs
from app.domain.catalog.rules import plain
from app.domain.finance import accounts, periods, worth
from app.domain.finance.company import ours
from app.domain.finance.pools import CostEntry, CostPool
from app.domain.payables import closing
from app.domain.payables.bills import Bill
from app.domain.payables.closing import Accrual
from app.effects.papers import Paper
from app.kernel.db import db
from app.kernel.errors import N_, Refusal
from app.kernel.money import Money
from app.workflow import doers, nudges
from app.workflow.effects import effect


class BooksNotProven(Refusal):
    """A month closes on books that are right."""

    code = "books_not_proven"
    message = N_("{invariants} does not hold. Look at the proof, and close the month when it does.")


@effect
def prepare_list(month: str) -> Paper:
    """What the month lacks: it is looked at afresh each time.

    Raises:
        PeriodNotOver, MonthClosed, EarlierMonthOpen: it is not the month's turn.
    """
    periods.check_closable(month)
    owed, unknown = closing.accruals(), closing.unknown_costs()
    bills = closing.unbooked_bills()
    broken = _broken()
    return {
        "currency": ours().currency,
        "accrued": _shown(-worth.booked(accounts.RECEIVED_NOT_BILLED)),
        "vouchers": closing.vouchers(month),
        "proof": "broken" if broken else "holds",
        "broken": ", ".join(broken),
        "accruals": [_accrued(each) for each in owed],
        "unknown": [_unknown(entry) for entry in unknown],
        "bills": [_unbooked(bill) for bill in bills],
        "accrued_rows": len(owed),
        "unknown_rows": len(unknown),
        "bill_rows": len(bills),
    }


@effect
def close_period(month: str) -> Paper:
    """Close the month for good.

    Raises:
        BooksNotProven: the books are wrong somewhere.
        MonthClosed: somebody closed it meanwhile.
    """
    periods.check_closable(month)
    broken = _broken()
    if broken:
        raise BooksNotProven(invariants=", ".join(broken))
    proposed_by, _ = doers.of(("close_month", "confirm_close"))
    period = periods.close(month, proposed_by=proposed_by)
    return {"month": period.month, "closed_at": _instant(period.closed_at)}


@effect
def nudge_closer() -> int:
    """Move the closing up in the inbox."""
    return nudges.nudge("close_month")


@effect
def nudge_confirmer() -> int:
    """Move the confirmation up in the inbox."""
    return nudges.nudge("confirm_close")


def _broken() -> list[str]:
    return [result.code for result in proof_runs.quick() if not result.holds]


def _accrued(each: Accrual) -> dict[str, Any]:
    line, ordered = each.goods.line, each.goods.ordered
    return {
        "receipt_line": line.number,
        "po_no": ordered.order.number if ordered else "",
        "supplier_name": line.receipt.supplier.name,
        "sku": line.sku.code,
        "quantity": plain(each.goods.quantity),
        "amount": _shown(each.amount),
    }


def _unknown(entry: CostEntry) -> dict[str, Any]:
    sku = db.session.get_one(CostPool, entry.pool_id).sku
    return {
        "sku": sku.code,
        "name": sku.name,
        "receipt_line": "" if entry.origin is None else closing.number_of(entry.origin),
        "quantity": plain(entry.quantity),
    }


def _unbooked(bill: Bill) -> dict[str, Any]:
    return {
        "bill_no": bill.number,
        "supplier_name": bill.supplier.name,
        "number": bill.supplier_number,
        "billed_on": bill.billed_on.isoformat(),
        "total": f"{Money(bill.total, bill.currency).amount:f} {bill.currency}",
    }


def _shown(minor: int) -> str:
    return f"{Money(minor, ours().currency).amount:f}"


def _instant(at: datetime | None) -> str:
    return at.isoformat() if at else ""
