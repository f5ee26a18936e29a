"""What a supplier answers to an order, line by line, and where it differs from our offer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.catalog.rules import plain
from app.domain.supply.promises import Promised
from app.kernel.errors import N_, Refusal


@dataclass(frozen=True)
class Offer:
    """What we ask for on one line, in stock units; `wanted_on` is the last day that suits us."""

    line_no: int
    sku: str
    quantity: Decimal
    unit_price: Decimal | None
    wanted_on: date | None


@dataclass(frozen=True)
class Answer:
    """What the supplier says about one line: how much, at which price, and when each part comes."""

    line_no: int
    quantity: Decimal
    unit_price: Decimal | None
    days: tuple[Promised, ...]


class PartsExceed(Refusal):
    """Parts of a line are never more than the line."""

    code = "parts_exceed"
    message = N_("The parts of {sku} add up to {parts}; only {quantity} are confirmed.")


class DayMissing(Refusal):
    """Whoever delivers says when."""

    code = "day_missing"
    message = N_("Say on which day {quantity} of {sku} will come.")


class DayPassed(Refusal):
    """Nothing is promised for the past."""

    code = "day_passed"
    message = N_("{sku} cannot be promised for {day}: that day has passed.")


def spread(
    sku: str,
    quantity: Decimal,
    day: date | None,
    parts: Sequence[Promised],
) -> tuple[Promised, ...]:
    """Each part on its day, and what is left of `quantity` on `day`; the earliest first.

    Raises:
        PartsExceed: the parts are more than the whole.
        DayMissing: something is left and has no day.
    """
    together = sum((part.quantity for part in parts), Decimal(0))
    left = quantity - together
    if left < 0:
        raise PartsExceed(sku=sku, parts=plain(together), quantity=plain(quantity))
    if left and day is None:
        raise DayMissing(sku=sku, quantity=plain(left))
    days = [part for part in parts if part.quantity]
    if left and day is not None:
        days.append(Promised(day, left))
    return tuple(sorted(days, key=lambda one: one.day))


def check_ahead(sku: str, answer: Answer, today: date) -> None:
    """Refuse promises for the past, on the day they are given.

    Raises:
        DayPassed: a day lies in the past.
    """
    if answer.days and answer.days[0].day < today:
        raise DayPassed(sku=sku, day=answer.days[0].day.isoformat())


def differs(offer: Offer, answer: Answer) -> bool:
    """Whether the supplier changed quantity, price, or comes later than suits us."""
    is_late = offer.wanted_on is not None and any(one.day > offer.wanted_on for one in answer.days)
    return is_late or asks_for_another_order(offer, answer)


def asks_for_another_order(offer: Offer, answer: Answer) -> bool:
    """Whether quantity or price would be others than ours."""
    return (offer.quantity, offer.unit_price) != (answer.quantity, answer.unit_price)
