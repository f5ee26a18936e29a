"""A person at a browser: signed in, posting with the token of their pages."""

import re
from collections.abc import Iterable, Mapping
from contextvars import Context
from functools import partial
from typing import Any

from flask import Flask

from bench import company
from bench.meters import Spent, timed

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_SEE_OTHER, _OK = 303, 200


class Gauge:
    """Between the client and the application, so that only the application is measured."""

    def __init__(self, app: Flask) -> None:
        self._inside = app.wsgi_app
        self.last = Spent(0, 0)
        app.wsgi_app = self  # type: ignore[method-assign]

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        body, self.last = timed(lambda: b"".join(self._inside(environ, start_response)))
        return [body]


class Browser:
    """One signed-in person; each request begins without the context this program has pushed."""

    def __init__(self, app: Flask, username: str) -> None:
        self._client = app.test_client()
        form = {"username": username, "password": company.PASSWORD}
        self.post("/sign-in", {**form, "csrf_token": self._token("/sign-in")})
        self._csrf = self._token("/inbox")
        self._cookie = self._kept()

    def complete(self, task_id: int, element_id: str) -> None:
        """Send the form of a task, with the cookie of someone who read what was said before."""
        self._client.set_cookie("houtai", self._cookie)
        given = {**company.answers(element_id), "csrf_token": self._csrf, "view": "roles"}
        self.post(f"/tasks/{task_id}/completion", given)

    def get(self, path: str) -> str:
        answer = Context().run(self._client.get, path)
        if answer.status_code != _OK:
            raise RuntimeError(f"GET {path}: {answer.status_code} {answer.text[-800:]}")
        return answer.text

    def post(self, path: str, form: Mapping[str, str]) -> None:
        answer = Context().run(partial(self._client.post, path, data=form))
        if answer.status_code != _SEE_OTHER:
            raise RuntimeError(f"POST {path}: {answer.status_code} {answer.text[-800:]}")

    def _kept(self) -> str:
        found = self._client.get_cookie("houtai")
        return found.value if found else ""

    def _token(self, path: str) -> str:
        found = _TOKEN.search(self.get(path))
        if found is None:
            raise RuntimeError(f"{path} has no token")
        return found[1]
