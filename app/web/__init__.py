"""The pages people meet: each room one blueprint, plain links and plain posts first."""

from flask import Flask

from app.web import (
    gate,
    language,
    problems,
    rooms,
    security,
    session,
    static_files,
    words,
)
from app.web.me.pages import rooms as me
from app.web.sign_in.pages import door


def register(app: Flask) -> None:
    """Hang every room, the answers to problems and the words of the pages on `app`."""
    for part in (session, language, security, gate, problems, rooms, static_files, words):
        part.register(app)
    for blueprint in (door, me):
        app.register_blueprint(blueprint)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
