"""One set of keys of a form at work: its answers, what the case says, and what is hidden."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.workflow.forms import conditions, paths
from app.workflow.forms.components import Component, everywhere, in_scope
from app.workflow.forms.fields import Answer, field_of


@dataclass(frozen=True)
class Plan:
    """What can be known of one set of keys before anybody answers."""

    components: tuple[Component, ...]

    @cached_property
    def own(self) -> tuple[Component, ...]:
        """Everything under these keys, groups entered."""
        return tuple(in_scope(self.components))

    @cached_property
    def fields(self) -> dict[str, Answer]:
        """The fields people answer, by path."""
        return {part.path: field_of(part) for part in self.own if part.is_answered}

    @cached_property
    def lists(self) -> dict[str, "Plan"]:
        """The rows of each list, by its path."""
        return {part.path: Plan(part.children) for part in self.own if part.kind == "dynamiclist"}

    @cached_property
    def known(self) -> frozenset[str]:
        """Every path an answer may come under."""
        return frozenset({*self.fields, *self.lists})

    @cached_property
    def expected(self) -> frozenset[str]:
        """The paths that stay unseen while a blind task is open."""
        return frozenset(part.path for part in self.own if part.is_expected and part.path)

    @cached_property
    def is_conditional(self) -> bool:
        """Whether anything under these keys, or in the rows below, may be hidden."""
        return any(part.hide for part in everywhere(self.components))


@dataclass
class Scope:
    """A plan with answers: the form itself, or one row inside it."""

    plan: Plan
    base: Mapping[str, object]
    parent: "Scope | None" = None
    blind: bool = False
    prefix: str = ""
    answers: dict[str, object] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)

    def row(self, plan: Plan, base: Mapping[str, object], prefix: str) -> "Scope":
        """A row of a list in this scope."""
        return Scope(plan, base, parent=self, blind=self.blind, prefix=prefix)

    def value(self, name: str) -> object:
        """What `name` stands for: an answer here, the case's row, then the same further out."""
        if name in self.answers:
            return self.answers[name]
        if self.blind and name in self.plan.expected:
            return None
        found = paths.found(self.base, name)
        return self.parent.value(name) if found is None and self.parent else found

    def input_name(self, name: str) -> str | None:
        """The name of the input that answers `name`, or None when the case answers it."""
        if name in self.plan.fields:
            return paths.joined(self.prefix, name)
        if paths.found(self.base, name) is not None or not self.parent:
            return None
        return self.parent.input_name(name)

    def is_broken(self, name: str) -> bool:
        """Whether the answer `name` stands for could not be read."""
        if name in self.answers:
            return name in self.broken
        return self.parent.is_broken(name) if self.parent else False

    def settle(self, *, all_hidden: bool = False) -> None:
        """Find what is hidden, in the order of the form; what is hidden answers nothing."""
        if self.plan.is_conditional or all_hidden:
            self._settle(self.plan.components, all_hidden)

    def _settle(self, components: tuple[Component, ...], hidden_above: bool) -> None:  # noqa: FBT001 - handed down
        for part in components:
            hidden = hidden_above or bool(part.hide and conditions.holds(part.hide, self.value))
            if hidden:
                self.hidden.add(part.id)
            if hidden and part.is_answered:
                self.answers[part.path] = part.blank
                self.broken.discard(part.path)
            if part.kind == "group":
                self._settle(part.children, hidden)
