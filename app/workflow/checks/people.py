"""Who does what: lanes and roles, who is excluded, until when, and how messages find a case."""

from collections.abc import Iterator

from app.workflow.spiff import timing
from app.workflow.spiff.findings import Finding
from app.workflow.spiff.outline import Element, Outline

PERSONAL = frozenset({"userTask", "manualTask"})
_POLICY = "policy:"
_DATA = "data."
_HIGHEST = 100


def unassigned_work(outline: Outline) -> Iterator[Finding]:
    """Tasks that would reach nobody, or the wrong people, or no case."""
    for lane in outline.lanes:
        if not lane.role:
            yield Finding(lane.id, "The lane names no role.", "Name it, such as Warehouse keeper.")
    for element in outline.elements.values():
        if element.kind in PERSONAL:
            yield from _of_task(element, outline)
        yield from _of_message(element)
        yield from _of_event(element, outline)


def _of_task(element: Element, outline: Outline) -> Iterator[Finding]:
    if not element.lane:
        yield Finding(element.id, "Nobody does it.", "Draw it in the lane of its role.")
    for excluded in element.properties.get("not_by", "").split():
        found = outline.elements.get(excluded)
        if not excluded.startswith(_DATA) and (found is None or found.kind not in PERSONAL):
            message = f"not_by names {excluded}, which nobody does here."
            yield Finding(element.id, message, "Name a user task, or data.some.path.")
    due = element.properties.get("due", "")
    if due and not due.startswith((_POLICY, _DATA)):
        problem = timing.duration_problem(due)
        if problem:
            yield Finding(
                element.id, f"due: {problem}.", "Write PT4H, policy:some.name or data.some.path."
            )
    priority = element.properties.get("priority", "0")
    if not priority.isdecimal() or int(priority[:9]) > _HIGHEST:
        yield Finding(element.id, f"{priority!r} is no priority.", "Write a number from 0 to 100.")


def _of_message(element: Element) -> Iterator[Finding]:
    waits = element.kind in {"intermediateCatchEvent", "boundaryEvent", "receiveTask"}
    is_message = element.event is not None and element.event.kind == "message"
    if waits and is_message and not element.properties.get("correlation"):
        message = "Nothing says which case the message is for."
        yield Finding(element.id, message, "Give the property correlation, a path in the data.")


def _of_event(element: Element, outline: Outline) -> Iterator[Finding]:
    asked = element.properties.get("asks", "")
    found = outline.elements.get(asked)
    if asked and (found is None or found.kind not in PERSONAL):
        message = f"asks names {asked}, which nobody does here."
        yield Finding(element.id, message, "Name the user task this leads to in the end.")
