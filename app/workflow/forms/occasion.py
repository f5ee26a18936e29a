"""The circumstances under which a form is shown or answered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, tzinfo

from app.kernel import attachments, clock
from app.workflow.forms import lookups

UnknownFiles = Callable[[frozenset[int], int | None], frozenset[int]]


@dataclass(frozen=True)
class Occasion:
    """Who answers, on whose clocks, and whether the expected figures stay unseen."""

    by: int | None = None
    blind: bool = False
    zone: tzinfo = UTC
    unknown_files: UnknownFiles = attachments.unknown
    file_names: Callable[[frozenset[int]], dict[int, str]] = attachments.names
    unknown_values: Callable[[str, frozenset[str]], frozenset[str]] = lookups.unknown

    @property
    def today(self) -> date:
        """The day on the clocks of this occasion."""
        return clock.now().astimezone(self.zone).date()


ANY = Occasion()
