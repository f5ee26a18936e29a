"""One rendering of a form: for whom, in which language, with which errors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.workflow.forms import faces
from app.workflow.forms.components import Component
from app.workflow.forms.occasion import Occasion

Tree = Mapping[str, Any] | None
Parts = list[dict[str, Any]]


@dataclass
class Showing:
    """What one rendering knows."""

    data: Mapping[str, object]
    errors: Mapping[str, str]
    locale: str
    occasion: Occasion
    say: Callable[[str], str]
    faces: dict[str, dict[str, Any]] = field(default_factory=dict)
    found: dict[str, dict[str, str]] = field(default_factory=dict)
    has_focus: bool = False
    depth: int = 0

    def face(self, part: Component) -> dict[str, Any]:
        """What is the same wherever `part` is shown; a shallow copy to fill in."""
        if part.id not in self.faces:
            self.faces[part.id] = faces.face(part, self.data, self.locale)
        return dict(self.faces[part.id])

    def error(self, name: str, label: str) -> str | None:
        """What is wrong with the answer `name`, in the reader's language."""
        if name not in self.errors:
            return None
        sentence = self.sentence(self.errors[name])
        self.found[name] = {"id": dom_id(name), "label": label, "sentence": sentence}
        return sentence

    def name_row(self, prefix: str, row: object) -> None:
        """Say in the list of errors which row those under `prefix` stand in."""
        name = row + 1 if isinstance(row, int) else row
        for where in self.errors:
            if where.startswith(f"{prefix}.") and where in self.found:
                found = self.found[where]
                found["label"] = f"{found['label']} · {name}"

    def sentence(self, said: str) -> str:
        """`said` in the reader's language."""
        message, facts = getattr(said, "message", None), getattr(said, "facts", {})
        return self.say(message).format(**facts) if message else str(said)

    def focus(self, *, wanted: bool) -> bool:
        """Whether this input gets the focus: the first that wants it."""
        gets_it = wanted and not self.has_focus
        self.has_focus = self.has_focus or gets_it
        return gets_it


def dom_id(name: str) -> str:
    """The id of the input called `name`."""
    return f"f-{name.replace('.', '-')}"
