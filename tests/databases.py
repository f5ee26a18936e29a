"""Databases for tests: migrated once, then copied, since append-only tables cannot be cleaned."""

import fcntl
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

from app.config import Settings
from app.factory import create_app
from app.kernel.db import db

LOCAL = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
RUN = "HOUTAI_TEST_RUN"
_count = itertools.count()


class Databases:
    """One migrated template per kind; `fresh` hands out copies."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        worker = os.environ.get("PYTEST_XDIST_WORKER")
        here = folders.getbasetemp()
        self._shared = here.parent if worker else here
        self._own = here
        self._name = os.environ[RUN]

    @contextmanager
    def fresh(self, kind: str) -> Iterator[str]:
        """The URL of a copy that is gone afterwards."""
        copy = self._sqlite() if kind == "sqlite" else self._postgresql()
        with copy as url:
            yield url

    @contextmanager
    def _sqlite(self) -> Iterator[str]:
        template = self._shared / "template.sqlite3"
        with _alone(self._shared / "sqlite.lock"):
            if not template.exists():
                raw = template.with_suffix(".new")
                _migrate(f"sqlite:///{raw}")
                raw.rename(template)
        copy = self._own / f"{next(_count)}.sqlite3"
        shutil.copyfile(template, copy)
        yield f"sqlite:///{copy}"
        for file in copy.parent.glob(f"{copy.name}*"):
            file.unlink()

    @contextmanager
    def _postgresql(self) -> Iterator[str]:
        server = _server()
        with _alone(self._shared / "postgresql.lock"):
            self._make_template(server)
        name = f"{self._name}_{os.getpid()}_{next(_count)}"
        _run(server, f'CREATE DATABASE "{name}" TEMPLATE "{self._name}"')
        try:
            yield server.set(database=name).render_as_string(hide_password=False)
        finally:
            _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _make_template(self, server: URL) -> None:
        done = self._shared / "postgresql.template"
        if done.exists():
            return
        _run(server, f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')
        _run(server, f'CREATE DATABASE "{self._name}"')
        _migrate(server.set(database=self._name).render_as_string(hide_password=False))
        done.touch()


def drop_all(run: str) -> None:
    """Drop what the run left on the server: its template, and copies of killed workers."""
    plain = make_url(os.environ.get("TEST_DATABASE_URL") or LOCAL).set(drivername="postgresql")
    url = plain.render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [run]
        ).fetchall()
        for (name,) in found:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def _migrate(url: str) -> None:
    app = create_app(Settings(database_url=url, secret_key="only for tests"))
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()


def _server() -> URL:
    """The server to test on; in CI its absence is a failure."""
    url = make_url(os.environ.get("TEST_DATABASE_URL") or LOCAL)
    try:
        _run(url, "SELECT 1")
    except psycopg.OperationalError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL server at {url.render_as_string()}: {error}")
    return url


def _run(url: URL, statement: str) -> None:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True, connect_timeout=5) as connection:
        connection.execute(statement.encode())


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
