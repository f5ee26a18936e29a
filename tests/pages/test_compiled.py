"""Compiled templates outlive the process that made them, and are never in the way."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment

from app.config import Settings
from app.factory import create_app


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "templates"


def _opened(settings: Settings, folder: Path | None) -> Flask:
    app = create_app(replace(settings, compiled_folder=folder))
    assert app.test_client().get("/sign-in").status_code == 200
    return app


def test_the_next_start_compiles_nothing_again(
    settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _opened(settings, folder)

    compiled: list[str] = []
    monkeypatch.setattr(Environment, "_generate", lambda *_, **__: compiled.append("one"))
    _opened(settings, folder)

    assert compiled == []
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_full_disk_does_not_keep_a_page_from_its_reader(settings: Settings, folder: Path) -> None:
    app = create_app(replace(settings, compiled_folder=folder))
    folder.rmdir()
    folder.write_text("nobody can write below a file")

    assert app.test_client().get("/sign-in").status_code == 200


def test_a_file_that_was_cut_off_is_made_anew(settings: Settings, folder: Path) -> None:
    _opened(settings, folder)
    kept = sorted(folder.iterdir())
    sizes = [one.stat().st_size for one in kept]
    for one in kept:
        one.write_bytes(one.read_bytes()[:20])

    _opened(settings, folder)

    assert [one.stat().st_size for one in kept] == sizes


def test_a_folder_that_cannot_be_made_is_done_without(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    app = _opened(settings, tmp_path / "file" / "templates")

    assert app.jinja_env.bytecode_cache is None
