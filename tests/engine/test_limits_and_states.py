"""What is bounded, what a state is, and what is never saved or loaded."""

import time
import zlib

import pytest

from app.kernel.errors import NotFound
from app.workflow.spiff import driving, library
from app.workflow.spiff.execution import (
    Execution,
    NotWaiting,
    Runaway,
    ScriptFailed,
    UnknownState,
)
from app.workflow.spiff.findings import ParseRefused
from app.workflow.spiff.parsing import parse
from app.workflow.spiff.sandbox.engine import ScriptEngine
from tests.diagrams import attached, bpmn, call, catch, each, exclusive, script, service, user
from tests.engine.play import Play

LOOP = bpmn(
    "rounds",
    exclusive("again"),
    user("look"),
    exclusive("enough"),
    flows="begin -> again -> look -> enough\nenough -> again ? more\nenough -> done ? else",
)
ENDLESS = bpmn(
    "endless",
    exclusive("again"),
    script("work", "x = 1"),
    exclusive("enough"),
    flows="begin -> again -> work -> enough\nenough -> again ? x == 1\nenough -> done ? else",
)


def test_a_long_case_stays_as_small_as_a_short_one() -> None:
    play = Play(LOOP, data={"lines": list(range(50))})
    play.complete("look", more=True)
    early = len(play.state)

    for _ in range(1_000):
        play.complete("look", more=True)

    assert len(play.state) <= early + 10
    assert play.execution.waiting_people()[0].visit == 1_001


def test_a_step_without_end_is_stopped() -> None:
    with pytest.raises(Runaway) as runaway:
        Play(ENDLESS)

    assert runaway.value.element_id in {"again", "work", "enough"}


def test_a_step_is_stopped_by_time_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driving, "MAX_SECONDS", 0.0)

    with pytest.raises(Runaway):
        Play(ENDLESS)


def test_a_process_that_calls_itself_is_stopped() -> None:
    with pytest.raises(Runaway, match="nested too deep"):
        Play(bpmn("self", call("again", "self"), flows="begin -> again -> done"))


def test_the_time_of_effects_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driving, "MAX_SECONDS", 0.2)
    diagram = bpmn(
        "slow", service("wait", "s.wait"), user("look"), flows="begin -> wait -> look -> done"
    )

    def wait() -> None:
        until = time.perf_counter() + 0.3
        while time.perf_counter() < until:
            pass

    assert Play(diagram, effects={"s.wait": wait}).open == ["look"]


def test_two_hundred_instances_one_after_the_other() -> None:
    play = Play(bpmn("many", each(user("count"), count="200"), flows="begin -> count -> done"))
    first = len(play.state)

    for left in range(200, 0, -1):
        assert len(play.open) == left
        play.complete("count")

    assert play.is_finished
    assert len(play.state) < first < 8_000


def test_a_state_of_another_version_is_not_loaded() -> None:
    play = Play(LOOP)
    body = play.state[2:]

    for other in (b"h0" + body, b"h2" + body, body, zlib.compress(b"{}"), b""):
        with pytest.raises(UnknownState):
            Execution.load(play.process, other, play.world)


def test_a_state_of_another_process_is_not_loaded() -> None:
    play = Play(LOOP)
    other = Play(bpmn("other", user("weigh"), flows="begin -> weigh -> done"))

    with pytest.raises(UnknownState):
        Execution.load(other.process, play.state, play.world)


def test_only_the_sandbox_ever_runs_texts() -> None:
    play = Play(LOOP)

    assert isinstance(play.execution._case.script_engine, ScriptEngine)


def test_a_task_that_is_not_open_cannot_be_completed() -> None:
    play = Play(LOOP)
    token = play.token("look")
    play.complete("look", more=False)

    for wrong in (token, "999", "0", "-1", "no number", ""):
        with pytest.raises(NotWaiting):
            play.execution.complete(wrong, {})
        with pytest.raises(NotWaiting):
            play.execution.fire_timer(wrong)


def test_a_start_event_that_does_not_exist_starts_nothing() -> None:
    with pytest.raises(NotWaiting):
        Play(LOOP, at="nowhere")


def test_a_task_answered_twice_in_one_step_is_done_once() -> None:
    play = Play(LOOP)
    token = play.token("look")

    play.execution.complete(token, {"more": True})
    play.execution.complete(token, {"more": True})
    play.go_on()

    assert play.passed.count("look") == 1


def test_an_attached_event_that_leads_nowhere_ends_the_case() -> None:
    diagram = bpmn(
        "p",
        user("count"),
        attached("late", "count", after='"PT1H"'),
        flows="begin -> count -> done",
    )
    play = Play(diagram)

    play.fire("late")

    assert play.is_finished


def test_a_refusing_function_is_a_fault_of_the_text() -> None:
    diagram = bpmn(
        "p",
        user("look"),
        script("work", "x = policy('nothing')"),
        flows="begin -> look -> work -> done",
    )
    play = Play(diagram)

    def refuse(_: str) -> None:
        raise NotFound

    play.world.functions = lambda: {"policy": refuse}  # type: ignore[method-assign]
    with pytest.raises(ScriptFailed) as failed:
        play.complete("look")
    assert failed.value.element_id == "work"


def test_another_version_of_the_library_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    library.check()
    monkeypatch.setattr(library, "version", lambda _: "3.3.0")

    with pytest.raises(ImportError, match=r"3\.2\.0 is needed"):
        library.check()


@pytest.mark.parametrize(
    ("diagram", "said"),
    [
        (bpmn("p" * 81, user("look"), flows="begin -> look -> done"), "id of the process"),
        (
            bpmn("p", user("look"), flows="begin -> look -> done", lanes={"L" * 61: "look"}),
            "lane's name",
        ),
        (bpmn("p", catch("heard", "m" * 101), flows="begin -> heard -> done"), "message's name"),
    ],
)
def test_what_a_column_cannot_hold_is_refused_before_it_runs(diagram: bytes, said: str) -> None:
    with pytest.raises(ParseRefused, match=f"{said} is too long"):
        parse({"p.bpmn": diagram})


def test_a_number_too_long_to_be_found_by_is_an_incident() -> None:
    diagram = bpmn("p", catch("heard", "m", correlation="no"), flows="begin -> heard -> done")

    with pytest.raises(ScriptFailed, match="more than 200 characters"):
        Play(diagram, data={"no": "7" * 201})
