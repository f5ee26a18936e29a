"""The imports between rooms as docs/architecture.md tells them.

python scripts/import_graph.py        the table, to paste there
"""

from collections import defaultdict

import grimp

STOREYS = (
    "cli",
    "factory",
    "web",
    "scheduler",
    "demo",
    "effects",
    "domain",
    "workflow",
    "identity",
    "kernel",
    "config",
)
DOMAIN = (
    "imports",
    "payables",
    "planning",
    "sourcing",
    "supply",
    "inventory",
    "finance",
    "catalog",
)


def main() -> None:
    """Print it."""
    print("\n".join(table()))


def table() -> list[str]:
    """One line for each storey and for each room of the domain, upper ones first."""
    graph = grimp.build_graph("app")
    between, inside = _imports(graph, "app", STOREYS), _imports(graph, "app.domain", DOMAIN)
    return [
        "| room | imports |",
        "| --- | --- |",
        *(_line(room, between[room], STOREYS) for room in STOREYS),
        *(_line(f"domain/{room}", inside[room], DOMAIN) for room in DOMAIN),
    ]


def _imports(graph: grimp.ImportGraph, within: str, rooms: tuple[str, ...]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for module in graph.modules:
        mine = _room(module, within, rooms)
        for other in graph.find_modules_directly_imported_by(module):
            theirs = _room(other, within, rooms)
            if mine and theirs and mine != theirs:
                found[mine].add(theirs)
    return found


def _room(module: str, within: str, rooms: tuple[str, ...]) -> str | None:
    name = module.removeprefix(f"{within}.").partition(".")[0]
    return name if module.startswith(f"{within}.") and name in rooms else None


def _line(room: str, imports: set[str], order: tuple[str, ...]) -> str:
    return f"| `{room}` | {', '.join(one for one in order if one in imports) or '–'} |"


if __name__ == "__main__":
    main()
