"""Workers end with the tests that used them."""

from collections.abc import Iterator

import pytest

from app.workflow.spiff.sandbox import pool


@pytest.fixture(scope="session", autouse=True)
def _workers() -> Iterator[None]:
    yield
    pool.close()
