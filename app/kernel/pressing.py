"""Texts as they are kept: compressed as zlib does, without what only large ones need."""

import zlib

# To set up the usual window of 32 kB takes zlib three times as long as to press a usual state.
_MIDDLING, _FEW_BITS, _LITTLE_MEMORY = 16_000, 13, 6
_BEGINNINGS = (b"x", b"X")  # with the usual window and with the small one


def pressed(text: bytes) -> bytes:
    """`text`, compressed."""
    if len(text) > _MIDDLING:
        return zlib.compress(text)
    level = zlib.Z_DEFAULT_COMPRESSION
    press = zlib.compressobj(level, zlib.DEFLATED, _FEW_BITS, _LITTLE_MEMORY)
    return press.compress(text) + press.flush()


def unpressed(found: bytes) -> bytes:
    """What `pressed` was given."""
    return zlib.decompress(found)


def is_pressed(found: bytes) -> bool:
    """Whether it is not a text as it reads: no JSON begins like that."""
    return found[:1] in _BEGINNINGS
