"""What a program is told when the answer is no: a code to act on and a sentence to show."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from flask import Response, json

from app.domain.imports.cells import Problem
from app.domain.imports.importing import ImportRefused
from app.kernel.errors import N_, Refusal
from app.web.tongue import _
from app.web.words import shown
from app.workflow.forms.errors import InvalidAnswers
from app.workflow.spiff.findings import Finding, ParseRefused

MEDIA_TYPE = "application/problem+json"
MOST_FINDINGS = 500


class NotUnderstood(Refusal):
    """The request is not what the description of the interface says."""

    code = "not_understood"
    message = N_("The request does not fit what this address takes.")
    status = 400

    def __init__(self, findings: list[dict[str, str]]) -> None:
        self.findings = findings
        super().__init__()


def answer(
    status: int, sentence: str, *, code: str, findings: list[dict[str, Any]] | None = None
) -> Response:
    """The problem as RFC 9457 has it, with our code beside."""
    told: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
        "code": code,
    }
    if findings:
        told["findings"] = findings[:MOST_FINDINGS]
    return Response(json.dumps(told), status=status, content_type=MEDIA_TYPE)


def findings_of(refusal: Refusal) -> list[dict[str, Any]]:
    """What exactly to look at again, each with its place."""
    if isinstance(refusal, InvalidAnswers):
        return [_finding(where, said.message, said.facts) for where, said in refusal.errors.items()]
    if isinstance(refusal, ImportRefused):
        return list(rows(refusal.problems))
    if isinstance(refusal, ParseRefused):
        return [{"where": one.element, "sentence": _whole(one)} for one in refusal.findings]
    if isinstance(refusal, NotUnderstood):
        return refusal.findings
    return []


def rows(problems: list[Problem]) -> Iterator[dict[str, Any]]:
    """What is wrong in a table, by row and column."""
    for one in problems:
        where = f"row {one.row}, {one.column}" if one.column else f"row {one.row}"
        yield _finding(where, one.message, one.facts)


def _finding(where: str, message: str, facts: Any) -> dict[str, str]:
    words = {name: shown(value) for name, value in facts.items()}
    return {"where": where, "sentence": _(message).format(**words)}


def _whole(finding: Finding) -> str:
    return f"{finding.message} {finding.hint}".strip()
