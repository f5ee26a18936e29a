"""What `houtai calendar` keeps, and how it answers hours it cannot read."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from flask import Flask

from app.cli import main
from app.kernel import calendars
from app.kernel.db import db, in_transaction

SATURDAY = datetime(2026, 6, 6, 1, tzinfo=UTC)  # 9 in the morning in Taipei


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture(autouse=True)
def _here(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("HOUTAI_SECRET_KEY", "only for tests")


def test_the_company_works_when_it_says_so(app: Flask) -> None:
    hours = ("--open", "mon-fri 09:00-18:00", "--open", "sat 09:00-12:00")
    done = CliRunner().invoke(main, ["calendar", "save", "--zone", "Asia/Taipei", *hours])

    assert done.exit_code == 0, done.output
    kept = in_transaction(lambda: calendars.of_scope(None))
    db.session.remove()
    assert kept.after(SATURDAY, timedelta(hours=4)) == datetime(2026, 6, 8, 2, tzinfo=UTC)


@pytest.mark.parametrize("hours", ["always", "mon-fry 09:00-18:00", "mon", "mon 9-18"])
def test_hours_that_cannot_be_read_are_answered_with_how_to_write_them(hours: str) -> None:
    done = CliRunner().invoke(main, ["calendar", "save", "--zone", "Asia/Taipei", "--open", hours])

    assert done.exit_code in {1, 2}
    assert "09:00-18:00" in done.output or "Write" in done.output
