"""Whatever a program sends, the answer is one that docs/openapi.json tells of."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis import Case, Response, engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events
from schemathesis.transport.wsgi import WSGITransport

from app.kernel.db import in_transaction
from app.web.api.description import whole
from tests.api.program import a_program
from tests.builders.deliveries import a_notice, an_order
from tests.builders.goods import a_sku, stock

ROLES = (
    "administrator",
    "operator",
    "analyst",
    "planner",
    "buyer",
    "purchasing_manager",
    "finance",
    "warehouse_keeper",
    "warehouse_manager",
    "inspector",
    "qc_manager",
    "supplier",
)
# More with SCHEMA_EXAMPLES=50; the default keeps the whole module under a minute.
EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", "2"))
_CONFIG = """
seed = 20261130
[generation]
max-examples = {examples}
deterministic = true
database = "none"
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "429"]
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "429"]
[phases.stateful]
enabled = {thorough}
[phases.coverage]
enabled = {coverage}
[auth.openapi.key]
bearer = "{token}"
"""


@pytest.fixture(autouse=True)
def _probes_need_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """schemathesis 4.32.5 hands a setting of sockets to applications, which know none."""
    usual = WSGITransport.send

    def send(self: WSGITransport, case: Case, **kwargs: Any) -> Response:
        for name in ("max_redirects", "verify", "cert", "proxies"):
            kwargs.pop(name, None)
        return usual(self, case, **kwargs)

    monkeypatch.setattr(WSGITransport, "send", send)


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_one_the_description_tells_of(app: Flask, role: str) -> None:
    _fill()
    token = a_program(app, "sam", role, scope=_scope(role)).token

    problems = list(_problems(app, token, coverage=role == "administrator" or EXAMPLES > 2))

    assert problems == []


def _scope(role: str) -> str:
    return {"supplier": "supplier:BOREA", "warehouse_keeper": "site:MAIN"}.get(role, "*")


def _fill() -> None:
    def step() -> None:
        sku = a_sku()
        a_notice(an_order((sku, 10)), FLOUR=10)

    in_transaction(step)


def _problems(app: Flask, token: str, *, coverage: bool) -> Iterator[str]:
    config = SchemathesisConfig.from_str(
        _CONFIG.format(
            examples=EXAMPLES,
            token=token,
            coverage=str(coverage).lower(),
            thorough=str(EXAMPLES > 2).lower(),
        )
    )
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)
    asked = 0
    for event in engine.from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            for case_id, checks in event.recorder.checks.items():
                asked += 1
                for check in checks:
                    if check.status is Status.FAILURE:
                        yield f"{event.recorder.label}: {check.name}: {check.failure_info.failure.title}: {check.failure_info.failure.message} {check.failure_info.code_sample}"
        elif isinstance(event, events.NonFatalError | events.FatalError):
            yield f"{getattr(event, 'label', '')} {type(event.value).__name__ if hasattr(event, 'value') else ''} {event.info if hasattr(event, 'info') else event.exception}"
    print(asked)
