"""Programs do what their people could do on the pages, and no more."""

from typing import Any

from flask import Flask

from app.domain.catalog import skus
from app.kernel.db import in_transaction
from tests.api.program import Program, a_program
from tests.builders.deliveries import a_notice, an_order
from tests.builders.goods import a_sku
from tests.processes.play import an_accepted_delivery

COUNTED = {"receipt": {"lines": [{"counted": "8"}]}}


def a_delivery(ordered: int = 10) -> str:
    """The number of a delivery of flour that stands at the gate."""

    def step() -> str:
        flour = skus.named(["FLOUR"]).get("FLOUR") or a_sku()
        return a_notice(an_order((flour, ordered)), FLOUR=ordered).number

    return in_transaction(step)


def the_task(program: Program, number: str, step: str) -> dict[str, Any]:
    answer = program.get(f"/tasks?number={number}&step={step}")
    found: dict[str, Any] = program.get(f"/tasks/{answer.json['items'][0]['id']}").json
    return found


def complete(program: Program, number: str, step: str, answers: Any) -> Any:
    task = the_task(program, number, step)
    return program.post(f"/tasks/{task['id']}/completion", {"answers": answers})


def test_a_delivery_is_received_inspected_and_shelved_by_programs(
    app: Flask, bruno: Program
) -> None:
    number = a_delivery()
    lee = a_program(app, "lee", "inspector")
    ines = a_program(app, "ines", "warehouse_keeper")

    complete(bruno, number, "check_in_truck", {"gate.vehicle": "KLA-2207"})
    counted = complete(bruno, number, "count_delivery", COUNTED)

    assert counted.status_code == 200
    assert counted.json["incidents"] == []
    lot = lee.get("/tasks?step=inspect_lot").json["items"][0]
    assert lot["number"].startswith("R-")
    form = lee.get(f"/tasks/{lot['id']}").json["form"]
    assert form["fields"] or form["lists"]
    assert ines.get("/tasks?view=roles").json["items"] == []
    assert bruno.get("/stock/FLOUR").json["in_qc"] == "8"


def test_a_program_hands_its_person_s_task_to_a_colleague(app: Flask, bruno: Program) -> None:
    task = the_task(bruno, a_delivery(), "check_in_truck")["id"]
    a_program(app, "ines", "warehouse_keeper")
    early = bruno.post(f"/tasks/{task}/assignment", {"username": "ines"})
    bruno.post(f"/tasks/{task}/claim")

    handed = bruno.post(f"/tasks/{task}/assignment", {"username": "ines"})
    refused = bruno.post(f"/tasks/{task}/assignment", {"username": "ines"})

    assert (early.status_code, early.json["code"]) == (403, "not_yours_to_hand_on")
    assert (handed.status_code, handed.json["holder"]) == (200, "Ines")
    assert handed.json["barred"]["code"] == "held_by_someone"
    assert refused.json["code"] == "not_yours_to_hand_on"


def test_the_form_of_a_task_names_every_answer_it_takes(bruno: Program) -> None:
    number = a_delivery()
    complete(bruno, number, "check_in_truck", {})

    form = the_task(bruno, number, "count_delivery")["form"]

    lines = next(one for one in form["lists"] if one["name"] == "receipt.lines")
    names = [field["name"] for field in lines["rows"][0]["fields"]]
    assert {"receipt.lines.0.counted", "receipt.lines.0.damaged"} <= set(names)
    wrong = next(one for one in form["lists"] if one["free"])
    assert "sku" in [field["name"] for field in wrong["columns"]]
    assert form["document"]["id"] == "receiving_count_delivery"


def test_answers_that_need_another_look_are_told_by_name_and_kept(bruno: Program) -> None:
    number = a_delivery()
    complete(bruno, number, "check_in_truck", {})

    refused = complete(bruno, number, "count_delivery", {"receipt.lines.0.counted": "many"})

    assert refused.status_code == 422
    assert refused.content_type == "application/problem+json"
    assert refused.json["code"] == "invalid_answers"
    assert refused.json["findings"] == [
        {"where": "receipt.lines.0.counted", "sentence": "Write a number in digits."}
    ]
    draft = the_task(bruno, number, "count_delivery")["draft"]
    assert draft == {"receipt.lines.0.counted": "many"}


def test_a_sentence_is_in_the_language_the_program_asks_for(bruno: Program) -> None:
    answer = bruno.get("/tasks/4711", Accept_Language="zh-TW")

    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert answer.json["detail"] == "這裡沒有這個名稱的資料。"


