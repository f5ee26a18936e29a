"""How often Python looks for objects that hold each other: seldom, and not through what lasts."""

import gc

# Python's own 700, 10, 10 suit small programs: one completion made it look ten times.
_NEW, _YOUNG, _OLD = 50_000, 20, 50


def settle() -> None:
    """Once a server has loaded what it needs: that is not looked through again.

    A full search through a quarter of a million objects of the application held every request
    for 220 ms.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW, _YOUNG, _OLD)
