"""`houtai user`, as an administrator types it."""

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from app.cli import main
from app.identity import memberships, people, sign_in
from app.kernel.db import db
from tests.identity.conftest import PASSWORD


@pytest.fixture
def database_kind() -> str:
    """What is stored is tested elsewhere, on both."""
    return "sqlite"


@pytest.fixture(autouse=True)
def _here(app: Flask, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("HOUTAI_SECRET_KEY", "only for tests")


def test_a_person_is_added_with_roles_and_can_sign_in() -> None:
    done = _run(
        "add", "Chloe", "--name", "Chloé", "--role", "qc_manager",
        "--role", "warehouse_keeper:site:DAYUAN", "--password-stdin", typed=PASSWORD,
    )  # fmt: skip

    assert (done.exit_code, done.output) == (0, "Chloé can sign in as chloe.\n")
    person = sign_in.sign_in("chloe", PASSWORD, "192.0.2.1").person
    assert memberships.of(person.id) == {("qc_manager", "*"), ("warehouse_keeper", "site:DAYUAN")}


def test_the_password_is_asked_for_twice_when_nothing_is_piped() -> None:
    done = _run("add", "chloe", "--name", "Chloé", typed=f"{PASSWORD}\n{PASSWORD}\n")

    assert done.exit_code == 0
    assert PASSWORD not in done.output


def test_a_suppliers_person_belongs_to_the_supplier() -> None:
    _run(
        "add", "hong", "--name", "Hong", "--role", "supplier:supplier:HONGSHENG",
        "--password-stdin", typed=PASSWORD,
    )  # fmt: skip

    assert people.named("hong").party == "supplier:HONGSHENG"


@pytest.mark.parametrize(
    ("arguments", "typed", "sentence"),
    [
        (["add", "chloe", "--name", "C", "--role", "pirate"], PASSWORD, "no role pirate"),
        (["add", "chloe", "--name", "C", "--role", "buyer:moon"], PASSWORD, "no scope"),
        (["add", "chloe", "--name", "C"], "short", "10 to 256"),
        (["add", "c h", "--name", "C"], PASSWORD, "cannot be a sign-in name"),
        (["password", "chloe"], PASSWORD, "Nobody here is called chloe"),
    ],
)
def test_a_refusal_is_a_sentence_and_nothing_is_kept(
    arguments: list[str], typed: str, sentence: str
) -> None:
    done = _run(*arguments, "--password-stdin", typed=typed)

    assert done.exit_code == 1
    assert sentence in done.output
    assert "Traceback" not in done.output
    assert people.by_username("chloe") is None


def test_a_mistyped_command_is_told_apart_from_a_refusal() -> None:
    assert _run("add", "chloe").exit_code == 2


def test_roles_are_given_taken_and_listed() -> None:
    _run("add", "chloe", "--name", "Chloé", "--password-stdin", typed=PASSWORD)

    _run("grant", "chloe", "--role", "inspector", "--role", "buyer")
    _run("revoke", "chloe", "--role", "buyer")

    assert _run("list").output == "chloe                Chloé: inspector\n"
    assert "qc_manager               QC manager\n" in _run("roles").output


def test_a_new_password_replaces_the_old() -> None:
    _run("add", "chloe", "--name", "Chloé", "--password-stdin", typed=PASSWORD)

    assert _run("password", "chloe", "--password-stdin", typed="entirely new words").exit_code == 0

    with pytest.raises(sign_in.WrongNameOrPassword):
        sign_in.sign_in("chloe", PASSWORD, "192.0.2.1")
    sign_in.sign_in("chloe", "entirely new words", "192.0.2.1")


def _run(*arguments: str, typed: str = "") -> Result:
    done = CliRunner().invoke(main, ["user", *arguments], input=typed)
    db.session.remove()
    return done
