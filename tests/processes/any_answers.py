"""What anybody might write into a form, chosen by dice: mostly what is proposed there already."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from app.kernel import clock
from app.workflow.forms.components import Component
from app.workflow.forms.form import Form

Answers = dict[str, Any]
Data = Mapping[str, Any]
GOODS, SUPPLIERS = ("FLOUR", "MILK", "BA-28"), ("BOREA", "HONGSHENG")
_LOOKED_UP = {"sku": GOODS, "supplier": SUPPLIERS}
_AS_PROPOSED = 0.85


def answers(form: Form, data: Data, dice: Random) -> Answers:
    """Flat answers to every part of the form that people answer."""
    found: Answers = {}
    _fill(form.components, data, "", found, dice)
    return found


def _fill(
    parts: Sequence[Component], base: Data, prefix: str, found: Answers, dice: Random
) -> None:
    for part in parts:
        name = f"{prefix}{part.path}"
        if part.kind == "group":
            _fill(part.children, base, prefix, found, dice)
        elif part.kind == "dynamiclist":
            for at, row in enumerate(_at(base, part.path) or []):
                _fill(part.children, row, f"{name}.{at}.", found, dice)
        elif part.is_answered:
            found[name] = _answer(part, _at(base, part.path), dice)


def _answer(part: Component, known: object, dice: Random) -> object:
    if part.outcome:
        return dice.choice(part.options).value
    if known not in (None, "", []) and dice.random() < _AS_PROPOSED:
        return known
    if part.options:
        return dice.choice(part.options).value
    if part.lookup in _LOOKED_UP:
        return dice.choice(_LOOKED_UP[part.lookup])
    return _made_up(part, dice)


def _made_up(part: Component, dice: Random) -> object:
    if part.kind == "number":
        return str(dice.randint(0, 6))
    if part.kind == "datetime":
        return (clock.now() + timedelta(days=dice.randint(0, 9))).date().isoformat()
    if part.kind == "checkbox":
        return dice.random() < 0.5 or part.limits.required
    if part.scan or part.kind == "filepicker":
        return []
    return f"N{dice.randint(1, 10**9)}"


def _at(data: object, path: str) -> Any:
    for name in path.split("."):
        data = data.get(name) if isinstance(data, Mapping) else None
    return data
