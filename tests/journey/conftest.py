"""The two companies a newcomer may begin with."""

from collections.abc import Iterator

import pytest

from tests.journey.server import Server, serving


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The practice company."""
    with serving(tmp_path_factory.mktemp("practice"), demo=True) as server:
        yield server


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A company that has nothing and nobody yet."""
    with serving(tmp_path_factory.mktemp("empty"), demo=False) as server:
        yield server
