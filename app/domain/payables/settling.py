"""Matching bills with receipts, and booking the accepted ones down to the last cent."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import func, select

from app.domain.finance import accounts, journal, late_costs, origins, periods
from app.domain.finance import rules as costing
from app.domain.finance.company import ours
from app.domain.finance.journal import Voucher
from app.domain.finance.origins import Taken
from app.domain.payables import rules
from app.domain.payables.bills import Bill, BillLine, BillMatch
from app.domain.payables.rules import Claim, Tolerance
from app.domain.supply import prices
from app.domain.supply.receipts import ReceiptLine
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import N_, Refusal
from app.kernel.money import digits, half_up, priced


@dataclass(frozen=True)
class Matched:
    """One goods line of a bill beside what we know; `wrong` is empty when it may be paid."""

    line: BillLine
    claim: Claim
    wrong: list[str]


class BillAccepted(Refusal):
    """A bill is booked once."""

    code = "bill_accepted"
    message = N_("{bill} was accepted before.")


class BillDropped(Refusal):
    """Nobody pays a bill that was let go."""

    code = "bill_dropped"
    message = N_("{bill} was dropped. Record it again first.")


class BilledTooMuch(Refusal):
    """Nobody pays for goods that were not accepted."""

    code = "billed_too_much"
    message = N_("Line {line} of {bill} bills more than was accepted and is not billed yet.")


class NothingToCredit(Refusal):
    """A credit is for goods that went back."""

    code = "nothing_to_credit"
    message = N_("Line {line} of {bill} credits more than went back and is not credited yet.")


def match(bill: Bill, tolerance: Tolerance) -> list[Matched]:
    """The three-way match of every goods line: ordered, accepted, billed."""
    found = []
    for line in bill.lines:
        if line.receipt_line is not None:
            claim = _claim(line, line.receipt_line)
            found.append(Matched(line, claim, rules.match(claim, tolerance)))
    return found


def accept(bill: Bill) -> Voucher:
    """Book the bill as owed, as a process step.

    What was booked as received is cleared; what the bill says more is a late cost of its
    receipt line: the part that survived in stock raises its value, the rest goes to cost of
    sales. What only the rate changed is an exchange difference.

    Raises:
        BillAccepted: it was booked before.
        BillDropped: it was let go.
        BilledTooMuch: a line bills more than was accepted; no tolerance lets that in.
        NothingToCredit: a line credits more than went back.
    """
    if bill.status == "accepted":
        raise BillAccepted(bill=bill.number)
    if bill.dropped_at is not None:
        raise BillDropped(bill=bill.number)
    voucher = _begin(bill)
    for line in bill.lines:
        _settle(line, voucher)
    tax = _converted(bill.tax, bill, bill.exchange_rate)
    voucher.transfer(tax, debit=accounts.INPUT_TAX, credit=accounts.PAYABLES)
    voucher.write()
    bill.status, bill.journal_id = "accepted", voucher.id
    db.session.flush()
    return voucher


def owed(origin: int) -> Taken:
    """What we still owe for a receipt line, − when the supplier owes us."""
    matched = select(func.sum(BillMatch.quantity), func.sum(BillMatch.cleared))
    quantity, cleared = db.session.execute(matched.filter_by(receipt_line_id=origin)).one()
    known = origins.owed(origin)
    return Taken(known.quantity - (quantity or Decimal(0)), known.value - (cleared or 0))


def billed(origin: int) -> Decimal:
    """How much of a receipt line accepted bills name, less what was credited."""
    query = select(func.sum(BillMatch.quantity)).filter_by(receipt_line_id=origin)
    return db.session.scalar(query) or Decimal(0)


def worth(bill: Bill, amount: int) -> int:
    """An amount of the bill in minor units of our currency, at the bill's rate."""
    return _converted(amount, bill, bill.exchange_rate)


def _begin(bill: Bill) -> Voucher:
    """Lock receipt lines, the month, then pools: everybody takes locks in this order."""
    ids = sorted(_origins(bill))
    query = select(ReceiptLine).where(ReceiptLine.id.in_(ids)).order_by(ReceiptLine.id)
    query = query.with_for_update(of=ReceiptLine).execution_options(populate_existing=True)
    db.session.scalars(query).all()
    day = periods.day_for(clock.now())
    late_costs.hold(ids)
    wrong = _corrected(bill)
    if wrong is not None:
        return journal.begin("correction", bill.number, day=day, corrects_id=wrong.journal_id)
    return journal.begin("bill", bill.number, day=day)


def _corrected(bill: Bill) -> Bill | None:
    return db.session.get(Bill, bill.corrects_id) if bill.corrects_id else None


def _origins(bill: Bill) -> set[int]:
    goods = {line.receipt_line_id for line in bill.lines if line.receipt_line_id is not None}
    return goods | {origin for line in bill.lines for origin in _weights(line)}


def _weights(line: BillLine) -> Mapping[int, Decimal]:
    return {int(origin): Decimal(weight) for origin, weight in line.spread.items()}


