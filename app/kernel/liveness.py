"""A pooled connection that stood idle is asked whether it still lives before it is used."""

import time
from functools import partial
from typing import Any

from sqlalchemy import Dialect, Engine, event
from sqlalchemy.exc import InvalidatePoolError

# Asking costs a round trip; under load, when every trip counts, none stands idle for so long.
_IDLE_SECONDS = 1.0
_SINCE = "idle since"


def watch(engine: Engine) -> None:
    """Ask connections of this engine; a dead one is replaced, and with it those of its age."""
    event.listen(engine, "checkin", _note)
    event.listen(engine, "checkout", partial(_ask, engine.dialect))


def _note(_connection: object, record: Any) -> None:
    record.info[_SINCE] = time.monotonic()


def _ask(dialect: Dialect, connection: Any, record: Any, _proxy: object) -> None:
    since = record.info.get(_SINCE)
    if since is None or time.monotonic() - since < _IDLE_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error
