"""Branches part and meet: parallel, inclusive and event-based gateways, and the end."""

from app.kernel import clock
from tests.diagrams import (
    bpmn,
    catch,
    end,
    exclusive,
    first_event,
    inclusive,
    parallel,
    script,
    terminate,
    timer,
    user,
)
from tests.engine.play import Play

TWO = bpmn(
    "two",
    parallel("part"),
    user("weigh"),
    user("photo"),
    parallel("meet"),
    user("sign"),
    flows="""
        begin -> part
        part -> weigh -> meet
        part -> photo -> meet
        meet -> sign -> done
    """,
)


def test_a_parallel_join_waits_for_every_branch() -> None:
    play = Play(TWO)
    assert play.open == ["weigh", "photo"]

    play.complete("photo", seen=True)
    assert play.open == ["weigh"]

    play.complete("weigh", kg=5)
    assert play.open == ["sign"]
    assert play.data == {"seen": True, "kg": 5}


def test_a_branch_that_ends_last_does_not_undo_what_the_other_changed() -> None:
    play = Play(TWO, data={"state": "new", "serials": ["A"]})

    play.complete("photo", state="seen", serials=["A", "B", "A"])
    play.complete("weigh", kg=5)

    assert play.data == {"state": "seen", "serials": ["A", "B", "A"], "kg": 5}


def test_both_branches_may_add_to_one_list() -> None:
    play = Play(TWO, data={"serials": ["A"]})

    play.complete("weigh", serials=["A", "W"])
    play.complete("photo", serials=["A", "P"])

    assert sorted(play.data["serials"]) == ["A", "P", "W"]


def test_a_join_in_a_loop_waits_for_every_branch_every_time() -> None:
    play = Play(
        bpmn(
            "rounds",
            exclusive("again"),
            parallel("part"),
            user("weigh"),
            user("photo"),
            parallel("meet"),
            exclusive("enough"),
            flows="""
                begin -> again -> part
                part -> weigh -> meet
                part -> photo -> meet
                meet -> enough
                enough -> again ? kg < 10
                enough -> done ? else
            """,
        )
    )
    for kg in (1, 5, 9):
        play.complete("weigh", kg=kg)
        assert play.open == ["photo"]
        play.complete("photo")
        assert play.open == ["weigh", "photo"]

    play.complete("photo")
    play.complete("weigh", kg=10)
    assert play.is_finished


def test_the_end_waits_for_every_token() -> None:
    play = Play(
        bpmn(
            "ends",
            parallel("part"),
            user("weigh"),
            user("photo"),
            end("weighed"),
            end("seen"),
            flows="begin -> part\npart -> weigh -> weighed\npart -> photo -> seen",
        )
    )

    play.complete("weigh", kg=1)
    assert play.open == ["photo"]
    play.complete("photo", seen=True)

    assert play.is_finished
    assert play.data == {"kg": 1, "seen": True}


def test_a_terminate_end_takes_every_token_away() -> None:
    play = Play(
        bpmn(
            "ends",
            parallel("part"),
            user("weigh"),
            user("refuse"),
            terminate("stopped"),
            flows="begin -> part\npart -> weigh -> done\npart -> refuse -> stopped",
        )
    )

    play.complete("refuse", why="wet")

    assert play.is_finished
    assert play.open == []
    assert play.data == {"why": "wet"}


INCLUSIVE = bpmn(
    "inclusive",
    inclusive("which"),
    user("weigh"),
    user("photo"),
    user("ask"),
    inclusive("meet"),
    user("sign"),
    flows="""
        begin -> which
        which -> weigh ? heavy
        which -> photo ? dear
        which -> ask ? else
        weigh -> meet
        photo -> meet
        ask -> meet
        meet -> sign -> done
    """,
)


def test_an_inclusive_gateway_takes_every_way_that_holds() -> None:
    play = Play(INCLUSIVE, data={"heavy": True, "dear": True})
    assert play.open == ["weigh", "photo"]

    play.complete("weigh")
    assert play.open == ["photo"]

    play.complete("photo")
    assert play.open == ["sign"]


def test_an_inclusive_gateway_waits_only_for_ways_taken() -> None:
    play = Play(INCLUSIVE, data={"heavy": True, "dear": False})

    play.complete("weigh")

    assert play.open == ["sign"]


def test_an_inclusive_gateway_lets_an_end_that_is_on_its_way_come_first() -> None:
    """The photo is bad: what is weighed already must not be signed."""
    diagram = bpmn(
        "stopped_on_the_way",
        inclusive("which"),
        user("weigh"),
        user("photo"),
        exclusive("is_good"),
        script("note", "why = 'blurred'"),
        terminate("stopped"),
        inclusive("meet"),
        script("sign", "signed = True"),
        flows="""
            begin -> which
            which -> weigh ? heavy
            which -> photo ? dear
            weigh -> meet
            photo -> is_good
            is_good -> note ? bad
            is_good -> meet ? else
            note -> stopped
            meet -> sign -> done
        """,
    )
    play = Play(diagram, data={"heavy": True, "dear": True})
    play.complete("weigh")

    play.complete("photo", bad=True)

    assert play.is_finished
    assert "sign" not in play.passed


def test_an_inclusive_gateway_takes_the_default_when_nothing_holds() -> None:
    play = Play(INCLUSIVE, data={"heavy": False, "dear": False})

    assert play.open == ["ask"]


FIRST = bpmn(
    "first",
    script("ask", "no = 'A-1'"),
    first_event("whatever_comes"),
    timer("long", after='"PT9H"'),
    timer("short", after='"PT2H"'),
    catch("answered", "answer", into="answer", correlation="no"),
    user("late"),
    user("later"),
    user("read"),
    flows="""
        begin -> ask -> whatever_comes
        whatever_comes -> long -> later -> done
        whatever_comes -> short -> late -> done
        whatever_comes -> answered -> read -> done
    """,
)


def test_each_timer_after_an_event_based_gateway_has_its_own_due_instant() -> None:
    play = Play(FIRST)
    due = {
        t.element_id: round((t.due - clock.now()).total_seconds() / 3600)
        for t in play.execution.waiting_timers()
    }

    assert due == {"long": 9, "short": 2}

    play.fire("short")
    assert play.open == ["late"]
    assert (play.timers, play.messages) == ([], [])


def test_a_message_after_an_event_based_gateway_ends_the_waiting() -> None:
    play = Play(FIRST)

    assert not play.deliver("answer", "B-2", {"yes": False})
    assert play.deliver("answer", "A-1", {"yes": True})

    assert play.open == ["read"]
    assert play.timers == []
    assert play.data["answer"] == {"yes": True}
