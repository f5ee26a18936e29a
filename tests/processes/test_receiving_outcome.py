"""What the decision says of a counted line, at and around every limit."""

import pytest
from flask import Flask

from app.config import ROOT
from app.kernel import policy
from app.kernel.db import in_transaction
from app.workflow import definitions
from tests.workflow.play import Case

TOLERANCES = {
    "tolerance_serial_percent": 0,
    "tolerance_bulk_percent": 2,
    "ignored_shortage_percent": 0,
}
PROBE = (
    b'<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    b' xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="d"'
    b' targetNamespace="http://houtai.test"><bpmn:process id="probe" isExecutable="true">'
    b'<bpmn:startEvent id="begin"/><bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="judge"/>'
    b'<bpmn:businessRuleTask id="judge"><bpmn:extensionElements>'
    b"<spiffworkflow:calledDecisionId>receiving_outcome</spiffworkflow:calledDecisionId>"
    b'</bpmn:extensionElements></bpmn:businessRuleTask><bpmn:endEvent id="done"/>'
    b'<bpmn:sequenceFlow id="b" sourceRef="judge" targetRef="done"/>'
    b"</bpmn:process></bpmn:definitions>"
)


@pytest.fixture(autouse=True)
def _shipped(app: Flask) -> None:
    """Deploy the decision alone."""
    decision = (ROOT / "processes/supply/receiving_outcome.dmn").read_bytes()
    files = {"probe.bpmn": PROBE, "receiving_outcome.dmn": decision}

    def step() -> None:
        definitions.deploy("probe", files, by=None)
        for name, value in TOLERANCES.items():
            policy.seed(f"receiving.{name}", value)

    in_transaction(step)


def _outcome(goods: str, *, over: float = 0.0, short: float = 0.0) -> object:
    line = {"goods": goods, "over_percent": over, "short_percent": short}
    return Case.start("probe", {"line": line}).data["outcome"]


@pytest.mark.parametrize(
    ("goods", "over", "short", "outcome"),
    [
        ("serial", 0.0, 0.0, "exact"),
        ("bulk", 0.0, 0.0, "exact"),
        ("serial", 0.000001, 0.0, "over"),
        ("bulk", 0.000001, 0.0, "within_tolerance"),
        ("bulk", 2.0, 0.0, "within_tolerance"),
        ("bulk", 2.000001, 0.0, "over"),
        ("serial", 0.0, 0.000001, "short"),
        ("bulk", 0.0, 100.0, "short"),
        ("bulk", 3.0, 5.0, "over"),
    ],
)
def test_a_line_is_judged_by_what_the_policies_tolerate(
    goods: str, over: float, short: float, outcome: str
) -> None:
    assert _outcome(goods, over=over, short=short) == outcome


def test_a_new_policy_changes_the_next_verdict() -> None:
    in_transaction(
        lambda: policy.set_value("receiving.tolerance_serial_percent", 10, by=None, reason="Trial")
    )

    assert _outcome("serial", over=10.0) == "within_tolerance"


def test_shortages_the_policy_ignores_are_not_chased() -> None:
    in_transaction(
        lambda: policy.set_value("receiving.ignored_shortage_percent", 1, by=None, reason="Trial")
    )

    assert _outcome("bulk", short=1.0) == "exact"
