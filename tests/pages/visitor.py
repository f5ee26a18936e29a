"""Someone at a browser without scripts: follows links, fills forms, reads text."""

import html
import re
from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app.identity import people
from app.identity.people import Person

PASSWORD = "correct horse battery"
_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL)


class Page:
    """An answer as it reads."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.source = response.get_data().decode("utf-8", "replace")

    @property
    def text(self) -> str:
        """The words of the page, without its tags."""
        return " ".join(html.unescape(_TAGS.sub(" ", self.source)).split())

    @property
    def address(self) -> str:
        return self.response.request.full_path.rstrip("?")

    @property
    def json(self) -> Any:
        return self.response.get_json()

    def links(self, start: str) -> list[str]:
        """The addresses on the page that begin with `start`."""
        found = re.findall(r'href="([^"]+)"', self.source)
        return [html.unescape(one) for one in found if html.unescape(one).startswith(start)]


class Visitor:
    """One browser; every request has an application context of its own, as on the server."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self.username = ""

    @property
    def person(self) -> Person:
        return people.named(self.username)

    def sign_in(self, username: str, password: str = PASSWORD) -> "Visitor":
        self.username = username
        self.post("/sign-in", username=username, password=password)
        return self

    def get(self, address: str, **headers: str) -> Page:
        """Follow a link."""
        with self.app.app_context():
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            answer = self.client.get(address, headers=named, follow_redirects=True, buffered=True)
            return Page(answer)

    def post(
        self,
        address: str,
        answers: Mapping[str, str] | None = None,
        *,
        json: bool = False,
        **form: Any,
    ) -> Page:
        """Send a form with the token of this browser's session."""
        token = form.pop("csrf_token", None) or self.token()
        return self.send(address, {"csrf_token": token, **(answers or {}), **form}, json=json)

    def send(self, address: str, form: Mapping[str, Any], *, json: bool = False) -> Page:
        """Send exactly this form."""
        headers = {"Accept": "application/json"} if json else {}
        with self.app.app_context():
            answer = self.client.post(
                address,
                data=dict(form),
                headers=headers,
                follow_redirects=True,
                content_type="multipart/form-data",
                buffered=True,
            )
            return Page(answer)

    def token(self) -> str:
        found = _TOKEN.search(self.get("/me" if self.username else "/sign-in").source)
        return found[1] if found else ""
