"""How values of answers and of the case look in an input or as text."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from app.workflow.forms import decimals, options, words
from app.workflow.forms.components import Component
from app.workflow.forms.occasion import Occasion


def in_input(part: Component, value: object, occasion: Occasion) -> str | list[str] | bool:
    """`value` as the input of `part` takes it; what a person typed stays as it was typed."""
    if part.kind == "checkbox":
        value = value[0] if isinstance(value, list) and value else value
        return value in (True, "true", "on", "1", "yes")
    if part.kind == "textarea" and part.scan and isinstance(value, list):
        return "\n".join(plain(item) for item in value)
    if part.is_many and part.kind != "textarea":
        given = value if isinstance(value, list) else [value]
        return [plain(item) for item in given if item not in (None, "")]
    text = plain(value[0] if isinstance(value, list) and len(value) == 1 else value)
    if part.kind == "datetime" and part.subtype == "datetime":
        return _on_the_clocks(text, occasion)
    return text


def as_text(part: Component, value: object, data: Mapping[str, object], locale: str) -> str | bool:
    """`value` as a person reads it; yes and no are said by the template."""
    if part.kind == "checkbox":
        return value is True
    if part.options or part.options_path:
        offered = options.values(part, data)
        given = value if isinstance(value, list) else [value]
        return ", ".join(
            words.said(offered[text].label, locale) if text in offered else text
            for text in map(plain, given)
        )
    if isinstance(value, list):
        return ", ".join(plain(item) for item in value)
    return plain(value)


def plain(value: object) -> str:
    """`value` as text: numbers canonical, nothing as nothing."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, Decimal):
        return decimals.canonical(value)
    if isinstance(value, float):
        return decimals.canonical(Decimal(repr(value)))
    return str(value)


def _on_the_clocks(text: str, occasion: Occasion) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is None:
        return text
    return moment.astimezone(occasion.zone).replace(tzinfo=None).isoformat(timespec="minutes")
