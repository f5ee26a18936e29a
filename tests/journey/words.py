"""What the product says in a language, read from its diagrams, forms and catalogues."""

import gettext
import json
from functools import cache
from typing import Any

from app.config import ROOT
from app.workflow.spiff import xml
from app.workflow.spiff.reading import properties_of

ENGLISH = "en"


class Words:
    """The words of one language; what is not translated has none."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = gettext.translation(
            "messages", ROOT / "app/translations", [language], fallback=language == ENGLISH
        )

    def page(self, message: str, **facts: object) -> str:
        """A sentence of the pages, with its `%(name)s` places filled."""
        text = self._catalogue.gettext(message)
        return text % facts if facts else text

    def step(self, element: str) -> str:
        """What an element of a diagram is called."""
        name, properties = _elements()[element]
        return name if self.language == ENGLISH else properties[f"title.{self.language}"]

    def button(self, task: str, outcome: str = "") -> str:
        """What stands on the button of a task, or on the one for `outcome`."""
        form = _form(task)
        if not outcome:
            return self._said(form["properties"], "action")
        asked = next(one for one in form["components"] if one.get("properties", {}).get("outcome"))
        labels = {one["value"]: one["label"] for one in asked["values"]}
        option = f"option.{outcome}"
        return self._said({**asked["properties"], option: labels[outcome]}, option)

    def _said(self, properties: dict[str, str], name: str) -> str:
        suffix = "" if self.language == ENGLISH else f".{self.language}"
        return properties[f"{name}{suffix}"]


@cache
def _elements() -> dict[str, tuple[str, dict[str, str]]]:
    """Names and properties of everything in the diagrams, by id."""
    roots = [xml.parse_xml(path.read_bytes()) for path in ROOT.glob("processes/*/*.bpmn")]
    nodes = [node for root in roots for node in root.iter() if node.get("name") and node.get("id")]
    return {node.get("id"): (node.get("name"), properties_of(node)) for node in nodes}


@cache
def _form(task: str) -> dict[str, Any]:
    (path,) = ROOT.glob(f"forms/*/{task}.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
