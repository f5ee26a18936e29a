"""What somebody chose, in the words of the form they chose it from."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.web.language import locale_code
from app.workflow.forms import paths, words
from app.workflow.forms.components import Component, in_scope
from app.workflow.forms.form import Form


def in_words(form: Form | None, answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answers with the label of each choice in place of its value."""
    return _told(form.components, answers) if form else answers


def labels(part: Component) -> dict[str, str]:
    """What the choices of a field are called, by value."""
    return {one.value: words.said(one.label, locale_code()) for one in part.options}


def _told(components: Iterable[Component], given: Mapping[str, Any]) -> dict[str, Any]:
    told = dict(given)
    for part in in_scope(tuple(components)):
        value = paths.found(given, part.path)
        if part.kind == "dynamiclist" and isinstance(value, list):
            rows = [_told(part.children, row) if isinstance(row, Mapping) else row for row in value]
            paths.put(told, part.path, rows)
        elif part.options and value not in (None, "", []):
            paths.put(told, part.path, _labelled(labels(part), value))
    return told


def _labelled(named: Mapping[str, str], value: object) -> object:
    if isinstance(value, list):
        return [named.get(str(one)) or one for one in value]
    return named.get(str(value)) or value
