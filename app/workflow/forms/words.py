"""Words of a form in the reader's language, with facts of the case filled in."""

import re
from collections.abc import Mapping

from app.kernel import i18n
from app.workflow.forms import paths
from app.workflow.forms.components import Words

LOCALES = i18n.LOCALES
_GAP = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_PATH = re.compile(r"\s*=?\s*([A-Za-z_]\w*(?:\.\w+)*)\s*", re.ASCII)


def check(text: str) -> None:
    """Refuse anything but `{{path}}` between double braces, and expressions for words."""
    if text.lstrip().startswith("="):
        raise ValueError("words cannot be an expression; write {{name}} for a value of the case")
    for gap in _GAP.findall(text):
        if not _PATH.fullmatch(gap):
            raise ValueError(f"“{{{{{gap}}}}}” is not offered; write {{{{name}}}} for a value")


def said(words: Words, locale: str) -> str:
    """`words` in `locale`, or in the language nearest to it that there is."""
    if words.get(locale) or not words:
        return words.get(locale, "")
    return i18n.text_of({**words, "en": words.get("en") or words.get("", "")}, locale)


def filled(text: str, data: Mapping[str, object]) -> str:
    """`text` with each {{path}} replaced by what lies there."""
    if "{{" not in text:
        return text
    return _GAP.sub(lambda gap: _fact(data, gap[1]), text)


def known(locale: str) -> str:
    """The locale of ours that `locale` means: zh-Hant-TW → zh_Hant."""
    wanted = locale.replace("-", "_")
    return next((ours for ours in LOCALES if wanted.startswith(ours)), wanted)


def _fact(data: Mapping[str, object], gap: str) -> str:
    match = _PATH.fullmatch(gap)
    value = paths.found(data, match[1]) if match else None
    return "" if value is None or isinstance(value, dict | list) else str(value)
