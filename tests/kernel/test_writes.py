"""Writes are sent together, and what the database refuses is told as any other refusal."""

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from app.kernel.db import db, in_transaction
from app.kernel.writes import Writes
from app.workflow.records import CaseNumber


def _row(number: str) -> dict[str, object]:
    return {"number": number, "instance_id": 1}


def _numbers() -> list[str]:
    return list(db.session.scalars(select(CaseNumber.number).order_by(CaseNumber.number)))


def test_what_was_noted_is_written_in_its_order(app: Flask) -> None:
    def step() -> None:
        writes = Writes()
        writes.note(insert(CaseNumber), [_row("A"), _row("B")])
        writes.note(delete(CaseNumber).where(CaseNumber.number == "A"), {})
        writes.note(insert(CaseNumber), _row("C"))
        assert _numbers() == []
        writes.send()
        assert _numbers() == ["B", "C"]

    in_transaction(step)

    assert _numbers() == ["B", "C"]


def test_it_is_sent_once(app: Flask) -> None:
    def step() -> None:
        writes = Writes()
        writes.note(insert(CaseNumber), _row("A"))
        writes.send()
        writes.send()

    in_transaction(step)

    assert _numbers() == ["A"]


def test_a_step_whose_writes_are_refused_changes_nothing(app: Flask) -> None:
    def step() -> None:
        writes = Writes()
        writes.note(insert(CaseNumber), _row("A"))
        writes.note(insert(CaseNumber), _row("A"))
        writes.note(insert(CaseNumber), _row("B"))
        writes.send()

    with pytest.raises(IntegrityError):
        in_transaction(step)

    assert _numbers() == []


def test_a_step_goes_on_after_a_savepoint_whose_writes_were_refused(app: Flask) -> None:
    def step() -> None:
        writes = Writes()
        writes.note(insert(CaseNumber), [_row("A"), _row("A")])
        with pytest.raises(IntegrityError), db.session.begin_nested():
            writes.send()
        writes.note(insert(CaseNumber), _row("B"))
        writes.send()

    in_transaction(step)

    assert _numbers() == ["B"]
