"""Names that are read although nothing before them can have written them: misspelt, most often."""

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from app.workflow.checks.naming import Files, names_of, read_by, written_by
from app.workflow.spiff.findings import Finding
from app.workflow.spiff.outline import Outline

_NEAR = 0.8
_SHORTEST = 5
_PLACE = re.compile(r"\{([^{}]+)\}")
_DIGITS = re.compile(r"\d")
_PATHS = ("business_key", "numbers", "scope")


def unwritten_names(outline: Outline, files: Files) -> Iterator[Finding]:
    """Warnings about names nothing before their reader can have written.

    Data that a case begins with is known only where every start names it: with a form, or with a
    variable. Elsewhere any name may have come with the start, so that only one is told that is
    read in one place and spelt almost like a name that is written. Where people answer forms
    that nobody shows us, nothing is told.
    """
    if files.forms is None:
        return
    written = {e.id: written_by(e, files) for e in outline.elements.values()}
    readers = dict(_readers(outline, files))
    declared = _declared(outline)
    anywhere = declared.union(*written.values())
    is_closed = _knows_its_start(outline, files)
    before = _before(outline)
    uses = Counter(name for names in readers.values() for name in names)
    for where, names in readers.items():
        earlier = declared.union(*(written[one] for one in before[_source(outline, where)]))
        for name in sorted(names - (earlier if is_closed else anywhere)):
            meant = _meant(name, anywhere)
            if is_closed or (meant and uses[name] == 1):
                yield _finding(where, name, meant, is_later=name in anywhere)


def _finding(where: str, name: str, meant: str, *, is_later: bool) -> Finding:
    message = f"Nothing before this writes {name}."
    hint = "It is written later only." if is_later else "Write it first, or correct the name."
    return Finding(where, message, f"Did you mean {meant}?" if meant else hint, warning=True)


def _readers(outline: Outline, files: Files) -> Iterator[tuple[str, set[str]]]:
    """Elements and conditions, with the names each reads."""
    for element in outline.elements.values():
        yield element.id, read_by(element, files)
    for flow in outline.flows:
        if flow.condition:
            yield flow.id, names_of(flow.condition, "eval")


def _source(outline: Outline, where: str) -> str:
    """The element a reader is, or the one its arrow leaves."""
    return next((f.source for f in outline.flows if f.id == where and f.condition), where)


def _declared(outline: Outline) -> set[str]:
    """Names the process itself says its data carries."""
    paths = [path for name in _PATHS for path in outline.properties.get(name, "").split()]
    paths += [place.strip() for place in _PLACE.findall(outline.properties.get("subject", ""))]
    for start in outline.starts().values():
        paths += [start.variable, start.correlation]
    return {path.partition(".")[0] for path in (*paths, "scope")} - {""}


def _knows_its_start(outline: Outline, files: Files) -> bool:
    """Whether no case can begin with data the diagram does not name, nor a form write any."""
    return all(
        start.variable or files.form(outline.elements[start.id]) is not None
        for start in outline.starts().values()
    )


def _before(outline: Outline) -> Mapping[str, set[str]]:
    """For each element itself and all from which a token may have come to it."""
    sources: dict[str, set[str]] = {name: set() for name in outline.elements}
    for source, target in _steps(outline):
        sources.setdefault(target, set()).add(source)
    return {name: _closure(name, sources) & outline.elements.keys() for name in sources}


def _steps(outline: Outline) -> Iterator[tuple[str, str]]:
    """From element to element; what a subprocess holds comes before all that follows it."""
    for flow in outline.flows:
        yield flow.source, flow.target
    for element in outline.elements.values():
        if element.attached_to:
            yield element.attached_to, element.id
        if element.scope:
            yield element.id, element.scope
            yield element.scope, element.id


def _closure(name: str, sources: Mapping[str, set[str]]) -> set[str]:
    found, todo = {name}, [name]
    while todo:
        for one in sources.get(todo.pop(), ()):
            if one not in found:
                found.add(one)
                todo.append(one)
    return found


def _meant(name: str, known: set[str]) -> str:
    """The name this one is almost spelt like; a longer form of a word is a name of its own."""
    if len(name) < _SHORTEST:
        return ""
    near = difflib.get_close_matches(name, sorted(known - {name}), 1, _NEAR)
    return near[0] if near and not _is_form_of(name, near[0]) else ""


def _is_form_of(name: str, other: str) -> bool:
    """`line` and `lines`, `credit` and `credited`, `part_1` and `part_2`."""
    longer = name.startswith(other) or other.startswith(name)
    return longer or _DIGITS.sub("", name) == _DIGITS.sub("", other)
