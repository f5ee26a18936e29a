"""How many requests a key may send in a minute, and how much in one."""

import math
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from flask import Response, current_app, g, request

from app.kernel import clock
from app.kernel.errors import N_, Refusal

WINDOW_SECONDS = 60
MOST_BYTES = 2_000_000
MOST_BYTES_OF_FILES = 32_000_000
_MOST_KEPT = 10_000


class TooManyRequests(Refusal):
    """The key has used up this minute."""

    code = "too_many_requests"
    message = N_("This key sent {limit} requests within a minute. Go on in {wait_seconds} s.")
    status = 429


@dataclass(frozen=True)
class Standing:
    """What is left of a minute."""

    limit: int
    left: int
    seconds: int


class _Counter:
    """Requests of this process by key and minute; the oldest keys are forgotten first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def count(self, who: str, limit: int) -> Standing:
        minute, into = divmod(clock.now().timestamp(), WINDOW_SECONDS)
        with self._lock:
            known, used = self._kept.pop(who, (0, 0))
            used = used + 1 if known == int(minute) else 1
            self._kept[who] = (int(minute), used)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return Standing(limit, limit - used, math.ceil(WINDOW_SECONDS - into))


_counter = _Counter()


def count(who: str) -> None:
    """Count this request.

    Raises:
        TooManyRequests: with the seconds to wait.
    """
    limit: int = current_app.config["HOUTAI"].api_requests_per_minute
    g.standing = _counter.count(f"{id(current_app.config)} {who}", limit)
    if g.standing.left < 0:
        raise TooManyRequests(limit=limit, wait_seconds=g.standing.seconds)


def tell(response: Response) -> Response:
    """Put what is left on every answer to a key."""
    standing: Standing | None = g.get("standing")
    if standing is not None:
        response.headers["RateLimit-Policy"] = f"{standing.limit};w={WINDOW_SECONDS}"
        response.headers["RateLimit-Limit"] = str(standing.limit)
        response.headers["RateLimit-Remaining"] = str(max(standing.left, 0))
        response.headers["RateLimit-Reset"] = str(standing.seconds)
        if response.status_code == TooManyRequests.status:
            response.headers["Retry-After"] = str(standing.seconds)
    return response


def bound(*, takes_files: bool) -> None:
    """Refuse to read more than this address could use."""
    request.max_content_length = MOST_BYTES_OF_FILES if takes_files else MOST_BYTES
