"""A booked bill for freight that was wrong: another bill says what it should have been.

The correcting bill is booked as the difference, over the same goods by the same weights; its rows
and its voucher point at the old ones, which stay as they are.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.domain.payables import bills
from app.domain.payables.bills import Asked, Bill
from app.domain.supply.suppliers import Supplier
from app.kernel.db import db
from app.kernel.errors import N_, Refusal
from app.kernel.money import Money


class NotCorrectable(Refusal):
    """Bills for goods are put right by their match, and a correction by another of the same."""

    code = "not_correctable"
    message = N_(
        "{bill} cannot be corrected. Name a booked bill of {supplier} for freight and other costs,"
        " not a correction of one."
    )


class CorrectedMeanwhile(Refusal):
    """Two differences from the same total would both be booked."""

    code = "corrected_meanwhile"
    message = N_("{bill} is being corrected by {other} already. Book or drop that first.")


class NothingDiffers(Refusal):
    """A correction changes an amount."""

    code = "nothing_differs"
    message = N_("{bill} comes to {total} already. There is nothing to correct.")


@dataclass(frozen=True)
class Standing:
    """What a bill comes to with all its booked corrections, in minor units of its currency."""

    total: int
    tax: int


def wrong(number: str, supplier: Supplier, *, instead_of: Bill | None = None) -> Bill:
    """The bill to correct, locked; `instead_of` is the correction that is written anew.

    Raises:
        NoSuchDocument: there is none.
        NotCorrectable: it is not booked, is for goods, or is another's.
        CorrectedMeanwhile: another correction of it is not booked yet.
    """
    found = bills.locked(number)
    is_freight = all(line.receipt_line_id is None for line in found.lines)
    is_theirs = found.supplier_id == supplier.id and found.corrects_id is None
    if found.status != "accepted" or not is_freight or not is_theirs:
        raise NotCorrectable(bill=found.number, supplier=supplier.name)
    for other in _of(found):
        if other.status != "accepted" and other is not instead_of:
            raise CorrectedMeanwhile(bill=found.number, other=other.number)
    return found


def stands_at(found: Bill) -> Standing:
    """What the bill comes to by now."""
    booked = [found, *(each for each in _of(found) if each.status == "accepted")]
    return Standing(sum(each.total for each in booked), sum(each.tax for each in booked))


def difference(old: Bill, should: Standing) -> Standing:
    """What is booked so that the bill comes to what it should have.

    Raises:
        NothingDiffers: it comes to that already.
    """
    now = stands_at(old)
    found = Standing(should.total - now.total, should.tax - now.tax)
    if not found.total and not found.tax:
        shown = f"{Money(now.total, old.currency).amount} {old.currency}"
        raise NothingDiffers(bill=old.number, total=shown)
    return found


def record(
    old: Bill,
    number: str,
    *,
    billed_on: date,
    should: Standing,
    instead_of: Bill | None = None,
) -> Bill:
    """Keep the bill that says what `old` should have been, as the difference.

    Raises:
        NothingDiffers: that is what it comes to already.
        BillKnown, BillBooked: as for every bill.
    """
    found = difference(old, should)
    net = Money(found.total - found.tax, old.currency)
    over = {int(origin): Decimal(by) for line in old.lines for origin, by in line.spread.items()}
    return bills.record(
        old.supplier,
        number,
        [Asked(Decimal(1), net.amount, spread=over)],
        currency=old.currency,
        billed_on=billed_on,
        tax=found.tax,
        total=found.total,
        instead_of=instead_of,
        corrects=old,
    )


def _of(found: Bill) -> list[Bill]:
    query = select(Bill).filter_by(corrects_id=found.id).where(Bill.dropped_at.is_(None))
    query = query.order_by(Bill.id).execution_options(populate_existing=True)
    return list(db.session.scalars(query).unique())
