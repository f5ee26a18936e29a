"""What outsiders rely on: the description in docs/ and the client that receives a delivery."""

import re
import subprocess
import sys
from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from werkzeug.serving import make_server

from app.config import ROOT
from app.identity.api_keys import RESOURCES, SCOPES
from app.kernel.db import in_transaction
from app.web.api import description
from tests.api.program import Program, a_program
from tests.builders.deliveries import a_notice, an_order
from tests.builders.goods import a_sku
from tests.pages.conftest import a_visitor

_CLIENT = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where this Houtai listens."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_description_in_docs_is_up_to_date() -> None:
    kept = (ROOT / "docs/openapi.json").read_text(encoding="utf-8")

    assert kept == description.text(), "run: houtai openapi > docs/openapi.json"


def test_every_scope_opens_something_and_nothing_is_without_one() -> None:
    told = {one["description"] for _, _, one in description.operations(description.whole())}

    assert told == {f"Scope `{scope}`." for scope in SCOPES}


def test_the_client_in_the_docs_receives_a_delivery(app: Flask, address: str) -> None:
    client = _CLIENT.findall((ROOT / "docs/api.md").read_text(encoding="utf-8"))[0]
    order = in_transaction(_ordered)
    scopes = ("tasks:read", "tasks:write")
    key = a_program(app, "bridge", "warehouse_keeper", scopes=scopes).token
    said = {"HOUTAI_URL": address, "HOUTAI_KEY": key, "HOUTAI_DELIVERY": order}

    run = subprocess.run(
        [sys.executable, "-c", client],
        env={**said, "HOUTAI_COUNTED": "8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert run.stderr == ""
    assert len(client.splitlines()) <= 30
    lee = a_program(app, "lee", "inspector", scope="*")
    assert lee.get("/stock/FLOUR").json["in_qc"] == "8"


def test_people_read_the_description_as_a_page(app: Flask) -> None:
    page = a_visitor(app, "bruno", "warehouse_keeper").get("/api")

    assert page.status == 200
    assert all(f'id="{resource}"' in page.source for resource in RESOURCES)
    assert "POST /api/v1/tasks/{task_id}/completion" in page.text
    assert "array of TaskLine" in page.text


def test_the_description_needs_no_key(stranger: Program) -> None:
    assert stranger.get("/openapi.json").json["openapi"].startswith("3.1")


def _ordered() -> str:
    return a_notice(an_order((a_sku(), 10)), FLOUR=8).number