def _claim(line: BillLine, received: ReceiptLine) -> Claim:
    return Claim(
        billed=line.quantity,
        asked=line.amount,
        agreed=_agreed(line, received),
        accepted=received.accepted,
        already=billed(received.id),
    )


def _agreed(line: BillLine, received: ReceiptLine) -> int | None:
    """What the order says these goods cost, in the bill's currency."""
    ordered = prices.order_line(received)
    if ordered is None or ordered.unit_price is None:
        return None
    bill = line.bill
    if ordered.order.currency == bill.currency:
        rate = Fraction(1)
    else:
        rate = Fraction(prices.rate(ordered.order) or 0) / Fraction(bill.exchange_rate)
    exact = Fraction(line.quantity) * Fraction(ordered.unit_price) * rate
    return half_up(exact / Fraction(ordered.priced_for) * 10 ** digits(bill.currency))


def _settle(line: BillLine, voucher: Voucher) -> None:
    if line.receipt_line is None:
        _spread(line, voucher)
        return
    if line.quantity >= 0:
        _check_billed(line, line.receipt_line)
    else:
        _check_credited(line, line.receipt_line)
    _clear(line, line.receipt_line, voucher)


def _check_billed(line: BillLine, received: ReceiptLine) -> None:
    claim = _claim(line, received)
    if claim.billed > min(claim.accepted - claim.already, owed(received.id).quantity):
        raise BilledTooMuch(line=line.line_no, bill=line.bill.number)


def _check_credited(line: BillLine, received: ReceiptLine) -> None:
    if -line.quantity > -owed(received.id).quantity:
        raise NothingToCredit(line=line.line_no, bill=line.bill.number)


def _clear(line: BillLine, received: ReceiptLine, voucher: Voucher) -> None:
    """What was owed for the goods goes to payables, and what differs goes where it belongs."""
    bill, open_ = line.bill, owed(received.id)
    sign = 1 if line.quantity >= 0 else -1
    quantity = line.quantity * sign
    if sign > 0:
        open_ = _without_rejected(open_, received)
    part = costing.leaving(quantity, of=open_.quantity * sign, value=open_.value * sign)
    cleared = part * sign
    at_order = _converted(line.amount, bill, _order_rate(received, bill))
    at_bill = _converted(line.amount, bill, bill.exchange_rate)
    payables, sku_id = accounts.PAYABLES, received.sku_id
    debits = {
        accounts.RECEIVED_NOT_BILLED: cleared,
        accounts.CURRENCY_DIFFERENCE: at_bill - at_order,
    }
    for account, amount in debits.items():
        voucher.transfer(amount, debit=account, credit=payables, sku_id=sku_id)
    _differ(received, at_order - cleared, sign, voucher)
    db.session.add(
        BillMatch(
            bill_line_id=line.id,
            receipt_line_id=received.id,
            quantity=line.quantity,
            cleared=cleared,
            price_difference=at_order - cleared,
            currency_difference=at_bill - at_order,
            journal_id=voucher.id,
        )
    )
    db.session.flush()


def _without_rejected(open_: Taken, received: ReceiptLine) -> Taken:
    """Rejected goods are on no bill: what they cost stays owed until they go back."""
    bad = origins.rejected_here(received.id, rejected=received.rejected)
    return Taken(open_.quantity - bad.quantity, open_.value - bad.value)


def _differ(received: ReceiptLine, difference: int, sign: int, voucher: Voucher) -> None:
    """Goods we have bear the difference; of goods that went back nothing is left to bear it."""
    if sign > 0 and difference:
        late_costs.add(received.id, "bill", difference, voucher=voucher, credit=accounts.PAYABLES)
    elif difference:
        voucher.transfer(
            difference,
            debit=accounts.PURCHASE_VARIANCE,
            credit=accounts.PAYABLES,
            sku_id=received.sku_id,
        )


def _spread(line: BillLine, voucher: Voucher) -> None:
    """Freight and the like: over its receipt lines, by weight."""
    amount = _converted(line.amount, line.bill, line.bill.exchange_rate)
    wrong = _corrected(line.bill)
    late_costs.add_all(
        "freight",
        amount,
        over=_weights(line),
        voucher=voucher,
        credit=accounts.PAYABLES,
        corrects=late_costs.of_voucher(wrong.journal_id) if wrong and wrong.journal_id else {},
    )


def _order_rate(received: ReceiptLine, bill: Bill) -> Decimal:
    """The rate at which the goods entered the books; the bill's when they had none."""
    ordered = prices.order_line(received)
    if ordered is None or ordered.order.currency != bill.currency:
        return bill.exchange_rate
    return prices.rate(ordered.order) or bill.exchange_rate


def _converted(amount: int, bill: Bill, rate: Decimal) -> int:
    """Minor units of the bill's currency in ours."""
    units = Decimal(amount).scaleb(-digits(bill.currency))
    return priced(Decimal(1), units, ours().currency, rate=rate).minor
