"""A program with a key: asks and is answered in JSON, with no browser around it."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app.identity import api_keys, memberships, people
from app.identity.api_keys import SCOPES
from app.identity.people import Person
from app.kernel.db import db, in_transaction

API = "/api/v1"


class Told:
    """What a program was answered."""

    def __init__(self, response: TestResponse) -> None:
        self.status_code = response.status_code
        self.headers = response.headers
        self.content_type = response.content_type
        self.data = response.get_data()
        self.text = self.data.decode("utf-8", "replace")
        self.path = response.request.path
        self.json: Any = response.get_json(silent=True)


class Program:
    """Speaks to the API as the person of its key."""

    def __init__(self, app: Flask, token: str, person: Person | None = None) -> None:
        self.app = app
        self.token = token
        self._person_id = person.id if person else 0
        self.client = app.test_client(use_cookies=False)

    @property
    def person(self) -> Person:
        return db.session.get_one(Person, self._person_id)

    def get(self, path: str, **headers: str) -> Told:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, body: object = None, **headers: str) -> Told:
        return self.ask("POST", path, body={} if body is None else body, headers=headers)

    def put(self, path: str, body: object, **headers: str) -> Told:
        return self.ask("PUT", path, body=body, headers=headers)

    def delete(self, path: str, **headers: str) -> Told:
        return self.ask("DELETE", path, headers=headers)

    def ask(
        self, method: str, path: str, *, body: object = None, headers: Mapping[str, str] = {}
    ) -> Told:
        """Ask; header names may be written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        more: dict[str, Any] = {} if body is None else {"json": body}
        return self.send(method, path, headers=sent, **more)

    def send(self, method: str, path: str, **more: Any) -> Told:
        """Send exactly this, as on the server: in a context of its own."""
        with self.app.app_context():
            return Told(self.client.open(f"{API}{path}", method=method, buffered=True, **more))


def a_program(
    app: Flask,
    name: str,
    *roles: str,
    scope: str = "site:MAIN",
    scopes: Collection[str] = SCOPES,
) -> Program:
    """A program with a key of a person with these roles, who is made when nobody has the name."""

    def step() -> tuple[str, Person]:
        person = people.by_username(name) or people.add(name, name=name.title())
        for role in roles:
            memberships.grant(person, role, scope)
        lasting = timedelta(days=30)
        issued = api_keys.issue(person, name="test", scopes=scopes, lasting=lasting, by=person)
        return issued.token, person

    token, person = in_transaction(step)
    return Program(app, token, person)
