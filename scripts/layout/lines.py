"""Flows: straight, docked, never through a box, never across each other."""

from collections.abc import Iterator
from itertools import combinations

from layout.drawing import Box, Drawing, Line, Point

_NEAR = 1.0
_GATEWAYS = ("exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway")


def crooked(drawing: Drawing) -> Iterator[str]:
    """Pieces that are neither level nor upright."""
    for line in drawing.lines.values():
        if any(a[0] != b[0] and a[1] != b[1] for a, b in line.pieces):
            yield f"{line.id} is not drawn at right angles"


def undocked(drawing: Drawing) -> Iterator[str]:
    """Ends that do not meet the border of their box."""
    for line in drawing.lines.values():
        for end, name in ((line.points[0], line.source), (line.points[-1], line.target)):
            if name in drawing.boxes and not _on_border(end, drawing.boxes[name]):
                yield f"{line.id} does not touch {name}"


def through_shapes(drawing: Drawing) -> Iterator[str]:
    """Flows that run through a box they have nothing to do with."""
    for line in drawing.lines.values():
        own = {line.source, line.target, drawing.hosts.get(line.source)}
        for name, box in drawing.nodes.items():
            if name not in own and any(box.touched_by(a, b) for a, b in line.pieces):
                yield f"{line.id} runs through {name}"


def crossings(drawing: Drawing) -> Iterator[str]:
    """Flows that cross or lie on each other, unless they part or meet there."""
    for one, other in combinations(drawing.lines.values(), 2):
        if one.source == other.source or one.target == other.target:
            continue
        if any(_meet(p, q) for p in one.pieces for q in other.pieces):
            yield f"{one.id} crosses {other.id}"


def backwards(drawing: Drawing) -> Iterator[str]:
    """Flows that lead left, unless they return to a gateway that joins."""
    for line in drawing.lines.values():
        if not line.source:
            continue
        left = _goes_left(line)
        if left and drawing.kinds.get(line.target) not in _GATEWAYS:
            yield f"{line.id} leads to the left"


def _goes_left(line: Line) -> bool:
    return line.points[-1][0] < line.points[0][0] - _NEAR


def _on_border(point: Point, box: Box) -> bool:
    x, y = point
    inside = box.x - _NEAR <= x <= box.right + _NEAR and box.y - _NEAR <= y <= box.bottom + _NEAR
    beside = min(abs(x - box.x), abs(x - box.right)) <= _NEAR
    above = min(abs(y - box.y), abs(y - box.bottom)) <= _NEAR
    return inside and (beside or above)


def _meet(p: tuple[Point, Point], q: tuple[Point, Point]) -> bool:
    (ax, ay), (bx, by) = p
    (cx, cy), (dx, dy) = q
    across = min(max(ax, bx), max(cx, dx)) - max(min(ax, bx), min(cx, dx))
    down = min(max(ay, by), max(cy, dy)) - max(min(ay, by), min(cy, dy))
    return across >= 0 and down >= 0
