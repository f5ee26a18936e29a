"""Names that nothing before their reader can have written are told, and no other."""

import json
from pathlib import Path

import pytest

from app.config import ROOT
from app.workflow import publishing, shipping
from app.workflow.blueprints import Blueprint
from app.workflow.checks.checker import check_all
from app.workflow.checks.judging import judge
from tests.diagrams import (
    Node,
    attached,
    bpmn,
    call,
    catch,
    decision_table,
    each,
    exclusive,
    rule,
    script,
    service,
    start,
    sub,
    throw,
    user,
)
from tests.workflow.play import form

BUYER = {"Buyer": "begin ask"}
ASKED = "begin -> ask -> done"


def doubts(diagram: bytes, key: str = "d", **forms: bytes) -> dict[str, str]:
    """What is said by element; `forms` are those of the steps they are named after."""
    files = {f"{key}.bpmn": diagram}
    files |= {f"forms/{key}/{step}.json": content for step, content in forms.items()}
    found = publishing.doubts(Blueprint(key, files))
    assert all(finding.warning for finding in found)
    return {finding.element: f"{finding.message} {finding.hint}" for finding in found}


def closed(*nodes: Node, flows: str, **forms: bytes) -> dict[str, str]:
    """A process that begins with a form, so that all its names are known."""
    diagram = bpmn("d", *nodes, flows=flows, lanes={"Buyer": "begin"})
    return doubts(diagram, "d", begin=form("quantity", "supplier"), **forms)


def test_a_script_that_misspells_an_answer_is_told_what_was_meant() -> None:
    said = closed(script("add", "total = quantitiy + '1'"), flows="begin -> add -> done")

    assert said == {"add": "Nothing before this writes quantitiy. Did you mean quantity?"}


def test_a_condition_is_told_at_its_arrow() -> None:
    said = closed(
        exclusive("big"),
        script("small", "size = 'S'"),
        flows="""begin -> big
        big -> small ? qantity == '1'
        big -> done ? else
        small -> done""",
    )

    assert list(said.values()) == ["Nothing before this writes qantity. Did you mean quantity?"]


def test_what_is_written_later_only_is_not_there_yet() -> None:
    said = closed(
        script("read", "copy = total"),
        script("write", "total = 1"),
        flows="begin -> read -> write -> done",
    )

    assert said == {"read": "Nothing before this writes total. It is written later only."}


def test_a_loop_brings_back_what_was_written_later() -> None:
    said = closed(
        script("read", "copy = total"),
        script("write", "total = 1"),
        exclusive("again"),
        flows="""begin -> read -> write -> again
        again -> read ? quantity == '1'
        again -> done ? else""",
    )

    assert said == {}


def test_effects_messages_decisions_and_repeats_write_names() -> None:
    said = closed(
        service("book", "d.book", result="booked", sku="supplier"),
        catch("heard", "news", into="news", correlation="supplier"),
        each(
            script("weigh", "weight = line"),
            "booked.lines",
            item="line",
            output="weights",
            output_item="weight",
        ),
        script("sum_up", "total = [booked, news, weights]"),
        flows="begin -> book -> heard -> weigh -> sum_up -> done",
    )

    assert said == {}


def test_parameters_payloads_and_correlations_read_names() -> None:
    said = closed(
        service("book", "d.book", result="booked", sku="suplier"),
        throw("tell", "told", payload="{'sku': boooked}", correlation="supplir"),
        flows="begin -> book -> tell -> done",
    )

    assert said["book"] == "Nothing before this writes suplier. Did you mean supplier?"
    assert "tell" in said


def test_what_a_subprocess_writes_is_there_after_it_and_at_its_boundary() -> None:
    said = closed(
        sub(
            "inner",
            start("inside"),
            script("write", "total = quantity"),
            flows="inside -> write",
        ),
        attached("failed", "inner", error="broken"),
        script("read", "copy = total"),
        script("mend", "why = refusal"),
        flows="""begin -> inner -> read -> done
        failed -> mend -> done""",
    )

    assert said == {}


def test_forms_read_what_they_show_and_write_what_they_ask() -> None:
    shown = (
        b'{"type": "default", "components": ['
        b'{"type": "textfield", "key": "quantty", "readonly": true},'
        b'{"type": "textfield", "key": "answer.text"}]}'
    )
    said = closed(
        user("ask"),
        script("read", "copy = answer"),
        flows="begin -> ask -> read -> done",
        ask=shown,
    )

    assert said == {"ask": "Nothing before this writes quantty. Did you mean quantity?"}


