"""JSON as it is kept for good: as it reads while short, compressed when long."""

import json
from typing import Any

from sqlalchemy import Dialect, LargeBinary, TypeDecorator

from app.kernel.pressing import is_pressed, pressed, unpressed

_SHORT = 160


def packed(value: object) -> bytes:
    """`value` as bytes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return text if len(text) <= _SHORT else pressed(text)


def unpacked(found: bytes) -> Any:
    """The value that `packed` was given."""
    return json.loads(unpressed(found) if is_pressed(found) else found)


class PackedJson(TypeDecorator[Any]):
    """A JSON value that is read whole and never searched.

    A story of answers with 20 order lines takes 0.4 kB instead of 1.8, and on SQLite stays
    within its page: longer rows each take a page of 4 kB more.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, _: Dialect) -> bytes | None:
        return None if value is None else packed(value)

    def process_result_value(self, value: bytes | None, _: Dialect) -> Any:
        return None if value is None else unpacked(bytes(value))
