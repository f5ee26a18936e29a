"""Which language a page speaks: the person's, this browser's choice, or what it asks for."""

from flask import Blueprint, Flask, g, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_locale

from app.identity import people
from app.kernel import db
from app.kernel.i18n import LOCALES
from app.web.addresses import here, is_api
from app.web.session import person_or_none

NAMES = {"en": "English", "zh_Hant": "繁體中文", "zh_Hans": "简体中文"}
SHORT = {"en": "EN", "zh_Hant": "繁", "zh_Hans": "简"}
_KEY = "locale"
_TAGS = {
    "en": "en",
    "zh-hant": "zh_Hant",
    "zh-tw": "zh_Hant",
    "zh-hk": "zh_Hant",
    "zh-mo": "zh_Hant",
    "zh-hans": "zh_Hans",
    "zh-cn": "zh_Hans",
    "zh-sg": "zh_Hans",
    "zh": "zh_Hans",
}

language = Blueprint("language", __name__)


def register(app: Flask) -> None:
    """Let Flask-Babel ask us, and offer the switch."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "en")
    Babel(app, locale_selector=chosen)
    app.register_blueprint(language)
    app.jinja_env.globals.update(
        LANGUAGES=[(code, NAMES[code], SHORT[code]) for code in LOCALES], locale_code=locale_code
    )


def locale_code() -> str:
    """The locale this page is shown in, as the product spells it."""
    code: str | None = g.get("locale_code")
    if code is None:
        found = str(get_locale() or "en")
        code = g.locale_code = found if found in NAMES else "en"
    return code


def chosen() -> str:
    """The browser's switch first, then the person's habit, then what the browser asks for.

    A program has no switch: what it asks for comes first.
    """
    kept = None if is_api() else session.get(_KEY)
    if kept in NAMES:
        return str(kept)
    if is_api() and request.accept_languages:
        return _asked_for()
    person = person_or_none()
    if person is not None and person.locale in NAMES:
        return str(person.locale)
    return _asked_for()


def stay() -> None:
    """Go on in the language of this page, whoever sits down at the browser."""
    session[_KEY] = locale_code()


@language.post("/language")
def switch() -> ResponseReturnValue:
    code = request.form.get("locale", "")
    if code in NAMES:
        session[_KEY] = code
        _remember(code)
    return redirect(here(request.form.get("next")), code=303)


def _remember(code: str) -> None:
    person = person_or_none()
    if person is not None:
        person_id = person.id
        db.in_transaction(lambda: people.speak(person_id, code))


def _asked_for() -> str:
    for tag, _ in request.accept_languages:
        parts = tag.lower().split("-")
        for length in range(len(parts), 0, -1):
            found = _TAGS.get("-".join(parts[:length]))
            if found:
                return found
    return "en"
