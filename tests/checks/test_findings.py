"""What the checks say about a diagram, and about which element."""

import pytest

from app.workflow.checks.judging import Verdict, judge
from tests.diagrams import (
    Node,
    attached,
    bpmn,
    call,
    catch,
    decision_table,
    each,
    end,
    exclusive,
    first_event,
    parallel,
    rule,
    script,
    service,
    start,
    sub,
    timer,
    user,
)

KEEPER = {"Keeper": "count"}
COUNT = "begin -> count -> done"


def judged(data: bytes, **beside: bytes) -> Verdict:
    return judge(data, beside.get)


def said(data: bytes, **beside: bytes) -> dict[str, str]:
    """Fatal findings by element."""
    found = judged(data, **beside).findings
    return {f.element: f"{f.message} {f.hint}" for f in found if not f.warning}


def test_a_good_diagram_is_ok() -> None:
    verdict = judged(bpmn("good", user("count"), flows=COUNT, lanes=KEEPER))

    assert verdict == Verdict("ok", ())


def test_a_diagram_that_is_only_a_picture_is_not_executable() -> None:
    picture = bpmn("picture", user("count"), flows=COUNT, lanes=KEEPER, executable=False)

    assert judged(picture).verdict == "not_executable"


@pytest.mark.parametrize(
    ("tag", "word"),
    [
        ("task", "plain task"),
        ("complexGateway", "complex gateway"),
        ("transaction", "transaction"),
        ("adHocSubProcess", "ad-hoc"),
    ],
)
def test_what_the_engine_cannot_do_is_refused_by_element(tag: str, word: str) -> None:
    assert word in said(bpmn("p", Node(tag, "odd"), flows="begin -> odd -> done"))["odd"]


@pytest.mark.parametrize("kind", ["signal", "escalation", "conditional", "compensate", "link"])
def test_events_the_engine_does_not_know_are_refused(kind: str) -> None:
    odd = Node("intermediateCatchEvent", "odd", body=f"<bpmn:{kind}EventDefinition />")

    assert kind in said(bpmn("p", odd, flows="begin -> odd -> done"))["odd"]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("<bpmn:standardLoopCharacteristics />", "loop marker"),
        ("<bpmn:ioSpecification />", "input/output"),
        ("<bpmn:dataInputAssociation />", "data object"),
    ],
)
def test_parts_the_engine_does_not_know_are_refused(body: str, word: str) -> None:
    odd = Node("userTask", "count", body=body)

    assert word in said(bpmn("p", odd, flows=COUNT, lanes=KEEPER))["count"]


@pytest.mark.parametrize(
    "script_text", ["import os", "x = (", "open('/etc/passwd')", "eval('1')", "nosuch(1)", ""]
)
def test_a_script_that_cannot_run_is_refused(script_text: str) -> None:
    assert "work" in said(bpmn("p", script("work", script_text), flows="begin -> work -> done"))


def test_a_function_nobody_offers_is_named() -> None:
    flows = "begin -> which\nwhich -> done ? polcy('x') > 1\nwhich -> other ? else"
    found = said(bpmn("p", exclusive("which"), end("other"), flows=flows))

    assert "no function polcy" in found["flow_1"]


def test_functions_hosts_offer_and_scripts_define_are_known() -> None:
    text = "def twice(x):\n    return x * 2\ny = twice(policy('a')) + sum([1]) + len(today())"

    assert said(bpmn("p", script("work", text), flows="begin -> work -> done")) == {}


@pytest.mark.parametrize(
    ("after", "word"),
    [
        ("PT2H", 'Write "PT2H"'),
        ("2031-01-01", "quotes"),
        ('"PT0S"', "no time at all"),
        ('"-PT1H"', "not a duration"),
        ('"P99999D"', "longer than"),
        ("7", "needs a text"),
        ("policy(", "cannot be used"),
    ],
)
def test_a_timer_that_cannot_work_is_refused(after: str, word: str) -> None:
    found = said(bpmn("p", timer("pause", after=after), flows="begin -> pause -> done"))

    assert word in found["pause"]


@pytest.mark.parametrize("every", ['"R/PT2H"', '"R3/PT0S"', '"R99/PT1H"', "R3/PT2H", '"PT2H"'])
def test_a_repetition_that_cannot_work_is_refused(every: str) -> None:
    diagram = bpmn(
        "p",
        user("count"),
        attached("nag", "count", every=every, interrupting=False),
        flows="begin -> count -> done\nnag -> nagged",
        lanes=KEEPER,
    )
    assert "nag" in said(
        diagram.replace(b"</bpmn:process>", b'<bpmn:endEvent id="nagged" /></bpmn:process>')
    )


def test_an_element_nobody_comes_to_is_refused() -> None:
    found = said(
        bpmn(
            "p",
            user("count"),
            user("lost"),
            flows=f"{COUNT}\nlost -> done",
            lanes={"K": "count lost"},
        )
    )

    assert found == {"lost": "Nothing leads here. Connect it, or remove it."}


def test_a_way_without_end_is_refused() -> None:
    flows = "begin -> again -> count -> again"
    found = said(bpmn("p", exclusive("again"), user("count"), flows=flows, lanes=KEEPER))

    assert "no way leads to an end" in found["count"]


def test_a_way_without_condition_is_refused() -> None:
    flows = "begin -> which\nwhich -> done\nwhich -> other"
    found = said(bpmn("p", exclusive("which"), end("other"), flows=flows))

    assert set(found) == {"flow_1", "flow_2"}


