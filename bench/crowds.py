"""Ten people who complete ten parallel tasks of one case at the same instant."""

import threading
import time
from collections.abc import Iterator
from statistics import median

from bench import company
from bench.browser import Browser
from bench.grounds import Grounds
from bench.rows import Row
from bench.size import Size


def crowds(grounds: Grounds, size: Size) -> Iterator[Row]:
    """Over HTTP, one thread each, let go together; the slowest of each round."""
    with grounds.ground(threads=company.CREW + 2) as app:
        crew = [Browser(app, f"crew{number}") for number in range(company.CREW)]
        rounds = [_round(crew) for _ in range(size.crowds + 1)][1:]
    failures = sum(len(failed) for _, failed in rounds)
    slowest = [max(seconds, default=0.0) for seconds, _ in rounds]
    detail: dict[str, object] = {"rounds": len(rounds), "worst_s": max(slowest)}
    detail |= {"errors": [text for _, failed in rounds for text in failed][:3]}
    what = f"{company.CREW} people at one case at once: completions that failed"
    yield Row("crowd_failures", what, grounds.kind, failures, "", 0, detail)
    what = "the same: the slowest of ten, median of the rounds"
    yield Row("crowd", what, grounds.kind, median(slowest) * 1000, "ms", 200.0, detail)


def _round(crew: list[Browser]) -> tuple[list[float], list[str]]:
    items = [f"box {number}" for number in range(len(crew))]
    tasks = company.tasks_of(company.start(company.MANY, {"items": items, "scope": company.PLACE}))
    seconds: list[float] = []
    failed: list[str] = []
    gate = threading.Barrier(len(crew))

    def act(browser: Browser, task: tuple[int, str]) -> None:
        gate.wait()
        begun = time.perf_counter()
        try:
            browser.complete(*task)
        except Exception as error:  # noqa: BLE001 - every kind of failure is what is measured
            failed.append(repr(error)[:2_000])
        seconds.append(time.perf_counter() - begun)

    threads = [threading.Thread(target=act, args=pair) for pair in zip(crew, tasks, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seconds, failed
