"""What a measurement says: one row of the table, and whether it holds."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

_WIDTH = 66


@dataclass(frozen=True)
class Row:
    """One measured value; `limit` is the most it may be, none when it is there to compare with."""

    name: str
    what: str
    database: str
    value: float
    unit: str
    limit: float | None = None
    detail: dict[str, object] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """How much of the limit is used: more than 1 is too much."""
        if self.limit is None:
            return None
        return self.value / self.limit if self.limit else float(self.value > 0) * 2

    @property
    def holds(self) -> bool:
        return self.limit is None or self.value <= self.limit

    def line(self) -> str:
        """The row as people read it."""
        target = "" if self.limit is None else f"<= {_number(self.limit)}"
        share = "" if self.ratio is None else f"{self.ratio:.2f}"
        verdict = "" if self.limit is None else ("ok" if self.holds else "MISSED")
        value = f"{_number(self.value)} {self.unit}"
        return (
            f"{self.database:<11}{self.what:<{_WIDTH}}{value:>15} {target:>9} {share:>6}  {verdict}"
        )


HEADING = f"{'':<11}{'':<{_WIDTH}}{'measured':>15} {'target':>9} {'ratio':>6}"


def write(path: Path, rows: Iterable[Row]) -> None:
    """All rows as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    listed = [{**asdict(row), "ratio": row.ratio, "holds": row.holds} for row in rows]
    path.write_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _number(value: float) -> str:
    if value == int(value):
        return f"{int(value):,}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 0.01 else f"{value:.1g}"
