"""The processes in the repository, on their way into a database."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from app.kernel.db import db
from app.workflow import blueprints, definitions, publishing
from app.workflow.records import Definition
from app.workflow.spiff.findings import Finding

PUBLISHED, UNCHANGED, DRAFTED = "published", "unchanged", "drafted"
_CALLED = re.compile(rb'calledElement="([^"]+)"')
_DECIDED = re.compile(rb"calledDecisionId>\s*([^<\s]+)\s*<")
_DECISION = re.compile(rb'<(?:\w+:)?decision\b[^>]*\bid="([^"]+)"')


@dataclass(frozen=True)
class Shipment:
    """What deploying one shipped process came to."""

    key: str
    version: int
    outcome: str
    doubts: tuple[Finding, ...] = ()


def deploy_folder(root: Path, *, by: int | None = None) -> list[Shipment]:
    """Deploy every `processes/<system>/<process>.bpmn` under `root` with what belongs to it.

    It is published when the live version is a shipped one; over a version of the company's
    own it becomes a draft. Called processes come first. To be run in one transaction.
    """
    diagrams = {path.stem: path for path in sorted(root.glob("processes/*/*.bpmn"))}
    contents = {key: path.read_bytes() for key, path in diagrams.items()}
    decisions = dict(_decisions(root))
    shipments = []
    for key in _callers_last(contents):
        files = _files(root, key, contents=contents, decisions=decisions)
        shipments.append(_ship(key, files, by=by))
    return shipments


def _ship(key: str, files: Mapping[str, bytes], *, by: int | None) -> Shipment:
    digest = blueprints.digest_of(key, files)
    if known := _shipped_before(key, digest):
        return Shipment(key, known.version, UNCHANGED)
    blueprint = publishing.checked(key, files)
    doubts = tuple(publishing.doubts(blueprint))
    live = definitions.find_live(key)
    if live is None or live.shipped:
        made = definitions.deploy(key, files, by=by, shipped=True)
        return Shipment(key, made.version, PUBLISHED, doubts)
    titles = publishing.titles(blueprint)
    draft = definitions.keep(key, files, by=by, shipped=True, titles=titles)
    return Shipment(key, draft.version, DRAFTED, doubts)


def _shipped_before(key: str, digest: str) -> Definition | None:
    """The version made of exactly these files, unless an older release is shipped again."""
    query = select(Definition).where(Definition.key == key, Definition.shipped)
    last = db.session.scalar(query.order_by(Definition.version.desc()).limit(1))
    return last if last is not None and last.digest == digest else None


def _decisions(root: Path) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """Every shipped decision table: decision id, file name, content."""
    for path in sorted(root.glob("processes/*/*.dmn")):
        content = path.read_bytes()
        for found in _DECISION.findall(content):
            yield found.decode(), (path.name, content)


def _files(
    root: Path,
    key: str,
    *,
    contents: Mapping[str, bytes],
    decisions: Mapping[str, tuple[str, bytes]],
) -> dict[str, bytes]:
    """What is frozen with `key`: the processes it calls, their decisions and their forms."""
    files: dict[str, bytes] = {}
    for process in _reached(key, contents):
        files[f"{process}.bpmn"] = contents[process]
        for decision in _DECIDED.findall(contents[process]):
            if decision.decode() in decisions:
                name, content = decisions[decision.decode()]
                files[name] = content
        for path in sorted(root.glob(f"forms/{process}/*.json")):
            files[f"forms/{process}/{path.name}"] = path.read_bytes()
    return files


def _reached(key: str, contents: Mapping[str, bytes]) -> list[str]:
    found: list[str] = []
    todo = [key]
    while todo:
        process = todo.pop()
        if process in contents and process not in found:
            found.append(process)
            todo.extend(each.decode() for each in _CALLED.findall(contents[process]))
    return found


def _callers_last(contents: Mapping[str, bytes]) -> list[str]:
    return sorted(contents, key=lambda key: (len(_reached(key, contents)), key))
