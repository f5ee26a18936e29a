"""Who brings data in, and for which places."""

from dataclasses import dataclass

from app.domain.imports.cells import Cells
from app.identity import memberships, people
from app.identity.memberships import EVERYWHERE
from app.kernel.errors import N_, NotAllowed

IMPORTERS = frozenset(
    {
        "administrator",
        "planner",
        "buyer",
        "purchasing_manager",
        "warehouse_manager",
        "qc_manager",
    }
)


class NotForYou(NotAllowed):
    """Files change what the whole company works with."""

    code = "may_not_import"
    message = N_("Data is brought in by buyers, planners and managers. Ask one of them.")


@dataclass(frozen=True)
class Reach:
    """The scopes at which somebody brings data in."""

    scopes: frozenset[str]

    def check(self, cells: Cells, column: str, *scopes: str) -> None:
        """A row for none of whose `scopes` they may speak is a problem of the row."""
        if self.scopes.isdisjoint({EVERYWHERE, *scopes}):
            message = N_(
                "This row is for {theirs}; you bring in data for {yours}. "
                "Leave it out, or ask someone there to import it."
            )
            facts = {"theirs": _names(scopes[:1]), "yours": _names(sorted(self.scopes))}
            cells.report.add(cells.row, column, message, **facts)


def reach_of(username: str) -> Reach:
    """The places this person brings data in for.

    Raises:
        NotForYou: none of their roles brings in data.
    """
    held = memberships.of(people.named(username).id)
    scopes = frozenset(scope for role, scope in held if role in IMPORTERS)
    if not scopes:
        raise NotForYou
    return Reach(scopes)


def _names(scopes: tuple[str, ...] | list[str]) -> str:
    return ", ".join(scope.partition(":")[2] for scope in scopes)
