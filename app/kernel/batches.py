"""Long lists in batches: a statement takes only so many values."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def of(values: Sequence[T], size: int = 1_000) -> Iterator[Sequence[T]]:
    """All of `values` in their order, at most `size` at once."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
