"""The product's languages: which of several texts a person reads, and how soon something is due."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

LOCALES = ("en", "zh_Hant", "zh_Hans")
DEFAULT_LOCALE = "en"

_NEXT_BEST = {
    "en": ("en", "zh_Hant", "zh_Hans"),
    "zh_Hant": ("zh_Hant", "zh_Hans", "en"),
    "zh_Hans": ("zh_Hans", "zh_Hant", "en"),
}
_MINUTES, _HOURS, _DAYS, _AHEAD, _LATE, _NOW = range(6)
_WORDS = {
    "en": ("{} min", "{} h", "{} d", "in {}", "{} late", "now"),
    "zh_Hant": ("{} 分鐘", "{} 小時", "{} 天", "{}後", "逾期 {}", "現在"),
    "zh_Hans": ("{} 分钟", "{} 小时", "{} 天", "{}后", "逾期 {}", "现在"),
}
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_SOME_MINUTES, _SOME_HOURS = 1.5 * _HOUR, 1.5 * _DAY


def text_of(texts: Mapping[str, str] | str, locale: str) -> str:
    """The text in that language, else in the nearest one there is; empty when there is none.

    A reader of one Chinese script is served better by the other than by English.
    """
    if isinstance(texts, str):
        return texts
    for candidate in _NEXT_BEST.get(locale, LOCALES):
        if texts.get(candidate):
            return texts[candidate]
    return next(iter(texts.values()), "")


def sentences(parts: Iterable[str], locale: str) -> str:
    """Whole sentences in a row; Chinese sets no space after a full stop."""
    return (" " if locale == DEFAULT_LOCALE else "").join(parts)


def due_in_words(due: datetime, now: datetime, locale: str) -> str:
    """How soon or how late: "in 40 min", "3 h late", "40 分鐘後"."""
    words = _WORDS.get(locale, _WORDS[DEFAULT_LOCALE])
    if abs(due - now) < _MINUTE:
        return words[_NOW]
    return words[_AHEAD if due > now else _LATE].format(length_in_words(abs(due - now), locale))


def length_in_words(length: timedelta, locale: str) -> str:
    """How long: minutes up to an hour and a half, hours up to a day and a half, then days."""
    words = _WORDS.get(locale, _WORDS[DEFAULT_LOCALE])
    if length < _SOME_MINUTES:
        return words[_MINUTES].format(length // _MINUTE)
    if length < _SOME_HOURS:
        return words[_HOURS].format(round(length / _HOUR))
    return words[_DAYS].format(round(length / _DAY))
