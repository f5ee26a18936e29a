"""The product's own words in the language of the page."""

from weakref import WeakKeyDictionary

import flask_babel
from babel.support import NullTranslations
from flask import Flask, g
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

_said: WeakKeyDictionary[NullTranslations, dict[str, Markup]] = WeakKeyDictionary()


def register(app: Flask) -> None:
    """Let templates speak with the same two functions."""
    install = getattr(app.jinja_env, "install_gettext_callables")  # noqa: B009 - of an extension
    install(_plain, _plain_plural, newstyle=True)
    app.jinja_env.globals["_"] = _on_page


def _(message: str, /, **facts: object) -> str:
    """`message` translated, with its `%(name)s` places filled."""
    text = _plain(message)
    return text % facts if facts else text


def ngettext(one: str, many: str, number: int, /, **facts: object) -> str:
    """The form of the message for `number`, translated; `%(num)d` is the number."""
    return _plain_plural(one, many, number) % {"num": number, **facts}


def forget() -> None:
    """The language of this request has changed."""
    g.pop("catalogue", None)
    g.pop("said", None)


@pass_eval_context
def _on_page(page: EvalContext, message: str, /, **facts: object) -> str:
    """`_` of the templates: what says no facts is translated and marked up once for a language."""
    if facts or not page.autoescape:
        text = _plain(message)
        return (Markup(text) if page.autoescape else text) % facts  # noqa: S704 - catalogues are ours
    said = _said_before()
    if message not in said:
        said[message] = Markup(_plain(message)) % {}  # noqa: S704 - the same
    return said[message]


def _said_before() -> dict[str, Markup]:
    said: dict[str, Markup] | None = g.get("said")
    if said is None:
        said = g.said = _said.setdefault(_catalogue(), {})
    return said


def _plain(message: str) -> str:
    return str(_catalogue().ugettext(message))


def _plain_plural(one: str, many: str, number: int) -> str:
    return str(_catalogue().ungettext(one, many, number))


def _catalogue() -> NullTranslations:
    """Looked up once per request: a page says forty things."""
    found: NullTranslations | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = flask_babel.get_translations()
    return found
