"""The product's own words in the language of the page."""

import flask_babel
from flask import Flask, g


def register(app: Flask) -> None:
    """Let templates speak with the same two functions."""
    install = getattr(app.jinja_env, "install_gettext_callables")  # noqa: B009 - of an extension
    install(_plain, _plain_plural, newstyle=True)


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


def _plain(message: str) -> str:
    return str(_catalogue().ugettext(message))


def _plain_plural(one: str, many: str, number: int) -> str:
    return str(_catalogue().ungettext(one, many, number))


def _catalogue() -> flask_babel.support.NullTranslations:
    """Looked up once per request: a page says forty things."""
    found = g.get("catalogue")
    if found is None:
        found = g.catalogue = flask_babel.get_translations()
    return found
