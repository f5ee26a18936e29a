"""Stories side by side: the earliest goes on first."""

from collections.abc import Iterator
from datetime import datetime

from flask import Flask

from app.demo import agenda
from app.demo.acting import Stage
from app.kernel import clock


def test_each_script_goes_on_when_it_said_and_the_earliest_first(app: Flask) -> None:
    stage = Stage(clock.now())
    seen: list[tuple[str, datetime]] = []
    told: list[datetime] = []

    def script(name: str, *hours_ago: int) -> Iterator[datetime]:
        for hours in hours_ago:
            yield stage.at(hours_ago=hours)
            seen.append((name, clock.now()))

    agenda.play(stage, [script("a", 9, 3), script("b", 5, 4), script("c")], told=told.append)

    assert [name for name, _ in seen] == ["a", "b", "b", "a"]
    assert told == [stage.at(hours_ago=hours) for hours in (9, 5, 4, 3)]
    for (_, at), planned in zip(seen, told, strict=True):
        assert 0 <= (at - planned).total_seconds() < 60
