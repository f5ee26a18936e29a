"""Arithmetic of a supplier's record: shares of what was due, and how long delivery takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median


@dataclass(frozen=True)
class Came:
    """What came of an order line on one day: `units`, and how many of them proved good."""

    day: date
    units: Decimal
    good: Decimal


@dataclass(frozen=True)
class DueLine:
    """One order line whose last promised day is over.

    `parts` is how much was due on which day and adds up to what was ordered; a line of which
    nothing ever came has no `arrivals` and counts like any other.
    """

    parts: Sequence[tuple[date, Decimal]]
    arrivals: Sequence[Came]

    @property
    def ordered(self) -> Decimal:
        return sum((units for _, units in self.parts), Decimal(0))

    @property
    def due_on(self) -> date:
        return max(day for day, _ in self.parts)


@dataclass(frozen=True)
class Share:
    """A rate with the units (or lines) it is a rate of; nothing is due in an empty one."""

    part: float
    whole: float

    @property
    def rate(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Wait:
    """`units` that took `days` until they were released, or wait since `days` (not `ended`)."""

    days: int
    units: float
    ended: bool


def weight(day: date, today: date, *, half_life_days: int) -> float:
    """What a line that was due on `day` counts: 1 today, half of it every `half_life_days`."""
    return float(0.5 ** (max((today - day).days, 0) / half_life_days))


def fill_rate(lines: Iterable[tuple[DueLine, float]], *, grace_days: int) -> Share:
    """Σ w·min(good units that came by promise + grace, ordered) ÷ Σ w·ordered.

    Lines that never came count with nothing above and all they ordered below.
    """
    part = whole = 0.0
    for line, counts in lines:
        last = line.due_on + timedelta(days=grace_days)
        good = sum((one.good for one in line.arrivals if one.day <= last), Decimal(0))
        part += counts * float(min(good, line.ordered))
        whole += counts * float(line.ordered)
    return Share(part, whole)


def on_time_rate(lines: Iterable[tuple[DueLine, float]]) -> Share:
    """Σ w·units that came by the day they were due ÷ Σ w·units due.

    Each promised part is met by what came until its day and served no earlier part.
    """
    part = whole = 0.0
    for line, counts in lines:
        part += counts * float(_in_time(line))
        whole += counts * float(line.ordered)
    return Share(part, whole)


def in_full_rate(lines: Iterable[tuple[DueLine, float]]) -> Share:
    """OTIF: Σ w of lines that were good, complete and in time ÷ Σ w of lines due."""
    part = whole = 0.0
    for line, counts in lines:
        good = sum((one.good for one in line.arrivals if one.day <= line.due_on), Decimal(0))
        is_full = good >= line.ordered and _in_time(line) == line.ordered
        part += counts if is_full else 0.0
        whole += counts
    return Share(part, whole)


def lead_days(waits: Sequence[Wait], share: float) -> int | None:
    """After how many days `share` of the units are released; None when too few ever were.

    Kaplan–Meier: units still open are not left out (that would flatter who delivers late) and
    not counted as late either; they count as waiting for as long as they have.
    """
    left, at_risk = 1.0, sum(one.units for one in waits)
    for days in sorted({one.days for one in waits}):
        here = [one for one in waits if one.days == days]
        ended = sum(one.units for one in here if one.ended)
        if at_risk > 0:
            left *= 1 - ended / at_risk
        if left <= 1 - share + 1e-12:
            return days
        at_risk -= sum(one.units for one in here)
    return None


def middle(hours: Sequence[float]) -> float | None:
    """The median, where there is anything to take it of."""
    return median(hours) if hours else None


def _in_time(line: DueLine) -> Decimal:
    met, served = Decimal(0), Decimal(0)
    for day, units in sorted(line.parts):
        came = sum((one.units for one in line.arrivals if one.day <= day), Decimal(0))
        here = max(Decimal(0), min(units, came - served))
        met, served = met + here, served + here
    return met
