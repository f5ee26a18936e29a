"""How much is loaded before the house answers: what few need comes with the first who needs it."""

import itertools
import os
import socket
import subprocess
import sys
from pathlib import Path

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


def test_a_first_start_says_who_can_sign_in_to_the_practice_company(tmp_path: Path) -> None:
    said = _first_words({"HOUTAI_DEMO": "1", "HOUTAI_VAR": str(tmp_path)})

    assert "set-up code" in said
    assert "Everybody's password is: heat-wave-week" in said
    assert "  chang  warehouse keeper" in said


def _first_words(more: dict[str, str]) -> str:
    """What a server prints until people can come in."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = str(found.getsockname()[1])
    around = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "app", "serve"]
    where = {**around, **more, "HOUTAI_PORT": port}
    with subprocess.Popen(
        command, cwd=ROOT, env=where, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        lines = iter(server.stdout.readline, "")
        said = "".join(itertools.takewhile(lambda line: "Houtai is on" not in line, lines))
        server.terminate()
    return said
