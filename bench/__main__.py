"""`python -m bench`: measure, print the table, write it as JSON."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from app.config import ROOT
from bench import cases, completions, crowds, inboxes, proofs, stored, ticks
from bench.grounds import KINDS, Grounds, on
from bench.rows import HEADING, Row, write
from bench.size import QUICK, TINY, Size

Measure = Callable[[Grounds, Size], Iterator[Row]]
MEASURES: dict[str, Measure] = {
    "http": completions.over_http,
    "service": completions.at_the_service_layer,
    "start": cases.started,
    "many": cases.with_many_instances,
    "loop": cases.with_many_rounds,
    "inbox": inboxes.pages,
    "tick": ticks.ticks,
    "crowd": crowds.crowds,
    "stored": stored.stored,
    "proof": proofs.proofs,
}


def main(arguments: list[str] | None = None) -> int:
    """Measure what is asked for; 1 when a target is missed."""
    chosen = _options().parse_args(arguments)
    size = TINY if chosen.tiny else QUICK if chosen.quick else Size()
    found: list[Row] = []
    for kind in chosen.database or KINDS:
        with on(kind, one_for_all=chosen.tiny) as grounds:
            for name in chosen.only or MEASURES:
                found += _measured(name, grounds, size)
    print(f"\n{HEADING}")
    for row in found:
        print(row.line())
    write(chosen.json, found)
    missed = [row for row in found if not row.holds]
    busy, processors = os.getloadavg()[0], os.cpu_count() or 1
    if busy > processors:
        print(
            f"\n{busy:.0f} programs wanted {processors} processors meanwhile: measure again alone."
        )
    print(f"\n{len(missed)} of {sum(row.limit is not None for row in found)} targets missed.")
    return 1 if missed and not chosen.tiny else 0


def _measured(name: str, grounds: Grounds, size: Size) -> list[Row]:
    print(f"{grounds.kind:<11}{name} ...", end="", flush=True)
    begun = time.perf_counter()
    rows = list(MEASURES[name](grounds, size))
    print(f" {time.perf_counter() - begun:.0f} s", flush=True)
    return rows


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument("--quick", action="store_true", help="fewer runs, smaller tables")
    options.add_argument("--tiny", action="store_true", help="only to see that it runs")
    options.add_argument("--only", action="append", choices=list(MEASURES), help="may be repeated")
    options.add_argument("--database", action="append", choices=KINDS, help="may be repeated")
    options.add_argument("--json", type=Path, default=ROOT / "build" / "bench.json")
    return options


if __name__ == "__main__":
    sys.exit(main())
