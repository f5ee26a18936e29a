"""Runs the migrations on the application's database, in one transaction each."""

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, pool

from app.kernel.db import db, prepare


def run() -> None:
    """Migrate online; an operator may give a URL of a role that may change the schema."""
    url = current_app.config["HOUTAI"].migration_database_url
    engine = create_engine(url, poolclass=pool.NullPool) if url else db.engine
    if url:
        prepare(engine)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
