"""Reads what an event of a BPMN file waits for or throws."""

from typing import Any

from app.workflow.spiff.outline import Event
from app.workflow.spiff.xml import BPMN, SPIFF, local, text

_TIMERS = ("timeDate", "timeDuration", "timeCycle")
_MESSAGE_TASKS = {"sendTask", "receiveTask"}


def read_event(node: Any, root: Any) -> Event | None:
    """The event of an event node or a send or receive task; None for everything else."""
    if local(node) in _MESSAGE_TASKS:
        return _message(node, node, root)
    if not local(node).endswith("Event"):
        return None
    found = [part for part in node if local(part).endswith("EventDefinition")]
    if len(found) > 1:
        return Event("multiple")
    return _definition(found[0], node, root) if found else Event("none")


def _definition(part: Any, node: Any, root: Any) -> Event:
    kind = local(part).removesuffix("EventDefinition")
    if kind == "message":
        return _message(part, node, root)
    if kind == "timer":
        return _timer(part)
    if kind == "error":
        return _error(part, root)
    return Event(kind)


def _message(part: Any, node: Any, root: Any) -> Event:
    message = _declared(root, "message", part.get("messageRef", ""))
    return Event(
        "message",
        name="" if message is None else message.get("name", ""),
        expression=_extension("messagePayload", part, node, message),
        variable=_extension("messageVariable", part, node, message),
    )


def _timer(part: Any) -> Event:
    for name in _TIMERS:
        found = part.find(f"{BPMN}{name}")
        if found is not None:
            return Event("timer", timer=name, expression=text(found))
    return Event("timer")


def _error(part: Any, root: Any) -> Event:
    error = _declared(root, "error", part.get("errorRef", ""))
    if error is None:
        return Event("error", variable=_extension("variableName", part))
    return Event(
        "error",
        name=error.get("name", ""),
        code=error.get("errorCode") or error.get("id", ""),
        variable=_extension("variableName", part, error),
    )


def _declared(root: Any, tag: str, wanted: str) -> Any:
    if not wanted:
        return None
    bare = wanted.rpartition(":")[2]
    for node in root.iterchildren(f"{BPMN}{tag}"):
        if node.get("id") in {wanted, bare}:
            return node
    return None


def _extension(name: str, *nodes: Any) -> str:
    for node in nodes:
        if node is None:
            continue
        for path in (f"{BPMN}extensionElements/{SPIFF}{name}", f"{SPIFF}{name}"):
            found = node.find(path)
            if found is not None:
                return text(found)
    return ""
