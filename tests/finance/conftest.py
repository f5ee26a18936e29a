"""A step after which the books must prove right."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.kernel.db import db
from tests.builders.books import is_proven
from tests.builders.steps import in_a_step

Run = Callable[[Callable[[], None]], None]


@pytest.fixture
def step(app: Flask) -> Run:
    def run(action: Callable[[], None]) -> None:
        in_a_step(action)
        db.session.rollback()
        assert is_proven()

    return run
