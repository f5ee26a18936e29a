"""What a component looks like in one language, wherever and with whatever value it is shown."""

from collections.abc import Mapping
from typing import Any

from app.workflow.forms import options, texts, words
from app.workflow.forms.components import CHOICES, UNIT, Component, Words

Data = Mapping[str, object]


def face(part: Component, data: Data, locale: str) -> dict[str, Any]:
    """The side of `part` that does not depend on an answer."""
    shown = {
        "kind": part.kind,
        "label": words_of(part.label, data, locale),
        "description": words_of(part.description, data, locale),
        "span": part.span,
        "required": part.limits.required,
        "readonly": part.readonly,
    }
    if part.is_answered or part.readonly:
        shown |= _input(part, data, locale)
    if part.kind in CHOICES:
        shown["options"] = choices(part, data, locale)
    if part.kind == "text":
        shown["blocks"] = texts.blocks(words_of(part.text, data, locale))
    return shown


def choices(part: Component, data: Data, locale: str) -> list[dict[str, Any]]:
    """What there is to choose from."""
    return [
        {"value": option.value, "label": words_of(option.label, data, locale) or option.value}
        for option in options.of(part, data)
    ]


def words_of(said: Words, data: Data, locale: str) -> str:
    """`said` in `locale`, facts of the case filled in."""
    return words.filled(words.said(said, locale), data)


def _input(part: Component, data: Data, locale: str) -> dict[str, Any]:
    return {
        "unit": words_of(part.unit, data, locale),
        "prefix": words_of(part.prefix, data, locale),
        "input_type": _input_type(part),
        "inputmode": _inputmode(part),
        "maxlength": part.limits.longest if part.kind in ("textfield", "textarea") else None,
        "lookup": part.lookup,
        "scan": bool(part.scan),
        "is_unit": part.scan == UNIT,
        "multiple": part.multiple,
        "accept": ",".join(part.accept) or "image/*,application/pdf",
    }


def _input_type(part: Component) -> str:
    if part.kind == "datetime":
        return {"date": "date", "time": "time"}.get(part.subtype, "datetime-local")
    return {"email": "email", "phone": "tel"}.get(part.limits.kind or "", "text")


def _inputmode(part: Component) -> str | None:
    """The pad to type on; `type=number` would change with the wheel and hide what it drops."""
    if part.kind != "number":
        return None
    limits = part.limits
    whole = limits.decimals == 0 and limits.least is not None and limits.least >= 0
    return "numeric" if whole else "decimal"
