"""How much room words take, near enough to see an overlap."""

_NARROW = frozenset("fijlrt.,:;'|!()[] ")
_WIDE = frozenset("mwMW@")


def width(words: str, *, size: int = 11) -> float:
    """The width of one line, in pixels."""
    return sum(_width(letter) for letter in words) * size


def wrapped(words: str, room: float, *, size: int = 11) -> list[str]:
    """`words` broken into lines that fit into `room`; a long word stands alone."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size=size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _width(letter: str) -> float:
    if ord(letter) > 0x2E80:  # noqa: PLR2004 - from here on the scripts are square
        return 1.0
    if letter in _NARROW:
        return 0.3
    return 0.85 if letter in _WIDE else 0.56
