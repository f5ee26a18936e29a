"""A form: parsed once, then shown and answered many times."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.workflow.forms import view, words
from app.workflow.forms.components import Component, Words, everywhere
from app.workflow.forms.occasion import ANY, Occasion
from app.workflow.forms.scopes import Plan
from app.workflow.forms.showing import Showing
from app.workflow.forms.validation import validated

Say = Callable[[str], str]


@dataclass(frozen=True)
class Form:
    """The form of one user task, frozen with its process version."""

    id: str
    components: tuple[Component, ...]
    action: Words

    def validate(
        self,
        answers: Mapping[str, object],
        data: Mapping[str, object],
        *,
        occasion: Occasion = ANY,
    ) -> dict[str, Any]:
        """Clean, JSON-representable answers; numbers as canonical text, moments as ISO.

        `answers` has flat names (`lines.0.counted`, single values or lists of them) or nested
        JSON. What is readonly comes from `data`, which is the data of the case.

        Raises:
            InvalidAnswers: a complaint per path, nothing lost.
        """
        return validated(self.plan, answers, data, occasion=occasion)

    def view(
        self,
        data: Mapping[str, object],
        answers: Mapping[str, object] | None = None,
        errors: Mapping[str, str] | None = None,
        *,
        locale: str = "en",
        occasion: Occasion = ANY,
        say: Say = str,
    ) -> dict[str, Any]:
        """Plain dictionaries for the macros of forms/form.html.

        `answers` are a draft or what was refused; without them the case's data is shown.
        `say` translates the product's own sentences (gettext).
        """
        return view.shown(
            self.plan,
            Showing(data, errors or {}, words.known(locale), occasion, say),
            answers,
            action=self.action,
        )

    def untranslated(self, locale: str) -> list[str]:
        """The ids of what has words but none in `locale`."""
        return [
            part.id
            for part in everywhere(self.components)
            for said in (part.label, part.description, part.text, *(o.label for o in part.options))
            if said and locale not in said
        ]

    @cached_property
    def plan(self) -> Plan:
        """What can be known before anybody answers."""
        return Plan(self.components)

    @cached_property
    def asks_time(self) -> bool:
        """Whether its answers depend on the clocks of the place."""
        return any(part.kind == "datetime" for part in everywhere(self.components))

    @property
    def takes_files(self) -> bool:
        """Whether the page's form must be sent as multipart."""
        return any(part.kind == "filepicker" for part in everywhere(self.components))
