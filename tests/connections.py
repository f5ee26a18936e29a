"""Connections to PostgreSQL that outlive the application of a test.

A new one forks a process of the server that knows no table and has planned no statement: most of
what a short test costs there. One that is given back clean is handed to the next application.
"""

from collections import defaultdict
from functools import partial
from typing import Any

import psycopg
from sqlalchemy import Engine, event

_CLEAN = b"SELECT pg_advisory_unlock_all(); RESET ALL"
_MOST = 10
_idle: dict[str, list[psycopg.Connection]] = defaultdict(list)


def share(engine: Engine) -> None:
    """Let this engine take connections that others gave back, and give back its own."""
    if engine.dialect.name == "postgresql":
        event.listen(engine, "do_connect", _take)
        dialect: Any = engine.dialect
        dialect.do_close = _give_back
        dialect.initialize = partial(_ask_about_server, dialect.initialize)


def kept(database: str) -> list[int]:
    """The server's processes that stay although nobody uses them."""
    return [one.info.backend_pid for one in _idle[database]]


def forget(database: str) -> None:
    """Close those of a database that goes."""
    for one in _idle.pop(database, []):
        one.close()


def forget_all() -> None:
    """Close every one."""
    for database in list(_idle):
        forget(database)


def _take(_dialect: object, _record: object, _args: object, given: dict[str, Any]) -> Any:
    idle = _idle[given["dbname"]]
    return idle.pop() if idle else None


def _ask_about_server(ask: Any, link: Any) -> None:
    """What a dialect asks of its first connection, as a look, after which nothing is forgotten."""
    link.connection.driver_connection.read_only = True
    ask(link)


def _give_back(connection: psycopg.Connection) -> None:
    database = "" if connection.closed else connection.info.dbname
    idle = _idle[database]
    if not database or len(idle) == _MOST or not _is_clean(connection):
        connection.close()
    else:
        idle.append(connection)


def _is_clean(connection: psycopg.Connection) -> bool:
    try:
        connection.rollback()
        connection.autocommit = True
        connection.execute(_CLEAN)
        connection.autocommit = False
    except psycopg.Error:
        return False
    return True
