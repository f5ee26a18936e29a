"""Whether a request comes from the machine the server runs on."""

import re

from flask import current_app, request

_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_HERE = frozenset({"127.0.0.1", "localhost", "[::1]"})
_PORT = re.compile(r":\d+$")
_PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


def is_near() -> bool:
    """From this machine, by its own name, and passed on by nobody.

    Behind HTTPS every request comes from the proxy's machine, so there nobody is near.
    """
    host = _PORT.sub("", request.host)
    return (
        request.remote_addr in _LOOPBACK
        and host in _HERE
        and not any(name in request.headers for name in _PASSED_ON)
        and not current_app.config["HOUTAI"].secure_cookies
    )
