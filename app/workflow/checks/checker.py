"""Keeps checker processes: reused from file to file, killed and replaced when one overruns."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Self

from app.config import ROOT
from app.workflow.checks.judging import REFUSED

SECONDS = 5.0
MOST_PROCESSES = 4
MOST_FOLDERS = 50

Answer = dict[str, Any]


class Checker:
    """One checker process. Not for two threads at once."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def check(self, path: Path, folders: Sequence[Path] = ()) -> Answer:
        """The verdict on the file at `path`, whatever it holds.

        What it refers to is looked for beside it, then in `folders`.
        """
        if self._process is None:
            self._process = _started()
        line = self._asked(self._process, [str(each) for each in (path, *folders)])
        if line is None:
            self.close()
            return _refused(f"The check took longer than {self._seconds:g} seconds.")
        if not line.endswith(b"\n"):
            self.close()
            return _refused("The check broke down: the file needs too much memory.")
        answer: Answer = json.loads(line)
        return answer

    def close(self) -> None:
        """Kill the process; the next check starts another one."""
        if self._process is None:
            return
        process, self._process = self._process, None
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        process.wait()

    def _asked(self, process: subprocess.Popen[bytes], paths: list[str]) -> bytes | None:
        """The line it answers; None when it does not in time, an incomplete one when it dies."""
        if process.stdin is None or process.stdout is None:
            return b""
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps(paths).encode() + b"\n")
            process.stdin.flush()
        return _line(process.stdout.fileno(), self._seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def check_all(paths: Sequence[Path], seconds: float = SECONDS) -> Iterator[Answer]:
    """The verdicts on `paths`, in their order."""
    folders = list(dict.fromkeys(path.parent for path in paths))[:MOST_FOLDERS]
    count = max(1, min(MOST_PROCESSES, os.cpu_count() or 1, len(paths)))
    checkers = [Checker(seconds) for _ in range(count)]
    idle: SimpleQueue[Checker] = SimpleQueue()
    for checker in checkers:
        idle.put(checker)

    def check(path: Path) -> Answer:
        checker = idle.get()
        try:
            return checker.check(path, folders)
        finally:
            idle.put(checker)

    try:
        with ThreadPoolExecutor(count) as pool:
            yield from pool.map(check, paths)
    finally:
        for checker in checkers:
            checker.close()


def _started() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "app.workflow.checks.worker"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(  # noqa: S603 - our own module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )


def _line(descriptor: int, seconds: float) -> bytes | None:
    found = b""
    while not found.endswith(b"\n"):
        ready, _, _ = select.select([descriptor], [], [], seconds)
        if not ready:
            return None
        part = os.read(descriptor, 1 << 16)
        if not part:
            break
        found += part
    return found


def _refused(message: str) -> Answer:
    finding = {"element": "", "message": message, "hint": "Make the file smaller or simpler."}
    return {"verdict": REFUSED, "findings": [finding]}
