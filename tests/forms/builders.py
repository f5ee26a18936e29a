"""Forms as tests write them: only what matters, everything else filled in."""

import itertools
import json
from typing import Any

from jinja2 import Environment, FileSystemLoader

from app.config import ROOT
from app.workflow.forms import Form, FormRefused, InvalidAnswers, parse
from app.workflow.forms.errors import Finding
from app.workflow.forms.occasion import ANY, Occasion

Part = dict[str, Any]
_count = itertools.count()


def a_part(kind: str, key: str | None = None, **more: Any) -> Part:
    """A component; containers take their path as `key`."""
    name = {"group": "path", "dynamiclist": "path", "table": "dataSource"}.get(kind, "key")
    part: Part = {"type": kind, "id": f"{kind}_{next(_count)}", **more}
    if key is not None:
        part[name] = key
    if name == "key" and kind not in ("text", "separator"):
        part.setdefault("label", key)
    return part


def a_list(path: str, *children: Part, **more: Any) -> Part:
    return a_part("dynamiclist", path, components=list(children), **more)


def a_choice(kind: str, key: str, *values: str, **more: Any) -> Part:
    options = [{"value": value, "label": value.title()} for value in values]
    return a_part(kind, key, values=options, **more)


def hidden_if(condition: str, part: Part) -> Part:
    return {**part, "conditional": {"hide": condition}}


def required(part: Part) -> Part:
    return {**part, "validate": {**part.get("validate", {}), "required": True}}


def a_form(*parts: Part, **more: Any) -> Form:
    return parse(text_of(*parts, **more))


def text_of(*parts: Part, **more: Any) -> bytes:
    form = {"type": "default", "id": "form", "components": list(parts), **more}
    return json.dumps(form, ensure_ascii=False).encode()


def complaints(
    form: Form,
    answers: dict[str, Any],
    data: dict[str, Any] | None = None,
    occasion: Occasion = ANY,
) -> dict[str, str]:
    """What is wrong with `answers`; nothing when they are fine."""
    try:
        form.validate(answers, data or {}, occasion=occasion)
    except InvalidAnswers as refused:
        return dict(refused.errors)
    return {}


def findings(*parts: Part, **more: Any) -> list[Finding]:
    """Why the form of `parts` cannot be published; nothing when it can."""
    try:
        a_form(*parts, **more)
    except FormRefused as refused:
        return refused.findings
    return []


def page(form: Form, data: dict[str, Any], **more: Any) -> str:
    """The form as the browser gets it."""
    return rendered(form.view(data, **more))


def rendered(view: dict[str, Any]) -> str:
    return _page.render(view=view)


_templates = Environment(
    loader=FileSystemLoader(ROOT / "app/web/forms/templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
# how days and numbers read is told by the tests of pages
_templates.filters["read"] = str
_templates.filters["grouped"] = str
_templates.globals["way_of"] = lambda _key, _text: None
_templates.globals["url_for"] = lambda name, **facts: "/".join(
    ("", name, *map(str, facts.values()))
)
_templates.globals["_"] = lambda text, **facts: text % facts if facts else text
_page = _templates.from_string(
    '{% from "forms/form.html" import render_form, render_outcomes %}'
    '<form method="post" novalidate id="task">{{ render_form(view) }}</form>'
    '{{ render_outcomes(view, "task") }}'
)
