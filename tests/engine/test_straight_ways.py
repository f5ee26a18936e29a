"""Tokens follow the drawn way: tasks, scripts, effects, exclusive gateways."""

import pytest

from app.workflow.spiff.execution import EffectFailed, ScriptFailed
from tests.diagrams import bpmn, exclusive, manual, script, service, user
from tests.engine.play import NoStock, Play

COUNTING = bpmn(
    "counting",
    script("prepare", "expected = sum(line['quantity'] for line in lines)"),
    user("count", "Count the delivery"),
    exclusive("enough"),
    user("approve"),
    manual("put_away"),
    flows="""
        begin -> prepare -> count -> enough
        enough -> approve ? counted < expected
        enough -> put_away ? else
        approve -> done
        put_away -> done
    """,
    lanes={"Warehouse keeper": "count put_away", "Buyer": "approve"},
)
LINES = [{"sku": "FLOUR", "quantity": 60}, {"sku": "SALT", "quantity": 40}]


def test_a_case_stops_at_each_task_and_ends() -> None:
    play = Play(COUNTING, data={"lines": LINES})

    assert play.open == ["count"]
    assert play.data["expected"] == 100

    play.complete("count", counted=100)
    assert play.open == ["put_away"]

    play.complete("put_away")
    assert play.is_finished
    assert play.data == {"lines": LINES, "expected": 100, "counted": 100}
    assert play.passed == ["begin", "prepare", "count", "enough", "put_away", "done"]


def test_a_condition_that_holds_leads_away_from_the_default() -> None:
    play = Play(COUNTING, data={"lines": LINES})

    play.complete("count", counted=99)

    assert play.open == ["approve"]
    assert play.execution.waiting_people()[0].element.lane == "buyer"


def test_an_effect_gets_its_arguments_and_returns_data() -> None:
    diagram = bpmn(
        "booking",
        user("count"),
        service("book", "booking.book", result="receipt", sku="lines[0]['sku']", counted="counted"),
        flows="begin -> count -> book -> done",
    )
    play = Play(diagram, data={"lines": LINES}, effects={"booking.book": lambda **given: given})

    play.complete("count", counted=7)

    assert play.data["receipt"] == {"sku": "FLOUR", "counted": 7}
    assert [call.key for call in play.world.calls] == ["book:0"]


def test_an_effect_that_changes_its_arguments_does_not_change_the_case() -> None:
    diagram = bpmn(
        "b",
        user("count"),
        service("book", "b.b", lines="lines"),
        flows="begin -> count -> book -> done",
    )
    play = Play(diagram, data={"lines": [1]}, effects={"b.b": lambda lines: lines.append(2)})

    play.complete("count")

    assert play.data["lines"] == [1]


def test_a_refusal_that_nobody_catches_leaves_the_engine_unchanged() -> None:
    def refuse() -> None:
        raise NoStock

    diagram = bpmn(
        "b", user("count"), service("book", "b.b"), flows="begin -> count -> book -> done"
    )
    play = Play(diagram, effects={"b.b": refuse})

    with pytest.raises(NoStock):
        play.complete("count")
    with pytest.raises(ValueError, match="must not be saved"):
        play.execution.save()


def test_a_broken_effect_names_its_element_and_can_be_halted_before() -> None:
    broken = [True]

    def book() -> str:
        if broken:
            raise ZeroDivisionError
        return "booked"

    diagram = bpmn(
        "b",
        user("count"),
        service("book", "b.b", result="r"),
        flows="begin -> count -> book -> done",
    )
    play = Play(diagram, effects={"b.b": book})
    with pytest.raises(EffectFailed) as failed:
        play.complete("count", counted=3)

    play.load()
    play.execution.complete(play.token("count"), {"counted": 3})
    play.go_on(failed.value.element_id)
    assert (failed.value.key, type(failed.value.cause)) == ("book:0", ZeroDivisionError)
    assert (play.open, play.is_finished) == ([], False)

    broken.clear()
    play.go_on()
    assert play.is_finished
    assert play.data == {"counted": 3, "r": "booked"}


def test_a_failing_script_names_its_element_and_line() -> None:
    diagram = bpmn(
        "b",
        user("count"),
        script("work", "a = 1\nb = nothing"),
        flows="begin -> count -> work -> done",
    )
    play = Play(diagram)

    with pytest.raises(ScriptFailed) as failed:
        play.complete("count")

    assert failed.value.element_id == "work"
    assert "nothing" in failed.value.message


def test_a_gateway_without_a_way_is_a_fault() -> None:
    diagram = bpmn(
        "b",
        user("count"),
        exclusive("which"),
        flows="begin -> count -> which\nwhich -> done ? counted > 1",
    )
    play = Play(diagram)

    with pytest.raises(ScriptFailed, match="no condition holds"):
        play.complete("count", counted=0)


def test_the_state_of_a_small_case_is_small() -> None:
    play = Play(COUNTING, data={"lines": LINES})

    assert len(play.state) < 400
