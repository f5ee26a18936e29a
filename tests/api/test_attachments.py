"""Programs hand files in and read them again, as far as their people could on the pages."""

import pytest
from flask import Flask

from app.kernel import attachments
from app.kernel.db import in_transaction
from tests.api.program import Program, Told, a_program
from tests.builders.deliveries import a_supplier
from tests.processes.play import PNG, a_blind_arrival


@pytest.fixture
def bea(app: Flask) -> Program:
    """Buys."""
    return a_program(app, "bea", "buyer")


def test_a_file_is_kept_once_and_read_again_by_whoever_handed_it_in(bruno: Program) -> None:
    kept, again = _hand_in(bruno, "gate.png"), _hand_in(bruno, "gate.png")
    shown = bruno.get(f"/attachments/{kept.json['id']}")
    read = bruno.get(f"/attachments/{kept.json['id']}/content")

    assert kept.status_code == again.status_code == 201
    assert kept.json["id"] == again.json["id"]
    assert (shown.json["name"], shown.json["media_type"]) == ("gate.png", "image/png")
    assert (shown.json["size_bytes"], read.data) == (len(PNG), PNG)
    assert read.content_type == "application/octet-stream"
    assert read.headers["Content-Disposition"] == "attachment; filename=gate.png"


def test_a_file_of_somebody_else_is_none(bruno: Program, bea: Program) -> None:
    kept = _hand_in(bruno, "gate.png").json["id"]

    assert bea.get(f"/attachments/{kept}").status_code == 404
    assert bea.get(f"/attachments/{kept}/content").status_code == 404


def test_a_case_shows_its_files_to_those_who_may_see_it_and_do_not_count_it(
    bruno: Program, bea: Program, nils: Program
) -> None:
    case = a_blind_arrival(by=bruno.person)
    kept = next(iter(attachments.names(frozenset(range(1, 9)))))
    path = f"/attachments/{kept}/content?case={case.id}"

    assert bea.get(path).data == PNG
    assert bea.get(f"/attachments/{kept}?case={case.id}").json["name"] == "gate.png"
    assert nils.get(path).status_code == 404
    assert bruno.get(path).status_code == 404
    assert bea.get(f"/attachments/{kept}?case=9{case.id}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("x.exe", b"MZ" * 9, 415, "file_not_kept"),
        ("x.png", b"", 422, "file_empty"),
        ("x.png", PNG + bytes(attachments.MOST_BYTES), 413, "file_too_large"),
    ],
)
def test_the_limits_are_those_of_the_pages(
    bruno: Program, name: str, content: bytes, status: int, code: str
) -> None:
    refused = _hand_in(bruno, name, content)

    assert (refused.status_code, refused.json["code"]) == (status, code)


def test_without_a_file_it_says_what_is_missing(bruno: Program) -> None:
    refused = bruno.post("/attachments", {})

    assert refused.json["findings"][0]["where"] == "files.file"


def test_the_same_request_under_the_same_key_is_answered_again(bruno: Program) -> None:
    first, second = (_hand_in(bruno, "gate.png", key="k-1") for _ in range(2))

    assert first.json == second.json
    assert second.headers["Idempotent-Replayed"] == "true"


def test_a_supplier_s_program_hands_in_its_own_files(app: Flask, bruno: Program) -> None:
    in_transaction(lambda: a_supplier("BOREA").id)
    sven = a_program(app, "sven", "supplier", scope="supplier:BOREA")
    kept = _hand_in(sven, "answer.png").json["id"]
    case = a_blind_arrival(by=bruno.person)

    assert sven.get(f"/attachments/{kept}/content").data == PNG
    assert sven.get(f"/attachments/{kept}/content?case={case.id}").status_code == 404


def _hand_in(program: Program, name: str, content: bytes = PNG, *, key: str = "") -> Told:
    headers = {"Authorization": f"Bearer {program.token}"}
    if key:
        headers["Idempotency-Key"] = key
    head = f'--part\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + b"\r\n--part--\r\n"
    kind = "multipart/form-data; boundary=part"
    return program.send("POST", "/attachments", headers=headers, data=body, content_type=kind)
