"""The benchmark runs and says what it measured; how fast it was is no matter here."""

import json
import os
from pathlib import Path

import pytest

from app.config import ROOT
from bench import __main__ as bench
from bench.rows import Row, write


@pytest.mark.usefixtures("database_url")  # which knows what to do without a server
def test_a_tiny_run_measures_every_row(database_kind: str, tmp_path: Path) -> None:
    told = tmp_path / "bench.json"

    bench.main(["--tiny", "--database", database_kind, "--json", str(told)])

    rows = {row["name"]: row for row in json.loads(told.read_text())}
    assert {"http", "service", "wait_ratio", "start", "many", "loop"} <= rows.keys()
    assert {"inbox_million", "tick_each", "crowd", "stored"} <= rows.keys()
    assert all(row["value"] >= 0 for row in rows.values())
    assert rows["commits"]["value"] == 1
    assert rows["crowd_failures"]["value"] == 0


def test_only_what_is_asked_for_is_measured(tmp_path: Path) -> None:
    told = tmp_path / "bench.json"

    bench.main(["--tiny", "--only", "start", "--database", "sqlite", "--json", str(told)])

    assert [row["name"] for row in json.loads(told.read_text())] == ["start"]


def test_what_was_made_to_measure_on_is_gone_afterwards(tmp_path: Path) -> None:
    bench.main(["--tiny", "--only", "start", "--database", "sqlite", "--json", str(tmp_path / "b")])

    assert list((ROOT / "build").glob(f"bench_{os.getpid()}_*")) == []


def test_a_row_beyond_its_limit_is_missed() -> None:
    slow = Row("start", "start a case", "sqlite", 6.0, "ms", 5.0)

    assert not slow.holds
    assert slow.ratio == pytest.approx(1.2)
    assert slow.line().endswith("MISSED")


def test_a_row_to_compare_with_has_no_verdict(tmp_path: Path) -> None:
    floor = Row("bare_commit", "bare commit", "sqlite", 1.0, "ms")

    write(tmp_path / "told.json", [floor])

    assert json.loads((tmp_path / "told.json").read_text())[0]["ratio"] is None
    assert floor.line().rstrip().endswith("ms")
