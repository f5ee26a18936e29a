"""Dice that lean toward what was seldom chosen, so that a long play comes to everything."""

from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")
_chosen: Counter[tuple[str, object]] = Counter()


def choice(dice: Random, about: str, options: Sequence[T]) -> T:
    """One of `options`, the rather the less often it was chosen in what this is `about`."""
    weights = [1 / (1 + _chosen[about, each]) for each in options]
    found = dice.choices(options, weights)[0]
    _chosen[about, found] += 1
    return found


def forget() -> None:
    """Begin anew, as another play does."""
    _chosen.clear()
