"""The practice company's history, played ahead into a file of its own and copied when asked for.

The file lies in the folder `practice` beside the database. Its name says what it was made from and
on which day, so that another release or another week makes its own.
"""

import fcntl
import gc
import hashlib
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import event

from app.cli import deploy, schema
from app.cli.application import application
from app.config import ROOT, Settings
from app.demo import history
from app.demo.acting import TAIPEI, Stage
from app.demo.history import Extent
from app.kernel import clock
from app.kernel.db import db

# Whoever copies a file of some days ago finds that nobody worked since, as after a long weekend.
GOOD_FOR_DAYS = 3
_MADE_FROM = (
    *("app/**/*.py", "app/demo/data/*", "migrations/versions/*.py"),
    *("processes/**/*.*mn", "forms/**/*.json"),
)


def ready(settings: Settings) -> Path | None:
    """The newest file that fits this release and is not too old, if there is one."""
    today, made_from = _today(), _digest()
    for ago in range(GOOD_FOR_DAYS + 1):
        file = settings.practice_folder / _name(made_from, today - timedelta(days=ago))
        if file.exists():
            return file
    return None


def prepare(settings: Settings, extent: Extent = history.WHOLE) -> None:
    """Play the history, unless today's is there or somebody is at it."""
    home = settings.practice_folder
    home.mkdir(parents=True, exist_ok=True)
    with _alone(home) as is_mine:
        found = home / _name(_digest(), _today())
        if not is_mine or found.exists():
            return
        with tempfile.TemporaryDirectory(dir=home) as unfinished:
            made = Path(unfinished) / found.name
            note = partial(_note, settings.practice_progress, extent)
            _play(replace(settings, database_url=f"sqlite:///{made}"), extent, note)
            for old in home.glob("ready-*"):
                old.unlink()
            made.replace(found)
            settings.practice_progress.unlink(missing_ok=True)


def _play(settings: Settings, extent: Extent, note: Callable[[Stage, datetime], None]) -> None:
    with application(settings=settings, migrated=False):
        event.listen(db.engine, "connect", _hurry)
        db.engine.dispose()
        schema.upgrade()
        deploy.publish_shipped()
        gc.freeze()
        stage = Stage(clock.now())
        history.tell(stage, extent, told=partial(note, stage))
    with closing(sqlite3.connect(settings.own_file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _note(progress: Path, extent: Extent, stage: Stage, at: datetime) -> None:
    progress.write_text(str(extent.first_day - (stage.at() - at).days), encoding="ascii")


def _hurry(connection: Any, _record: object) -> None:
    """A file that is thrown away when its making ends early need not survive a power cut."""
    connection.execute("PRAGMA synchronous=OFF")


@contextmanager
def _alone(home: Path) -> Iterator[bool]:
    """Whether nobody else prepares; whoever does keeps the lock as long as they live."""
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _name(made_from: str, day: date) -> str:
    return f"ready-{made_from}-{day.isoformat()}.sqlite3"


def _digest() -> str:
    """What the file is made from: code, diagrams, forms, schema."""
    digest = hashlib.sha256()
    for glob in _MADE_FROM:
        for file in sorted(ROOT.glob(glob)):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _today() -> date:
    return clock.now().astimezone(TAIPEI).date()
