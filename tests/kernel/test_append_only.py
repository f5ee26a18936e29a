"""Tables that only grow."""

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from sqlalchemy import Column, Integer, text
from sqlalchemy.exc import DBAPIError

from app.identity import audit
from app.kernel import append_only, policy
from app.kernel.db import db, in_transaction, savepoint

REFUSED = "HOUTAI_APPEND_ONLY"


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET action = 'nothing'", "DELETE FROM audit_entry"]
)
def test_the_database_itself_refuses_to_change_the_audit(app: Flask, statement: str) -> None:
    _is_refused(statement)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_sqlite_refuses_to_replace_a_row_too(app: Flask) -> None:
    _is_refused("INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry")


@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.parametrize("statement", ["TRUNCATE audit_entry", "TRUNCATE audit_entry CASCADE"])
def test_postgresql_refuses_to_truncate_too(app: Flask, statement: str) -> None:
    _is_refused(statement)


def test_every_table_that_should_only_grow_is_protected_after_the_migrations(app: Flask) -> None:
    tables = append_only.marked(db.metadata)

    assert {"audit_entry", policy.PolicyVersion.__tablename__} <= set(tables)
    assert append_only.missing(db.session.connection(), tables) == []


def test_a_lost_protection_is_named(app: Flask) -> None:
    def step() -> list[str]:
        append_only.unprotect(_operations(), "audit_entry")
        return append_only.missing(db.session.connection(), ["audit_entry", "policy_version"])

    found = in_transaction(step)

    assert found[:2] == [
        "audit_entry: UPDATE is not refused",
        "audit_entry: DELETE is not refused",
    ]
    assert not [line for line in found if line.startswith("policy_version")]


def test_a_protected_table_can_be_altered_and_stays_protected(app: Flask) -> None:
    def step() -> list[str]:
        with append_only.altering(_operations(), "audit_entry") as batch:
            batch.add_column(Column("weight", Integer))
        return append_only.missing(db.session.connection(), ["audit_entry"])

    assert in_transaction(step) == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_alembic_alone_would_have_dropped_the_protection(app: Flask) -> None:
    def step() -> list[str]:
        with _operations().batch_alter_table("audit_entry", recreate="always") as batch:
            batch.add_column(Column("weight", Integer))
        return append_only.missing(db.session.connection(), ["audit_entry"])

    assert len(in_transaction(step)) == 2


def test_a_refused_change_leaves_the_rest_of_the_step_alive(app: Flask) -> None:
    def step() -> None:
        audit.record("person_added", by=None, subject="person:1")
        db.session.flush()
        with pytest.raises(DBAPIError, match=REFUSED), savepoint():
            db.session.execute(text("DELETE FROM audit_entry"))

    in_transaction(step)

    assert len(audit.about("person:1")) == 1


def _is_refused(statement: str) -> None:
    in_transaction(lambda: audit.record("person_added", by=None, subject="person:1"))

    with pytest.raises(DBAPIError, match=REFUSED):
        in_transaction(lambda: db.session.execute(text(statement)))

    assert [entry.action for entry in audit.about("person:1")] == ["person_added"]


def _operations() -> Operations:
    return Operations(MigrationContext.configure(db.session.connection()))
