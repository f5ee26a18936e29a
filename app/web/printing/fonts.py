"""The faces papers are set in: each letter in the reader's own script, a missing one in the other.

The build puts them into `app/web/fonts`, which no address serves.
"""

import re
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).parents[1] / "fonts"
_BOLD = "-Bold"
_FILES = {
    "NotoSansTC": "NotoSansTC_400Regular.ttf",
    "NotoSansSC": "NotoSansSC_400Regular.ttf",
    "NotoSansTC-Bold": "NotoSansTC_700Bold.ttf",
    "NotoSansSC-Bold": "NotoSansSC_700Bold.ttf",
}
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ud800-\udfff\ufeff]")


def faces(locale: str, *, bold: bool = False) -> tuple[str, ...]:
    """The faces for a language, the first choice first."""
    names = ("NotoSansSC", "NotoSansTC") if locale == "zh_Hans" else ("NotoSansTC", "NotoSansSC")
    found = tuple(f"{name}{_BOLD}" if bold else name for name in names)
    _ready(found[0])
    return found


def clean(text: str) -> str:
    """`text` without what no printer draws; tabs and line ends become blanks."""
    return _UNPRINTABLE.sub("", re.sub(r"[\t\r\n]+", " ", text))


def marked(text: str, names: tuple[str, ...]) -> str:
    """`text` as a paragraph's markup, each run in the first face that has its letters."""
    runs = groupby(clean(text), key=lambda letter: _face_of(letter, names))
    return "".join(_run(face, "".join(run), names[0]) for face, run in runs)


def width(text: str, names: tuple[str, ...], size: float) -> float:
    """How wide `text` is on one line, in points."""
    return float(pdfmetrics.stringWidth(clean(text), names[0], size))


def _run(face: str, text: str, usual: str) -> str:
    safe = escape(text)
    return safe if face == usual else f'<font name="{face}">{safe}</font>'


def _face_of(letter: str, names: tuple[str, ...]) -> str:
    """A letter that no face has is drawn as the box of the first."""
    return next((name for name in names if ord(letter) in _letters(name)), names[0])


def _letters(name: str) -> dict[int, int]:
    found: dict[int, int] = _ready(name).face.charToGlyph
    return found


@cache
def _ready(name: str) -> TTFont:
    """The face, read once a process: the whole file stays in memory, 7 to 10 MB of it."""
    font = TTFont(name, str(FOLDER / _FILES[name]))
    pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(name, normal=name, bold=name, italic=name, boldItalic=name)
    return font
