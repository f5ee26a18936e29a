"""The parts of a form, as they stand after parsing: immutable, every expression understood."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from re import Pattern

from app.workflow.forms.conditions import Condition

CONTAINERS = frozenset({"group", "dynamiclist"})
MANY = frozenset({"checklist", "taglist", "filepicker"})
CHOICES = frozenset({"radio", "select", "checklist", "taglist"})
SHOWN_ONLY = frozenset({"text", "separator", "table"})
MOST_ROWS = 500
UNIT = "unit"

Words = Mapping[str, str]  # locale → words; "" holds the form's own language


@dataclass(frozen=True)
class Option:
    """One choice."""

    value: str
    label: Words


@dataclass(frozen=True)
class Column:
    """One column of a read-only table."""

    key: str
    label: Words


@dataclass(frozen=True)
class Limits:
    """What an answer must keep to."""

    required: bool = False
    least: Decimal | None = None
    most: Decimal | None = None
    step: Decimal | None = None
    decimals: int = 6
    shortest: int | None = None
    longest: int = 500
    pattern: Pattern[str] | None = None
    kind: str | None = None  # email, phone
    fewest_rows: int = 0
    most_rows: int = MOST_ROWS
    not_past: bool = False


@dataclass(frozen=True)
class Component:
    """One part of a form. `path` is where its answer lies, relative to its row or the form."""

    id: str
    kind: str
    path: str = ""
    label: Words = field(default_factory=dict)
    description: Words = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    readonly: bool = False
    default: object = None
    hide: Condition | None = None
    options: tuple[Option, ...] = ()
    options_path: str | None = None
    columns: tuple[Column, ...] = ()
    children: tuple["Component", ...] = ()
    span: int = 12
    subtype: str = ""
    free_rows: bool = False
    rows_at_first: int = 0
    scan: str = ""  # UNIT for codes of units in the house; of a list, the column it fills
    lookup: str = ""
    outcome: bool = False
    expected: frozenset[str] = frozenset()
    unit: Words = field(default_factory=dict)
    prefix: Words = field(default_factory=dict)
    text: Words = field(default_factory=dict)
    accept: tuple[str, ...] = ()
    multiple: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether people give it a value (containers and shown things are not answered)."""
        return not (self.readonly or self.kind in CONTAINERS or self.kind in SHOWN_ONLY)

    @property
    def is_expected(self) -> bool:
        """Whether all of it stays unseen while a blind task is open."""
        return "true" in self.expected

    @property
    def is_many(self) -> bool:
        """Whether its answer is a list of values."""
        return self.kind in MANY or (self.kind == "textarea" and bool(self.scan))

    @property
    def blank(self) -> object:
        """The clean answer of somebody who gave none."""
        if self.kind == "checkbox":
            return False
        return [] if self.is_many else None


def in_scope(components: tuple[Component, ...]) -> Iterator[Component]:
    """Everything that shares one set of keys: groups are entered, lists are not."""
    for component in components:
        yield component
        if component.kind == "group":
            yield from in_scope(component.children)


def everywhere(components: tuple[Component, ...]) -> Iterator[Component]:
    """Every component at every depth."""
    for component in components:
        yield component
        yield from everywhere(component.children)
