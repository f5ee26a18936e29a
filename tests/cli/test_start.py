"""How much is loaded before the house answers: what few need comes with the first who needs it."""

import subprocess
import sys

import pytest

from app.config import ROOT

SLOW_AND_SELDOM = {"openpyxl", "reportlab", "segno", "zxingcpp", "PIL"}


@pytest.mark.parametrize("command", ["user", "proof", "imports", "deploy", "backup", "worker"])
def test_a_command_that_serves_nobody_loads_no_pages(command: str) -> None:
    assert "app.web" not in _loaded_by(f"app.cli.{command}")


def test_the_server_is_up_before_anything_draws_papers_workbooks_or_labels() -> None:
    assert _loaded_by("app.cli.serve", "app.cli.server") & SLOW_AND_SELDOM == set()


def _loaded_by(*modules: str) -> set[str]:
    script = f"import sys, {', '.join(modules)}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())
