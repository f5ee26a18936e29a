"""The verdict on one file: ok, not executable, or refused, with every finding."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.workflow.checks.form_names import FormNames
from app.workflow.checks.naming import Files
from app.workflow.checks.people import unassigned_work
from app.workflow.checks.texts import unusable_texts
from app.workflow.checks.unwritten import unwritten_names
from app.workflow.checks.ways import lost_ways, self_calls
from app.workflow.spiff.assembly import assemble
from app.workflow.spiff.decisions import Decision
from app.workflow.spiff.dmn import decisions_of
from app.workflow.spiff.findings import Finding, NotExecutable, ParseRefused
from app.workflow.spiff.outline import Outline
from app.workflow.spiff.parsing import parse
from app.workflow.spiff.reading import outlines
from app.workflow.spiff.supported import unsupported
from app.workflow.spiff.xml import BPMN, parse_xml

OK, NOT_EXECUTABLE, REFUSED = "ok", "not_executable", "refused"

_DMN = "/spec/dmn/"
Beside = Callable[[str], bytes | None]
Forms = Callable[[str], Mapping[str, FormNames] | None]


def _no_forms(_key: str) -> None:
    return None


@dataclass(frozen=True)
class Verdict:
    """What is said about one file. An ok file may have findings that are warnings."""

    verdict: str
    findings: tuple[Finding, ...] = ()


def judge(data: bytes, beside: Beside, forms: Forms = _no_forms) -> Verdict:
    """The verdict on one file; `beside` gives the neighbour that declares an id, if any.

    `forms` gives the forms of a process by their step, or None where nobody knows them.
    """
    try:
        root = parse_xml(data)
        findings = _bpmn(root, beside, forms) if root.tag == f"{BPMN}definitions" else _other(root)
    except NotExecutable as refused:
        return Verdict(NOT_EXECUTABLE, tuple(refused.findings))
    except ParseRefused as refused:
        return Verdict(REFUSED, tuple(refused.findings))
    return _verdict(findings)


def of_definition(files: Mapping[str, bytes], key: str) -> list[Finding]:
    """Everything to say about a process that shall be published, warnings included.

    Raises:
        ParseRefused: it cannot even be read.
    """
    process = parse(files, key)
    used = {process.key: process.outline, **process.called}
    return [f for outline in used.values() for f in _rules(outline, used)]


def _verdict(findings: list[Finding]) -> Verdict:
    fatal = any(not finding.warning for finding in findings)
    return Verdict(REFUSED if fatal else OK, tuple(findings))


def _bpmn(root: Any, beside: Beside, forms: Forms) -> list[Finding]:
    own = outlines(root)
    runnable = {outline.key: outline for outline in own if outline.executable}
    if not runnable:
        hint = "Tick Executable." if own else "Draw a process in the pool."
        raise NotExecutable([Finding("", "No process is marked as executable.", hint)])
    processes, decisions = dict(runnable), dict[str, Decision]()
    for name in sorted(_elsewhere(runnable)):
        data = beside(name)
        if data is not None:
            _read_neighbour(data, processes, decisions)
    findings: list[Finding] = []
    for outline in runnable.values():
        refused = unsupported(outline, processes, decisions)
        findings += refused
        if not refused:
            assemble(outline, decisions)
            findings += _rules(outline, processes)
            known = _forms_of(processes.values(), forms)
            findings += unwritten_names(outline, Files(decisions, known, processes))
    return findings


def _forms_of(outlines: Iterable[Outline], forms: Forms) -> dict[str, FormNames] | None:
    """Forms by "process/step"; None when somebody answers one that nobody shows us."""
    known: dict[str, FormNames] = {}
    for outline in outlines:
        found = forms(outline.key)
        if found is None and any(e.kind == "userTask" for e in outline.elements.values()):
            return None
        known |= {f"{outline.key}/{step}": names for step, names in (found or {}).items()}
    return known


def _rules(outline: Outline, processes: Mapping[str, Outline]) -> list[Finding]:
    return [
        *self_calls(outline, processes),
        *lost_ways(outline),
        *unusable_texts(outline),
        *unassigned_work(outline),
    ]


def _elsewhere(runnable: Mapping[str, Outline]) -> set[str]:
    """What the processes refer to and the file does not hold."""
    elements = [element for outline in runnable.values() for element in outline.elements.values()]
    return {name for e in elements for name in (e.called, e.decision) if name} - runnable.keys()


def _read_neighbour(
    data: bytes, processes: dict[str, Outline], decisions: dict[str, Decision]
) -> None:
    """Take in what can be read; a broken neighbour is told about when it is checked itself."""
    try:
        root = parse_xml(data)
    except ParseRefused:
        return
    if root.tag == f"{BPMN}definitions":
        for outline in outlines(root):
            if outline.executable:
                processes.setdefault(outline.key, outline)
    else:
        unsaid: list[Finding] = []
        decisions.update((each.id, each) for each in decisions_of(root, unsaid.append))


def _other(root: Any) -> list[Finding]:
    if _DMN not in str(root.tag).lower():
        message = "This is neither a BPMN 2.0 nor a DMN file."
        return [Finding("", message, "Save it from a BPMN or DMN modeller.")]
    findings: list[Finding] = []
    decisions_of(root, findings.append)
    return findings
