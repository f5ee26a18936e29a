"""The one thread of a process that keeps all open streams and tells them what is new."""

import socket
import threading

from flask import Flask

from app.kernel.db import db
from app.kernel.faults import Fault, contained
from app.web.live import news
from app.web.live.news import Arrived
from app.web.live.streams import Stream, Wishes

MOST = 2_000
_LOOK_SECONDS = 1.0
_NEWS = b"event: news\ndata:\n\n"
_MOVED = b"event: moved\ndata:\n\n"
_TOLD = b"event: told\ndata:\n\n"


def register(app: Flask) -> None:
    """Give the application its hub; its thread begins with the first stream."""
    app.extensions["live"] = Hub(app)


def of(app: Flask) -> "Hub":
    """The hub of an application."""
    hub: Hub = app.extensions["live"]
    return hub


class Hub:
    """Streams of one application, and the thread that writes to them while there are any."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._streams: list[Stream] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._lookout: news.Lookout | None = None
        self._awake = threading.Event()

    @property
    def has_room(self) -> bool:
        """Whether one more browser may listen."""
        return len(self._streams) < MOST

    def adopt(self, connection: socket.socket, head: bytes, wishes: Wishes) -> None:
        """Keep this connection until its browser goes."""
        connection.settimeout(5)
        stream = Stream(connection, wishes, wishes.edition)
        if not stream.say(head + b"retry: 3000\n\n"):
            stream.close()
            return
        with self._lock:
            self._streams.append(stream)
            if self._thread is None:
                self._awake.clear()
                self._thread = threading.Thread(target=self._run, name="live", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Let every browser go and wait until the thread has ended."""
        with self._lock:
            streams, self._streams = self._streams, []
            thread = self._thread
        for one in streams:
            one.close()
        self._awake.set()
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while self._has_streams():
            contained(self._look)
            self._awake.wait(_LOOK_SECONDS)

    def _has_streams(self) -> bool:
        with self._lock:
            if not self._streams:
                self._thread = self._lookout = None
            return bool(self._streams)

    def _look(self) -> None:
        with self._lock:
            streams = list(self._streams)
        said = contained(lambda: self._asked(streams))
        words = {} if isinstance(said, Fault) else said
        gone = [one for one in streams if not self._serve(one, words.get(one))]
        with self._lock:
            self._streams = [one for one in self._streams if one not in gone]
        for one in gone:
            one.close()

    @staticmethod
    def _serve(stream: Stream, words: bytes | None) -> bool:
        return (stream.say(words) if words else True) and stream.beat()

    def _asked(self, streams: list[Stream]) -> dict[Stream, bytes]:
        with self._app.app_context():
            try:
                return self._news_for(streams)
            finally:
                db.session.remove()

    def _news_for(self, streams: list[Stream]) -> dict[Stream, bytes]:
        if self._lookout is None:
            self._lookout = news.Lookout()
        arrived, told = set(self._lookout.arrived()), self._lookout.told()
        editions = news.editions(one.wishes.case_id for one in streams if one.wishes.case_id)
        return {
            one: _words(one, arrived | self._missed(one), editions)
            + (_TOLD if one.wishes.person_id in told else b"")
            for one in streams
        }

    def _missed(self, stream: Stream) -> set[Arrived]:
        """What opened after the page was drawn and before it listened."""
        is_fresh, stream.is_fresh = stream.is_fresh, False
        if not is_fresh or stream.wishes.since is None or self._lookout is None:
            return set()
        return set(self._lookout.opened_since(stream.wishes.since))


def _words(stream: Stream, arrived: set[Arrived], editions: dict[int, int]) -> bytes:
    new = _NEWS if any(task.concerns(stream.wishes) for task in arrived) else b""
    edition = editions.get(stream.wishes.case_id or 0, stream.edition)
    moved = _MOVED if edition != stream.edition else b""
    stream.edition = edition
    return new + moved