def test_a_form_reads_what_its_conditions_look_at() -> None:
    fields = [
        {**_field("quantity"), "conditional": {"hide": '=not (suplier = "Borea" or big = true)'}},
        {**_field("big")},
    ]
    shown = json.dumps({"id": "form", "type": "default", "components": fields}).encode()

    said = closed(user("ask"), flows=ASKED, ask=shown)

    assert said == {"ask": "Nothing before this writes suplier. Did you mean supplier?"}


def _field(name: str) -> dict[str, str]:
    return {"id": name, "key": name, "label": name, "type": "textfield"}


def test_data_nobody_named_may_have_come_with_the_start() -> None:
    diagram = bpmn(
        "d",
        start("begin", message="announced"),
        script("first", "total = quantity"),
        script("second", "copy = totel"),
        script("third", "line = lines"),
        flows="begin -> first -> second -> third -> done",
    )

    assert doubts(diagram) == {
        "second": "Nothing before this writes totel. Did you mean total?",
    }


def test_a_name_that_is_read_in_several_places_is_no_slip() -> None:
    diagram = bpmn(
        "d",
        start("begin", message="announced"),
        script("first", "total = 1"),
        script("second", "copy = totel"),
        script("third", "other = totel"),
        flows="begin -> first -> second -> third -> done",
    )

    assert doubts(diagram) == {}


def test_functions_and_built_in_names_are_no_data() -> None:
    said = closed(
        script(
            "count",
            "n = len(quantity) + int(policy('x'))\n"
            "day = date(2026, 6, 1)\n"
            "several = [x for x in quantity]",
        ),
        flows="begin -> count -> done",
    )

    assert said == {}


def test_check_reads_the_decisions_beside_and_says_it_as_a_warning() -> None:
    diagram = bpmn(
        "d",
        start("begin", message="announced"),
        script("weigh", "weight = 1"),
        rule("decide", "size"),
        flows="begin -> weigh -> decide -> done",
    )
    table = decision_table("size", ["wieght"], ["size"], [["> 3", "'L'"], ["-", "'S'"]])

    found = judge(diagram, {"size": table}.get)

    assert found.verdict == "ok"
    assert [str(one) for one in found.findings] == [
        "decide: Nothing before this writes wieght. Did you mean weight?"
    ]


def test_check_says_nothing_where_it_does_not_know_the_forms() -> None:
    diagram = bpmn(
        "d",
        user("ask"),
        script("add", "total = 1\ncopy = totel"),
        flows="begin -> ask -> add -> done",
        lanes=BUYER,
    )

    assert [
        f.message for f in judge(diagram, lambda _name: None).findings if "writes" in f.message
    ] == []


def test_a_called_process_writes_names_too() -> None:
    inner = bpmn("inner", script("write", "weight = 1"), flows="begin -> write -> done")
    outer = bpmn(
        "d",
        call("weigh", "inner"),
        script("read", "copy = weight"),
        flows="begin -> weigh -> read -> done",
        lanes={"Buyer": "begin"},
    )
    files = {"d.bpmn": outer, "inner.bpmn": inner, "forms/d/begin.json": form("quantity")}

    assert publishing.doubts(Blueprint("d", files)) == []


def test_no_shipped_process_is_doubted() -> None:
    diagrams = {path.stem: path for path in sorted(ROOT.glob("processes/*/*.bpmn"))}
    contents = {key: path.read_bytes() for key, path in diagrams.items()}
    decisions = dict(shipping._decisions(ROOT))
    found = {
        key: publishing.doubts(
            Blueprint(key, shipping._files(ROOT, key, contents=contents, decisions=decisions))
        )
        for key in contents
    }

    assert len(found) > 20
    assert {key: said for key, said in found.items() if said} == {}


@pytest.mark.parametrize("name", ["receiving", "supplier_return"])
def test_check_finds_the_forms_in_the_repository(name: str) -> None:
    (path,) = ROOT.glob(f"processes/*/{name}.bpmn")
    (answer,) = check_all([Path(path)], seconds=60)

    assert answer["verdict"] == "ok"
    assert [one for one in answer["findings"] if "Nothing before" in one["message"]] == []


def test_a_misspelt_name_in_a_shipped_process_is_found() -> None:
    path = ROOT / "processes/supply/receiving.bpmn"
    contents = {p.stem: p.read_bytes() for p in ROOT.glob("processes/*/*.bpmn")}
    files = shipping._files(
        ROOT, "receiving", contents=contents, decisions=dict(shipping._decisions(ROOT))
    )
    spoilt = path.read_bytes().replace(b"late_count_decision ==", b"late_count_decison ==")

    (doubt,) = publishing.doubts(Blueprint("receiving", {**files, "receiving.bpmn": spoilt}))
    assert doubt.hint == "Did you mean late_count_decision?"
