"""Databases for tests: migrated once, then copied or put back as they were.

Append-only tables cannot be cleaned by DELETE, so a SQLite file is copied for each test. On
PostgreSQL each worker gets a copy of the template; between tests a function that lives in it
puts every table back, with triggers asleep, which only a superuser may ask for. Where a test
changed the schema itself, the worker gets a new copy.
"""

import fcntl
import itertools
import os
import shutil
import tempfile
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
_RESTORE = """
CREATE SCHEMA seed;
CREATE TABLE seed.counters AS
  SELECT sequencename AS name, last_value FROM pg_sequences WHERE schemaname = 'public';
DO $$ DECLARE t text; BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE seed.%I AS TABLE public.%I', t, t);
  END LOOP;
END $$;
CREATE FUNCTION seed.shape() RETURNS text LANGUAGE sql AS $$
  SELECT md5(concat(
    (SELECT string_agg(concat(tgrelid::regclass, tgname, tgenabled), ',' ORDER BY tgrelid, tgname)
       FROM pg_trigger WHERE NOT tgisinternal),
    (SELECT string_agg(concat(attrelid::regclass, attname, atttypid, attnotnull), ','
                       ORDER BY attrelid, attnum)
       FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
       WHERE relnamespace = 'public'::regnamespace),
    (SELECT string_agg(conname, ',' ORDER BY conname) FROM pg_constraint)))
$$;
CREATE TABLE seed.was AS SELECT seed.shape() AS shape;
CREATE FUNCTION seed.restore() RETURNS void LANGUAGE plpgsql AS $$ DECLARE t text; c record; BEGIN
  PERFORM set_config('session_replication_role', 'replica', true);
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DELETE FROM public.%I', t);
    EXECUTE format('INSERT INTO public.%I OVERRIDING SYSTEM VALUE TABLE seed.%I', t, t);
  END LOOP;
  FOR c IN SELECT name, last_value FROM seed.counters LOOP
    PERFORM setval(
      format('public.%I', c.name), coalesce(c.last_value, 1), c.last_value IS NOT NULL
    );
  END LOOP;
END $$;
"""


class Databases:
    """One migrated template per kind; `fresh` hands out databases that are as it is."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        here = folders.getbasetemp()
        self._shared = here.parent if os.environ.get("PYTEST_XDIST_WORKER") else here
        self._files = Path(tempfile.mkdtemp(prefix="houtai-", dir=_memory()))
        self._name = os.environ[RUN]
        self._own = f"{self._name}_{os.getpid()}"
        self._is_made = False

    @contextmanager
    def fresh(self, kind: str) -> Iterator[str]:
        """The URL of an empty, migrated database of this test's own."""
        made = self._sqlite() if kind == "sqlite" else self._postgresql()
        with made as url:
            yield url

    def close(self) -> None:
        """Leave nothing in memory."""
        shutil.rmtree(self._files, ignore_errors=True)

    @contextmanager
    def _sqlite(self) -> Iterator[str]:
        template = self._shared / "template.sqlite3"
        with _alone(self._shared / "sqlite.lock"):
            if not template.exists():
                raw = template.with_suffix(".new")
                _migrate(f"sqlite:///{raw}")
                raw.rename(template)
        copy = self._files / f"{next(_count)}.sqlite3"
        shutil.copyfile(template, copy)
        yield f"sqlite:///{copy}"
        for file in copy.parent.glob(f"{copy.name}*"):
            file.unlink()

    @contextmanager
    def _postgresql(self) -> Iterator[str]:
        server = _server()
        own = server.set(database=self._own)
        if self._is_made:
            _disconnect(server, self._own)
            self._is_made = _ask(own, "SELECT seed.shape() = shape FROM seed.was")
        if self._is_made:
            _run(own, "SELECT seed.restore()")
        else:
            self._make_own(server)
        yield own.render_as_string(hide_password=False)

    def _make_own(self, server: URL) -> None:
        with _alone(self._shared / "postgresql.lock"):
            self._make_template(server)
            _run(server, f'DROP DATABASE IF EXISTS "{self._own}" WITH (FORCE)')
            _run(server, f'CREATE DATABASE "{self._own}" TEMPLATE "{self._name}"')
        # What tests kill is our process, never the server: its commits need not reach the disk.
        _run(server, f'ALTER DATABASE "{self._own}" SET synchronous_commit = off')
        self._is_made = True

    def _make_template(self, server: URL) -> None:
        done = self._shared / "postgresql.template"
        if done.exists():
            return
        _run(server, f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')
        _run(server, f'CREATE DATABASE "{self._name}"')
        template = server.set(database=self._name)
        _migrate(template.render_as_string(hide_password=False))
        _run(template, _RESTORE)
        done.touch()


def drop_all(run: str) -> None:
    """Drop what the run left on the server: its template and its workers' databases."""
    server = make_url(os.environ.get("TEST_DATABASE_URL") or LOCAL)
    with psycopg.connect(_plain(server), autocommit=True, connect_timeout=5) as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [run]
        ).fetchall()
        for (name,) in found:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def _memory() -> str | None:
    """A folder in memory, where there is one: fsync costs nothing there."""
    shm = "/dev/shm"
    return shm if os.access(shm, os.W_OK) else None


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


def _disconnect(server: URL, name: str) -> None:
    """End what a test left connected; its locks would make the next one wait."""
    _run(server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


def _run(url: URL, statement: str) -> None:
    with psycopg.connect(_plain(url), autocommit=True, connect_timeout=5) as connection:
        connection.execute(statement.encode())


def _ask(url: URL, question: str) -> bool:
    with psycopg.connect(_plain(url), autocommit=True, connect_timeout=5) as connection:
        answer = connection.execute(question.encode()).fetchone()
    return bool(answer and answer[0])


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
