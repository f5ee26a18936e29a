"""Whatever a program sends, the answer is one that docs/openapi.json tells of."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode, Response, engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events
from schemathesis.specs.openapi.checks import ignored_auth
from schemathesis.transport.wsgi import WSGITransport

from app.kernel.db import in_transaction
from tests.api.program import a_program
from tests.builders.deliveries import a_notice, an_order
from tests.builders.goods import a_sku

ROLES = {
    **dict.fromkeys(
        (
            "administrator",
            "operator",
            "analyst",
            "planner",
            "buyer",
            "purchasing_manager",
            "finance",
            "warehouse_manager",
            "qc_manager",
        ),
        "*",
    ),
    "warehouse_keeper": "site:MAIN",
    "inspector": "site:NORTH",
    "supplier": "supplier:BOREA",
}
# More with SCHEMA_EXAMPLES=50, and then also in sequences that use what was answered before.
EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", "2"))
MORE = EXAMPLES > 2
_CONFIG = f"""
seed = 20261130
[generation]
max-examples = {EXAMPLES}
deterministic = true
database = "none"
with-security-parameters = false
[phases.coverage]
unexpected-methods = ["patch"]
[phases.fuzzing]
enabled = {str(MORE).lower()}
[phases.stateful]
enabled = {str(MORE).lower()}
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "412", "415", "422", "429"]
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "429"]
"""
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")


@pytest.fixture(autouse=True)
def _a_delivery(app: Flask) -> None:
    """Something to find."""
    in_transaction(lambda: a_notice(an_order((a_sku(), 10)), FLOUR=10).id)


@pytest.fixture(autouse=True)
def _probes_need_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Schemathesis 4.32.5 hands settings of sockets to applications, which know none."""
    usual = WSGITransport.send

    def send(self: WSGITransport, case: Case[Any], **kwargs: Any) -> Response:
        for name in ("max_redirects", "verify", "cert", "proxies"):
            kwargs.pop(name, None)
        return usual(self, case, **kwargs)

    monkeypatch.setattr(WSGITransport, "send", send)


def test_every_edge_of_the_description_holds(app: Flask) -> None:
    token = a_program(app, "ada", "administrator", scope="*").token
    config = SchemathesisConfig.from_str(f'{_CONFIG}\n[auth.openapi.key]\nbearer = "{token}"\n')

    found = list(_problems(_schema(app, config)))

    assert found == []


def test_every_role_is_answered_as_the_description_tells(app: Flask) -> None:
    tokens = {role: a_program(app, role, role, scope=at).token for role, at in ROLES.items()}
    asked: list[str] = []

    for operation in _schema(app, SchemathesisConfig.from_str(_CONFIG)).get_all_operations():
        for mode in GenerationMode:
            _ask_for_each(operation.ok(), mode, tokens, asked)

    assert len(set(asked)) > 25


def _schema(app: Flask, config: SchemathesisConfig) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)


def _ask_for_each(
    operation: Any, mode: GenerationMode, tokens: dict[str, str], asked: list[str]
) -> None:
    """The same cases with the key of each role; what can have no such case is passed by."""

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        for role, token in tokens.items():
            asked.append(operation.label)
            try:
                # That no key opens nothing is asked above, once.
                headers = {"Authorization": f"Bearer {token}"}
                case.call_and_validate(headers=headers, excluded_checks=[ignored_auth])
            except BaseException as error:
                error.add_note(f"with the key of: {role}")
                raise

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE


def _problems(schema: Any) -> Iterator[str]:
    for event in engine.from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            for checks in event.recorder.checks.values():
                yield from (_words(one) for one in checks if one.status is Status.FAILURE)
        elif isinstance(event, events.NonFatalError):
            yield f"{event.label}: {event.info}"
        elif isinstance(event, events.FatalError):
            yield str(event.exception)


def _words(check: Any) -> str:
    said = check.failure_info
    return f"{check.name}: {said.failure.title}: {said.failure.message} {said.code_sample}"
