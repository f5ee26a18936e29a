"""Definitions as this process of the server keeps them: parsed once for each digest."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from functools import cached_property
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, select

from app.kernel.db import db, in_step
from app.workflow.forms import schema
from app.workflow.forms.form import Form
from app.workflow.records import Definition, DefinitionFile
from app.workflow.spiff.parsing import Element, Lane, ParsedProcess, parse

_KEPT = 500
_FILES = select(DefinitionFile.name, DefinitionFile.content).where(
    DefinitionFile.definition_id == bindparam("wanted")
)
_NAME = select(Definition.key, Definition.digest).where(Definition.id == bindparam("wanted"))


class Blueprint:
    """One frozen definition, ready to run: the parsed diagram, its forms, who excludes whom."""

    def __init__(self, key: str, files: Mapping[str, bytes]) -> None:
        self.files = dict(files)
        self.parsed: ParsedProcess = parse(diagrams(files), key)

    @cached_property
    def elements(self) -> Mapping[str, Element]:
        """Every element by id; of called processes too, where the process has none of that id."""
        found: dict[str, Element] = {}
        for outline in self.parsed.called.values():
            found.update(outline.elements)
        return {**found, **self.parsed.elements}

    @cached_property
    def lanes(self) -> tuple[Lane, ...]:
        """The lanes of the process and of those it calls."""
        called = [lane for outline in self.parsed.called.values() for lane in outline.lanes]
        return (*self.parsed.lanes, *called)

    def form(self, element: Element) -> Form | None:
        """The form of a user task or start event, if it has one."""
        content = self.files.get(form_name(element))
        return schema.load(content) if content else None

    def titles(self, element_id: str) -> dict[str, str]:
        """The name of an element in every language it has."""
        element = self.elements.get(element_id)
        return {"en": element.name or element_id, **element.titles} if element else {}

    @cached_property
    def excluded_from(self) -> Mapping[str, frozenset[str]]:
        """By step: the steps that whoever did it may not do."""
        found: dict[str, set[str]] = {}
        for element in self.elements.values():
            for earlier in element.properties.get("not_by", "").split():
                found.setdefault(earlier, set()).add(element.id)
        return {earlier: frozenset(later) for earlier, later in found.items()}


class _Shelf:
    """The most recently used blueprints of this process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Blueprint] = OrderedDict()
        self._lock = Lock()

    def get(self, digest: str) -> Blueprint | None:
        with self._lock:
            found = self._kept.get(digest)
            if found:
                self._kept.move_to_end(digest)
            return found

    def put(self, digest: str, blueprint: Blueprint) -> None:
        with self._lock:
            self._kept[digest] = blueprint
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


_shelf = _Shelf()
_names: WeakKeyDictionary[Engine, dict[int, tuple[str, str]]] = WeakKeyDictionary()


def by_id(definition_id: int) -> Blueprint | None:
    """The blueprint of that number, if there is such a definition.

    Definitions never change, so a process asks once for each; but not for what
    the open step may yet undo.
    """
    names = _names.setdefault(db.engine, {})
    name = names.get(definition_id)
    if name is None:
        row = db.session.execute(_NAME, {"wanted": definition_id}).first()
        if row is None:
            return None
        name = (row.key, row.digest)
        if not in_step():
            names[definition_id] = name
    return of(definition_id, *name)


def of(definition_id: int, key: str, digest: str) -> Blueprint:
    """The blueprint of a stored definition, parsed when this process first meets it."""
    found = _shelf.get(digest)
    if found is None:
        rows = db.session.execute(_FILES, {"wanted": definition_id})
        found = make(key, {row.name: row.content for row in rows})
    return found


def make(key: str, files: Mapping[str, bytes]) -> Blueprint:
    """The blueprint of these files.

    Raises:
        ParseRefused: by element, why they cannot run.
    """
    blueprint = Blueprint(key, files)
    _shelf.put(digest_of(key, files), blueprint)
    return blueprint


def digest_of(key: str, files: Mapping[str, bytes]) -> str:
    """One short name for exactly these bytes under these names."""
    found = hashlib.sha256(key.encode())
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()


def diagrams(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those of a definition's files that the engine reads: diagrams and decisions."""
    return {name: content for name, content in files.items() if not name.endswith(".json")}


def form_name(element: Element) -> str:
    """The file of an element's form: "forms/receiving/count_delivery.json"."""
    return f"forms/{element.process}/{element.id}.json"
