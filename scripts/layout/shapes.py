"""Boxes: all there, none on another, each in its lane, each name inside."""

from collections.abc import Iterator
from itertools import combinations

from layout.drawing import Drawing
from layout.text import wrapped

_TASK_LINES = 3
_ROOM_IN_TASK = 90


def missing(drawing: Drawing) -> Iterator[str]:
    """Elements nobody sees."""
    drawn = drawing.boxes.keys() | drawing.lines.keys()
    for name in drawing.kinds.keys() - drawn:
        yield f"{name} is not drawn"


def overlaps(drawing: Drawing) -> Iterator[str]:
    """Boxes on top of each other; an event sits on its own host."""
    for (one, a), (other, b) in combinations(drawing.nodes.items(), 2):
        related = drawing.hosts.get(one) == other or drawing.hosts.get(other) == one
        if not related and a.overlaps(b):
            yield f"{one} and {other} overlap"


def outside_lanes(drawing: Drawing) -> Iterator[str]:
    """Boxes that reach over the border of the lane they belong to."""
    for name, box in drawing.nodes.items():
        lane = drawing.lanes.get(name)
        if lane is None:
            yield f"{name} belongs to no lane"
        elif not drawing.boxes[lane].holds(box):
            yield f"{name} reaches out of its lane {lane}"


def crowded_names(drawing: Drawing) -> Iterator[str]:
    """Names that do not fit into their task."""
    for name, kind in drawing.kinds.items():
        is_task = kind.endswith("Task") or kind in {"task", "callActivity"}
        if is_task and len(wrapped(drawing.names[name], _ROOM_IN_TASK, size=12)) > _TASK_LINES:
            yield f"the name of {name} does not fit into its box"
