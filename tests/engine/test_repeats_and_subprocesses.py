"""Activities done per item, subprocesses, called processes, and the keys of what happens there."""

import pytest

from app.workflow.spiff.execution import ScriptFailed, Stuck
from tests.diagrams import (
    bpmn,
    call,
    each,
    end,
    exclusive,
    parallel,
    script,
    service,
    start,
    sub,
    user,
)
from tests.engine.play import Play

LINES = ["a", "b", "c"]


def test_each_item_has_a_task_and_results_keep_the_order_of_the_items() -> None:
    play = Play(
        bpmn(
            "p",
            each(user("count"), "lines", item="line", output="counts", output_item="n"),
            flows="begin -> count -> done",
        ),
        data={"lines": LINES},
    )
    tasks = play.execution.waiting_people()
    assert [task.data["line"] for task in tasks] == LINES
    assert [task.visit for task in tasks] == [0, 1, 2]

    for task, n in zip(reversed(tasks), (3, 2, 1), strict=True):
        play.execution.complete(task.token, {"n": n})
        play.go_on()

    assert play.is_finished
    assert play.data == {"lines": LINES, "counts": [1, 2, 3]}


def test_items_one_after_another() -> None:
    play = Play(
        bpmn(
            "p",
            each(user("count"), "lines", item="line", sequential=True),
            flows="begin -> count -> done",
        ),
        data={"lines": LINES},
    )

    seen = []
    while not play.is_finished:
        seen.append(play.execution.waiting_people()[0].data["line"])
        play.complete("count", total=len(seen))

    assert seen == LINES
    assert play.data == {"lines": LINES, "total": 3}


def test_parallel_instances_keep_what_each_of_them_changed() -> None:
    play = Play(
        bpmn("p", each(user("count"), count="2"), flows="begin -> count -> done"), data={"x": 0}
    )
    first, second = play.execution.waiting_people()

    play.execution.complete(first.token, {"x": 1})
    play.go_on()
    play.execution.complete(second.token, {"y": 2})
    play.go_on()

    assert play.data == {"x": 1, "y": 2}


def test_no_items_means_nothing_to_do() -> None:
    diagram = bpmn(
        "p", each(user("count"), "lines", item="l", output="o"), flows="begin -> count -> done"
    )

    assert Play(diagram, data={"lines": []}).data["o"] == []


def test_enough_instances_end_the_rest() -> None:
    play = Play(
        bpmn(
            "p",
            each(user("vote"), count="3", until="nrOfCompletedInstances >= 2"),
            flows="begin -> vote -> done",
        )
    )

    play.complete("vote")
    play.complete("vote")

    assert play.is_finished


@pytest.mark.parametrize("count", ["501", "-1", "'three'", "10 ** 8"])
def test_a_wrong_number_of_instances_is_a_fault(count: str) -> None:
    with pytest.raises(ScriptFailed):
        Play(bpmn("p", each(user("vote"), count=count), flows="begin -> vote -> done"))


def test_a_missing_collection_is_a_fault() -> None:
    with pytest.raises(ScriptFailed, match="no list lines"):
        Play(bpmn("p", each(user("vote"), "lines", item="l"), flows="begin -> vote -> done"))


CALLED = bpmn(
    "mini_count",
    user("recount"),
    service("adjust", "stock.adjust", result="adjusted", to="counted"),
    flows="begin -> recount -> adjust -> done",
)
CALLING = bpmn(
    "put_away",
    exclusive("again"),
    call("count_again", "mini_count"),
    exclusive("right"),
    flows="""
        begin -> again -> count_again -> right
        right -> again ? counted < 3
        right -> done ? else
    """,
)


def test_a_called_process_gets_and_returns_the_data() -> None:
    play = Play(CALLED, CALLING, effects={"stock.adjust": lambda to: to * 10})
    task = play.execution.waiting_people()[0]
    assert (task.path, task.element.process) == ("count_again/recount", "mini_count")

    play.complete("recount", counted=3)

    assert play.process.key == "put_away"
    assert play.is_finished
    assert play.data == {"counted": 3, "adjusted": 30}


def test_every_run_of_an_effect_has_its_own_key() -> None:
    play = Play(CALLED, CALLING, effects={"stock.adjust": lambda to: to})

    for counted in (1, 2, 3):
        play.complete("recount", counted=counted)

    assert [call.key for call in play.world.calls] == [
        "count_again/adjust:0",
        "count_again#1/adjust:0",
        "count_again#2/adjust:0",
    ]


def test_instances_and_rounds_never_share_a_key() -> None:
    play = Play(
        bpmn(
            "p",
            exclusive("again"),
            each(service("book", "b.b", n="n"), count="3", item="n"),
            user("look"),
            exclusive("right"),
            flows="""
                begin -> again -> book -> look -> right
                right -> again ? more
                right -> done ? else
            """,
        ),
        effects={"b.b": lambda n: n},
    )
    play.complete("look", more=True)

    keys = [call.key for call in play.world.calls]
    assert keys == [f"book:{visit}" for visit in range(6)]
    assert [call.arguments["n"] for call in play.world.calls] == [0, 1, 2, 0, 1, 2]


def test_a_subprocess_per_item_names_the_item_in_its_path() -> None:
    play = Play(
        bpmn(
            "p",
            each(
                sub(
                    "line",
                    start("s"),
                    user("count"),
                    service("book", "b.b"),
                    end("e"),
                    flows="s -> count -> book -> e",
                ),
                "lines",
                item="line_no",
            ),
            flows="begin -> line -> done",
        ),
        data={"lines": LINES},
        effects={"b.b": lambda: None},
    )

    for _ in LINES:
        play.complete("count")

    assert [call.key for call in play.world.calls] == [
        "line/book:0",
        "line#1/book:0",
        "line#2/book:0",
    ]
    assert play.is_finished


def test_a_case_that_can_never_go_on_is_a_fault() -> None:
    diagram = bpmn(
        "p",
        user("ask"),
        exclusive("which"),
        parallel("meet"),
        script("a", "x = 1"),
        script("b", "x = 2"),
        flows="""
            begin -> ask -> which
            which -> a ? left
            which -> b ? else
            a -> meet
            b -> meet
            meet -> done
        """,
    )
    play = Play(diagram)

    with pytest.raises(Stuck) as stuck:
        play.complete("ask", left=True)
    assert stuck.value.element_id == "meet"
