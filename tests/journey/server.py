"""A server started as a newcomer starts it, on a folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from app.config import ROOT, Settings
from app.factory import create_app
from app.kernel.db import db

HOUTAI = Path(sys.executable).with_name("houtai")


@dataclass(frozen=True)
class Server:
    """Where it answers, and where its data lie."""

    address: str
    folder: Path

    @contextmanager
    def company(self) -> Iterator[None]:
        """Its database, beside it."""
        url = f"sqlite:///{self.folder / 'houtai.sqlite3'}"
        settings = Settings(database_url=url, secret_key="only for tests")
        with create_app(settings, pages=False).app_context():
            yield
            db.session.remove()
            db.engine.dispose()


def make_practice(folder: Path) -> None:
    """Play the practice company's last days into a folder of its own."""
    subprocess.run(
        [HOUTAI, "demo"],
        cwd=ROOT,
        env=_environment(folder, HOUTAI_DEMO="1"),
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=600,
    )


@contextmanager
def serving(folder: Path, *, demo: bool) -> Iterator[Server]:
    """`houtai serve` until the block ends with Ctrl-C."""
    port = _free_port()
    settings = {"HOUTAI_PORT": str(port), "HOUTAI_DEMO": "1" if demo else "0"}
    environment = _environment(folder, **settings)
    log = (folder / "server.log").open("w")
    process = subprocess.Popen([HOUTAI, "serve"], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        server = Server(f"http://127.0.0.1:{port}", folder)
        _wait_for(server.address, process, folder / "server.log")
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        log.close()


def _environment(folder: Path, **settings: str) -> dict[str, str]:
    """The environment of the tests, with the data in `folder`."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**kept, "HOUTAI_VAR": str(folder), **settings}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"{address}/sign-in", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"the server did not answer:\n{log.read_text()}")
