"""A supplier's record: how good, how complete, how punctual, how fast; computed, never typed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app.domain.finance.company import ours
from app.domain.sourcing import measures, record_rows
from app.domain.sourcing.measures import Came, DueLine, Share, Wait
from app.domain.sourcing.record_rows import History, Rules
from app.domain.supply import beta
from app.domain.supply.beta import Yield
from app.domain.supply.purchase_orders import PurchaseOrderLine
from app.domain.supply.suppliers import Supplier

MEDIAN, NINE_IN_TEN = 0.5, 0.9


@dataclass(frozen=True)
class Quality:
    """Σ good ÷ Σ inspected, and what so few units let us believe (Beta, see `beta`)."""

    good: Decimal
    bad: Decimal
    usual: float
    believed: Yield

    @property
    def seen(self) -> Decimal:
        return self.good + self.bad

    @property
    def rate(self) -> float | None:
        return float(self.good / self.seen) if self.seen else None


@dataclass(frozen=True)
class LeadTime:
    """Days from the order to released goods; a share that was never reached is None."""

    median: int | None
    nine_in_ten: int | None
    units: float
    waiting: float


@dataclass(frozen=True)
class Record:
    """What the orders of a supplier say, as of one day; `lines` were due in the window.

    Below `fewest` lines there is no judgement, neither a good nor a bad one.
    """

    day: date
    rules: Rules
    lines: int
    quality: Quality
    fill: Share
    on_time: Share
    in_full: Share
    lead: LeadTime
    confirm_hours: float | None

    @property
    def is_enough(self) -> bool:
        return self.lines >= self.rules.fewest_lines


def of(supplier: Supplier, at: datetime) -> Record:
    """The record as of an instant.

    Lines count from 180 days before on (policy), each weighs half as much every 90 days. Lines
    we cancelled ourselves are not in it; lines that never came are.
    """
    rules, day = record_rows.rules(), ours().day(at)
    history = record_rows.history(supplier, day, rules)
    due = list(_due(history, day, rules))
    return Record(
        day=day,
        rules=rules,
        lines=len(due),
        quality=_quality(history, rules),
        fill=measures.fill_rate(due, grace_days=rules.grace_days),
        on_time=measures.on_time_rate(due),
        in_full=measures.in_full_rate(due),
        lead=_lead(_waits(history, day)),
        confirm_hours=measures.middle(history.confirm_hours),
    )


def _due(history: History, day: date, rules: Rules) -> Iterator[tuple[DueLine, float]]:
    """Lines whose last promised day is over and in the window, with what they count."""
    for line in history.lines:
        due = _as_due(line, history)
        if due is not None and due.due_on < day:
            age = (day - due.due_on).days
            if age <= rules.window_days:
                counts = measures.weight(due.due_on, day, half_life_days=rules.half_life_days)
                yield due, counts


def _as_due(line: PurchaseOrderLine, history: History) -> DueLine | None:
    """The line as it was promised; None when nobody knows a day, or we cancelled all of it."""
    wanted = line.ordered - history.cancelled.get(line.id, Decimal(0))
    promised = history.promised.get(line.id, [])
    last = promised[-1].day if promised else line.order.due_on
    if wanted <= 0 or last is None:
        return None
    parts: list[tuple[date, Decimal]] = []
    for one in promised:
        units = min(one.quantity, wanted)
        if units > 0:
            parts.append((one.day, units))
            wanted -= units
    if wanted > 0:
        parts.append((last, wanted))
    return DueLine(parts, history.arrivals.get(line.id, []))


def _quality(history: History, rules: Rules) -> Quality:
    good = sum((one.good for one in history.verdicts), Decimal(0))
    bad = sum((one.bad for one in history.verdicts), Decimal(0))
    usual = _usual(history, rules)
    return Quality(good, bad, usual, beta.posterior(good, bad, usual=usual))


def _usual(history: History, rules: Rules) -> float:
    """The good rate of such goods, whoever delivers them: the prior of this supplier's."""
    seen = sum((one.good + one.bad for one in history.verdicts), Decimal(0))
    if not seen:
        return rules.usual_good_rate
    return sum(
        float(one.good + one.bad) * history.category_rates.get(one.category, rules.usual_good_rate)
        for one in history.verdicts
    ) / float(seen)


def _waits(history: History, day: date) -> list[Wait]:
    """Released units with their days, and those still open with how long they wait."""
    waits = []
    for line in history.lines:
        came: Sequence[Came] = history.released.get(line.id, [])
        waits += [
            Wait((one.day - line.order.ordered_on).days, float(one.units), ended=True)
            for one in came
        ]
        cancelled = history.cancelled.get(line.id, Decimal(0))
        left = line.ordered - cancelled - sum((one.units for one in came), Decimal(0))
        if left > 0:
            waits.append(Wait((day - line.order.ordered_on).days, float(left), ended=False))
    return waits


def _lead(waits: list[Wait]) -> LeadTime:
    return LeadTime(
        median=measures.lead_days(waits, MEDIAN),
        nine_in_ten=measures.lead_days(waits, NINE_IN_TEN),
        units=sum(one.units for one in waits if one.ended),
        waiting=sum(one.units for one in waits if not one.ended),
    )
