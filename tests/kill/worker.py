"""One server process: starts cases and completes tasks until it is killed, acknowledging each."""

import os
import random
import signal
import traceback
from dataclasses import dataclass

from app.config import Settings
from app.factory import create_app
from tests.kill import company, lines

READY = "ready"


@dataclass(frozen=True)
class Worker:
    """A forked process; `acknowledged` is the reading end of its pipe."""

    pid: int
    acknowledged: int

    def kill(self) -> list[str]:
        """End it as a power cut would; what it had acknowledged until then.

        Raises:
            RuntimeError: it had ended by itself, which no worker should.
        """
        os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        if not os.WIFSIGNALED(status):
            raise RuntimeError("a worker ended by itself; its traceback is above")
        with os.fdopen(self.acknowledged) as pipe:
            return [line.strip() for line in pipe]


def fork(url: str, name: str, line: str, *, planted: bool) -> Worker:
    """A worker on `url`, as the person `name`; returns once it is at work."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        try:
            _work(url, name, line, writing, planted=planted)
        finally:
            traceback.print_exc()
            os._exit(1)
    os.close(writing)
    os.read(reading, len(READY) + 1)
    return Worker(pid, reading)


def _work(url: str, name: str, line: str, writing: int, *, planted: bool) -> None:
    company.faults["planted"] = planted
    random.seed()
    app = create_app(Settings(database_url=url, secret_key="only for tests"), pages=False)
    with app.app_context():
        person = company.worker(name)
        os.write(writing, f"{READY}\n".encode())
        while True:
            for done in lines.WORK[line].turn(person):
                os.write(writing, f"{done}\n".encode())
