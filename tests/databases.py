"""Databases for tests: migrated once, then copied or put back as they were.

There are two templates of each kind: an empty one, and one in which the shipped processes are
deployed. Append-only tables cannot be cleaned by DELETE, so a SQLite file is copied for each test.
On PostgreSQL each worker gets a copy of a template; between tests a function that lives in it
puts back every table that was written since, as the transaction of each row tells, with triggers
asleep, which only a superuser may ask for. Where a test changed the schema itself, the worker gets
a new copy.
"""

import fcntl
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

from app.cli import schema
from app.config import ROOT, Settings
from app.factory import create_app
from app.kernel.db import db, in_transaction
from app.workflow import shipping
from tests import connections

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
CREATE TABLE seed.written AS
  SELECT tablename::text AS name, 0::bigint AS rows, '0'::xid AS by
    FROM pg_tables WHERE schemaname = 'public';
CREATE FUNCTION seed.is_kept(t text, rows bigint, by xid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE kept boolean; BEGIN
  EXECUTE format(
    'SELECT count(*) = $1 AND count(*) FILTER (WHERE xmin = $2) = $1 FROM public.%I', t
  ) INTO kept USING rows, by;
  RETURN kept;
END $$;
CREATE FUNCTION seed.restore() RETURNS void LANGUAGE plpgsql AS $$
DECLARE t text; n bigint; c record; BEGIN
  PERFORM set_config('session_replication_role', 'replica', true);
  FOR t IN SELECT name FROM seed.written WHERE NOT seed.is_kept(name, rows, by) LOOP
    EXECUTE format('DELETE FROM public.%I', t);
    EXECUTE format('INSERT INTO public.%I OVERRIDING SYSTEM VALUE TABLE seed.%I', t, t);
    GET DIAGNOSTICS n = ROW_COUNT;
    UPDATE seed.written SET rows = n, by = pg_current_xact_id()::xid WHERE name = t;
  END LOOP;
  FOR c IN SELECT name, last_value FROM seed.counters LOOP
    PERFORM setval(
      format('public.%I', c.name), coalesce(c.last_value, 1), c.last_value IS NOT NULL
    );
  END LOOP;
END $$;
"""
_ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL(%s)
"""


class Databases:
    """Migrated templates per kind; `fresh` hands out databases that are as these are."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._shared = shared_folder(folders)
        self._files = Path(tempfile.mkdtemp(prefix="houtai-", dir=_memory()))
        self._name = os.environ[RUN]
        self._own: dict[str, psycopg.Connection] = {}

    @contextmanager
    def fresh(self, kind: str, *, is_shipped: bool = False) -> Iterator[str]:
        """The URL of a migrated database of this test's own, perhaps with what is shipped."""
        state = "shipped" if is_shipped else "migrated"
        made = self._sqlite(state) if kind == "sqlite" else self._postgresql(state)
        with made as url:
            yield url

    def close(self) -> None:
        """Leave nothing in memory, nobody connected."""
        for connection in self._own.values():
            connection.close()
        shutil.rmtree(self._files, ignore_errors=True)

    @contextmanager
    def _sqlite(self, state: str) -> Iterator[str]:
        template = self._shared / f"{state}.sqlite3"
        with alone(self._shared / "sqlite.lock"):
            if not template.exists():
                raw = template.with_suffix(".new")
                _prepare(f"sqlite:///{raw}", state)
                raw.rename(template)
        copy = self._files / f"{next(_count)}.sqlite3"
        shutil.copyfile(template, copy)
        yield f"sqlite:///{copy}"
        for file in copy.parent.glob(f"{copy.name}*"):
            file.unlink()

    @contextmanager
    def _postgresql(self, state: str) -> Iterator[str]:
        server = _server()
        name = f"{self._name}_{state}_{os.getpid()}"
        own = server.set(database=name)
        if name not in self._own or not _put_back(self._own[name]):
            self._make_own(server, name, state)
        yield own.render_as_string(hide_password=False)

    def _make_own(self, server: URL, name: str, state: str) -> None:
        connections.forget(name)
        with alone(self._shared / "postgresql.lock"):
            template = self._make_template(server, state)
            _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            _run(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        # What tests kill is our process, never the server: its commits need not reach the disk.
        _run(server, f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        own = _plain(server.set(database=name))
        self._own[name] = psycopg.connect(own, autocommit=True, connect_timeout=5)

    def _make_template(self, server: URL, state: str) -> str:
        name = f"{self._name}_{state}"
        done = self._shared / f"postgresql.{state}"
        if done.exists():
            return name
        _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        _run(server, f'CREATE DATABASE "{name}"')
        template = server.set(database=name)
        _prepare(template.render_as_string(hide_password=False), state)
        _run(template, _RESTORE)
        _run(template, "SELECT seed.restore()")
        done.touch()
        return name


def shared_folder(folders: pytest.TempPathFactory) -> Path:
    """The folder of this run, whichever of its workers asks."""
    here = folders.getbasetemp()
    return here.parent if os.environ.get("PYTEST_XDIST_WORKER") else here


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep the other workers out of the block."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


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


def _prepare(url: str, state: str) -> None:
    app = create_app(Settings(database_url=url, secret_key="only for tests"), pages=False)
    with app.app_context():
        schema.upgrade()
        if state == "shipped":
            in_transaction(lambda: shipping.deploy_folder(ROOT))
        db.session.remove()
        db.engine.dispose()


def _server() -> URL:
    """The server to test on; in CI its absence is a failure."""
    url = make_url(os.environ.get("TEST_DATABASE_URL") or LOCAL)
    if (problem := _unreachable(url)) is not None:
        if os.environ.get("CI"):
            raise problem
        pytest.skip(f"no PostgreSQL server at {url.render_as_string()}: {problem}")
    return url


@cache
def _unreachable(url: URL) -> psycopg.OperationalError | None:
    try:
        _run(url, "SELECT 1")
    except psycopg.OperationalError as error:
        return error
    return None


def _put_back(connection: psycopg.Connection) -> bool:
    """Whether the database could be made as it was; not when its schema changed.

    What a test left connected is ended first: its locks would make the next one wait. The
    connection stays open between tests: it knows the tables, a new one learns each of them again.
    """
    connection.execute(_ALONE, [connections.kept(connection.info.dbname)])
    same = connection.execute("SELECT seed.shape() = shape FROM seed.was").fetchone()
    if not same or not same[0]:
        connection.close()
        return False
    connection.execute("SELECT seed.restore()")
    return True


def _run(url: URL, statement: str) -> None:
    with psycopg.connect(_plain(url), autocommit=True, connect_timeout=5) as connection:
        connection.execute(statement.encode())


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
