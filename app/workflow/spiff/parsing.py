"""From the files of a definition to a process that can run."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.workflow.spiff.assembly import assemble
from app.workflow.spiff.decisions import Decision
from app.workflow.spiff.dmn import decisions_of
from app.workflow.spiff.findings import Finding, NotExecutable, ParseRefused
from app.workflow.spiff.nodes.lean import Process
from app.workflow.spiff.outline import Element, Flow, Lane, Outline, StartEvent
from app.workflow.spiff.reading import outlines
from app.workflow.spiff.supported import unsupported
from app.workflow.spiff.xml import parse_xml

__all__ = ["Element", "Flow", "Lane", "ParsedProcess", "StartEvent", "parse"]


@dataclass(frozen=True)
class ParsedProcess:
    """A process and all it calls. Never changes, so that threads may share it.

    `elements` are those of the process itself; those of a called process are in `called`.
    """

    key: str
    name: str
    properties: Mapping[str, str]
    titles: Mapping[str, str]
    elements: Mapping[str, Element]
    flows: tuple[Flow, ...]
    start_events: Mapping[str, StartEvent]
    lanes: tuple[Lane, ...]
    called: Mapping[str, Outline]
    decisions: Mapping[str, Decision]
    specs: Mapping[str, Process] = field(repr=False)
    outline: Outline = field(repr=False)


def parse(files: Mapping[str, bytes], key: str | None = None) -> ParsedProcess:
    """The process `key` of `files` (BPMN and DMN by file name), or the only one nobody calls.

    Raises:
        NotExecutable: no process in the files is marked as executable.
        ParseRefused: the findings say, element by element, what to do.
    """
    findings: list[Finding] = []
    roots = {name: parse_xml(data) for name, data in files.items()}
    found = [o for name, root in roots.items() if name.endswith(".bpmn") for o in outlines(root)]
    runnable = {outline.key: outline for outline in found if outline.executable}
    top = _chosen(runnable, key)
    used = _used(runnable, top)
    tables = [root for name, root in roots.items() if name.endswith(".dmn")]
    decisions = {d.id: d for root in tables for d in decisions_of(root, findings.append)}
    findings += [f for outline in used.values() for f in unsupported(outline, runnable, decisions)]
    if findings:
        raise ParseRefused(findings)
    specs = {n: s for o in used.values() for n, s in assemble(o, decisions).items()}
    return ParsedProcess(
        key=top.key,
        name=top.name,
        properties=top.properties,
        titles=top.titles,
        elements=top.elements,
        flows=top.flows,
        start_events=top.starts(),
        lanes=top.lanes,
        called={k: o for k, o in used.items() if k != top.key},
        decisions=decisions,
        specs=specs,
        outline=top,
    )


def _chosen(runnable: Mapping[str, Outline], key: str | None) -> Outline:
    if not runnable:
        raise NotExecutable(
            [Finding("", "No process is marked as executable.", "Tick Executable.")]
        )
    if key is not None:
        if key not in runnable:
            raise ParseRefused([Finding(key, "There is no executable process of this id.")])
        return runnable[key]
    called = {e.called for o in runnable.values() for e in o.elements.values() if e.called}
    free = [outline for name, outline in runnable.items() if name not in called]
    return free[0] if free else next(iter(runnable.values()))


def _used(runnable: Mapping[str, Outline], top: Outline) -> dict[str, Outline]:
    used: dict[str, Outline] = {}
    todo = [top.key]
    while todo:
        name = todo.pop()
        if name in runnable and name not in used:
            used[name] = runnable[name]
            todo.extend(e.called for e in runnable[name].elements.values() if e.called)
    return used
