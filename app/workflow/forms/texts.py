"""The little markup of text components: headings, lists, paragraphs, bold; nothing else."""

import re
from typing import Any

_HEADING = re.compile(r"(#{1,4})\s+(.*)")
_POINT = re.compile(r"[-*]\s+(.*)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def blocks(text: str) -> list[dict[str, Any]]:
    """`text` as blocks of spans; templates escape every span."""
    found: list[dict[str, Any]] = []
    for line in text.strip().splitlines():
        _add(found, line.strip())
    return [block for block in found if block["kind"] != "gap"]


def _add(found: list[dict[str, Any]], line: str) -> None:
    heading, point = _HEADING.fullmatch(line), _POINT.fullmatch(line)
    last = found[-1]["kind"] if found else "gap"
    if not line:
        found.append({"kind": "gap"})
    elif heading:
        found.append({"kind": "heading", "spans": _spans(heading[2])})
    elif point:
        if last != "list":
            found.append({"kind": "list", "points": []})
        found[-1]["points"].append(_spans(point[1]))
    elif last == "paragraph":
        found[-1]["spans"] += [{"text": " ", "bold": False}, *_spans(line)]
    else:
        found.append({"kind": "paragraph", "spans": _spans(line)})


def _spans(text: str) -> list[dict[str, Any]]:
    parts = _BOLD.split(text)
    return [{"text": part, "bold": bool(at % 2)} for at, part in enumerate(parts) if part]
