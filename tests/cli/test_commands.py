"""What every `houtai` command says when the machine is not as it should be."""

import socket
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from app.cli import COMMANDS, main
from app.config import UnusableSetting, from_environment
from app.identity import memberships, people
from app.kernel.db import in_transaction
from tests.diagrams import bpmn, script

NEED_A_DATABASE = [
    ["proof"],
    ["deploy"],
    ["worker"],
    ["user", "list"],
    ["import", "products", __file__, "--by", "maud"],
]


@pytest.fixture
def database_kind() -> str:
    """The server is tested where it is named."""
    return "sqlite"


@pytest.fixture
def here(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migrated, empty database is the one the commands find."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("HOUTAI_SECRET_KEY", "only for tests")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    done = _run(name, "--help")

    assert done.exit_code == 0
    assert done.output.startswith("Usage: ")


def test_a_command_that_does_not_exist_is_a_wrong_call() -> None:
    assert _run("fly").exit_code == 2


@pytest.mark.parametrize("arguments", NEED_A_DATABASE, ids=lambda words: words[0])
def test_a_database_without_schema_is_answered_with_what_to_run(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/new.sqlite3")

    done = _run(*arguments)

    assert done.exit_code == 1
    assert done.output == "Error: The database has no schema yet. Run: houtai migrate\n"


@pytest.mark.usefixtures("here")
def test_deploy_warns_of_names_that_nothing_writes(tmp_path: Path) -> None:
    nodes = script("write", "quantity = 1"), script("read", "copy = quantiy")
    folder = tmp_path / "processes" / "supply"
    folder.mkdir(parents=True)
    (folder / "d.bpmn").write_bytes(bpmn("d", *nodes, flows="begin -> write -> read -> done"))

    done = _run("deploy", str(tmp_path))

    assert done.exit_code == 0
    said = "read: Nothing before this writes quantiy. Did you mean quantity?"
    assert done.output == f"d: version 1 is live.\n  warning: {said}\n"


@pytest.mark.parametrize("arguments", [*NEED_A_DATABASE, ["migrate"]], ids=lambda words: words[0])
def test_a_silent_server_is_answered_with_a_sentence(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hidden@127.0.0.1:1/nothing")

    done = _run(*arguments)

    assert done.exit_code == 1
    assert "The database does not answer" in done.output
    assert "hidden" not in done.output


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "rubbish"),
        ("DATABASE_URL", "mysql://u@h/d"),
        ("DATABASE_URL", "postgresql+psycopg://u@h:port/d"),
        ("HOUTAI_PORT", "eighty"),
        ("HOUTAI_TICK_SECONDS", "0"),
        ("HOUTAI_THREADS", "-1"),
        ("HOUTAI_VAR", "/dev/null/var"),
    ],
)
def test_a_setting_that_means_nothing_is_answered_with_a_sentence(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    if name == "HOUTAI_VAR":
        monkeypatch.delenv("DATABASE_URL", raising=False)
        monkeypatch.delenv("HOUTAI_SECRET_KEY", raising=False)

    done = _run("proof")

    assert done.exit_code == 1
    assert done.output.startswith("Error: ")


@pytest.mark.parametrize("spelling", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_server_s_address_is_understood_without_naming_the_driver(
    spelling: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{spelling}://u@h/d")
    monkeypatch.setenv("HOUTAI_SECRET_KEY", "only for tests")

    assert from_environment().database_url == "postgresql+psycopg://u@h/d"


@pytest.mark.usefixtures("here")
def test_a_taken_port_is_said_before_anything_is_prepared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("HOUTAI_PORT", str(taken.getsockname()[1]))
        done = _run("serve")

    assert done.exit_code == 1
    assert "Choose another with HOUTAI_PORT" in done.output


@pytest.mark.usefixtures("here")
def test_sqlite_takes_one_process() -> None:
    assert _run("serve", "--workers", "2").exit_code == 2
    assert _run("serve", "--workers", "0").exit_code == 2


@pytest.mark.usefixtures("here")
def test_the_practice_company_never_enters_a_database_that_was_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOUTAI_DEMO", "1")

    done = _run("demo")

    assert done.exit_code == 1
    assert "only in Houtai's own SQLite file" in done.output
    assert not from_environment().demo


def test_a_practice_company_that_is_served_is_not_thrown_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("HOUTAI_DEMO", "1")
    monkeypatch.setenv("HOUTAI_VAR", str(tmp_path))
    file = tmp_path / "houtai.sqlite3"
    with closing(sqlite3.connect(file)) as server:
        server.execute("PRAGMA journal_mode=WAL")
        server.execute("CREATE TABLE practice (done)")
        done = _run("demo", "--reset")

    assert done.exit_code == 1
    assert "End its server, then reset it" in done.output
    assert file.exists()


@pytest.mark.usefixtures("here")
def test_an_empty_house_holds_every_invariant() -> None:
    done = _run("proof")

    assert done.exit_code == 0, done.output


@pytest.mark.usefixtures("here")
def test_the_only_administrator_need_not_be_named_to_import(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "suppliers.csv"
    file.write_text("supplier,name\nBOREA,Borea\n")

    nobody = _run("import", "suppliers", str(file))
    _an_administrator("ada")
    done = _run("import", "suppliers", str(file))
    _an_administrator("abe")
    several = _run("import", "suppliers", str(file))

    assert (done.exit_code, done.output) == (0, "1 imported, 0 rows there already.\n")
    assert (nobody.exit_code, several.exit_code) == (2, 2)
    assert "--by USERNAME" in several.output


def test_the_secret_is_made_once_and_is_its_owner_s_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOUTAI_SECRET_KEY", raising=False)
    monkeypatch.setenv("HOUTAI_VAR", str(tmp_path / "var"))

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: from_environment().secret_key, range(2))

    kept = tmp_path / "var" / "secret_key"
    assert first == second == from_environment().secret_key
    assert len(first) >= 32
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(kept.parent.iterdir()) == [kept]


def test_an_empty_secret_is_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOUTAI_SECRET_KEY", raising=False)
    monkeypatch.setenv("HOUTAI_VAR", str(tmp_path))
    (tmp_path / "secret_key").touch()

    with pytest.raises(UnusableSetting, match="is empty"):
        from_environment()


def _an_administrator(name: str) -> None:
    def step() -> None:
        memberships.grant(people.add(name, name=name), "administrator", "*")

    in_transaction(step)


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))
