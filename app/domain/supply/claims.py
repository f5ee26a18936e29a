"""What suppliers owe us: a claim has a number and an amount, and a credit settles it once."""

from datetime import date
from decimal import Decimal

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.finance import rates
from app.domain.finance.company import ours
from app.domain.numbers import Numbered
from app.domain.recorded import Recorded
from app.domain.supply import prices
from app.domain.supply.purchase_orders import PurchaseOrder
from app.kernel import money
from app.kernel.errors import N_, Refusal
from app.kernel.money import Minor, Money, priced


class Claim(Numbered, Recorded):
    """What a supplier owes us, in one currency; never changed."""

    __abstract__ = True

    currency: Mapped[str] = mapped_column(String(3))
    total_minor: Mapped[int] = mapped_column(Minor)

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)


class Credit(Recorded):
    """What a supplier gave for a claim, under the number of their paper; never changed."""

    __abstract__ = True

    supplier_number: Mapped[str] = mapped_column(String(60))
    amount_minor: Mapped[int] = mapped_column(Minor)
    note: Mapped[str] = mapped_column(Text)


class AlreadyCredited(Refusal):
    """A claim is settled once."""

    code = "already_credited"
    message = N_("{number} was settled before.")


class CreditDiffers(Refusal):
    """A credit of another amount needs a reason."""

    code = "credit_differs"
    message = N_("{number} is for {total} {currency}, the credit for {amount}. Write down why.")


def given(claim: Claim, amount: Decimal, *, before: Credit | None, reason: str) -> Money:
    """What a credit gives for a claim; `before` is the one that settled it, if one did.

    Raises:
        AlreadyCredited: one did.
        CreditDiffers: another amount, and no reason for it.
        TooManyDecimals: an amount finer than its currency.
    """
    if before is not None:
        raise AlreadyCredited(number=claim.number)
    found = money.of(amount, claim.currency)
    if found != claim.total and not reason.strip():
        raise CreditDiffers(
            number=claim.number,
            total=claim.total.amount,
            currency=claim.currency,
            amount=found.amount,
        )
    return found


def worth(amount: Money, order: PurchaseOrder | None, *, day: date) -> int:
    """In minor units of our currency, at the rate the order froze, else at that of the day.

    Raises:
        NoRate: nobody entered one.
    """
    rate = prices.rate_on(order, day) if order else rates.on(amount.currency, day)
    return priced(Decimal(1), amount.amount, ours().currency, rate=rate).minor
