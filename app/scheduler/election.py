"""Which of several processes ticks: the one that holds an advisory lock of the database."""

from threading import Lock

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.kernel.db import db

_OFFICE = 0x686F7574  # any number, the same in every process
_TAKE = text("SELECT pg_try_advisory_lock(:office)")
_GIVE = text("SELECT pg_advisory_unlock(:office)")
_ASK = text("SELECT 1")


class Election:
    """SQLite has one process, which is always elected; on PostgreSQL one of many is.

    The lock lives as long as its connection: when the elected process dies, another one wins.
    """

    def __init__(self) -> None:
        self._held: Connection | None = None
        self._one_at_a_time = Lock()

    def won(self) -> bool:
        """Whether this process is the one that ticks now."""
        if db.engine.dialect.name != "postgresql":
            return True
        with self._one_at_a_time:
            return self._still_held() or self._stand()

    def resign(self) -> None:
        """Let another process be elected."""
        with self._one_at_a_time:
            if self._held is not None:
                self._give_up(self._held)
                self._held = None

    def _still_held(self) -> bool:
        if self._held is None:
            return False
        try:
            self._held.execute(_ASK)
        except DBAPIError:
            self._held.close()
            self._held = None
            return False
        return True

    def _stand(self) -> bool:
        connection = db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.execute(_TAKE, {"office": _OFFICE}).scalar():
            self._held = connection
            return True
        connection.close()
        return False

    @staticmethod
    def _give_up(connection: Connection) -> None:
        """Unlock by word, since the server notices a closed connection only after a while."""
        try:
            connection.execute(_GIVE, {"office": _OFFICE})
        except DBAPIError:
            connection.invalidate()
        connection.close()