def test_a_task_is_claimed_drafted_and_given_back(bruno: Program, app: Flask) -> None:
    ines = a_program(app, "ines", "warehouse_keeper")
    task = the_task(bruno, a_delivery(), "check_in_truck")
    path = f"/tasks/{task['id']}"

    assert bruno.post(f"{path}/claim").json["is_mine"] is True
    assert ines.get(path).json["barred"]["code"] == "held_by_someone"
    assert ines.post(f"{path}/claim").json["code"] == "held_by_someone"
    assert bruno.get("/tasks?view=mine").json["items"][0]["id"] == task["id"]
    draft = {"answers": {"gate": {"seal": "7"}}}
    assert bruno.put(f"{path}/draft", draft).json == draft
    assert bruno.get(path).json["draft"] == draft["answers"]
    assert bruno.delete(f"{path}/draft").status_code == 204
    assert bruno.get(path).json["draft"] is None
    assert bruno.post(f"{path}/release").json["holder"] is None


def test_lists_go_on_where_the_page_before_ended(bruno: Program, chloe: Program) -> None:
    for _ in range(3):
        a_delivery()

    for path in ("/tasks?limit=1", "/tasks?step=check_in_truck&limit=1", "/asns?limit=1",
                 "/cases?limit=1", "/orders?limit=1"):  # fmt: skip
        assert len({str(one) for one in _all_pages(bruno, path)}) == 3, path


def test_a_blind_count_stays_blind(bruno: Program, chloe: Program) -> None:
    number = a_delivery(ordered=4711)
    order_no = chloe.get(f"/asns/{number}").json["order"]
    complete(bruno, number, "check_in_truck", {})
    case_id = bruno.get(f"/cases?number={number}").json["items"][0]["id"]
    task = the_task(bruno, number, "count_delivery")

    told = [
        bruno.get(path)
        for path in (
            f"/tasks/{task['id']}",
            f"/asns/{number}",
            f"/orders/{order_no}",
            f"/cases/{case_id}",
            f"/cases/{case_id}/history",
            "/asns",
            "/orders",
            "/stock/FLOUR",
        )
    ]

    assert {answer.status_code for answer in told} == {200}
    assert [answer.path for answer in told if "4711" in answer.text] == []
    assert task["is_blind"] is True
    assert bruno.get(f"/asns/{number}").json["lines"] is None
    assert chloe.get(f"/asns/{number}").json["lines"][0]["quantity"] == "4711"


def test_a_released_lot_that_two_people_count_stays_unseen(app: Flask, bruno: Program) -> None:
    lee = a_program(app, "lee", "inspector")
    flour = in_transaction(a_sku)
    case = an_accepted_delivery(flour, 7319, by=bruno.person, inspected_by=lee.person)
    assert bruno.get("/stock/FLOUR").json["to_put_away"] == "7319"

    case.complete("put_away_goods", by=bruno.person, put_away_outcome="quantity_differs")

    for path in ("/stock", "/stock/FLOUR", "/stock/FLOUR?site=MAIN"):
        assert "7319" not in bruno.get(path).text
    assert bruno.get("/stock/FLOUR").json["to_put_away"] is None
    assert lee.get("/stock/FLOUR").json["to_put_away"] == "7319"


def test_a_case_is_begun_where_its_role_works(bruno: Program, chloe: Program) -> None:
    begun = bruno.post("/processes/receiving/cases", {"place": "site:MAIN"})

    assert begun.status_code == 201
    assert begun.json["scope"] == "site:MAIN"
    assert begun.headers["Location"].endswith(f"/cases/{begun.json['id']}")
    assert bruno.get(f"/cases/{begun.json['id']}").json["sentence"].startswith("Waiting")
    assert bruno.post("/processes/receiving/cases", {"place": "site:NORTH"}).status_code == 404
    wrong_role = chloe.post("/processes/receiving/cases", {})
    assert (wrong_role.status_code, wrong_role.json["code"]) == (403, "not_your_role")


def test_an_order_shows_how_much_has_come(chloe: Program) -> None:
    number = in_transaction(lambda: an_order((a_sku(), 10)).number)

    found = chloe.get(f"/orders/{number}").json

    assert (found["supplier"], found["site"]) == ("BOREA", "MAIN")
    assert found["lines"][0] | {"name": ""} == {
        "line": 1, "sku": "FLOUR", "name": "", "unit": "pcs", "ordered": "10", "received": "0",
        "accepted": "0", "rejected": "0", "open": "10",
    }  # fmt: skip


def _all_pages(program: Program, path: str) -> list[Any]:
    found: list[Any] = []
    after: str | int | None = ""
    while after is not None:
        answer = program.get(f"{path}{after and f'&after={after}'}")
        assert answer.status_code == 200, answer.json
        found += answer.json["items"]
        after = answer.json["next"]
    return found


def test_goods_nobody_knows_are_named_in_the_language_that_is_asked_for(chloe: Program) -> None:
    told = [
        chloe.get("/products/UNIDENTIFIED", Accept_Language=tongue).json["name"]
        for tongue in ("en", "zh-TW", "zh-CN")
    ]

    assert told == ["Unidentified goods", "來源不明的貨物", "来源不明的货物"]
