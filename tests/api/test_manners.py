"""What every answer to a program has in common: problems, keys of requests, tags, limits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domain.catalog.products import Product
from app.identity import answered_requests
from app.identity.answered_requests import AnsweredRequest, Request, Taken
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.web.api.limits import MOST_BYTES
from tests.api.program import Program, a_program
from tests.diagrams import bpmn, script
from tests.workflow.play import deploy

TABLE = {"csv": "product,sku,name,unit\nP-1,S-1,One,pcs\n"}


@pytest.fixture
def few(app: Flask) -> Iterator[int]:
    """A company that lets a key ask five times a minute."""
    usual = app.config["HOUTAI"]
    app.config["HOUTAI"] = replace(usual, api_requests_per_minute=5)
    yield 5
    app.config["HOUTAI"] = usual


def imported() -> int:
    return db.session.scalar(select(func.count()).select_from(Product)) or 0


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/nothing", None, 404, "http_404"),
        ("GET", "/tasks/1", None, 404, "not_found"),
        ("PATCH", "/tasks", None, 405, "http_405"),
        ("GET", "/tasks?veiw=mine", None, 400, "not_understood"),
        ("GET", "/tasks?limit=0", None, 400, "not_understood"),
        ("POST", "/imports/products", {"csv": "a\0b"}, 400, "not_understood"),
        ("POST", "/imports/products", {"csv": "\ud800"}, 400, "not_understood"),
        ("POST", "/imports/products", {"csv": "x"}, 422, "import_refused"),
        ("POST", "/imports/nothing", TABLE, 404, "unknown_import"),
        ("POST", "/processes/receiving/cases", {"start": "x"}, 409, "no_such_start"),
        ("POST", "/processes/nothing/cases", {}, 404, "no_such_process"),
        ("GET", "/incidents", None, 403, "room_closed"),
    ],
)
def test_a_refusal_is_a_problem_with_a_code_and_a_sentence(
    chloe: Program, method: str, path: str, body: object, status: int, code: str
) -> None:
    answer = chloe.ask(method, path, body=body)

    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert (answer.json["status"], answer.json["code"]) == (status, code)
    assert answer.json["detail"].endswith(".")
    assert "Set-Cookie" not in answer.headers
    if status == 405:
        assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("raw", [b"{", b'{"csv": NaN}', b"[" * 5000, b"\xff", b'"text"', b"7"])
def test_what_is_no_json_is_told_so(chloe: Program, raw: bytes) -> None:
    headers = {"Authorization": f"Bearer {chloe.token}", "Content-Type": "application/json"}

    answer = chloe.send("POST", "/imports/products", data=raw, headers=headers)

    assert (answer.status_code, answer.json["code"]) == (400, "not_understood")
    assert answer.json["findings"][0]["where"]


def test_another_kind_of_body_is_refused(chloe: Program) -> None:
    headers = {"Authorization": f"Bearer {chloe.token}"}

    answer = chloe.send("POST", "/imports/products", data={"csv": "x"}, headers=headers)

    assert (answer.status_code, answer.json["code"]) == (415, "not_json")


def test_a_fault_is_a_problem_that_tells_nothing_of_the_inside(
    app: Flask, chloe: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("app.domain.imports.importing.load", _break)

    answer = chloe.post("/imports/products", TABLE, Idempotency_Key="k")

    assert (answer.status_code, answer.json["code"]) == (500, "fault")
    assert "disk" not in answer.text
    monkeypatch.undo()
    assert chloe.post("/imports/products", TABLE, Idempotency_Key="k").status_code == 201


def test_a_request_sent_again_under_its_key_is_done_once(chloe: Program) -> None:
    first = chloe.post("/imports/products", TABLE, Idempotency_Key="monday")
    again = chloe.post("/imports/products", TABLE, Idempotency_Key="monday")

    assert (first.status_code, first.json) == (201, {"new": 1, "already": []})
    assert (again.status_code, again.json) == (201, first.json)
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (
        None, "true",
    )  # fmt: skip
    assert imported() == 1


def test_a_key_of_a_request_stands_for_that_request_alone(chloe: Program, olga: Program) -> None:
    chloe.post("/imports/products", TABLE, Idempotency_Key="k")

    other_body = chloe.post("/imports/products", {"csv": "x"}, Idempotency_Key="k")
    other_path = chloe.post("/imports/suppliers", TABLE, Idempotency_Key="k")
    somebody_else = olga.post("/imports/products", TABLE, Idempotency_Key="k")
    no_key = chloe.post("/imports/products", TABLE, Idempotency_Key="k" * 201)

    assert {other_body.json["code"], other_path.json["code"]} == {"idempotency_key_used"}
    assert other_body.status_code == 422
    assert somebody_else.json == {"new": 0, "already": [2]}
    assert no_key.status_code == 400


def test_a_refused_request_may_be_mended_under_the_same_key(chloe: Program) -> None:
    refused = chloe.post("/imports/products", {"csv": "x"}, Idempotency_Key="k")
    mended = chloe.post("/imports/products", TABLE, Idempotency_Key="k")

    assert (refused.status_code, mended.status_code) == (422, 201)


def test_of_two_at_once_the_second_is_told_to_wait(chloe: Program) -> None:
    asked = Request(chloe.person.id, "k", "somebody's hash")
    taken = in_transaction(lambda: answered_requests.take(asked))
    assert isinstance(taken, Taken)

    with pytest.raises(answered_requests.StillWorking):
        in_transaction(lambda: answered_requests.take(asked))
    with clock.turned_to(clock.now() + answered_requests.PATIENCE + timedelta(seconds=1)):
        later = in_transaction(lambda: answered_requests.take(asked))

    assert isinstance(later, Taken)
    with pytest.raises(answered_requests.StillWorking):  # whoever slept that long does nothing
        in_transaction(
            lambda: answered_requests.keep(taken, answered_requests.Answer(200, {}, b""))
        )


def test_answers_are_kept_for_a_day(chloe: Program) -> None:
    chloe.post("/imports/products", TABLE, Idempotency_Key="k")
    in_transaction(answered_requests.sweep)
    assert db.session.scalar(select(func.count()).select_from(AnsweredRequest)) == 1

    with clock.turned_to(clock.now() + answered_requests.KEPT_FOR):
        in_transaction(answered_requests.sweep)
        assert db.session.scalar(select(func.count()).select_from(AnsweredRequest)) == 0


def test_what_did_not_change_is_not_sent_again(chloe: Program) -> None:
    first = chloe.get("/processes/receiving")
    again = chloe.get("/processes/receiving", If_None_Match=first.headers["ETag"])
    old = chloe.get("/processes/receiving", If_None_Match='"0"')

    assert (again.status_code, again.data) == (304, b"")
    assert old.status_code == 200


def test_who_read_an_older_state_changes_nothing(app: Flask) -> None:
    ana = a_program(app, "ana", "analyst", "warehouse_keeper", scope="*")
    case = ana.post("/processes/receiving/cases", {"place": "site:MAIN"}).json
    path = f"/tasks/{case['tasks'][0]['id']}"
    seen = ana.get(path).headers["ETag"]

    assert ana.post(f"{path}/claim", If_Match=seen).status_code == 200
    late = ana.post(f"{path}/release", If_Match=seen)
    no_tag = ana.post(f"{path}/release", If_Match="yesterday's")
    now = ana.post(f"{path}/release", If_Match=ana.get(path).headers["ETag"])

    assert (late.status_code, late.json["code"]) == (412, "changed")
    assert (no_tag.status_code, now.status_code) == (400, 200)
    files = {"files": [{"name": "receiving.bpmn", "content": "<x/>"}]}
    stale = ana.post("/processes/receiving/versions", files, If_Match='"0"')
    assert stale.status_code == 412


def test_a_key_that_asks_too_often_waits_for_the_next_minute(chloe: Program, few: int) -> None:
    answers = [chloe.get("/suppliers") for _ in range(few + 1)]

    left = [answer.headers["RateLimit-Remaining"] for answer in answers]
    assert left == ["4", "3", "2", "1", "0", "0"]
    last = answers[-1]
    assert (last.status_code, last.json["code"]) == (429, "too_many_requests")
    assert 1 <= int(last.headers["Retry-After"]) <= 60
    with clock.turned_to(clock.now() + timedelta(minutes=1)):
        assert chloe.get("/suppliers").status_code == 200


def test_one_key_does_not_use_up_another_s(chloe: Program, bruno: Program, few: int) -> None:
    for _ in range(few + 1):
        chloe.get("/suppliers")

    assert bruno.get("/suppliers").status_code == 200


def test_a_body_nobody_needs_is_not_read(chloe: Program) -> None:
    answer = chloe.post("/processes/receiving/cases", {"place": "x" * MOST_BYTES})

    assert (answer.status_code, answer.json["code"]) == (413, "http_413")


def test_a_message_from_outside_is_brought_once_and_by_operators(
    bruno: Program, olga: Program
) -> None:
    message = {"name": "released", "about": "X-1", "key": "1", "payload": {"a": 1}}

    assert bruno.post("/messages", message).json["code"] == "not_your_role"
    told = [olga.post("/messages", message) for _ in range(2)]
    nobody = olga.post("/messages", {**message, "name": "nothing"})

    assert [(one.status_code, one.json["is_new"]) for one in told] == [(202, True), (202, False)]
    assert (nobody.status_code, nobody.json["code"]) == (404, "nobody_hears")


def test_only_analysts_publish_and_findings_say_what_to_mend(app: Flask, chloe: Program) -> None:
    ana = a_program(app, "ana", "analyst", scope="*")
    files = {"files": [{"name": "receiving.bpmn", "content": "<x/>"}]}

    assert chloe.post("/processes/receiving/versions", files).status_code == 403
    refused = ana.post("/processes/receiving/versions", files)

    assert refused.status_code == 422
    assert refused.json["findings"]


def test_who_publishes_reads_which_names_seem_misspelt(app: Flask) -> None:
    ana = a_program(app, "ana", "analyst", scope="*")
    write, flows = script("write", "quantity = 1"), "begin -> write -> read -> done"
    deploy(bpmn("d", write, script("read", "copy = quantity"), flows=flows), "d")

    slip = bpmn("d", write, script("read", "copy = quantiy"), flows=flows)
    files = {"files": [{"name": "d.bpmn", "content": slip.decode()}]}
    answer = ana.post("/processes/d/versions", files)

    assert answer.status_code == 201
    said = "Nothing before this writes quantiy. Did you mean quantity?"
    assert answer.json["doubts"] == [{"step": "read", "sentence": said}]


def _break(*_: object, **__: object) -> None:
    raise OSError("disk full")
