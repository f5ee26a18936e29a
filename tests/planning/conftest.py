"""A Monday morning with the shipped policies, and one SKU that sells."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from app.config import ROOT
from app.domain.catalog.products import Sku
from app.kernel import policy
from app.kernel.db import in_transaction
from app.workflow import publishing
from app.workflow.blueprints import Blueprint
from tests.builders.goods import a_bin, a_sku

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.kernel.clock._ahead_by", MONDAY - datetime.now(UTC))


@pytest.fixture(autouse=True)
def _policies(app: Flask) -> None:
    """Policies come with the process that uses them; the process itself is not needed here."""
    in_transaction(_seed)


def _seed() -> None:
    diagram = (ROOT / "processes/supply/purchase_plan.bpmn").read_bytes()
    found = Blueprint("purchase_plan", {"purchase_plan.bpmn": diagram})
    for name, value in publishing.policies(found).items():
        policy.seed(name, value)


@pytest.fixture
def flour(app: Flask) -> Sku:
    """Bulk goods, with a shelf that has room."""
    return in_transaction(lambda: (a_sku("FLOUR"), a_bin("A-01"))[0])
