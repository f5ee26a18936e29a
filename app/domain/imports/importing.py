"""Importing files: look first, then all or nothing; importing twice changes nothing."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.domain.imports import (
    agreements,
    asns,
    criteria,
    defects,
    demand,
    importers,
    locations,
    opening_stock,
    products,
    purchase_orders,
    quality_classes,
    suppliers,
    table,
)
from app.domain.imports.cells import Problem, Report
from app.domain.imports.kinds import Kind, Plan, Start
from app.domain.imports.table import Row, Table
from app.kernel.db import db
from app.kernel.errors import N_, NotFound, Refusal

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            products.KIND,
            suppliers.KIND,
            agreements.KIND,
            locations.KIND,
            quality_classes.KIND,
            criteria.KIND,
            defects.KIND,
            opening_stock.KIND,
            purchase_orders.KIND,
            asns.KIND,
            demand.KIND,
        )
    }
)


@dataclass(frozen=True)
class Preview:
    """What importing a file would do: `new` things; rows `already` there; or its problems."""

    kind: Kind
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    new: int
    already: list[int]
    problems: list[Problem]

    @property
    def is_ready(self) -> bool:
        return not self.problems


@dataclass(frozen=True)
class Loaded:
    """What an import did; the caller starts `start`, if any, in the same transaction."""

    new: int
    already: list[int] = field(default_factory=list)
    start: Start | None = None


class UnknownKind(NotFound):
    """There is no such import."""

    code = "unknown_import"
    message = N_("{kind} cannot be imported. Choose one of {kinds}.")


class ImportRefused(Refusal):
    """The file has problems, so nothing of it was imported."""

    code = "import_refused"
    message = N_("Nothing was imported: {n} problems. The first is in row {row}: {first}")
    status = 422

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(n=len(problems), row=problems[0].row, first=problems[0].text)


def preview(kind: str, raw: bytes, *, by: str) -> Preview:
    """What importing `raw` would do; nothing is written. `by` is a username.

    Raises:
        NotForYou: none of their roles brings in data.
        Unreadable: the file is no table.
    """
    importers.reach_of(by)
    found, report, read = _kind(kind), Report(), table.read(raw)
    plan = _understood(found, read, report, by)
    problems = sorted(report.problems, key=lambda problem: problem.row)
    return Preview(found, read.header, read.rows, plan.new, plan.already, problems)


def load(kind: str, raw: bytes, *, by: str) -> Loaded:
    """Import `raw` whole, inside the caller's transaction; `by` is a username.

    Raises:
        NotForYou: none of their roles brings in data.
        ImportRefused: a row has a problem; nothing was written.
        Unreadable: the file is no table.
    """
    importers.reach_of(by)
    report = Report()
    plan = _understood(_kind(kind), table.read(raw), report, by)
    if report.problems:
        raise ImportRefused(sorted(report.problems, key=lambda problem: problem.row))
    starts = [done for step in plan.steps if isinstance(done := step(), Start)]
    db.session.flush()
    return Loaded(plan.new, plan.already, starts[0] if starts else None)


def template(kind: str) -> str:
    """A file to fill in: the columns and one example row; spreadsheets know it by its mark."""
    columns = _kind(kind).columns
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    writer.writerow([column.example for column in columns])
    return "\N{ZERO WIDTH NO-BREAK SPACE}" + out.getvalue()


def _kind(name: str) -> Kind:
    try:
        return KINDS[name]
    except KeyError:
        raise UnknownKind(kind=name, kinds=", ".join(KINDS)) from None


def _understood(kind: Kind, read: Table, report: Report, by: str) -> Plan:
    """Problems of the header hide those of the rows: first the columns must be right."""
    _check_header(kind, read, report)
    if report.problems:
        return Plan()
    for row in read.rows:
        if row.surplus:
            message = N_("{text} stands outside the table. Put it under a column or delete it.")
            report.add(row, "", message, text=row.surplus[0])
    if not read.rows:
        report.add(Row(2, {}), "", N_("There are no rows under the header."))
    return kind.understand(list(read.rows), report, by)


def _check_header(kind: Kind, read: Table, report: Report) -> None:
    head = Row(1, {})
    names = {column.name for column in kind.columns}
    for name in read.header:
        if name and name not in names:
            message = N_("There is no column {name}. The columns are {names}.")
            names_text = ", ".join(column.name for column in kind.columns)
            report.add(head, name, message, name=name, names=names_text)
        elif name and read.header.count(name) > 1:
            report.add(head, name, N_("The column {name} is there twice."), name=name)
    for column in kind.columns:
        if column.required and column.name not in read.header:
            report.add(head, column.name, N_("Add the column {name}."), name=column.name)
