"""Puts the storeys together into one Flask application."""

from typing import Any

from flask import Flask

from app import effects as effects  # noqa: PLC0414 - importing the room offers its effects
from app.config import Settings
from app.kernel import db as database
from app.kernel import mail
from app.workflow import messages
from app.workflow.spiff.sandbox import pool


def create_app(settings: Settings, *, pages: bool = True) -> Flask:
    """The application for `settings`; nothing is read from or written to the database yet.

    Without `pages` nobody can visit it: for what only works with the rooms behind them.
    """
    app = Flask("app", static_folder="web/static", template_folder="web/templates")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        HOUTAI=settings,
    )
    database.db.init_app(app)
    with app.app_context():
        database.prepare(
            database.db.engine,
            lock_seconds=settings.lock_seconds,
            statement_seconds=settings.statement_seconds,
        )
    messages.listen()
    if settings.mail_server:
        server, sender = settings.mail_server, settings.mail_sender
        mail.deliver_by(mail.smtp(server, port=settings.mail_port, sender=sender))
    pool.configure(boxed=settings.scripts_boxed)
    if pages:
        from app import web  # noqa: PLC0415 - half of the house; commands do without it

        web.register(app)
    return app


def _engine_options(settings: Settings) -> dict[str, Any]:
    return {"pool_size": settings.threads + 2, "max_overflow": settings.threads}
