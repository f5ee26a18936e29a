"""The product's languages: which text, date, number or due time a person reads."""

from collections.abc import Mapping

LOCALES = ("en", "zh_Hant", "zh_Hans")
DEFAULT_LOCALE = "en"


def text_of(texts: Mapping[str, str] | str, locale: str) -> str:
    return texts if isinstance(texts, str) else texts.get(locale, "")
