"""A case as bytes and back: small, without the diagram, under the version that wrote it."""

import json
from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.util.task import TaskState

from app.kernel.pressing import pressed, unpressed
from app.workflow.spiff.calls import Host
from app.workflow.spiff.cases import Case, Part
from app.workflow.spiff.compaction import compact
from app.workflow.spiff.faults import UnknownState
from app.workflow.spiff.parsing import ParsedProcess
from app.workflow.spiff.sameness import same
from app.workflow.spiff.sandbox.contract import CONVERTERS
from app.workflow.spiff.tokens import Token
from app.workflow.spiff.upgrades import UPGRADES, upgraded

VERSION = b"h1"

_KIND = "__sw"  # no data may use this name, see the data contract
_TO_TEXT = {kind: (kind.__name__, as_text) for kind, as_text, _ in CONVERTERS}
_FROM_TEXT = {kind.__name__: from_text for kind, _, from_text in CONVERTERS}


def dump(case: Case) -> bytes:
    """`case`, compacted, as bytes."""
    compact(case)
    parts = [_part_out(part) for part in case.parts()]
    text = json.dumps(
        {"n": case.sequence, "p": parts},
        separators=(",", ":"),
        ensure_ascii=False,
        default=_value_out,
    )
    return VERSION + pressed(text.encode())


def restore(process: ParsedProcess, state: bytes, host: Host) -> Case:
    """The case that `dump` wrote.

    Raises:
        UnknownState: a version wrote it that nobody can upgrade, or another definition.
    """
    saved = _saved(state)
    case = Case(process.specs[process.key], process.specs, host)
    case.sequence = saved["n"]
    part: Part = case
    for entry in saved["p"]:
        if "of" in entry:
            token = case.find(entry["of"])
            if token is None:
                raise UnknownState("a subprocess without its token")
            part = case.open_subprocess(token, token.task_spec.inner)
        _part_in(part, entry)
    _requeue(case)
    return case


def _saved(state: bytes) -> dict[str, Any]:
    version, body = state[: len(VERSION)], state[len(VERSION) :]
    if version != VERSION and version not in UPGRADES:
        raise UnknownState(f"the state begins with {state[:8]!r}, not {VERSION!r}")
    saved = json.loads(unpressed(body), object_hook=_value_in)
    return upgraded(version, saved)


def _part_out(part: Part) -> dict[str, Any]:
    entry: dict[str, Any] = {"t": [_token_out(token) for token in part.tasks.values()]}
    counts = {name: count for name, count in part.counts.items() if count}
    if counts:
        entry["c"] = counts
    if part.completed:
        entry["d"] = part.data
    parent = getattr(part, "parent_token", None)
    if parent is not None:
        entry["of"] = parent.id
    return entry


def _token_out(token: Token) -> list[Any]:
    changed, gone = _difference({} if token.parent is None else token.parent.data, token.data)
    entry = [
        token.id,
        token._parent or 0,
        token.task_spec.name,
        token._state,
        changed,
        gone,
        token.internal_data,
        token.visit,
        int(token.triggered),
    ]
    while entry[-1] in (0, [], {}):
        entry.pop()
    return entry


def _difference(old: dict[str, Any], new: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    if old is new:
        return {}, []
    changed = {
        key: value
        for key, value in new.items()
        if key not in old or (old[key] is not value and not same(old[key], value))
    }
    return changed, [key for key in old if key not in new]


def _part_in(part: Part, entry: dict[str, Any]) -> None:
    part.counts = entry.get("c", {})
    part.gates = {}
    for fields in entry["t"]:
        _token_in(part, *fields)
    part.task_tree = next(iter(part.tasks.values()))
    if "d" in entry:
        part.completed, part.data = True, entry["d"]


def _token_in(  # noqa: PLR0913, PLR0917 - the fields as they were saved
    part: Part,
    token_id: int,
    parent_id: int,
    spec_name: str,
    state: int,
    changed: dict[str, Any] | None = None,
    gone: list[str] | None = None,
    internal: dict[str, Any] | None = None,
    visit: int = 0,
    triggered: int = 0,
) -> None:
    spec = part.spec.task_specs.get(spec_name)
    if spec is None:
        raise UnknownState(f"the process has no {spec_name}")
    parent = part.tasks.get(parent_id)
    token = Token(part, spec, parent, state=state, id=token_id)
    token.visit, token.triggered = visit, bool(triggered)
    token.internal_data = internal or {}
    token.data = {**parent.data, **(changed or {})} if parent else (changed or {})
    for key in gone or ():
        del token.data[key]
    if state == TaskState.WAITING and "from" in token.internal_data:
        part.gates[token.id] = token


def _requeue(case: Case) -> None:
    """Tokens on their way, and work that was halted, go on when the case does."""
    case.queue.extend(token for token in _all_tokens(case) if _is_moving(token))


def _all_tokens(case: Case) -> Iterator[Token]:
    for part in case.parts():
        yield from part.tasks.values()


def _is_moving(token: Token) -> bool:
    if token._state == TaskState.FUTURE:
        return True
    return token._state == TaskState.READY and not token.task_spec.manual


def _value_out(value: Any) -> dict[str, str]:
    name, as_text = _TO_TEXT[type(value)]
    return {_KIND: name, "v": as_text(value)}


def _value_in(found: dict[str, Any]) -> Any:
    return _FROM_TEXT[found[_KIND]](found["v"]) if _KIND in found else found
