"""Timers, messages and errors: caught on the way, attached to activities, thrown."""

from datetime import timedelta

import pytest

from app.kernel import clock
from app.kernel.calendars import durations
from app.workflow.spiff import timing
from app.workflow.spiff.execution import NotWaiting, ScriptFailed
from tests.diagrams import (
    attached,
    bpmn,
    catch,
    each,
    end,
    parallel,
    script,
    service,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.engine.play import NoStock, Play


def refuse() -> None:
    raise NoStock


def test_a_timer_keeps_the_instant_computed_when_it_began_to_wait() -> None:
    play = Play(
        bpmn("wait", timer("pause", after="policy('patience')"), flows="begin -> pause -> done")
    )
    due = play.execution.waiting_timers()[0].due

    with clock.turned_to(clock.now() + timedelta(hours=1)):
        play.load()
        assert play.execution.waiting_timers()[0].due == due
    assert timedelta(hours=1.9) < due - clock.now() < timedelta(hours=2)

    play.fire("pause")
    assert play.is_finished


def test_a_timer_date_needs_an_offset() -> None:
    dated = bpmn("wait", timer("pause", on="when"), flows="begin -> pause -> done")

    play = Play(dated, data={"when": "2031-03-01T09:00:00+08:00"})
    assert play.execution.waiting_timers()[0].due.isoformat() == "2031-03-01T01:00:00+00:00"

    for wrong in ("2031-03-01T09:00:00", "tomorrow", 7):
        with pytest.raises(ScriptFailed):
            Play(dated, data={"when": wrong})


@pytest.mark.parametrize(
    "wrong", ["", "2 hours", "-PT1H", "PT0S", "P1M", "P1Y", "P", "PT", "PT１H"]
)
def test_a_duration_that_is_none_is_a_fault(wrong: str) -> None:
    with pytest.raises(ScriptFailed):
        Play(
            bpmn("w", timer("pause", after="wait"), flows="begin -> pause -> done"),
            data={"wait": wrong},
        )


LATE = bpmn(
    "late",
    user("count"),
    attached("late", "count", after='"PT8H"'),
    attached("remind", "count", after='"PT2H"', interrupting=False),
    user("escalate"),
    user("remember"),
    flows="""
        begin -> count -> done
        late -> escalate -> done
        remind -> remember -> done
    """,
)


def test_an_interrupting_timer_takes_the_task_away() -> None:
    play = Play(LATE)
    token = play.token("count")

    play.fire("late")

    assert play.open == ["escalate"]
    assert play.timers == []
    with pytest.raises(NotWaiting):
        play.execution.complete(token, {})


def test_a_non_interrupting_timer_leaves_the_task_and_fires_once() -> None:
    play = Play(LATE)

    play.fire("remind")
    assert sorted(play.open) == ["count", "remember"]
    assert play.timers == ["late"]

    play.complete("count")
    assert play.open == ["remember"]
    play.complete("remember")
    assert play.is_finished


def test_completing_the_task_ends_its_timers() -> None:
    play = Play(LATE)

    play.complete("count")

    assert play.is_finished


def test_a_repeated_timer_that_missed_ticks_fires_once_with_its_level() -> None:
    play = Play(
        bpmn(
            "again",
            user("count"),
            attached("nag", "count", every='"R3/PT2H"', interrupting=False),
            user("hurry"),
            flows="begin -> count -> done\nnag -> hurry -> done",
        )
    )
    began = clock.now()

    with clock.turned_to(began + timedelta(hours=5)):
        play.fire("nag")
        assert play.open == ["count", "hurry"]
        assert play.execution.waiting_people()[1].data["level"] == 2
        assert (
            timedelta(hours=5.9)
            < play.execution.waiting_timers()[0].due - began
            < timedelta(hours=6.1)
        )

    with clock.turned_to(began + timedelta(hours=6.5)):
        play.fire("nag")
        assert play.execution.waiting_people()[-1].data["level"] == 3
        assert play.timers == []

    play.complete("hurry")
    play.complete("hurry")
    play.complete("count")
    assert play.is_finished


def test_a_refused_effect_takes_the_error_path_of_its_code() -> None:
    play = Play(
        bpmn(
            "take",
            user("ask"),
            service("take", "stock.take"),
            attached("other", "take", error="something_else"),
            attached("none_left", "take", error="no_stock"),
            user("reorder"),
            user("never"),
            flows="""
                begin -> ask -> take -> done
                none_left -> reorder -> done
                other -> never -> done
            """,
        ),
        effects={"stock.take": refuse},
    )

    play.complete("ask")

    assert play.open == ["reorder"]
    assert play.data["refusal"]["code"] == "no_stock"


def test_an_error_without_code_catches_every_refusal() -> None:
    play = Play(
        bpmn(
            "take",
            service("take", "stock.take"),
            attached("failed", "take", error="*"),
            user("reorder"),
            flows="begin -> take -> done\nfailed -> reorder -> done",
        ),
        effects={"stock.take": refuse},
    )

    assert play.open == ["reorder"]


def test_a_refusal_climbs_to_the_enclosing_subprocess() -> None:
    play = Play(
        bpmn(
            "deep",
            sub(
                "inner",
                start("in_begin"),
                parallel("part"),
                user("watch"),
                user("ask"),
                service("take", "stock.take"),
                end("in_done"),
                flows="in_begin -> part\npart -> watch -> in_done\npart -> ask -> take -> in_done",
            ),
            attached("none_left", "inner", error="no_stock"),
            user("reorder"),
            flows="begin -> inner -> done\nnone_left -> reorder -> done",
        ),
        effects={"stock.take": refuse},
    )

    play.complete("ask")

    assert play.open == ["reorder"]


def test_a_refusal_interrupts_no_branch_that_has_no_part_in_it() -> None:
    play = Play(
        bpmn(
            "apart",
            parallel("part"),
            sub(
                "left",
                start("l_begin"),
                user("pack"),
                end("l_done"),
                flows="l_begin -> pack -> l_done",
            ),
            attached("left_failed", "left", error="no_stock"),
            user("ask"),
            service("take", "stock.take"),
            flows="""
                begin -> part
                part -> left -> done
                part -> ask -> take -> done
                left_failed -> done
            """,
        ),
        effects={"stock.take": refuse},
    )

    with pytest.raises(NoStock):
        play.complete("ask")

    play.load()
    assert play.open == ["ask", "pack"]


def test_an_error_end_is_caught_around_its_subprocess() -> None:
    play = Play(
        bpmn(
            "ending",
            sub(
                "inner",
                start("in_begin"),
                user("ask"),
                end("failed", error="wet"),
                flows="in_begin -> ask -> failed",
            ),
            attached("wet", "inner", error="wet"),
            user("dry"),
            flows="begin -> inner -> done\nwet -> dry -> done",
        )
    )

    play.complete("ask")

    assert play.open == ["dry"]


def test_a_refused_instance_takes_all_its_siblings_along() -> None:
    play = Play(
        bpmn(
            "many",
            each(
                sub(
                    "line",
                    start("s"),
                    user("ask"),
                    service("take", "t.t"),
                    end("e"),
                    flows="s -> ask -> take -> e",
                ),
                count="3",
            ),
            attached("failed", "line", error="no_stock"),
            user("reorder"),
            flows="begin -> line -> done\nfailed -> reorder -> done",
        ),
        effects={"t.t": refuse},
    )
    assert play.open == ["ask", "ask", "ask"]

    play.complete("ask")

    assert play.open == ["reorder"]


def test_a_message_is_sent_with_its_payload_and_a_stable_key() -> None:
    play = Play(
        bpmn(
            "talk",
            script("ask", "order = {'no': 'PO-7'}"),
            throw(
                "tell", "ordered", payload="{'no': order['no'], 'lines': 2}", correlation="order.no"
            ),
            end("told", message="closed", correlation="order.no"),
            flows="begin -> ask -> tell -> told",
        )
    )

    assert [(m.name, m.correlation, m.payload, m.key) for m in play.sent] == [
        ("ordered", "PO-7", {"no": "PO-7", "lines": 2}, "tell:0"),
        ("closed", "PO-7", {}, "told:0"),
    ]


def test_a_message_waits_for_its_correlation_and_is_taken_once() -> None:
    diagram = bpmn(
        "wait",
        catch("answered", "answer", into="reply", correlation="no"),
        flows="begin -> answered -> done",
    )
    play = Play(diagram, data={"no": 7})
    waiting = play.execution.waiting_messages()[0]

    assert (waiting.name, waiting.correlation) == ("answer", "7")
    assert play.deliver("answer", "7", {"ok": 1})
    assert play.is_finished
    assert play.data["reply"] == {"ok": 1}
    assert not play.deliver("answer", "7", {"ok": 1})


def test_an_attached_message_that_does_not_interrupt_is_heard_every_time() -> None:
    play = Play(
        bpmn(
            "hear",
            user("count"),
            attached("asked", "count", message="question", interrupting=False),
            user("answer"),
            flows="begin -> count -> done\nasked -> answer -> done",
        ),
        data={"no": "7"},
    )

    assert play.deliver("question", "7")
    assert play.deliver("question", "7")

    assert play.open == ["count", "answer", "answer"]


def test_one_of_several_start_events_begins_the_case() -> None:
    diagram = bpmn(
        "starts",
        start("announced", message="asn_announced", correlation="asn_no"),
        user("count"),
        user("identify"),
        flows="begin -> identify -> done\nannounced -> count -> done",
    )

    by_message = Play(diagram, at="announced", data={"asn_no": "A-1"})
    assert by_message.open == ["count"]
    assert by_message.data == {"asn_no": "A-1"}
    by_message.complete("count")
    assert by_message.is_finished

    by_hand = Play(diagram)
    assert by_hand.open == ["identify"]

    events = by_hand.process.start_events
    assert events["announced"].kind == "message"
    assert (events["announced"].message, events["announced"].correlation) == (
        "asn_announced",
        "asn_no",
    )


@pytest.mark.parametrize("text", ["P1W", "P2D", "P3660D", "PT1H30M", "P1DT4H", "PT90S", "P0001D"])
def test_what_may_be_drawn_is_what_calendars_count(text: str) -> None:
    assert timing.duration_problem(text) is None
    assert durations.parse(text)
