"""The databases and the application every test starts from."""

import contextlib
import os
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager

import psycopg
import pytest
from flask import Flask

from app.config import Settings
from app.factory import create_app
from app.kernel import cause, clock, garbage
from app.kernel.db import db
from tests import compiled, connections
from tests.databases import RUN, Databases, drop_all

pytest_plugins = ["tests.chromium"]


def pytest_configure() -> None:
    """Name this run, so that its workers share one PostgreSQL template."""
    compiled.share_addresses()
    os.environ.setdefault(RUN, f"houtai_test_{uuid.uuid4().hex[:10]}")


def pytest_collection_finish() -> None:
    """What was imported is not looked through whenever garbage is sought."""
    garbage.settle()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave the server as it was."""
    if not hasattr(session.config, "workerinput"):
        with contextlib.suppress(psycopg.OperationalError):
            drop_all(os.environ[RUN])


@pytest.fixture(autouse=True)
def _clock_put_back() -> Iterator[None]:
    """However far a test turns the clock, the next one begins where this one did."""
    ahead_by = clock._ahead_by
    yield
    clock._ahead_by = ahead_by


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Migrated templates, made once for all workers."""
    made = Databases(tmp_path_factory)
    yield made
    made.close()
    connections.forget_all()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Overridden where one database is enough (pages, browser)."""
    return str(request.param)


@pytest.fixture
def is_shipped() -> bool:
    """Overridden where the shipped processes are deployed before a test begins."""
    return False


@pytest.fixture
def has_pages() -> bool:
    """Overridden where a test visits pages."""
    return False


@pytest.fixture
def database_url(databases: Databases, database_kind: str, *, is_shipped: bool) -> Iterator[str]:
    """A migrated database of this test's own, empty but for the shipped processes."""
    with databases.fresh(database_kind, is_shipped=is_shipped) as url:
        yield url


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url, secret_key="only for tests")


@pytest.fixture
def app(settings: Settings, *, has_pages: bool) -> Iterator[Flask]:
    """The application on this test's database, its context pushed."""
    application = create_app(settings, pages=has_pages)
    compiled.share_templates(application)
    with application.app_context():
        connections.share(db.engine)
        compiled.share_statements(db.engine)
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def a_cause() -> AbstractContextManager[None]:
    """What lets a test write ledgers as a process step would."""
    return cause.acting(cause.Cause("1:step:0", instance_id=1, element_id="step", person_id=None))
