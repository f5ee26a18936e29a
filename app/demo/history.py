"""Ninety days of the practice company: three hundred purchases, months closed, exceptions open."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from app.demo import agenda, company, deals, exceptions, story
from app.demo.acting import TAIPEI, Stage, begin, complete
from app.demo.agenda import Script
from app.demo.buying import bought
from app.domain.finance import periods
from app.domain.sourcing import master_data
from app.domain.supply import suppliers
from app.kernel.db import in_transaction


@dataclass(frozen=True)
class Extent:
    """How many days ago it begins, and how many purchases at most are made."""

    first_day: int = 90
    most: int = 1_000


WHOLE = Extent()
# The day of a month on which the one before is closed.
_CLOSED_ON = 4


def tell(stage: Stage, extent: Extent = WHOLE, *, told: Callable[[datetime], object] = str) -> None:
    """Found the company and play everything until yesterday."""
    stage.play(stage.at(days_ago=extent.first_day, clock_time="08:00"), company.found)
    today = stage.at().astimezone(TAIPEI).date()
    bought_goods = deals.deals(today, first_day=extent.first_day - 2)
    scripts = [
        *(bought(stage, each) for each in islice(bought_goods, extent.most)),
        *(_month_closed(stage, ago) for ago in _days_of_closing(today, extent.first_day)),
        _on_trial(stage, extent.first_day),
        *exceptions.scripts(stage),
        story.orders(stage),
        *story.last_days(stage),
    ]
    agenda.play(stage, scripts, told=told)


def _on_trial(stage: Stage, first_day: int) -> Script:
    """Jingyuan is new: Lin proposes that it be on trial, Chen agrees."""
    yield stage.at(days_ago=first_day - 1, clock_time="09:10")
    number = in_transaction(_propose_trial)
    yield stage.at(days_ago=first_day - 1, clock_time="10:20")
    complete("chen", "approve_change", number, decision="approve")


def _propose_trial() -> str:
    supplier = suppliers.by_code("JINGYUAN")
    wanted = {"standing": "trial"}
    return master_data.propose(supplier, master_data.MASTER_DATA, wanted, by=company.BUYER).number


def _month_closed(stage: Stage, days_ago: int) -> Script:
    """Wang closes the month that ended, Hsieh confirms it."""
    yield stage.at(days_ago=days_ago, clock_time="10:00")
    (month,) = periods.over_and_open()
    begin("month_close", "wang")
    complete("wang", "choose_month", "", month=month, month_way="go")
    complete("wang", "close_month", "", closing_way="close")
    yield stage.at(days_ago=days_ago, clock_time="15:00")
    complete("hsieh", "confirm_close", "", confirm_way="confirm")


def _days_of_closing(today: date, first_day: int) -> Iterator[int]:
    """How many days ago a month was closed that had ended."""
    for ago in range(first_day - 1, 0, -1):
        day = today - timedelta(days=ago)
        if day.day == _CLOSED_ON and ago + _CLOSED_ON <= first_day:
            yield ago
