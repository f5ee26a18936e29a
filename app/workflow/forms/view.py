"""A form as plain dictionaries, ready for templates: words chosen, values placed, errors beside."""

import json
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from app.workflow.forms import answers as given
from app.workflow.forms import conditions, faces, listing, paths, values
from app.workflow.forms.components import CHOICES, Component, Words
from app.workflow.forms.scopes import Plan, Scope
from app.workflow.forms.showing import Parts, Showing, Tree, dom_id


def shown(
    plan: Plan, how: Showing, answers: Mapping[str, object] | None, *, action: Words
) -> dict[str, Any]:
    """The whole form."""
    tree: Tree = None
    if answers is not None:
        tree, _ = given.expanded(plan.components, given.nested(answers), how.data)
    scope = Scope(plan, how.data, blind=how.occasion.blind)
    components = parts(scope, how, tree)
    outcomes = _outcomes(plan, how, tree)
    return {
        "components": components,
        "outcomes": outcomes,
        "action": faces.words_of(action, how.data, how.locale),
        "errors": [*_elsewhere(how), *how.found.values()],
    }


def parts(scope: Scope, how: Showing, tree: Tree) -> Parts:
    """Everything shown under one set of keys; `tree` None shows what the case holds."""
    if scope.plan.is_conditional:
        _recall(scope, how, tree)
        scope.settle()
    return _each(scope.plan.components, scope, how, tree)


def value_of(part: Component, scope: Scope, tree: Tree) -> object:
    """What stands in the input: the answer, else what the case holds, else the default.

    While a task is blind nothing is filled in from the case: it may be what someone else counted.
    Nor is an outcome, which may be that of an earlier round.
    """
    if tree is not None:
        return paths.found(tree, part.path)
    held = None if scope.blind or part.outcome else paths.found(scope.base, part.path)
    return part.default if held is None else held


def _recall(scope: Scope, how: Showing, tree: Tree) -> None:
    """Clean what is shown, as far as it can be, for the conditions to look at."""
    for path, asked in scope.plan.fields.items():
        try:
            value = value_of(asked.part, scope, tree)
            scope.answers[path] = asked.cleaned(value, how.data, how.occasion)
        except ValidationError:
            scope.answers[path] = None


def _each(components: tuple[Component, ...], scope: Scope, how: Showing, tree: Tree) -> Parts:
    return [
        _part(part, scope, how, tree)
        for part in components
        if not (part.outcome or (scope.blind and part.is_expected) or _is_never(part, scope))
    ]


def _is_never(part: Component, scope: Scope) -> bool:
    """Whether it is hidden whatever anybody answers here."""
    return part.id in scope.hidden and not _depends(part, scope)


def _depends(part: Component, scope: Scope) -> bool:
    """Whether an answer on this page can show or hide it."""
    looked_at = conditions.names(part.hide) if part.hide else ()
    return any(scope.input_name(name) for name in looked_at)


def _part(part: Component, scope: Scope, how: Showing, tree: Tree) -> dict[str, Any]:
    shown = how.face(part)
    shown["hidden"] = part.id in scope.hidden
    shown["hide"] = _for_browser(part, scope)
    if part.kind == "group":
        shown["components"] = _each(part.children, scope, how, tree)
    elif part.kind == "dynamiclist":
        shown |= listing.listed(part, scope, how, tree, parts)
    elif part.kind == "table":
        shown |= listing.tabled(part, scope, how)
    elif part.readonly:
        held = paths.found(scope.base, part.path)
        shown["names"] = "" if scope.blind else part.path
        shown["text"] = values.as_text(part, held, how.data, how.locale)
    elif part.is_answered:
        shown |= _input(part, shown, scope, how, tree)
    return shown


def _input(
    part: Component, shown: dict[str, Any], scope: Scope, how: Showing, tree: Tree
) -> dict[str, Any]:
    name = paths.joined(scope.prefix, part.path)
    value = values.in_input(part, value_of(part, scope, tree), how.occasion)
    error = how.error(name, shown["label"])
    scans_first = bool(part.scan) and not how.errors
    filled: dict[str, Any] = {
        "name": name,
        "id": dom_id(name),
        "value": value,
        "error": error,
        "autofocus": how.focus(wanted=error is not None or scans_first),
    }
    if part.kind in CHOICES:
        filled["options"] = _marked(shown["options"], value, dom_id(name))
    if part.kind == "filepicker" and isinstance(value, list):
        filled["files"] = _files(value, how)
    return filled


def _marked(choices: Parts, value: object, at: str) -> Parts:
    chosen = value if isinstance(value, list) else [value]
    return [
        {**choice, "checked": choice["value"] in chosen, "id": f"{at}-{number}"}
        for number, choice in enumerate(choices)
    ]


def _files(value: list[str], how: Showing) -> Parts:
    ids = frozenset(int(item) for item in value if item.isascii() and item.isdecimal())
    names = how.occasion.file_names(ids) if ids else {}
    return [{"id": file_id, "name": name} for file_id, name in names.items()]


def _for_browser(part: Component, scope: Scope) -> str | None:
    if part.hide is None or not _depends(part, scope):
        return None
    condition = conditions.for_browser(part.hide, scope.input_name, scope.value)
    return json.dumps(condition, ensure_ascii=False)


def _outcomes(plan: Plan, how: Showing, tree: Tree) -> dict[str, Any] | None:
    part = next((part for part in plan.own if part.outcome), None)
    if part is None:
        return None
    shown = how.face(part)
    return {
        "name": part.path,
        "id": dom_id(part.path),
        "label": shown["label"],
        "options": shown["options"],
        "chosen": values.in_input(part, value_of(part, Scope(plan, {}), tree), how.occasion),
        "error": how.error(part.path, shown["label"]),
    }


def _elsewhere(how: Showing) -> Parts:
    """Errors at names that are not on the page."""
    return [
        {"id": None, "label": name, "sentence": how.sentence(said)}
        for name, said in how.errors.items()
        if name not in how.found
    ]
