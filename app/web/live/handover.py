"""An answer that never ends: its connection leaves the server's thread for the hub."""

import errno
import os
import socket
from collections.abc import Iterable
from typing import Any

from flask import Response

from app.web.live.hub import Hub
from app.web.live.streams import Wishes

_SOCKETS = ("gunicorn.socket", "werkzeug.socket")


class Handover(Response):
    """Hands the browser's connection to the hub and gives the thread back at once.

    Where the server does not let go of its connections the answer is 204, after which a
    browser does not ask again; pages then look for news by themselves, once a minute.
    """

    def __init__(self, hub: Hub, wishes: Wishes) -> None:
        super().__init__(status=204)
        self._hub, self._wishes = hub, wishes

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer by WSGI.

        Raises:
            BrokenPipeError: the connection is not the server's any more; it takes this as the
                browser's having gone, which it ignores.
        """
        connection = next((environ[name] for name in _SOCKETS if name in environ), None)
        if connection is None or not self._hub.has_room:
            return super().__call__(environ, start_response)
        self._hub.adopt(_taken_from(connection), self._head(environ), self._wishes)
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    def _head(self, environ: Any) -> bytes:
        headers = self.get_wsgi_headers(environ)
        headers.pop("Content-Length", None)
        headers["Content-Type"] = "text/event-stream; charset=utf-8"
        headers["Cache-Control"] = "no-store"
        headers["Connection"] = "close"
        headers["X-Accel-Buffering"] = "no"
        lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
        return f"HTTP/1.1 200 OK\r\n{''.join(lines)}\r\n".encode("latin-1")


def _taken_from(connection: socket.socket) -> socket.socket:
    """The browser's connection; the server is left with one whose other end is closed."""
    own = socket.socket(fileno=os.dup(connection.fileno()))
    left, right = socket.socketpair()
    with left, right:
        os.dup2(left.fileno(), connection.fileno(), inheritable=False)
    return own
