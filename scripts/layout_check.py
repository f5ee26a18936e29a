"""Says where a BPMN diagram is not drawn to be read: overlaps, crossings, stray labels."""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from layout import labels, lines, shapes
from layout.drawing import Drawing, read

CHECKS = (
    shapes.missing,
    shapes.overlaps,
    shapes.outside_lanes,
    shapes.crowded_names,
    lines.crooked,
    lines.undocked,
    lines.through_shapes,
    lines.crossings,
    lines.backwards,
    labels.missing,
    labels.covered,
    labels.outside,
)


def findings(drawing: Drawing) -> list[str]:
    """One sentence for each place that is hard to read."""
    return [sentence for check in CHECKS for sentence in check(drawing)]


def main(arguments: list[str]) -> int:
    """Check every diagram under the given folders or files; 1 when one is hard to read."""
    bad = 0
    for file in _diagrams(arguments or ["processes"]):
        for sentence in findings(read(file.read_bytes())):
            bad += 1
            print(f"{file}: {sentence}")
    return 1 if bad else 0


def _diagrams(arguments: list[str]) -> Iterator[Path]:
    for place in map(Path, arguments):
        yield from sorted(place.rglob("*.bpmn")) if place.is_dir() else [place]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
