"""Names beside their symbols: present, free of lines and boxes, inside the pool."""

from collections.abc import Iterator
from itertools import combinations

from layout.drawing import Box, Drawing
from layout.text import width, wrapped

_LINE_HEIGHT = 12
_ROOM = 90
_INSIDE = ("Task", "task", "callActivity", "subProcess", "lane", "participant")


def missing(drawing: Drawing) -> Iterator[str]:
    """Named events, gateways and flows whose name has no place."""
    for name, words in drawing.names.items():
        beside = not drawing.kinds[name].endswith(_INSIDE)
        if words and beside and name not in drawing.labels:
            yield f"the name of {name} has no place"


def covered(drawing: Drawing) -> Iterator[str]:
    """Names that touch a line, a box or another name."""
    texts = {name: _text(drawing, name) for name in drawing.labels}
    for (one, a), (other, b) in combinations(texts.items(), 2):
        if a.overlaps(b):
            yield f"the names of {one} and {other} overlap"
    for name, text in texts.items():
        yield from _hidden(drawing, name, text)


def outside(drawing: Drawing) -> Iterator[str]:
    """Names that leave their pool."""
    pools = [box for name, box in drawing.boxes.items() if drawing.kinds[name] == "participant"]
    for name in drawing.labels:
        if pools and not any(pool.holds(_text(drawing, name)) for pool in pools):
            yield f"the name of {name} leaves the pool"


def _hidden(drawing: Drawing, name: str, text: Box) -> Iterator[str]:
    for other, box in drawing.nodes.items():
        if text.overlaps(box, by=1) and not _beside_diamond(drawing, other, text):
            yield f"the name of {name} lies on {other}"
    for line in drawing.lines.values():
        if any(text.touched_by(a, b) for a, b in line.pieces):
            yield f"the name of {name} lies on {line.id}"


def _beside_diamond(drawing: Drawing, name: str, text: Box) -> bool:
    """Whether `text` only reaches into the empty corner of a gateway's box."""
    if not drawing.kinds[name].endswith("Gateway"):
        return False
    box = drawing.boxes[name]
    x, y = box.center
    across = max(text.x - x, x - text.right, 0) / (box.width / 2)
    down = max(text.y - y, y - text.bottom, 0) / (box.height / 2)
    return across + down >= 1


def _text(drawing: Drawing, name: str) -> Box:
    """Where the words are: wrapped at 90 pixels, centred in their label as bpmn-js does."""
    lines = wrapped(drawing.names[name], _ROOM)
    wide = max((width(line) for line in lines), default=0)
    high = _LINE_HEIGHT * len(lines)
    label = drawing.labels[name]
    middle, _ = label.center
    return Box(middle - wide / 2, label.y, wide, high)
