"""The files beside a file: where the processes it calls and the decisions it asks may be."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from app.workflow.checks.form_names import FormNames, names_in_form
from app.workflow.spiff.xml import MAX_BYTES

MAX_FILES = 2_000
MAX_TOTAL_BYTES = 100_000_000

_SUFFIXES = frozenset({".bpmn", ".dmn"})
_TAG = re.compile(rb"<(?:\w{1,40}:)?(?:process|decision)\s([^<>]*)>")
_ID = re.compile(rb"\bid=[\"']([^\"']{1,100})[\"']")


def beside(path: Path, folders: Sequence[Path], wanted: str) -> bytes | None:
    """The content of the file in `folders` that seems to declare the id `wanted`."""
    for folder in (path.parent, *folders):
        found = _declared_in(folder).get(wanted)
        if found is not None and found != path:
            return content(found)
    return None


def forms_of(path: Path, process: str) -> dict[str, FormNames] | None:
    """The forms of a process that lies in `processes/<system>/`, by their step.

    None where there is no folder of them.
    """
    folder = path.resolve().parent.parent.parent / "forms" / process
    if not process.isidentifier() or not folder.is_dir():
        return None
    found = sorted(folder.glob("*.json"))[:MAX_FILES]
    return {one.stem: names_in_form(content(one)) for one in found}


def content(path: Path) -> bytes:
    """What the file holds, but no more than a byte too much."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


@lru_cache(maxsize=16)
def _declared_in(folder: Path) -> dict[str, Path]:
    return {
        name.decode("utf-8", "replace"): path
        for path, data in _files(folder)
        for tag in _TAG.findall(data)
        for name in _ID.findall(tag)
    }


def _files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    total = 0
    listed = sorted(path for path in folder.iterdir() if path.suffix in _SUFFIXES)
    for path in listed[:MAX_FILES]:
        if path.is_file() and path.stat().st_size <= MAX_BYTES:
            total += path.stat().st_size
            if total > MAX_TOTAL_BYTES:
                return
            yield path, content(path)
