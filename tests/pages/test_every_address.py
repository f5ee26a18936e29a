"""Every address of the product, with rubbish in it, as every kind of visitor: never a fault."""

import re
from collections.abc import Iterator
from functools import partial
from itertools import cycle, islice
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.web.security import HEADERS
from tests.pages.conftest import a_visitor
from tests.pages.visitor import Page, Visitor

NUMBERS = ("0", "1", "9" * 20, "9" * 400, "-1", "x")
TEXTS = ("BA-28", "%", "\0", "\udced", "'; --", "a" * 2000)
LONG = "9" * 25
QUERIES = (
    "q=%00",
    f"before={LONG}&since={LONG}&after={LONG}.1&q={LONG}",
    "before=-1&tab=history&step=x&effect=9:x:0&q=%ED%A0%80",
    f"tab=stock&effect={LONG}:x:0&site=x&lot=x&state=x&process=x",
)
IN_CODE = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>")


KNOCKERS = [
    ("sqlite", "nobody"),
    ("sqlite", "warehouse_keeper"),
    ("sqlite", "supplier"),
    ("sqlite", "administrator"),
    ("postgresql", "administrator"),  # what one database shrugs at, the other refuses
]


@pytest.fixture(params=KNOCKERS, ids="-".join)
def knocker(request: pytest.FixtureRequest) -> tuple[str, str]:
    return tuple(request.param)


@pytest.fixture
def database_kind(knocker: tuple[str, str]) -> str:
    return knocker[0]


@pytest.fixture
def someone(app: Flask, knocker: tuple[str, str]) -> Visitor:
    role = knocker[1]
    return Visitor(app) if role == "nobody" else a_visitor(app, "sam", role)


def test_rubbish_in_an_address_is_never_a_fault(
    app: Flask, someone: Visitor, knocker: tuple[str, str]
) -> None:
    # Doors that are closed are closed to all rubbish alike; whoever passes them gets all of it.
    most = len(TEXTS) if "administrator" in knocker else 1
    answers = [_asked(someone, path) for path in _addresses(app, "GET", most=most)]

    assert len(answers) > 50
    assert [answer.address for answer in answers if answer.status >= 500] == []
    assert [answer.address for answer in answers if not _is_hardened(answer)] == []


def test_nothing_is_changed_without_a_token(app: Flask, someone: Visitor) -> None:
    answers = [someone.send(path, {"x": "1"}) for path in _addresses(app, "POST")]

    assert {answer.status for answer in answers} <= {200, 400, 401, 404, 405}
    assert all(answer.address.startswith("/sign-in") for answer in answers if answer.status == 200)
    assert [answer.address for answer in answers if not _is_hardened(answer)] == []


def test_rubbish_posted_with_a_token_is_never_a_fault(app: Flask, someone: Visitor) -> None:
    rubbish = {"username": "\0", "password": "x\0", "note": "\0", "restart_effect": "\0"}
    token = someone.token()
    kept = [path for path in _addresses(app, "POST") if path != "/sign-out"]

    answers = [someone.send(path, {"csrf_token": token, **rubbish}) for path in kept]

    assert [answer.address for answer in answers if answer.status >= 500] == []


def _asked(someone: Visitor, path: str) -> Page:
    with someone.app.app_context():
        return Page(someone.client.get(path, buffered=True))


def _addresses(app: Flask, method: str, *, most: int = len(TEXTS)) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            yield from _filled(rule, most=most, queries=QUERIES[:most] if method == "GET" else ())


def _filled(rule: Rule, *, most: int, queries: tuple[str, ...]) -> Iterator[str]:
    for at in range(most if IN_CODE.search(rule.rule) else 1):
        yield IN_CODE.sub(partial(_rubbish, at), rule.rule)
    plain = IN_CODE.sub("1", rule.rule)
    yield from (f"{plain}?{query}" for query in queries)


def _rubbish(at: int, code: re.Match[str]) -> str:
    chosen = NUMBERS if code[1] == "int" else TEXTS
    return quote(next(islice(cycle(chosen), at, None)), errors="surrogatepass", safe="")


def _is_hardened(answer: Page) -> bool:
    return all(answer.response.headers.get(name) == value for name, value in HEADERS.items())
