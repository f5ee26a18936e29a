"""How wide the columns of a printed table are: figures whole, words in what is left."""

from collections.abc import Sequence
from dataclasses import dataclass

_SIZES = (8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
_LONGEST_WORD = 110.0


@dataclass(frozen=True)
class Wants:
    """What one column asks for at a size of one point: its longest word, its longest line."""

    least: float
    most: float
    is_figure: bool


def fitted(
    columns: Sequence[Wants], room: float, *, padding: float
) -> tuple[float, tuple[float, ...]]:
    """The largest size at which every word has its place, and the widths at that size."""
    for size in _SIZES:
        least = [_least(one, size) + padding for one in columns]
        if sum(least) <= room:
            return size, _shared(columns, least, room, size=size, padding=padding)
    least = [_least(one, _SIZES[-1]) + padding for one in columns]
    return _SIZES[-1], tuple(width * room / sum(least) for width in least)


def _least(one: Wants, size: float) -> float:
    """A figure stays on one line; a word may break when it is very long."""
    return one.most * size if one.is_figure else min(one.least * size, _LONGEST_WORD)


def _shared(
    columns: Sequence[Wants], least: list[float], room: float, *, size: float, padding: float
) -> tuple[float, ...]:
    """What is left goes to the columns that would like more, by how much more they would like."""
    spare = room - sum(least)
    wishes = [
        max(one.most * size + padding - have, 0) for one, have in zip(columns, least, strict=True)
    ]
    wanted = sum(wishes)
    if wanted >= spare:
        return tuple(have + spare * wish / wanted for have, wish in zip(least, wishes, strict=True))
    whole = [have + wish for have, wish in zip(least, wishes, strict=True)]
    return tuple(width * room / sum(whole) for width in whole)
