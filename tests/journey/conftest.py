"""The two companies a newcomer may begin with."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import alone, shared_folder
from tests.journey.server import Server, make_practice, serving


@pytest.fixture(scope="session")
def practice_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice company as its visitors find it, made once for all workers."""
    shared = shared_folder(tmp_path_factory)
    folder, done = shared / "practice", shared / "practice.done"
    with alone(shared / "practice.lock"):
        if not done.exists():
            folder.mkdir()
            make_practice(folder)
            done.touch()
    return folder


@pytest.fixture
def practice(practice_folder: Path, tmp_path: Path) -> Iterator[Server]:
    """The practice company, a copy of this test's own."""
    folder = shutil.copytree(practice_folder, tmp_path / "practice")
    with serving(folder, demo=True) as server:
        yield server


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Server]:
    """A company that has nothing and nobody yet."""
    folder = tmp_path / "empty"
    folder.mkdir()
    with serving(folder, demo=False) as server:
        yield server
