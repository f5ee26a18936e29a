"""Making the practice company beside the running server, by the same command an operator uses."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import IO

from flask import current_app
from sqlalchemy import func, select

from app.config import ROOT
from app.domain import founding
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import N_, NotFound, Refusal
from app.workflow.records import ProcessInstance


class PracticeFailed(Refusal):
    """The command that makes the practice company ended with an error."""

    code = "practice_failed"
    message = N_("The practice company could not be made: {why}")
    status = 500


_SILENT_SECONDS = 60
_LONGER_THAN = timedelta(days=30)


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


def is_longer_ready() -> bool:
    """Whether only the last days are here, while ninety of them have been played ahead."""
    settings = current_app.config["HOUTAI"]
    if not settings.demo or founding.is_open() or founding.is_founded():
        return False
    begun = db.session.scalar(select(func.min(ProcessInstance.started_at)))
    is_short = begun is None or clock.now() - begun < _LONGER_THAN
    return is_short and any(settings.practice_folder.glob("ready-*"))


def day_reached() -> int | None:
    """The day of its history that is being played ahead, while that goes on."""
    progress = current_app.config["HOUTAI"].practice_progress
    try:
        is_old = time.time() - progress.stat().st_mtime > _SILENT_SECONDS
        return None if is_old else int(progress.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None


def begin() -> None:
    """Start making it, unless that is under way.

    Raises:
        NotFound: it is not offered here.
    """
    if not is_offered() and not is_longer_ready():
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
