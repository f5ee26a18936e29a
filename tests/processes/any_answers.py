"""What anybody might write into a form, chosen by dice: mostly what is proposed there already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from app.kernel import clock
from app.workflow.forms import options
from app.workflow.forms.components import Component
from app.workflow.forms.form import Form
from tests.processes import seldom
from tests.processes.purchase_company import GOODS, sellers

Answers = dict[str, Any]
Data = Mapping[str, Any]
_AS_PROPOSED = 0.85


@dataclass(frozen=True)
class _Sheet:
    """A form that is being filled in."""

    task: str
    data: Data
    dice: Random
    found: Answers = field(default_factory=dict)


def answers(task: str, form: Form, data: Data, dice: Random) -> Answers:
    """Flat answers to every part of the form that people answer."""
    sheet = _Sheet(task, data, dice)
    _fill(sheet, form.components, data, "")
    return sheet.found


def _fill(sheet: _Sheet, parts: Sequence[Component], base: Data, prefix: str) -> None:
    for part in parts:
        name = f"{prefix}{part.path}"
        if part.kind == "group":
            _fill(sheet, part.children, base, prefix)
        elif part.kind == "dynamiclist":
            for at, row in enumerate(_at(base, part.path) or []):
                _fill(sheet, part.children, row, f"{name}.{at}.")
        elif part.is_answered:
            sheet.found[name] = _answer(sheet, part, _at(base, part.path))


def _answer(sheet: _Sheet, part: Component, known: object) -> object:
    dice = sheet.dice
    if part.outcome:
        return _chosen(sheet, part)
    if known not in (None, "", []) and dice.random() < _AS_PROPOSED:
        return known
    if part.options or part.options_path:
        return _chosen(sheet, part)
    if part.lookup == "sku":
        return dice.choice(GOODS)
    if part.lookup == "supplier":
        return dice.choice(sellers())
    return _made_up(part, known, dice)


def _chosen(sheet: _Sheet, part: Component) -> str:
    offered = [option.value for option in options.of(part, sheet.data)]
    if part.options_path:
        return sheet.dice.choice(offered) if offered else ""
    return seldom.choice(sheet.dice, f"{sheet.task} {part.path}", offered)


def _made_up(part: Component, known: object, dice: Random) -> object:
    """Anything; of a figure that is proposed now and then more."""
    if part.kind == "number":
        more = Decimal(str(known)) * dice.choice((1, 9)) + 1 if known else 0
        return str(dice.choice((dice.randint(0, 6), more, more)))
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
