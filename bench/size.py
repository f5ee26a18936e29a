"""How much is measured: enough for a steady median, or just enough to see that it runs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """How many of what."""

    cases: int = 100
    warm_up: int = 8
    instances: int = 200
    rounds: int = 200
    pages: int = 40
    open_tasks: int = 1_000_000
    open_cases: int = 100_000
    ticks: int = 30
    crowds: int = 8
    stored_cases: int = 1_000
    ledger_entries: int = 1_000_000


QUICK = Size(
    cases=12,
    warm_up=3,
    instances=200,
    rounds=200,
    pages=6,
    open_tasks=20_000,
    open_cases=2_000,
    ticks=6,
    crowds=2,
    stored_cases=60,
    ledger_entries=20_000,
)
TINY = Size(
    cases=2,
    warm_up=1,
    instances=5,
    rounds=4,
    pages=2,
    open_tasks=500,
    open_cases=50,
    ticks=2,
    crowds=1,
    stored_cases=3,
    ledger_entries=4_000,
)
