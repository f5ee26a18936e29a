"""The numbers the simple rule rests on: policies, read together and kept with each plan."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

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
    held: Mapping[str, object] = policy.snapshot()
    values = {one.name: float(str(held[f"{PREFIX}.{one.name}"])) for one in fields(Assumptions)}
    whole = {one.name for one in fields(Assumptions) if one.type is int}
    return Assumptions(**{name: int(v) if name in whole else v for name, v in values.items()})  # type: ignore[arg-type]
