"""No acknowledged completion is lost and no effect doubled, whenever the server dies."""

import json
import os
import subprocess
import sys
from typing import Any

from app.config import ROOT

KILLS = int(os.environ.get("HOUTAI_KILLS", "50"))


def killing(url: str, *options: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.kill", "--url", url, *options]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=540, check=False
    )
    assert done.stdout, done.stderr
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report


def test_killed_servers_lose_nothing_and_double_nothing(database_url: str) -> None:
    report = killing(database_url, "--kills", str(KILLS))

    assert report["acknowledged"] > KILLS
    assert report | {"kills": 0, "acknowledged": 0} == {
        "kills": 0,
        "acknowledged": 0,
        "lost": [],
        "doubled": [],
        "unproved": [],
    }


def test_a_killed_purchase_line_loses_nothing_and_doubles_nothing(database_url: str) -> None:
    report = killing(database_url, "--line", "purchase", "--kills", str(KILLS))

    assert report["acknowledged"] > KILLS // 2
    assert report | {"kills": 0, "acknowledged": 0} == {
        "kills": 0,
        "acknowledged": 0,
        "lost": [],
        "doubled": [],
        "unproved": [],
    }


def test_the_same_harness_sees_effects_in_their_own_transaction(database_url: str) -> None:
    report = killing(database_url, "--kills", str(KILLS), "--planted-fault")

    assert report["doubled"] or report["unproved"]
