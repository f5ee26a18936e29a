"""Whether two values of case data are the same; 1, 1.0 and True are three values."""

from typing import Any


def same(one: Any, other: Any) -> bool:
    """Equal, down to the kinds inside."""
    if one is other:
        return True
    if type(one) is not type(other) or one != other:
        return False
    return not isinstance(one, dict | list | float) or repr(one) == repr(other)
