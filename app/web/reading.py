"""How what data holds as text — days, instants, places, goods — reads on a page."""

import re
from datetime import date, datetime
from decimal import Decimal

from babel import numbers
from flask import Flask
from flask_babel import get_locale

from app.web.stock.spots import place_words
from app.web.stock.words import goods_words
from app.web.words import place, shown

_SCOPES = ("site:", "supplier:")
_FIGURE = re.compile(r"-?[\d,]+(\.\d+)?")
_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_DAY = len("2026-12-14")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?")


def register(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.filters.update(
        read=as_read,
        spot=place_words,
        goods=goods_words,
        is_figure=is_figure,
        grouped=grouped,
    )


def as_read(text: str) -> str:
    """Days, instants and places as data holds them (2026-12-14), as a person reads them."""
    return " · ".join(_as_read(part) for part in text.split(" · "))


def is_figure(text: str) -> bool:
    """Whether it is a number, whose last digit stands under the others."""
    return bool(_FIGURE.fullmatch(text))


def grouped(text: str) -> str:
    """A number with the language's grouping; what is no number as it stands."""
    if not _PLAIN.fullmatch(text):
        return as_read(text)
    fraction = text.partition(".")[2]
    places = "." + "0" * len(fraction) if fraction.strip("0") else ""
    return numbers.format_decimal(Decimal(text), f"#,##0{places}", locale=get_locale())


def readable(value: object) -> str:
    """Any fact of a case, as a person reads it."""
    return as_read(value) if isinstance(value, str) else shown(value)


def _as_read(text: str) -> str:
    if text.startswith(_SCOPES):
        return place(text)
    if not _ISO.fullmatch(text):
        return goods_words(place_words(text))
    try:
        return shown(
            date.fromisoformat(text) if len(text) == _DAY else datetime.fromisoformat(text)
        )
    except ValueError:
        return text
