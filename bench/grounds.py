"""Databases to measure on: migrated once, copied for each measurement, gone afterwards."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url

from app.cli import schema
from app.config import ROOT, Settings
from app.factory import create_app
from app.kernel import garbage
from app.kernel.db import db, in_transaction
from bench import company

SQLITE, POSTGRESQL = KINDS = ("sqlite", "postgresql")
_LOCAL = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
_count = itertools.count()


class Grounds:
    """One kind of database; `with ground() as app` is a fresh copy with the company in it.

    Where only the running matters and not the figures, one copy serves all: to make and to drop
    databases takes PostgreSQL longer than a tiny run.
    """

    def __init__(self, kind: str, folder: Path, *, one_for_all: bool) -> None:
        self.kind = kind
        self._folder = folder
        self._one_for_all = one_for_all
        self._url_of_all = ""
        self._name = f"houtai_bench_{os.getpid()}"
        self._made: list[str] = []

    @contextmanager
    def ground(self, threads: int = 12) -> Iterator[Flask]:
        """The application on a database of its own, its context pushed."""
        if not self._made:
            self._made.append(self._template())
        url = self._url_of_all or self._copy()
        if self._one_for_all:
            self._url_of_all = url
        app = _application(url, threads)
        with app.app_context():
            garbage.settle()  # as a server does
            yield app
            db.session.remove()
            db.engine.dispose()

    def clear(self) -> None:
        """Drop what was made."""
        if self.kind == POSTGRESQL:
            for name in reversed(self._made):
                _run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _template(self) -> str:
        if self.kind == POSTGRESQL:
            _run(f'CREATE DATABASE "{self._name}"')
        app = _application(self._url(self._name), threads=2)
        with app.app_context():
            schema.upgrade()
            in_transaction(company.found)
            if self.kind == SQLITE:
                db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            db.session.remove()
            db.engine.dispose()
        return self._name

    def _copy(self) -> str:
        name = f"{self._name}_{next(_count)}"
        if self.kind == SQLITE:
            shutil.copyfile(self._file(self._name), self._file(name))
        else:
            _run(f'CREATE DATABASE "{name}" TEMPLATE "{self._name}"')
        self._made.append(name)
        return self._url(name)

    def _url(self, name: str) -> str:
        if self.kind == SQLITE:
            return f"sqlite:///{self._file(name)}"
        return _server().set(database=name).render_as_string(hide_password=False)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite3"


def tidy(statement: str) -> None:
    """Run VACUUM or ANALYZE, which want no transaction around them."""
    db.session.remove()
    pooled = db.engine.raw_connection()
    driver: Any = pooled.driver_connection
    if db.engine.dialect.name == POSTGRESQL:
        driver.rollback()
        driver.autocommit = True
    driver.execute(statement)
    if db.engine.dialect.name == POSTGRESQL:
        driver.autocommit = False
    pooled.close()


@contextmanager
def on(kind: str, *, one_for_all: bool = False) -> Iterator[Grounds]:
    """Grounds of one kind, on the disk the product's own data would be on."""
    (ROOT / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"bench_{os.getpid()}_", dir=ROOT / "build") as folder:
        grounds = Grounds(kind, Path(folder), one_for_all=one_for_all)
        try:
            yield grounds
        finally:
            grounds.clear()


def _application(url: str, threads: int) -> Flask:
    return create_app(Settings(database_url=url, secret_key="only for measuring", threads=threads))


def _server() -> URL:
    return make_url(os.environ.get("TEST_DATABASE_URL") or _LOCAL)


def _run(statement: str) -> None:
    plain = _server().set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True, connect_timeout=5) as connection:
        connection.execute(statement.encode())
