"""Files of which each row is one thing: it is compared with what is known, or else added."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from app.domain.imports.cells import Cells, Report
from app.domain.imports.kinds import Plan, different
from app.domain.imports.table import Row
from app.kernel.errors import N_

Key = TypeVar("Key")
Facts = dict[str, Any]


@dataclass(frozen=True)
class Records(Generic[Key]):
    """How rows become records: by `key`, found in `column`, with `facts` named like attributes."""

    column: str
    key: Callable[[Cells], Key | None]
    facts: Callable[[Cells], Facts]
    known: Callable[[], Mapping[Key, object]]
    add: Callable[[Key, Facts], object]
    name: Callable[[Key], str] = str

    def understand(self, rows: list[Row], report: Report, _by: str) -> Plan:
        plan, known, seen = Plan(), self.known(), set[Key]()
        for row in rows:
            cells = Cells(row, report)
            key, facts = self.key(cells), self.facts(cells)
            if key in seen:
                report.add(row, self.column, N_("{code} is there twice."), code=self.name(key))
            elif key is not None:
                seen.add(key)
                self._take(plan, cells, facts, key, known)
        return plan

    def _take(
        self, plan: Plan, cells: Cells, facts: Facts, key: Key, known: Mapping[Key, object]
    ) -> None:
        if key not in known:
            plan.add(partial(self.add, key, facts))
        elif not self._differs(cells, known[key], self.name(key), facts):
            plan.knows([cells.row])

    def _differs(self, cells: Cells, ours: object, name: str, facts: Facts) -> bool:
        pairs = {fact: (getattr(ours, fact), theirs) for fact, theirs in facts.items()}
        return different(cells.report, cells.row, name, pairs)
