"""What a kind of import is: its columns, how its rows are understood, how they are written."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from app.domain.imports.cells import Cells, Report
from app.domain.imports.table import Row
from app.kernel.errors import N_


@dataclass(frozen=True)
class Column:
    """One column of the file; `example` goes into the template."""

    name: str
    example: str
    required: bool = False


@dataclass(frozen=True)
class Start:
    """The process that must be started, in the same transaction, for the import to take effect."""

    process: str
    data: Mapping[str, object]


@dataclass
class Plan:
    """What an import would do: `steps` do it; `already` are rows that are known already.

    `new` counts what is made (SKUs, orders …). A step that needs a process answers its `Start`.
    """

    new: int = 0
    already: list[int] = field(default_factory=list)
    steps: list[Callable[[], object]] = field(default_factory=list)

    def add(self, step: Callable[[], object], *, made: int = 1) -> None:
        self.steps.append(step)
        self.new += made

    def knows(self, rows: Iterable[Row]) -> None:
        self.already.extend(row.number for row in rows)


@dataclass(frozen=True)
class Kind:
    """A kind of file; `understand` turns rows into a plan and reports every problem it meets."""

    name: str
    title: str
    columns: tuple[Column, ...]
    understand: Callable[[list[Row], Report, str], Plan]


def different(
    report: Report, row: Row, known: str, values: Mapping[str, tuple[object, object]]
) -> bool:
    """Report what the file says differently about something that exists; imports change nothing."""
    changed = {name: pair for name, pair in values.items() if pair[0] != pair[1]}
    for name, (ours, theirs) in changed.items():
        message = N_(
            "{known} exists with {column} {ours}; this file says {theirs}. "
            "An import adds and never changes: correct the file."
        )
        facts = {"known": known, "column": name, "ours": _shown(ours), "theirs": _shown(theirs)}
        report.add(row, name, message, **facts)
    return bool(changed)


def together(rows: Iterable[Row], column: str, report: Report) -> dict[str, list[Cells]]:
    """Rows by the code in `column`; rows without it are reported."""
    groups: dict[str, list[Cells]] = {}
    for row in rows:
        cells = Cells(row, report)
        code = cells.code(column)
        if code:
            groups.setdefault(code, []).append(cells)
    return groups


def same_in_all(group: list[Cells], columns: Iterable[str]) -> None:
    """Report rows of one document that contradict its first row in what belongs to the whole."""
    first = group[0].row
    for cells in group[1:]:
        for column in columns:
            theirs = cells.row.cells.get(column, "")
            if theirs not in ("", first.cells.get(column, "")):
                message = N_("Row {first} says {ours} in {column} for the same document.")
                ours = first.cells.get(column, "") or "–"
                facts = {"first": first.number, "ours": ours, "column": column}
                cells.report.add(cells.row, column, message, **facts)


def _shown(value: object) -> str:
    return "–" if value in (None, "") else str(value)
