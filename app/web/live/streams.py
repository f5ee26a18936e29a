"""Open streams: whose they are, what they wait for, and how they are written to."""

import socket
import time
from dataclasses import dataclass, field
from datetime import datetime

# The right to listen is asked again when the browser comes back.
LONGEST_SECONDS = 300.0
_BEAT_SECONDS = 25.0


@dataclass(frozen=True)
class Wishes:
    """What one page wants to hear of: new tasks of a person's roles, and one case.

    `since` is the instant at which the page was drawn, if it shows tasks.
    """

    person_id: int
    reach: frozenset[tuple[str, str]]
    case_id: int | None = None
    edition: int = 0
    since: datetime | None = None


@dataclass(eq=False)
class Stream:
    """One browser's connection; `edition` is what its page shows of its case.

    It is fresh until it has been looked for once.
    """

    connection: socket.socket
    wishes: Wishes
    edition: int
    is_fresh: bool = True
    opened: float = field(default_factory=time.monotonic)
    spoke: float = field(default_factory=time.monotonic)

    def say(self, text: bytes) -> bool:
        """Write without waiting; False when the browser is gone or does not listen."""
        try:
            whole = self.connection.send(text, socket.MSG_DONTWAIT) == len(text)
        except OSError:
            return False
        self.spoke = time.monotonic()
        return whole

    def beat(self) -> bool:
        """Show that we are there, now and then; False when it is time to end."""
        now = time.monotonic()
        if now - self.opened > LONGEST_SECONDS:
            return False
        return now - self.spoke < _BEAT_SECONDS or self.say(b":\n\n")

    def close(self) -> None:
        """Let the browser go; it comes back by itself while its page is open."""
        self.connection.close()
