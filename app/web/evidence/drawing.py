"""A diagram as a picture that needs no script: shapes, arrows and names as its author drew them."""

import textwrap
from collections.abc import Collection, Mapping
from html import escape
from typing import Any

from app.workflow.spiff.xml import local, parse_xml

Box = tuple[float, float, float, float]
_MARGIN, _LINE, _NARROWEST = 20, 14, 60
_IDEOGRAPHS = 0x2E80
_STYLE = (
    "text{font:12px sans-serif;text-anchor:middle;fill:#1d2b33}"
    "rect,circle,path{fill:#fff;stroke:#1d2b33;stroke-width:1.5}"
    ".lane,.lane:first-child{fill:none;stroke:#9aa7ae}.flow{fill:none}marker path{fill:#1d2b33}"
    ".done>*:first-child{fill:#d9efe0}"
    ".here>*:first-child{fill:#ffe9b8;stroke-width:3}"
)


def svg(diagram: bytes, titles: Mapping[str, str], marks: Mapping[str, Collection[str]]) -> str:
    """The picture of a BPMN file; `marks` names the elements that are done and those that wait."""
    root = parse_xml(diagram)
    kinds = {node.get("id"): local(node) for node in root.iter() if node.get("id")}
    shapes = [node for node in root.iter() if local(node) == "BPMNShape"]
    edges = [node for node in root.iter() if local(node) == "BPMNEdge"]
    parts = [_edge(one, titles.get(one.get("bpmnElement", ""), "")) for one in edges]
    for one in shapes:
        name = one.get("bpmnElement", "")
        mark = next((mark for mark, ids in marks.items() if name in ids), "")
        parts.append(_shape(one, kinds.get(name, ""), titles.get(name, ""), mark))
    return _page([box for one in shapes if (box := _box(one))], parts)


def _page(boxes: list[Box], parts: list[str]) -> str:
    left = min((x for x, _y, _w, _h in boxes), default=0) - _MARGIN
    top = min((y for _x, y, _w, _h in boxes), default=0) - _MARGIN
    width = max((x + w for x, _y, w, _h in boxes), default=0) + _MARGIN - left
    height = max((y + h for _x, y, _w, h in boxes), default=0) + 3 * _MARGIN - top
    head = (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="{left:g} {top:g} {width:g} {height:g}" width="{width:g}" height="{height:g}">'
    )
    arrow = (
        '<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" '
        'markerHeight="8" orient="auto"><path d="M0 0L10 5L0 10z"/></marker></defs>'
    )
    return f"{head}<style>{_STYLE}</style>{arrow}{''.join(parts)}</svg>"


def _edge(node: Any, title: str) -> str:
    points = [
        f"{float(one.get('x')):g} {float(one.get('y')):g}"
        for one in node.iter()
        if local(one) == "waypoint"
    ]
    arrow = f'<path class="flow" marker-end="url(#arrow)" d="M{"L".join(points)}"/>'
    label = _label_box(node)
    return arrow + (_beside(title, label) if label else "")


def _shape(node: Any, kind: str, title: str, mark: str) -> str:
    box = _box(node)
    if box is None:
        return ""
    if kind in {"participant", "lane"}:
        return f'<g><rect class="lane" {_rect(box)}/>{_upright(title, box)}</g>'
    label = _label_box(node)
    words = _beside(title, label) if label else _inside(title, box)
    return f'<g class="{mark}">{_outline(kind, box)}{words}</g>'


def _outline(kind: str, box: Box) -> str:
    x, y, width, height = box
    middle, centre = x + width / 2, y + height / 2
    if kind.endswith("Gateway"):
        right, foot = x + width, y + height
        corners = f"M{middle:g} {y:g}L{right:g} {centre:g}L{middle:g} {foot:g}L{x:g} {centre:g}z"
        return f'<path d="{corners}"/>'
    if kind.endswith("Event"):
        thick = ' stroke-width="3"' if kind == "endEvent" else ""
        return f'<circle cx="{middle:g}" cy="{centre:g}" r="{width / 2:g}"{thick}/>'
    return f'<rect rx="8" {_rect(box)}/>'


def _inside(title: str, box: Box) -> str:
    """A name in the middle of its work."""
    x, y, width, height = box
    lines = _lines(title, width)
    first = y + height / 2 - (len(lines) - 1) * _LINE / 2 + 4
    return _text(lines, x + width / 2, first)


def _beside(title: str, label: Box) -> str:
    """A name where its author put it."""
    x, y, width, _height = label
    return _text(_lines(title, max(width, _NARROWEST)), x + width / 2, y + _LINE - 3)


def _upright(title: str, box: Box) -> str:
    x, y, _width, height = box
    at_x, at_y = x + 18, y + height / 2
    turned = f'transform="rotate(-90 {at_x:g} {at_y:g})"'
    return f'<text x="{at_x:g}" y="{at_y:g}" {turned}>{escape(title)}</text>'


def _text(lines: list[str], middle: float, first: float) -> str:
    return "".join(
        f'<text x="{middle:g}" y="{first + number * _LINE:g}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )


def _lines(title: str, width: float) -> list[str]:
    """What fits side by side; names without spaces are cut, as Chinese may be."""
    is_wide = any(ord(letter) >= _IDEOGRAPHS for letter in title)
    fits = max(int(width / (12.5 if is_wide else 6.5)), 4)
    return textwrap.wrap(title, fits, break_long_words=is_wide)


def _rect(box: Box) -> str:
    x, y, width, height = box
    return f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'


def _label_box(node: Any) -> Box | None:
    label = next((one for one in node if local(one) == "BPMNLabel"), None)
    return None if label is None else _box(label)


def _box(node: Any) -> Box | None:
    bounds = next((one for one in node if local(one) == "Bounds"), None)
    if bounds is None:
        return None
    x, y, width, height = (float(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return x, y, width, height
