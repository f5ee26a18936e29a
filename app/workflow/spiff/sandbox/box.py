"""The command that starts a script worker: inside the box where this machine can build one."""

import logging
import platform
import shlex
import sys
import tempfile
from pathlib import Path

from pydantic_monty._binary import find_monty_binary

_log = logging.getLogger(__name__)
_LAUNCHER = Path(__file__).with_name("launcher.py")


class Box:
    """A worker command, and the private folder it lives in."""

    def __init__(self, *, wanted: bool) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.command = find_monty_binary()
        if not wanted:
            return
        if _machine_has_it():
            self.command = self._write_command(self.command)
        else:
            _log.warning("scripts run without the system call box: it needs Linux on x86-64")

    def remove(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _write_command(self, worker: str) -> str:
        """A shell line, because the pool starts one path and adds its own arguments."""
        self._folder = tempfile.TemporaryDirectory(prefix="houtai-scripts-")
        words = (sys.executable, "-ISE", str(_LAUNCHER), str(Path(worker).resolve()))
        path = Path(self._folder.name) / "worker"
        path.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', encoding="utf-8")
        path.chmod(0o700)
        return str(path)


def _machine_has_it() -> bool:
    return sys.platform == "linux" and platform.machine() == "x86_64" and sys.maxsize > 1 << 32
