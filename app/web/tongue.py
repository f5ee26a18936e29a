"""The product's own words in the language of the page."""

import flask_babel


def _(message: str, /, **facts: object) -> str:
    """`message` translated, with its `%(name)s` places filled."""
    return str(flask_babel.gettext(message, **facts))


def ngettext(one: str, many: str, number: int, /, **facts: object) -> str:
    """The form of the message for `number`, translated; `%(num)d` is the number."""
    return str(flask_babel.ngettext(one, many, number, **facts))
