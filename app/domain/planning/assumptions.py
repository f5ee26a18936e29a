"""The numbers the simple rule rests on: policies, read together and kept with each plan."""

from dataclasses import asdict, dataclass

from app.kernel import policy

PREFIX = "purchase_plan"


@dataclass(frozen=True)
class Assumptions:
    """Days are calendar days; shares lie between 0 and 1.

    `cycle_service` is the chance that nothing runs out while an order is on its way;
    `cover_days` is how long an order shall last; `lead_days` and `lead_spread` (standard
    deviation as a share of the mean) stand in where no agreement says how long delivery takes.
    `yield_confidence` is how sure we want to be that enough of an order is good. A good rate is
    measured over `yield_days`, beginning at `usual_good_rate`. A plan proposes `most_lines` at
    most, and what it proposes counts as ordered for `counts_days`, unless it is decided before.
    """

    history_days: int
    fewest_days: int
    cycle_service: float
    cover_days: float
    lead_days: float
    lead_spread: float
    yield_confidence: float
    yield_days: int
    usual_good_rate: float
    most_lines: int
    counts_days: int

    @property
    def stored(self) -> dict[str, float]:
        return asdict(self)


def current() -> Assumptions:
    """What holds today."""
    return Assumptions(
        history_days=int(_held("history_days")),
        fewest_days=int(_held("fewest_days")),
        cycle_service=_held("cycle_service"),
        cover_days=_held("cover_days"),
        lead_days=_held("lead_days"),
        lead_spread=_held("lead_spread"),
        yield_confidence=_held("yield_confidence"),
        yield_days=int(_held("yield_days")),
        usual_good_rate=_held("usual_good_rate"),
        most_lines=int(_held("most_lines")),
        counts_days=int(_held("counts_days")),
    )


def _held(name: str) -> float:
    return float(str(policy.value(f"{PREFIX}.{name}")))
