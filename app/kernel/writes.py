"""Writes that nobody reads before their step ends, sent to the database together."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.exc import DBAPIError

from app.kernel.db import connection

Rows = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Writes:
    """Statements in the order they were noted.

    PostgreSQL takes them in one way there and back instead of one each (psycopg's pipeline): a
    sixth of what a completion costs, and most of what it waits on a busy machine. Their results
    are not to be had: no RETURNING, no count of rows.
    """

    def __init__(self) -> None:
        self._noted: list[tuple[Executable, Rows]] = []

    def note(self, statement: Executable, rows: Rows) -> None:
        """Write these rows when the rest is sent."""
        self._noted.append((statement, rows))

    def send(self) -> None:
        """Send what was noted.

        Raises:
            DBAPIError: what the database refused; which statement it was is not known.
        """
        noted, self._noted = self._noted, []
        link = connection()
        with _together(link):
            for statement, rows in noted:
                link.execute(statement, rows)


@contextmanager
def _together(link: Connection) -> Iterator[None]:
    """Without waiting for each answer. SQLAlchemy 2.1 does not see what fails at the end."""
    if link.dialect.name != "postgresql":
        yield
        return
    driver: Any = link.connection.driver_connection
    error_class = link.dialect.loaded_dbapi.Error
    try:
        with driver.pipeline():
            yield
    except error_class as error:
        raise DBAPIError.instance(None, None, error, error_class, dialect=link.dialect) from error
