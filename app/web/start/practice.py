"""Making the practice company beside the running server, by the same command an operator uses."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from threading import Lock
from typing import IO

from flask import current_app

from app.config import ROOT
from app.domain import founding
from app.kernel.errors import N_, NotFound, Refusal


class PracticeFailed(Refusal):
    """The command that makes the practice company ended with an error."""

    code = "practice_failed"
    message = N_("The practice company could not be made: {why}")
    status = 500


@dataclass
class _Making:
    """The one command that runs; SQLite is served by one process, so nobody else has another."""

    lock: Lock = field(default_factory=Lock)
    command: "subprocess.Popen[bytes] | None" = None
    said: IO[bytes] | None = None


_making = _Making()


def is_offered() -> bool:
    """Only with HOUTAI_DEMO=1, in Houtai's own SQLite file, and while nobody is there."""
    return bool(current_app.config["HOUTAI"].demo) and founding.is_open()


def begin() -> None:
    """Start making it, unless that is under way.

    Raises:
        NotFound: it is not offered here.
    """
    if not is_offered():
        raise NotFound
    with _making.lock:
        if _making.command is None or _making.command.poll() is not None:
            _making.said = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the command
            _making.command = subprocess.Popen(
                [sys.executable, "-m", "app", "demo", "--beside"],
                cwd=ROOT,
                env=dict(os.environ),
                stdout=_making.said,
                stderr=subprocess.STDOUT,
            )


def is_being_made() -> bool:
    """Whether the command still runs.

    Raises:
        PracticeFailed: it ended, and not well.
    """
    with _making.lock:
        if _making.command is None:
            return False
        ended = _making.command.poll()
        if ended:
            raise PracticeFailed(why=_last_words())
        return ended is None


def _last_words() -> str:
    if _making.said is None:
        return ""
    _making.said.seek(0)
    lines = _making.said.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else ""
