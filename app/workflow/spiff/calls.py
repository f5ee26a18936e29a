"""What the engine asks of its host, and what it tells it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from app.workflow.spiff.outline import Element

FUNCTIONS = frozenset({"policy", "today", "now", "elapsed", "working_time_after"})
"""The functions every host offers; diagrams that call others are refused."""


@dataclass(frozen=True)
class EffectCall:
    """A service task has come: call this effect with these arguments (a copy, yours to keep).

    `path` names the enclosing elements from the root, those entered again with their number:
    `each_line#2/book_count`. `visit` counts how often a token has come to this element at this
    path, so `key` is unique within the case and stays the same when the step is run again.
    """

    name: str
    arguments: Mapping[str, Any]
    element_id: str
    path: str
    visit: int

    @property
    def key(self) -> str:
        return f"{self.path}:{self.visit}"


class Host(Protocol):
    """The world of a case.

    It may have a text `owner`: the person on whose behalf scripts run, so that nobody
    occupies all script workers.
    """

    def call(self, call: EffectCall) -> object:
        """Do the effect and return its JSON result; may raise a Refusal or any fault."""

    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """The functions that diagrams may use; pure, bound to one snapshot. Asked once."""

    def due(self, duration: str, *, data: Mapping[str, Any]) -> datetime:
        """The instant at which `duration` (ISO, working time) from now has passed."""


@dataclass(frozen=True)
class ReadyTask:
    """A user or manual task somebody can do now. `token` is unique within its case only."""

    token: str
    element: Element
    path: str
    visit: int
    data: Mapping[str, Any]


@dataclass(frozen=True)
class WaitingTimer:
    """`level` of a repeated timer counts the instants that had passed when it last fired."""

    token: str
    element_id: str
    due: datetime


@dataclass(frozen=True)
class WaitingMessage:
    """A token that waits for the message `name` about `correlation`."""

    token: str
    element_id: str
    name: str
    correlation: str


@dataclass(frozen=True)
class SentMessage:
    """A message the case has sent in this step; `key` is stable within the case."""

    name: str
    correlation: str
    payload: Any
    element_id: str
    key: str


@dataclass(frozen=True)
class Passed:
    """An element that was completed in this step."""

    element_id: str
    kind: str
    path: str
    visit: int
