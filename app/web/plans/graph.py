"""The demand of a line's SKU day by day, as bars a page draws without a script."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.planning import demand
from app.domain.planning.demand import DemandDay
from app.domain.planning.plans import PlanLine
from app.web.plans.words import number
from app.web.tongue import _
from app.web.words import shown

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 900, 220, 48, 24, 12
_GAP = 0.2
_LABELS = 6


@dataclass(frozen=True)
class Bar:
    """One day: where its bar stands, what kind of day it was, and its words."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    words: str


@dataclass(frozen=True)
class Tick:
    """A day named under the bars."""

    x: float
    words: str


@dataclass(frozen=True)
class Graph:
    """Everything the drawing needs; lengths in the units of its view box."""

    bars: list[Bar]
    ticks: list[Tick]
    mean_y: float
    mean: str
    most: str
    words: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM
    top: int = TOP


def of(line: PlanLine) -> Graph | None:
    """The graph of the days a line was computed from; none where there were none."""
    since, until = line.history_since, line.history_until
    if since is None or until is None:
        return None
    known = demand.of_pair(line.sku_id, line.site_id, since=since, until=until)
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    most = max([float(one.wanted) for one in known.values()] + [float(line.daily_mean), 1.0])
    place = Place(len(days), most)
    return Graph(
        bars=list(_bars(days, known, place, line.sku.unit)),
        ticks=[
            Tick(place.x(n), shown(day))
            for n, day in enumerate(days)
            if n % max(1, len(days) // _LABELS) == 0 and n <= len(days) * 0.9
        ],
        mean_y=place.y(float(line.daily_mean)),
        mean=number(line.daily_mean),
        most=number(most),
        words=_words(line),
    )


@dataclass(frozen=True)
class Place:
    """Where a day and an amount lie in the drawing."""

    days: int
    most: float

    @property
    def step(self) -> float:
        return (WIDTH - LEFT) / self.days

    def x(self, n: int) -> float:
        return round(LEFT + n * self.step, 2)

    def y(self, amount: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * amount / self.most, 2)


def _bars(days: list[date], known: dict[date, DemandDay], place: Place, unit: str) -> Iterator[Bar]:
    for n, day in enumerate(days):
        found = known.get(day)
        wanted = float(found.wanted) if found else 0.0
        kind = _kind(found)
        y = TOP if kind == "gone" else place.y(wanted)
        yield Bar(
            x=place.x(n),
            y=y,
            width=round(place.step * (1 - _GAP), 2),
            height=round(HEIGHT - BOTTOM - y, 2),
            kind=kind,
            words=f"{shown(day)}: {number(wanted)} {unit}{_said(kind)}",
        )


def _kind(found: DemandDay | None) -> str:
    if found is None or (found.was_available and not found.is_promotion):
        return "day"
    return "promotion" if found.was_available else "gone"


def _said(kind: str) -> str:
    """What kind of day it was, where it was no plain one."""
    empty, promotion = _("empty shelf"), _("promotion")
    return {"gone": f" · {empty}", "promotion": f" · {promotion}"}.get(kind, "")


def _words(line: PlanLine) -> str:
    """The drawing for those who do not see it."""
    return _(
        "Demand of %(sku)s from %(since)s to %(until)s, %(mean)s %(unit)s a day on average",
        sku=line.sku.code,
        since=shown(line.history_since),
        until=shown(line.history_until),
        mean=number(line.daily_mean),
        unit=line.sku.unit,
    )
