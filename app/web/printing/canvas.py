"""Pages that say at their foot what they belong to, and how many there are."""

from collections.abc import Callable
from typing import Any

from reportlab.pdfgen.canvas import Canvas

# What to write under page `n` of `all`.
Foot = Callable[[Canvas, int, int], None]


class CountedPages(Canvas):
    """Keeps its pages until it knows how many there are."""

    def __init__(self, *args: Any, foot: Foot, **options: Any) -> None:
        super().__init__(*args, **options)
        self._foot = foot
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - the library's name
        """Put the page aside."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write every page with its foot."""
        for number, page in enumerate(self._kept, start=1):
            self.__dict__.update(page)
            self._foot(self, number, len(self._kept))
            super().showPage()
        super().save()
