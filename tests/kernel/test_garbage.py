"""What lasts is left alone; what falls away later is still found."""

import gc
import weakref

from app.kernel import garbage


class _Knot:
    def __init__(self) -> None:
        self.itself = self


def test_what_was_there_before_is_left_alone() -> None:
    lasting = _Knot()

    garbage.settle()

    assert not any(one is lasting for one in gc.get_objects())
    assert gc.get_freeze_count() > 1


def test_what_falls_away_later_is_found() -> None:
    garbage.settle()
    knot = _Knot()
    seen = weakref.ref(knot)

    del knot
    gc.collect()

    assert seen() is None


def test_what_fell_away_between_two_times_is_found_by_the_second() -> None:
    knot = _Knot()
    seen = weakref.ref(knot)
    garbage.settle()

    del knot
    garbage.settle()

    assert seen() is None