def test_a_loop_on_true_is_refused_and_a_loop_without_people_warned_of() -> None:
    def looping(condition: str) -> bytes:
        return bpmn(
            "p",
            exclusive("again"),
            script("work", "x = 1"),
            exclusive("enough"),
            flows=f"""
                begin -> again -> work -> enough
                enough -> again ? {condition}
                enough -> done ? else
            """,
        )

    assert "never ends" in said(looping("True"))["flow_3"]
    verdict = judged(looping("x < 3"))
    assert verdict.verdict == "ok"
    assert "waits for nobody" in verdict.findings[0].message


def test_a_loop_through_a_person_is_fine() -> None:
    diagram = bpmn(
        "p",
        exclusive("again"),
        user("count"),
        exclusive("enough"),
        flows="""
            begin -> again -> count -> enough
            enough -> again ? more
            enough -> done ? else
        """,
        lanes=KEEPER,
    )
    assert judged(diagram) == Verdict("ok", ())


def test_a_process_that_calls_itself_is_refused() -> None:
    flows = "begin -> again -> done"
    assert "calls itself" in said(bpmn("p", call("again", "p"), flows=flows))["again"]

    other = bpmn("q", call("back", "p"), flows="begin -> back -> done")
    assert "calls itself" in said(bpmn("p", call("again", "q"), flows=flows), q=other)["again"]


def test_called_processes_and_decisions_are_found_beside_the_file() -> None:
    diagram = bpmn(
        "p", call("other", "q"), rule("decide", "d"), flows="begin -> other -> decide -> done"
    )
    called = bpmn("q", script("work", "x = 1"), flows="begin -> work -> done")
    table = decision_table("d", ["x"], ["y"], [("-", "1")])

    assert said(diagram, q=called, d=table) == {}
    assert set(said(diagram)) == {"other", "decide"}


def test_work_nobody_does_is_refused() -> None:
    assert "Nobody does it" in said(bpmn("p", user("count"), flows=COUNT))["count"]


@pytest.mark.parametrize(
    ("properties", "word"),
    [
        ({"not_by": "weigh"}, "weigh"),
        ({"due": "2 hours"}, "due"),
        ({"due": "P1M"}, "due"),
        ({"priority": "urgent"}, "priority"),
        ({"priority": "101"}, "priority"),
    ],
)
def test_rules_on_a_task_are_checked(properties: dict[str, str], word: str) -> None:
    assert word in said(bpmn("p", user("count", **properties), flows=COUNT, lanes=KEEPER))["count"]


def test_good_rules_on_a_task_are_fine() -> None:
    task = user("count", not_by="order data.ordered_by", due="PT4H", priority="90")
    flows = "begin -> order -> count -> done"

    assert said(bpmn("p", user("order"), task, flows=flows, lanes={"K": "count order"})) == {}


def test_a_message_without_correlation_is_refused() -> None:
    found = said(bpmn("p", catch("heard", "answer"), flows="begin -> heard -> done"))

    assert "which case" in found["heard"]


def test_an_event_that_asks_nobody_is_refused() -> None:
    heard = catch("heard", "answer", correlation="no", asks="weigh")

    assert "weigh" in said(bpmn("p", heard, flows="begin -> heard -> done"))["heard"]


def test_an_operator_named_like_its_task_is_refused() -> None:
    assert "book" in said(bpmn("p", service("book", "book"), flows="begin -> book -> done"))


def test_two_elements_with_one_id_are_refused() -> None:
    twice = bpmn("p", user("count"), user("count"), flows=COUNT, lanes=KEEPER)

    assert "Two elements" in said(twice)["count"]


def test_more_than_three_hundred_elements_are_refused() -> None:
    names = [f"t{n}" for n in range(301)]
    big = bpmn("p", *(user(name) for name in names), flows=" -> ".join(["begin", *names, "done"]))

    assert "300 is the most" in said(big)["p"]


def test_wrong_wiring_is_refused() -> None:
    two_starts = bpmn(
        "p",
        start("one"),
        start("two"),
        user("count"),
        flows="one -> count -> done\ntwo -> count",
        lanes=KEEPER,
    )
    assert "two" in said(two_starts)

    gateway = bpmn(
        "p",
        first_event("first"),
        user("count"),
        flows="begin -> first -> count -> done",
        lanes=KEEPER,
    )
    assert "Only events" in said(gateway)["count"]

    no_start = bpmn(
        "p",
        sub("inner", user("count"), end("e"), flows="count -> e"),
        flows="begin -> inner -> done",
        lanes=KEEPER,
    )
    assert "start event" in said(no_start)["inner"]

    error = attached("failed", "count", error="x", interrupting=False)
    assert (
        "interrupts"
        in said(bpmn("p", user("count"), error, flows=f"{COUNT}\nfailed -> done", lanes=KEEPER))[
            "failed"
        ]
    )

    asking = bpmn(
        "p", parallel("part"), end("other"), flows="begin -> part\npart -> done ? x\npart -> other"
    )
    assert "flow_1" in said(asking)


def test_an_activity_per_item_needs_its_items() -> None:
    assert "instances" in said(bpmn("p", each(user("count")), flows=COUNT, lanes=KEEPER))["count"]


def test_a_decision_in_another_language_is_refused() -> None:
    table = decision_table("d", ["x"], ["y"], [("-", "1")])
    feel = table.replace(b'<decision id="d"', b'<decision expressionLanguage="feel" id="d"', 1)
    feel = feel.replace(
        b'<inputExpression id="e_1"', b'<inputExpression expressionLanguage="feel" id="e_1"'
    )

    assert judged(table).verdict == "ok"
    assert "language" in said(feel)["e_1"]
