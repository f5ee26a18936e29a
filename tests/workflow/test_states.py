"""Cases that are open when a new release comes go on in it, and end as they would have."""

import json
import zlib
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from app.cli import main
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.workflow import state_migration
from app.workflow.records import ProcessInstance
from app.workflow.spiff import upgrades
from app.workflow.spiff.execution import Execution
from app.workflow.spiff.faults import UnknownState
from app.workflow.spiff.state import VERSION
from tests.diagrams import bpmn, user
from tests.states.__main__ import cases as made_now
from tests.states.corpus import Stored, every
from tests.workflow.play import Case, deploy

DIAGRAM = bpmn(
    "d",
    user("first"),
    user("second"),
    flows="begin -> first -> second -> done",
    lanes={"Buyer": "first second"},
)
STORED = every()


@pytest.mark.parametrize("stored", STORED, ids=lambda stored: stored.name)
def test_a_stored_case_is_played_to_the_end_it_had(stored: Stored) -> None:
    end = stored.end_of(stored.played(stored.kept, stored.then))

    assert end.is_finished
    assert repr(sorted(end.data.items())) == stored.ends_with


@pytest.mark.parametrize("stored", STORED, ids=lambda stored: stored.name)
def test_a_stored_case_that_is_kept_anew_says_the_same(stored: Stored) -> None:
    anew = Execution.load(stored.process, stored.kept, stored).save()

    if stored.name.startswith(VERSION.decode()):
        assert zlib.decompress(anew[2:]) == zlib.decompress(stored.kept[2:])
    assert stored.end_of(stored.played(anew, stored.then)).is_finished


def test_every_way_a_token_stands_is_stored_for_this_version() -> None:
    stored = {one.name for one in STORED}

    assert {f"{VERSION.decode()}_{one.name}" for one in made_now()} <= stored


@pytest.fixture
def old(chloe: Person, monkeypatch: pytest.MonkeyPatch) -> Case:
    """A case whose state an earlier release wrote, under another name for its number."""
    deploy(DIAGRAM, "d", {"first": "note"})
    case, _other = Case.start("d"), Case.start("d")
    case.complete("first", by=chloe, note="kept")
    in_transaction(lambda: _set_state(case.id, _as_h0(_state(case.id))))
    monkeypatch.setitem(upgrades.UPGRADES, b"h0", (VERSION, _from_h0))
    return case


def test_the_state_of_an_earlier_release_is_written_anew_and_the_case_goes_on(
    old: Case, chloe: Person
) -> None:
    assert state_migration.is_old(old.id)
    db.session.rollback()

    done = [in_transaction(lambda: state_migration.migrate(old.id)) for _ in range(2)]

    assert done == [True, False]
    assert _state(old.id)[:2] == VERSION
    assert old.data == {"note": "kept"}
    old.complete("second", by=chloe)
    assert old.status == "finished"


def test_a_case_goes_on_even_before_its_state_is_migrated(old: Case, chloe: Person) -> None:
    old.complete("second", by=chloe)

    assert old.status == "finished"


def test_a_case_that_ended_is_left_alone(old: Case, chloe: Person) -> None:
    old.complete("second", by=chloe)
    ended = _state(old.id)

    assert not in_transaction(lambda: state_migration.migrate(old.id))
    assert _state(old.id) == ended


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_command_migrates_every_open_case_and_names_those_it_cannot_read(
    old: Case, app: Flask, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    broken = Case.start("d")
    in_transaction(lambda: _set_state(broken.id, b"x0"))

    looked = _command("--check")
    assert _state(old.id)[:2] == b"h0"
    done = _command()
    in_transaction(lambda: _set_state(broken.id, _state(old.id)))
    again = _command()

    assert looked[0] == done[0] == 1
    assert "3 open cases: 1 would be written anew, 1 cannot be read." in looked[1]
    assert "3 open cases: 1 written anew, 1 cannot be read." in done[1]
    assert f"case {broken.id}: the state begins with" in done[1]
    assert again == (0, "3 open cases: 0 written anew, 0 cannot be read.\n")


def test_a_version_nobody_can_upgrade_is_refused_by_name(old: Case) -> None:
    in_transaction(lambda: _set_state(old.id, b"g9" + _state(old.id)[2:]))

    with pytest.raises(UnknownState, match="g9"):
        state_migration.is_old(old.id)


def _command(*arguments: str) -> tuple[int, str]:
    db.session.rollback()
    result = CliRunner().invoke(main, ["migrate-states", *arguments])
    return result.exit_code, result.output


def _as_h0(state: bytes) -> bytes:
    saved = json.loads(zlib.decompress(state[2:]))
    return b"h0" + zlib.compress(json.dumps({"number": saved["n"], "p": saved["p"]}).encode())


def _from_h0(saved: dict[str, Any]) -> dict[str, Any]:
    return {"n": saved["number"], "p": saved["p"]}


def _state(case_id: int) -> bytes:
    db.session.rollback()
    return bytes(db.session.get_one(ProcessInstance, case_id).state or b"")


def _set_state(case_id: int, state: bytes) -> None:
    db.session.get_one(ProcessInstance, case_id).state = state
