"""A backup is one moment of the house, and comes back equal on either database."""

import json
import sqlite3
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from app.cli import main
from app.config import ROOT, Settings
from app.domain.catalog import skus
from app.identity import memberships, people
from app.identity.people import Person
from app.kernel import attachments
from app.kernel.db import db, in_transaction
from app.workflow import shipping
from tests.builders.goods import a_bin, a_sku
from tests.databases import Databases
from tests.processes.play import PNG, a_counted_delivery

OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}
DAMAGES = {
    "revision": "Restore it with the release that made it",
    "row": "stock_balance is not what the archive says",
    "file": "Take another archive",
    "cut": "no archive of this product",
}
Place = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def house(app: Flask, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A warehouse where deliveries are counted; the commands find it."""
    monkeypatch.setenv("HOUTAI_SECRET_KEY", "only for tests")
    monkeypatch.setenv("DATABASE_URL", database_url)
    in_transaction(_open)
    _count_a_delivery()
    in_transaction(lambda: attachments.keep("gate.png", PNG * 200, by=_bruno().id).id)
    yield app
    db.session.remove()


@pytest.fixture
def moved_to(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Let the commands find an empty database of a kind."""

    @contextmanager
    def move(kind: str) -> Iterator[None]:
        with databases.fresh(kind) as url:
            monkeypatch.setenv("DATABASE_URL", url)
            yield

    return move


def test_a_backup_made_while_people_work_holds_every_invariant_elsewhere(
    house: Flask, database_kind: str, moved_to: Place, tmp_path: Path
) -> None:
    with _people_at_work(house) as finished:
        before = len(finished)
        done = _run("backup", tmp_path / "monday")
        during = len(finished) - before
    with moved_to(OTHER[database_kind]):
        back = _run("restore", tmp_path / "monday")
        proof = _run("proof")

    assert (done.exit_code, back.exit_code) == (0, 0), done.output + back.output
    assert during > 0
    assert proof.exit_code == 0, proof.output
    assert (tmp_path / "monday").stat().st_mode & 0o777 == 0o600


def test_there_and_back_again_every_table_is_the_same(
    house: Flask, database_kind: str, moved_to: Place, tmp_path: Path
) -> None:
    _run("backup", tmp_path / "first")
    with moved_to(OTHER[database_kind]):
        done = _run("restore", tmp_path / "first")
        assert done.exit_code == 0, done.output
        assert _run("backup", tmp_path / "second").exit_code == 0
    db.session.remove()
    db.engine.dispose()
    with moved_to(database_kind):
        assert _run("restore", tmp_path / "second").exit_code == 0
        assert _run("backup", tmp_path / "third").exit_code == 0
        proof = _run("proof")  # among much else it reads whether the triggers are back
        work_goes_on = _run("user", "add", "eve", "--name", "Eve", "--password-stdin")

    first, second, third = (_tables(tmp_path / each) for each in ("first", "second", "third"))
    assert first == second == third
    assert sum(part["rows"] > 0 for part in first.values()) > 20
    assert proof.exit_code == 0, proof.output
    assert work_goes_on.exit_code == 0, work_goes_on.output


def test_a_house_with_people_in_it_is_never_written_over(house: Flask, tmp_path: Path) -> None:
    _run("backup", tmp_path / "monday")

    back = _run("restore", tmp_path / "monday")
    again = _run("backup", tmp_path / "monday")

    assert back.exit_code == again.exit_code == 1
    assert "has people in it already" in back.output
    assert "never writes over another" in again.output


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.usefixtures("house")
def test_only_a_practice_company_makes_room_and_only_where_it_is_asked_to(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run("backup", tmp_path / "monday")
    archive = tmp_path / "monday"

    real = _run("restore", "--over-practice", archive)
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("HOUTAI_DEMO", "1")
    monkeypatch.setenv("HOUTAI_VAR", str(tmp_path))
    here, there = sqlite3.connect(settings.own_file), sqlite3.connect(tmp_path / "houtai.sqlite3")
    with closing(here), closing(there):
        here.backup(there)
    unasked = _run("restore", archive)
    asked = _run("restore", "--over-practice", archive)
    proof = _run("proof")

    assert (real.exit_code, unasked.exit_code, asked.exit_code) == (1, 1, 0), asked.output
    assert "has people in it already" in real.output
    assert proof.exit_code == 0, proof.output


def test_what_is_not_as_it_was_written_is_refused_and_nothing_changes(
    house: Flask, database_kind: str, moved_to: Place, tmp_path: Path
) -> None:
    whole, refused = tmp_path / "whole", {}
    _run("backup", whole)
    for damage in DAMAGES:
        _damage(whole, tmp_path / damage, damage)
    with moved_to(OTHER[database_kind]):
        for damage in DAMAGES:
            refused[damage] = _run("restore", tmp_path / damage).output
        done = _run("restore", whole)

    for damage, says in DAMAGES.items():
        assert says in refused[damage]
        assert "Nothing was changed" in refused[damage]
    assert done.exit_code == 0, done.output


@contextmanager
def _people_at_work(house: Flask) -> Iterator[list[int]]:
    """Bruno counts one delivery after another until the block ends."""
    finished: list[int] = []
    enough, begun = threading.Event(), threading.Event()

    def work() -> None:
        with house.app_context():
            while not enough.is_set():
                finished.append(_count_a_delivery())
                begun.set()
            db.session.remove()

    worker = threading.Thread(target=work)
    worker.start()
    begun.wait(timeout=30)
    try:
        yield finished
    finally:
        enough.set()
        worker.join()


def _count_a_delivery() -> int:
    flour, bruno = skus.by_code("FLOUR"), _bruno()
    return a_counted_delivery(flour, ordered=10, counted=9, by=bruno).id


def _bruno() -> Person:
    return people.named("bruno")


def _open() -> None:
    shipping.deploy_folder(ROOT)
    a_bin("A-01", fixed_sku_id=a_sku("FLOUR").id)
    memberships.grant(people.add("bruno", name="Bruno"), "warehouse_keeper", "site:MAIN")


def _tables(path: Path) -> dict[str, dict[str, int]]:
    with zipfile.ZipFile(path) as archive:
        found: dict[str, dict[str, int]] = json.loads(archive.read("manifest.json"))["tables"]
    return found


def _damage(whole: Path, broken: Path, damage: str) -> None:
    if damage == "cut":
        broken.write_bytes(whole.read_bytes()[:-2_000])
        return
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            target.writestr(name, _damaged(name, source.read(name), damage))


def _damaged(name: str, content: bytes, damage: str) -> bytes:
    if damage == "revision" and name == "manifest.json":
        return json.dumps({**json.loads(content), "revision": "0001"}).encode()
    if damage == "row" and name == "tables/stock_balance.jsonl":
        return b"".join(content.splitlines(keepends=True)[:-1])
    if damage == "file" and name.startswith("files/"):
        return content + b"!"
    return content


def _run(*arguments: str | Path) -> Result:
    words = [str(word) for word in arguments]
    return CliRunner().invoke(main, words, input="a kettle of blue tea\n")
