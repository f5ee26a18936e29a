"""What the documents say of the house is true of it: its rooms, its imports, its tasks."""

import re
from pathlib import Path

import pytest
from lxml import etree

from app.config import ROOT
from scripts import import_graph

DOCS = ROOT / "docs"
ARCHITECTURE, GUIDE = DOCS / "architecture.md", DOCS / "guide.md"
USER_TASK = "{http://www.omg.org/spec/BPMN/20100524/MODEL}userTask"
# Folders of templates, styles and built files hold no rooms.
NO_ROOMS = {"assets", "static", "templates", "translations"}
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


def test_the_architecture_tells_the_real_imports() -> None:
    told = ARCHITECTURE.read_text("utf-8").splitlines()

    assert [line for line in import_graph.table() if line not in told] == []


def test_the_architecture_names_every_room() -> None:
    text = ARCHITECTURE.read_text("utf-8")

    assert [room for room in _rooms() if f"`{room}`" not in text] == []


def test_the_guide_has_a_line_for_every_task_of_a_person() -> None:
    told = re.findall(r"^\| ([^|]+) \|", GUIDE.read_text("utf-8"), re.MULTILINE)

    assert {name: where for name, where in _tasks().items() if name not in told} == {}


def test_the_readme_leads_to_every_document() -> None:
    linked = LINK.findall((ROOT / "README.md").read_text("utf-8"))

    assert [page.name for page in DOCS.glob("*.md") if f"docs/{page.name}" not in linked] == []


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted(DOCS.glob("*.md"))], ids=str)
def test_no_link_leads_nowhere(page: Path) -> None:
    targets = LINK.findall(page.read_text("utf-8"))

    assert [one for one in targets if not (page.parent / one).exists()] == []


def _rooms() -> list[str]:
    """Packages that stand inside a storey."""
    folders = (path.parent for path in (ROOT / "app").glob("*/*/__init__.py"))
    names = (folder.relative_to(ROOT / "app").as_posix() for folder in folders)
    return sorted(name for name in names if not NO_ROOMS & set(name.split("/")))


def _tasks() -> dict[str, str]:
    """What each task of a person is called, and the diagram it stands in."""
    return {
        task.get("name", ""): path.name
        for path in (ROOT / "processes").rglob("*.bpmn")
        for task in etree.parse(path).iter(USER_TASK)
    }
