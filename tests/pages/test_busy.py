"""Who meets somebody else's lock reads a sentence, and what they typed is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.config import Settings
from app.kernel.db import db, in_transaction
from app.web.cases import listing
from app.workflow.records import Task
from tests.builders.goods import a_sku
from tests.pages.visitor import Visitor
from tests.processes.play import a_delivery

GATE = {"gate.vehicle": "KLA-2207", "gate.cartons": "4"}


@pytest.fixture
def database_kind() -> str:
    return "postgresql"


@pytest.fixture
def settings(database_url: str) -> Settings:
    plain = Settings(database_url=database_url, secret_key="only for tests")
    return replace(plain, lock_seconds=0.2, statement_seconds=2)


@pytest.fixture
def gate(app: Flask) -> str:
    """The address of the first task of a delivery."""
    flour = in_transaction(lambda: a_sku("FLOUR"))
    a_delivery((flour, 10))
    return f"/tasks/{db.session.scalar(select(Task.id))}"


def test_a_task_whose_case_is_locked_keeps_the_draft(bruno: Visitor, gate: str) -> None:
    with _locked_cases():
        page = bruno.post(f"{gate}/completion", GATE)

    assert page.status == 409
    assert "Someone else is working on this right now; nothing was changed." in page.text
    assert 'value="KLA-2207"' in page.source
    assert "Count delivery" in bruno.post(f"{gate}/completion", GATE).text


def test_a_page_that_takes_too_long_is_stopped_with_a_sentence(
    bruno: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "cases", _sleep)

    page = bruno.get("/cases")

    assert page.status == 503
    assert "This took too long and was stopped" in page.text


@contextmanager
def _locked_cases() -> Iterator[None]:
    db.session.rollback()
    with db.engine.begin() as other:
        other.execute(text("SELECT 1 FROM process_instance FOR UPDATE"))
        yield


def _sleep(*_: object, **__: object) -> object:
    return db.session.execute(text("SELECT pg_sleep(5)"))
