"""Of two who are the first to keep one thing at one instant, the second reads a sentence."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text

from app.domain.catalog.products import Product
from app.domain.imports import importing
from app.domain.inventory.places import Site
from app.domain.supply.suppliers import Supplier
from app.identity import memberships, people
from app.identity.people import UsernameTaken
from app.kernel.db import db, in_transaction
from app.workflow import definitions
from app.workflow.records import Definition
from tests.diagrams import bpmn, user
from tests.workflow.together import together

DIAGRAM = bpmn("d", user("work"), flows="begin -> work -> done", lanes={"Warehouse keeper": "work"})
KINDS = {"products": Product, "suppliers": Supplier, "locations": Site}
NEW = {"products": 1, "suppliers": 1, "locations": 2}  # a location comes with its site


def test_two_who_add_one_person_make_one(app: Flask) -> None:
    with _meeting_at("person"):
        first, second = sorted(together(app, [_add] * 2), key=_is_refused)

    assert isinstance(first, int)
    assert isinstance(second, UsernameTaken)
    assert "mei" in str(second)


@pytest.mark.parametrize("kind", KINDS)
def test_two_first_imports_of_one_code_keep_it_once(app: Flask, kind: str) -> None:
    in_transaction(lambda: memberships.grant(people.add("chloe", name="Chloé"), "buyer"))
    before = _count(KINDS[kind])

    with _meeting_at(KINDS[kind].__tablename__):
        results = together(app, [partial(_import, kind)] * 2)

    assert sorted(map(str, results)) == [f"{NEW[kind]} new", "already there"]
    assert _count(KINDS[kind]) == before + 1


def test_two_who_deploy_one_process_make_one_version(app: Flask) -> None:
    with _meeting_at("process_definition"):
        results = together(app, [_deploy] * 2)

    assert results == [1, 1]
    assert _count(Definition) == 1


def test_two_who_deploy_different_processes_of_one_name_make_two_versions(app: Flask) -> None:
    other = DIAGRAM.replace(b'name="work"', b'name="work harder"')
    with _meeting_at("process_definition"):
        results = together(app, [partial(_deploy, one) for one in (DIAGRAM, other)])

    assert sorted(map(str, results)) == ["1", "2"]
    query = select(Definition.version, Definition.status).order_by(Definition.version)
    assert [tuple(row) for row in db.session.execute(query)] == [(1, "retired"), (2, "published")]


def test_a_key_that_stays_taken_is_a_fault_after_three_tries(app: Flask) -> None:
    tries: list[int] = []

    def step() -> None:
        tries.append(1)
        for _ in range(2):
            db.session.execute(text("INSERT INTO role (code, title) VALUES ('one', '{}')"))

    with pytest.raises(Exception, match=r"(?i)unique"):
        in_transaction(step)

    assert len(tries) == (3 if db.engine.dialect.name == "postgresql" else 1)


def _add() -> int:
    return in_transaction(lambda: people.add("mei", name="Mei").id)


def _import(kind: str) -> str:
    raw = importing.template(kind).encode()
    loaded = in_transaction(lambda: importing.load(kind, raw, by="chloe"))
    return f"{loaded.new} new" if loaded.new else "already there"


def _deploy(diagram: bytes = DIAGRAM) -> int:
    files = {"d.bpmn": diagram}
    return in_transaction(lambda: definitions.deploy("d", files, by=None).version)


@contextmanager
def _meeting_at(table: str) -> Iterator[None]:
    """Each step waits before its first row of `table` until the other one is there, too.

    SQLite lets one step in at a time, so there the first waits in vain and goes on.
    """
    meeting = _Meeting(f"INSERT INTO {table} ")
    engine = db.engine
    event.listen(engine, "before_cursor_execute", meeting.arrive)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", meeting.arrive)
    db.session.rollback()


class _Meeting:
    """Where two threads meet once."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._met: set[int] = set()
        self._door = threading.Barrier(2, timeout=1)

    def arrive(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        me = threading.get_ident()
        if statement.startswith(self._words) and me not in self._met:
            self._met.add(me)
            with suppress(threading.BrokenBarrierError):
                self._door.wait()


def _is_refused(result: object) -> bool:
    return isinstance(result, Exception)


def _count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0
